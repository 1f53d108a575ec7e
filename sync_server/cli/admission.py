"""Commands about the broker: its certificates, and what it lets strangers do."""

from pathlib import Path

import click

from sync_server import doctor, server
from sync_server.certificates import PrivateAuthority, write_private
from sync_server.cli.setting import BROKEN, OUT_OF_REACH, Setting, as_json, emit, setting
from sync_server.errors import BadFile
from sync_server.wording import diagnosis


@click.command("certify")
@click.argument("host")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@setting
def certify(setting: Setting, host: str, to: Path) -> None:
    """Make the broker's certificate for HOST, signed by Hadir's own authority.

    Writes ca.pem, broker.pem and broker.key; systemd/mosquitto/hadir.conf names them.

    Example: sync-server certify mqtt.contoh.go.id --to /etc/mosquitto/hadir
    """
    settings = setting.load()
    with setting.explaining():
        try:
            authority = PrivateAuthority(Path(settings.state), int(server.wall()))
            paper = authority.broker(host)
            to.mkdir(parents=True, exist_ok=True)
            write_private(to / "ca.pem", authority.file.read_bytes())
            write_private(to / "broker.pem", paper.certificate.encode())
            write_private(to / "broker.key", paper.private_key.encode())
        except OSError as problem:
            raise BadFile(str(to), "", "file_unwritable", detail=problem.strerror) from problem
    setting.tell("certified", host=host, folder=to)


@click.command("doctor")
@as_json
@setting
def examine(setting: Setting, as_json: bool) -> None:
    """Try out what the broker lets strangers and kiosks do, and name what is dangerous.

    Example: sync-server doctor
    """
    settings = setting.load()
    try:
        found = doctor.examine(settings.broker, Path(settings.state), int(server.wall()))
    except doctor.Unreachable as problem:
        broker = settings.broker
        setting.tell("broker_away", host=broker.host, port=broker.port, detail=problem)
        raise click.exceptions.Exit(OUT_OF_REACH) from problem
    if as_json:
        emit(found, "findings")
    else:
        for one in found:
            words = diagnosis.WORDS[one.code][not one.good][setting.lang == "en"]
            click.echo(f"{'  ' if one.good else '! '}{words.format(detail=one.detail)}")
    if any(one.grave and not one.good for one in found):
        raise click.exceptions.Exit(BROKEN)


COMMANDS = (certify, examine)
