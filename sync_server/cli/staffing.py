"""Commands that tell kiosks their people: hours, and numbers that a letter allows."""

import secrets

import click

from contract.people import SECRET_DIGITS
from sync_server import commands, face_orders, galleries, letters, roster, server, staffing
from sync_server.cli.awaiting import DAY, await_all, issuer, waiting
from sync_server.cli.imports import person_group, roster_group
from sync_server.cli.setting import BROKEN, Setting, setting
from sync_server.errors import BadFile


@roster_group.command("send")
@click.option("--opd", help="To every kiosk of this office.")
@click.option("--kid", help="To this kiosk alone.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 62))
@waiting
@setting
def send_roster(
    setting: Setting, opd: str | None, kid: str | None, days: int, wait: float | None
) -> None:
    """Tell kiosks the people of their office and the hours of the coming days, for the screen.

    A kiosk never learns a NIP. Type it again (a timer may) before the days have passed.

    Example: sync-server roster send --opd 1.01 --days 14
    """
    by = issuer(setting, days * DAY)
    with setting.ledger() as database:
        asked = {}
        with database.writing() as tx:
            for kiosk in face_orders.chosen(tx, opd, kid):
                told = staffing.briefing(tx, kiosk, days, by.now)
                counters = [commands.issue(tx, by, kiosk.kid, order) for order in told.orders]
                commands.withdraw(tx, kiosk.kid, ("staff",), counters[0], by.now)
                asked[kiosk.kid] = counters
                size = commands.size_of(tx, kiosk.kid, counters)
                figures = {"people": told.people, "until": told.until, "parts": len(counters)}
                setting.tell("roster_sent", kid=kiosk.kid, bytes=size, **figures)
        await_all(setting, database, asked, wait)


@person_group.command("secret")
@click.argument("nip")
@click.option("--letter", metavar="TEXT", help="The letter that allows it, for the audit.")
@click.option("--withdraw", is_flag=True, help="Let the person type no number any more.")
@setting
def secret(setting: Setting, nip: str, letter: str | None, withdraw: bool) -> None:
    """Make the number that somebody may type in the place of a face or finger, and print it once.

    It is kept nowhere: whoever forgets it gets another. Punches by number are flagged in the facts.
    Kiosks learn it with: roster send.

    Example: sync-server person secret 199001012015031001 --letter "No. 800/12/BKD/2026"
    """
    if withdraw == (letter is not None) or (letter is not None and not letter.strip()):
        setting.unfit("type_letter")
    if letter is None:
        _forbid(setting, nip)
    else:
        _permit(setting, nip, letter)


def _permit(setting: Setting, nip: str, letter: str) -> None:
    number, now = f"{secrets.randbelow(10**SECRET_DIGITS):0{SECRET_DIGITS}}", int(server.wall())
    with setting.ledger() as database, database.writing() as tx:
        posts = roster.posts(tx, nip)
        if not posts:
            raise BadFile(nip, "", "nip_not_imported")
        letters.permit(tx, nip, letter, number, now)
        for opd, pin in posts:
            galleries.note_access(tx, now, f"number by letter {letter}", opd, [pin])
    click.echo(number)
    setting.tell("secret_made", nip=nip)


def _forbid(setting: Setting, nip: str) -> None:
    with setting.ledger() as database, database.writing() as tx:
        gone = letters.forbid(tx, nip)
        for opd, pin in roster.posts(tx, nip) if gone else ():
            galleries.note_access(tx, int(server.wall()), "number withdrawn", opd, [pin])
    setting.tell("secret_withdrawn" if gone else "secret_none", nip=nip)
    raise click.exceptions.Exit(0 if gone else BROKEN)


# They belong to the groups of roster and person commands.
COMMANDS: tuple[click.Command, ...] = ()
