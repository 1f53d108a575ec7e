"""Commands about kiosks: invite, replace, list."""

import os
from pathlib import Path

import click
import msgspec

from contract import invitation
from sync_server import authority, server, standing
from sync_server.authority import Keys, Registrar
from sync_server.certificates import PrivateAuthority
from sync_server.cli.setting import FILE, Setting, as_json, emit, setting
from sync_server.errors import BadFile
from sync_server.wording import alert, say


@click.group("kiosk")
def kiosk_group() -> None:
    """Invite, replace and list kiosks."""


@kiosk_group.command("invite")
@click.argument("kid")
@click.option("--opd", required=True, help="Code of the office where the kiosk stands.")
@click.option("--to", type=FILE, help="Where to write the invitation; KID.json without it.")
@setting
def invite(setting: Setting, kid: str, opd: str, to: Path | None) -> None:
    """Admit a new kiosk and write its invitation.

    Example: sync-server kiosk invite T07A --opd 1.01
    """
    with setting.ledger() as database, database.writing() as tx:
        invited = authority.invite(tx, _registrar(setting), kid, opd)
        file = _write_invitation(invited, to)
    setting.tell("invited", kid=kid, file=file)


@kiosk_group.command("replace")
@click.argument("kid")
@click.option("--to", type=FILE, help="Where to write the invitation; KID.json without it.")
@setting
def replace(setting: Setting, kid: str, to: Path | None) -> None:
    """Bind a new card to a known kiosk; what the old card signs is refused from now on.

    Example: sync-server kiosk replace T07A
    """
    with setting.ledger() as database, database.writing() as tx:
        invited = authority.replace(tx, _registrar(setting), kid)
        file = _write_invitation(invited, to)
    setting.tell("invited", kid=kid, file=file)


@kiosk_group.command("list")
@as_json
@setting
def list_kiosks(setting: Setting, as_json: bool) -> None:
    """Show every kiosk: what it has sent, what waits on it, what is wrong there.

    Example: sync-server kiosk list
    """
    _show_kiosks(setting, as_json)


@click.command("status")
@as_json
@setting
def status(setting: Setting, as_json: bool) -> None:
    """Show the same as `kiosk list`.

    Example: sync-server status --json
    """
    _show_kiosks(setting, as_json)


def _registrar(setting: Setting) -> Registrar:
    settings, now = setting.load(), int(server.wall())
    state = Path(settings.state)
    papers = PrivateAuthority(state, now) if settings.broker.mutual else None
    return Registrar(Keys(state), settings.broker, now, papers)


def _write_invitation(invited: invitation.Invitation, to: Path | None) -> Path:
    """Written before the key is committed: a kiosk whose file nobody has could not be helped."""
    file = to or Path(f"{invited.kid}.json")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            os.fchmod(handle, 0o600)  # it may have been there with a wider mode
            out.write(invitation.encode(invited))
    except OSError as problem:
        raise BadFile(str(file), "", "file_unwritable", detail=problem.strerror) from problem
    return file


def _show_kiosks(setting: Setting, as_json: bool) -> None:
    with setting.ledger() as database, database.reading() as tx:
        found = standing.kiosks(tx)
    if as_json:
        emit(found, "kiosks")
        return
    for kiosk in found:
        state = say(setting.lang, "online" if kiosk.online else "offline")
        facts = msgspec.structs.asdict(kiosk)
        line = "kiosk_line" if kiosk.waiting is not None else "kiosk_unheard"
        click.echo(say(setting.lang, line, state=state, **facts))
        if kiosk.bytes_month:
            code = "kiosk_bytes" if kiosk.quota_left is None else "kiosk_quota"
            click.echo(say(setting.lang, code, **facts))
        for name, code in kiosk.alerts:
            click.echo(f"    {name}: {alert(setting.lang, code)}")
        if kiosk.forked:
            click.echo(say(setting.lang, "kiosk_forked"))
        if kiosk.refused:
            click.echo(say(setting.lang, "kiosk_refused", refused=kiosk.refused))
    if not found:
        setting.tell("no_kiosk")


COMMANDS = (kiosk_group, status)
