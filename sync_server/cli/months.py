"""Commands about months: the sheet, closing and freezing it, differences, susulan."""

from collections.abc import Callable, Sequence

import click
import msgspec
from sqlalchemy import Connection

from sync_server import closing, localtime, office_log, server, written
from sync_server import sheet as sheets
from sync_server.accounts import viewing
from sync_server.cli.exported import export
from sync_server.cli.setting import BROKEN, Setting, as_json, setting
from sync_server.closing import Deed, Difference, Lack, NotYet, Revision
from sync_server.database import Database
from sync_server.daybook import book
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.sheet import Sheet
from sync_server.sheet.members import members
from sync_server.wording import say

_account = click.option("--as", "account", required=True, metavar="NAME", help="The account.")


@click.group("month")
def month_group() -> None:
    """An office's month: shown, closed, approved, frozen; susulan afterwards."""


@month_group.command("show")
@click.argument("month")
@click.argument("opd")
@as_json
@setting
def show(setting: Setting, month: str, opd: str, as_json: bool) -> None:
    """Show the office's sheet: frozen where it is, otherwise as it is now.

    Example: sync-server month show 2026-01 1.01
    """
    with setting.ledger() as database:
        _make_facts(database, opd, month)
        with database.reading() as tx:
            found = closing.standing(tx, opd, month)
            made = closing.frozen(tx, opd, month) or sheets.sheet(tx, opd, month)
        _read_by_us(database, opd, month)
    state = found.state if found else "open"
    if as_json:
        digest = sheets.digest(sheets.encode(made))
        click.echo(
            msgspec.json.encode(
                {"state": state, "revision": found, "digest": digest, "sheet": made}
            )
        )
        return
    click.echo(f"{month} {opd}: {say(setting.lang, f'month_state_{state}')}")
    _print_sheet(setting, made)


@month_group.command("close")
@click.argument("month")
@click.argument("opd")
@_account
@setting
def close(setting: Setting, month: str, opd: str, account: str) -> None:
    """Propose a month that is over; people may object from now on.

    Example: sync-server month close 2026-01 1.01 --as sari
    """

    def act(database: Database, deed: Deed) -> Revision:
        _make_facts(database, opd, month)
        return closing.close(database, opd, month, deed)

    _decide(setting, account, act)


@month_group.command("approve")
@click.argument("month")
@click.argument("opd")
@_account
@click.option("--digest", default="", help="Only if the sheet's digest is this one.")
@setting
def approve(setting: Setting, month: str, opd: str, account: str, digest: str) -> None:
    """Approve a closed month, as the office's head, once nothing waits any more.

    Example: sync-server month approve 2026-01 1.01 --as sari
    """

    def act(database: Database, deed: Deed) -> Revision:
        _make_facts(database, opd, month)
        return closing.approve(database, opd, month, deed, digest)

    _decide(setting, account, act)


@month_group.command("freeze")
@click.argument("month")
@click.argument("opd")
@_account
@setting
def freeze(setting: Setting, month: str, opd: str, account: str) -> None:
    """Freeze an approved month, as BKPSDM; every day is made anew from the raw events first.

    Example: sync-server month freeze 2026-01 1.01 --as bkpsdm
    """
    _decide(setting, account, lambda base, deed: closing.freeze(base, opd, month, deed))


@month_group.command("reopen")
@click.argument("month")
@click.argument("opd")
@_account
@click.option("--why", required=True, help="What the log says.")
@setting
def reopen(setting: Setting, month: str, opd: str, account: str, why: str) -> None:
    """Take a closing back that is not frozen yet.

    Example: sync-server month reopen 2026-01 1.01 --as sari --why "absensi pulang tertinggal"
    """

    def act(database: Database, deed: Deed) -> Revision:
        return closing.reopen(database, opd, month, msgspec.structs.replace(deed, note=why))

    _decide(setting, account, act)


@month_group.command("stranger")
@click.argument("opd")
@click.argument("pin")
@_account
@click.option("--why", required=True, help="Whose it is.")
@setting
def stranger(setting: Setting, opd: str, pin: str, account: str, why: str) -> None:
    """Answer for a PIN's being no employee's, so that its touches hold no month.

    Example: sync-server month stranger 1.01 9001 --as sari --why "petugas kebersihan"
    """
    with setting.ledger() as database, database.writing() as tx:
        deed = msgspec.structs.replace(_deed(tx, account), note=why)
        closing.answer(tx, opd, pin, deed)
    setting.tell("pin_answered", pin=pin, opd=opd)


