"""Commands about the broker: its certificates, and what it lets strangers do."""

from pathlib import Path

import click

from sync_server import doctor, revocation, server
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

    Writes ca.pem, broker.pem, broker.key and crl.pem, the list of revoked certificates, which is
    kept up to date there; systemd/mosquitto/hadir.conf names them.

    Example: sync-server certify mqtt.contoh.go.id --to /etc/mosquitto/hadir
    """
    state, now = Path(setting.load().state), int(server.wall())
    with setting.ledger() as database, database.reading() as tx:
        numbers = revocation.numbers(tx, now)
    with setting.explaining():
        try:
            authority = PrivateAuthority(state, now)
            paper = authority.broker(host)
            to.mkdir(parents=True, exist_ok=True)
            revocation.remember(state, to)
            write_private(to / "ca.pem", authority.file.read_bytes())
            write_private(to / revocation.BROKER, paper.certificate.encode(), 0o644)
            write_private(to / "broker.key", paper.private_key.encode())
            revocation.publish(state, authority, numbers)
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
    revoked = _publish(setting) if settings.broker.mutual else 0
    try:
        where = Path(settings.state)
        found = doctor.examine(settings.broker, where, int(server.wall()), revoked)
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


def _publish(setting: Setting) -> int:
    """Write the list of revoked certificates anew; the number that stands for it."""
    state, now = Path(setting.load().state), int(server.wall())
    with setting.ledger() as database, database.reading() as tx:
        numbers = revocation.numbers(tx, now)
    for folder in revocation.publish(state, PrivateAuthority(state, now), numbers):
        setting.tell("crl_unwritable", folder=folder, file=state / revocation.FILE)
    return numbers[-1][0]


COMMANDS = (certify, examine)
