"""Commands about who a kiosk is: approve one that asks, revoke one that was lost."""

from datetime import UTC, datetime

import click

from sync_server import admitting, applicants, office_log, retiring
from sync_server.cli.inviting import address_to_ask, publish, registrar
from sync_server.cli.kiosks import kiosk_group
from sync_server.cli.setting import BROKEN, Setting, as_json, emit, setting
from sync_server.errors import BadFile


@kiosk_group.command("approve")
@click.argument("code", required=False)
@click.argument("kid", required=False)
@click.option("--opd", default="", help="Code of the office where the new kiosk stands.")
@click.option("--replace", is_flag=True, help="It is a new card for a kiosk that is known.")
@as_json
@setting
def approve(  # noqa: PLR0913 - what can be typed
    setting: Setting, code: str | None, kid: str | None, opd: str, replace: bool, as_json: bool
) -> None:
    """Admit a kiosk that asks and shows CODE, as KID; without CODE show who asks, and where.

    Example: sync-server kiosk approve QK3WD-7TZ2A T07A --opd 1.01
    """
    if code is None:
        _show_asking(setting, as_json)
        return
    with setting.ledger() as database:
        by = registrar(setting)
        if kid is None or replace == bool(opd.strip()):
            raise BadFile("kiosk approve", "", "approve_whom")
        with database.writing() as tx:
            admitting.approve(tx, by, code, kid, opd, office_log.system_user())
        if replace:
            publish(setting, database, by)
    setting.tell("kiosk_approved", kid=kid)


@kiosk_group.command("revoke")
@click.argument("kid")
@click.option("--reason", required=True, help="Why, for the office log.")
@setting
def revoke(setting: Setting, kid: str, reason: str) -> None:
    """Let a kiosk count no more: stolen, lost, or copied. What it sends is kept apart.

    Example: sync-server kiosk revoke T07A --reason "kartu dicuri"
    """
    with setting.ledger() as database:
        by = registrar(setting)
        with database.writing() as tx:
            before = retiring.revoked_since(tx, kid)
            retiring.revoke(tx, by, kid, reason, office_log.system_user())
        told = publish(setting, database, by)
    if before:
        day = datetime.fromtimestamp(before, UTC).strftime("%Y-%m-%d %H:%M")
        setting.tell("kiosk_was_revoked", kid=kid, day=day)
    else:
        setting.tell("kiosk_now_revoked", kid=kid)
    if not told:
        raise click.exceptions.Exit(BROKEN)


def _show_asking(setting: Setting, as_json: bool) -> None:
    with setting.ledger() as database:
        by = registrar(setting)
        with database.reading() as tx:
            found = applicants.asking(tx, by.now)
    if as_json:
        emit(found, "asking")
        return
    for one in found:
        when = datetime.fromtimestamp(one.asked, UTC).strftime("%Y-%m-%d %H:%M")
        click.echo(f"{one.code}  {when} UTC  {one.serial or '-'}  {one.came_from}")
    if text := address_to_ask(by):
        setting.tell("asking_how", text=text)
    else:
        setting.tell("asking_no_door")


COMMANDS: tuple[click.Command, ...] = ()
