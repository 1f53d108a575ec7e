"""Commands about kiosks: invite, replace, list; identity.py has approve and revoke."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from contract import invitation
from sync_server import admitting, authority, office_log, posts, revocation, server, standing
from sync_server.cli.inviting import give_pass, publish, registrar, write_secret
from sync_server.cli.setting import FILE, Setting, as_json, emit, setting
from sync_server.standing import KioskStanding
from sync_server.wording import alert, say

_to = click.option("--to", type=FILE, help="Where to write it; else KID.json, a token on screen.")
_token = click.option("--token", is_flag=True, help="A one-time token of 24 hours, shown as QR.")


@click.group("kiosk")
def kiosk_group() -> None:
    """Invite, approve, replace, revoke and list kiosks."""


@kiosk_group.command("invite")
@click.argument("kid")
@click.option("--opd", required=True, help="Code of the office where the kiosk stands.")
@_token
@_to
@setting
def invite(setting: Setting, kid: str, opd: str, token: bool, to: Path | None) -> None:
    """Admit a new kiosk: with --token it makes its own keys, otherwise they are in its invitation.

    Example: sync-server kiosk invite T07A --opd 1.01 --token
    """
    with setting.ledger() as database, database.writing() as tx:
        by = registrar(setting)
        if posts.offices(tx) and not posts.is_known(tx, opd):
            setting.tell("invited_nowhere", opd=opd)
        if token:
            give_pass(setting, by, kid, admitting.token(tx, by, kid, opd), to)
            office_log.note(tx, by.now, office_log.system_user(), "kiosk_token", opd, kid)
        else:
            _give_file(setting, authority.invite(tx, by, kid, opd), to)
            authority.note_file(tx, by, office_log.system_user(), "kiosk_invited", kid)


@kiosk_group.command("replace")
@click.argument("kid")
@_token
@_to
@setting
def replace(setting: Setting, kid: str, token: bool, to: Path | None) -> None:
    """Bind a new card to a known kiosk; what the old card signs is refused from now on.

    With --token the old card counts until the new one has enrolled.

    Example: sync-server kiosk replace T07A --token
    """
    with setting.ledger() as database:
        by = registrar(setting)
        with database.writing() as tx:
            if token:
                give_pass(setting, by, kid, admitting.token_to_replace(tx, by, kid), to)
                office_log.note(tx, by.now, office_log.system_user(), "kiosk_token", whom=kid)
            else:
                _give_file(setting, authority.replace(tx, by, kid), to)
                authority.note_file(tx, by, office_log.system_user(), "kiosk_replaced", kid)
        if not token:
            publish(setting, database, by)


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


def _give_file(setting: Setting, invited: invitation.Invitation, to: Path | None) -> None:
    """Written before the key is committed: a kiosk whose file nobody has could not be helped."""
    file = to or Path(f"{invited.kid}.json")
    write_secret(file, invitation.encode(invited))
    setting.tell("invited", kid=invited.kid, file=file)


def _show_kiosks(setting: Setting, as_json: bool) -> None:
    with setting.ledger() as database, database.reading() as tx:
        found = standing.kiosks(tx)
    if as_json:
        emit(found, "kiosks")
        return
    for kiosk in found:
        link = say(setting.lang, "online" if kiosk.online else "offline")
        facts = msgspec.structs.asdict(kiosk)
        line = "kiosk_line" if kiosk.waiting is not None else "kiosk_unheard"
        click.echo(say(setting.lang, line, link=link, **facts))
        if kiosk.bytes_month:
            code = "kiosk_bytes" if kiosk.quota_left is None else "kiosk_quota"
            click.echo(say(setting.lang, code, **facts))
        _tell_papers(setting, kiosk)
        _tell_trouble(setting, kiosk)
    if not found:
        setting.tell("no_kiosk")
    for folder, ends in revocation.ending(Path(setting.load().state), int(server.wall())):
        day = f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%d}"
        setting.tell("broker_ends", day=day, folder=folder)


def _tell_trouble(setting: Setting, kiosk: KioskStanding) -> None:
    lang = setting.lang
    for name, code in kiosk.alerts:
        click.echo(f"    {name}: {alert(lang, code)}")
    if kiosk.forked:
        click.echo(say(lang, "kiosk_forked"))
    if kiosk.went_back > 1:
        click.echo(say(lang, "kiosk_back_again", times=kiosk.went_back))
    if kiosk.contradicted:
        click.echo(say(lang, "kiosk_contradicted"))
    for reason in kiosk.distrusted:
        click.echo(say(lang, "kiosk_distrusted", why=say(lang, f"why_{reason}")))
    if kiosk.old_card:
        click.echo(say(lang, "kiosk_old_card", kid=kiosk.kid))
    if kiosk.refused:
        click.echo(say(lang, "kiosk_refused", refused=kiosk.refused))


def _tell_papers(setting: Setting, kiosk: KioskStanding) -> None:
    """Its certificate, where it has one, and whether it counts at all."""
    lang = setting.lang
    if kiosk.state == "revoked":
        click.echo(say(lang, "kiosk_revoked", why=kiosk.why, kid=kiosk.kid))
    elif kiosk.state == "invited":
        click.echo(say(lang, "kiosk_awaited"))
    if kiosk.certificate_until:
        ends = datetime.fromtimestamp(kiosk.certificate_until, UTC)
        over = kiosk.certificate_until <= server.wall()
        code = "kiosk_certificate_over" if over else "kiosk_certificate"
        click.echo(say(lang, code, day=f"{ends:%Y-%m-%d}"))


COMMANDS = (kiosk_group, status)