@month_group.command("diff")
@click.argument("month")
@click.argument("opd")
@as_json
@setting
def diff(setting: Setting, month: str, opd: str, as_json: bool) -> None:
    """Compare a frozen month with the present; exit code 1 where somebody's pay differs.

    Example: sync-server month diff 2026-01 1.01
    """
    with setting.ledger() as database:
        _make_facts(database, opd, month)
        with database.reading() as tx:
            found = closing.differences(tx, opd, month)
        _read_by_us(database, opd, month)
    if as_json:
        rows = [msgspec.structs.asdict(one) | {"amount": one.amount} for one in found]
        click.echo(msgspec.json.encode({"differences": rows}))
    else:
        _print_differences(setting, found)
    if found:
        raise click.exceptions.Exit(BROKEN)


@month_group.command("susulan")
@click.argument("month")
@click.argument("opd")
@_account
@click.option("--pay-in", required=True, metavar="YYYY-MM", help="The month that pays.")
@click.option("--move", type=int, metavar="NO", help="Note nothing; another month pays this one.")
@setting
def susulan(  # noqa: PLR0913 - a command's words
    setting: Setting, month: str, opd: str, account: str, pay_in: str, move: int | None
) -> None:
    """Note what a frozen month should have paid, for a later month to pay: one that is still open, at
    most three months after the present one. One that is noted but not paid yet can be moved.

    Example: sync-server month susulan 2026-01 1.01 --as bkpsdm --pay-in 2026-02
    """
    if move is not None:
        with setting.ledger() as database, database.writing() as tx:
            closing.move(tx, opd, month, move, pay_in, _deed(tx, account))
        setting.tell("susulan_moved", no=move, month=pay_in)
        return
    with setting.ledger() as database:
        _make_facts(database, opd, month)
        with database.writing() as tx:
            found = closing.note(tx, opd, month, pay_in, _deed(tx, account))
    for one in found:
        click.echo(f"{one.no}  {one.nip}  {one.amount:+}  {one.reason}")
    setting.tell("susulan_count", count=len(found), month=pay_in)


def _make_facts(database: Database, opd: str, month: str) -> None:
    """Make what is to be made: the server that does it otherwise need not be running."""
    with database.reading() as tx:
        known = members(tx, opd, month)
    for office in sorted({opd}.union(*(one.elsewhere for one in known))):
        book.renew(database, office, *localtime.month_days(month), server.wall())


def _decide(setting: Setting, account: str, act: Callable[[Database, Deed], Revision]) -> None:
    """Do it as an account, and say what came of it, or all that is in the way (exit code 1)."""
    with setting.ledger() as database:
        with database.reading() as tx:
            deed = _deed(tx, account)
        try:
            done = act(database, deed)
        except NotYet as not_yet:
            _print_lacks(setting, not_yet.lacks)
            raise click.exceptions.Exit(BROKEN) from not_yet
        with database.reading() as tx:
            until = closing.objections_until(tx, done.opd, done.month, done.closed)
    values = {**msgspec.structs.asdict(done), "until": until}
    setting.tell(f"month_done_{done.state}", **values)


def _deed(tx: Connection, account: str) -> Deed:
    """The account's, noted as typed by the system's user."""
    now = server.wall()
    return Deed(_viewer(tx, account, now), now, f"CLI {office_log.system_user()}")


def _viewer(tx: Connection, account: str, now: float) -> Viewer:
    found = viewing.viewer(tx, account, now)
    if found is None:
        raise BadFile("--as", "", "month_account", name=account)
    return found[0]


def _read_by_us(database: Database, opd: str, detail: str) -> None:
    with database.writing() as tx:
        who = office_log.system_user()
        office_log.note(tx, server.wall(), who, "month_read", opd, detail=detail)


def _print_sheet(setting: Setting, made: Sheet) -> None:
    for row in made.rows:
        its = row.record
        cut = written.percent(its.cut_bp)
        gross = written.rupiah(its.gross)
        click.echo(f"{its.nip}  {row.name:24}  {cut:>8}  {gross:>14}")
    for one in made.owed:
        click.echo(f"{one.nip}  susulan {one.month}  {one.amount:+}  {one.reason}")
    if made.pending:
        _print_lacks(setting, [Lack(**msgspec.structs.asdict(one)) for one in made.pending])


def _print_lacks(setting: Setting, found: Sequence[Lack]) -> None:
    setting.tell("month_in_the_way", count=len(found))
    for one in found:
        said = say(setting.lang, f"lack_{one.code}", detail=one.detail)
        where = " ".join(part for part in (one.workdate, one.nip, one.name) if part)
        click.echo(f"  {where}: {said}" if where else f"  {said}", err=True)


def _print_differences(setting: Setting, found: Sequence[Difference]) -> None:
    for one in found:
        said = f" ({say(setting.lang, 'month_uncertain')})" if one.waiting else ""
        click.echo(f"{one.nip}  {one.name}  {one.was} -> {one.became}  {one.amount:+}{said}")
        for reason in one.reasons:
            click.echo(f"    {reason}")
    if not found:
        setting.tell("month_no_difference")


month_group.add_command(export)
COMMANDS = (month_group,)
