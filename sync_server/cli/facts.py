"""Commands for daily facts: print them, and prove them from the events."""

from datetime import date

import click
import msgspec

from sync_server import dirt, feed, localtime, server
from sync_server.cli.setting import BROKEN, Setting, as_json, emit, setting
from sync_server.database import Database
from sync_server.daybook import book, compared, sources
from sync_server.daybook.book import Difference
from sync_server.errors import BadFile
from sync_server.wording import say


@click.group("facts")
def facts_group() -> None:
    """Daily facts."""


@facts_group.command("export")
@click.option("--month", required=True, metavar="YYYY-MM", help="The month.")
@click.option("--opd", required=True, help="Code of the office.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl")
@setting
def export(setting: Setting, month: str, opd: str, form: str) -> None:
    """Print an office's daily facts of a month, of the days that are over.

    Example: sync-server facts export --month 2026-01 --opd 1.01 --format csv
    """
    with setting.ledger() as database:
        first, last = localtime.month_days(month)
        book.renew(database, opd, first, last, server.wall())
        with database.reading() as tx:
            found = book.facts(tx, opd, first, last)
    click.echo(feed.table(found) if form == "csv" else feed.json_lines(found), nl=False)


@facts_group.command("rebuild")
@click.option("--from", "first", metavar="YYYY-MM-DD", help="First day; otherwise the office's.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="Last day; otherwise today.")
@click.option("--opd", help="Code of the office; otherwise all of them.")
@click.option("--check", is_flag=True, help="Only say what is different; put nothing right.")
@as_json
@setting
def rebuild(  # noqa: PLR0913 - one for each option
    setting: Setting,
    first: str | None,
    last: str | None,
    opd: str | None,
    check: bool,
    as_json: bool,
) -> None:
    """Make the facts again from the raw events; exit code 1 where the book had others.

    What was different is put right, but not with --check.

    Example: sync-server facts rebuild --from 2026-01-01 --to 2026-01-31 --opd 1.01
    """
    now = server.wall()
    with setting.ledger() as database:
        spans = [
            (one, begin, _day(last) if last else localtime.newest_day(now))
            for one in ([opd] if opd else _offices(database))
            if (begin := _day(first) if first else _began(database, one)) is not None
        ]
        waiting = 0
        if check:
            found, waiting = _checked(database, spans, now)
        else:
            found = [one for span in spans for one in book.rebuild(database, *span, now)]
    if as_json:
        emit(found, "differences")
    else:
        for one in found:
            click.echo(_line(setting.lang, one))
    did = "facts_checked" if check else "facts_rebuilt"
    if not as_json:
        setting.tell(did, count=len(found), offices=len(spans), waiting=waiting)
    raise click.exceptions.Exit(BROKEN if found else 0)


def _checked(
    database: Database, spans: list[tuple[str, date, date]], now: float
) -> tuple[list[Difference], int]:
    """What is different, and how many office-days wait to be made anew."""
    found: list[Difference] = []
    waiting = 0
    with database.reading() as tx:
        for opd, first, last in spans:
            one = compared.office(tx, opd, first, last, now)
            if one.events:
                found.append(book.of_rows(opd, first, len(one.events)))
            found += one.days
            waiting += one.waiting
    return found, waiting


def _line(lang: str, one: Difference) -> str:
    """One difference as people read it: whose day, what was kept, what it should be."""
    if one.rows:
        return say(lang, "fact_rows_differ", opd=one.opd, rows=one.rows)
    sides = {"was": _side(lang, one.was), "became": _side(lang, one.became)}
    told = {"opd": one.opd, "workdate": one.workdate, "nip": one.nip}
    line = say(lang, "fact_differs", **told, **sides)
    if sides["was"] != sides["became"]:
        return line
    was, became = _fact(one.was), _fact(one.became)
    names = sorted(name for name in {*was, *became} if was.get(name) != became.get(name))
    return line + say(lang, "fact_differs_in", names=", ".join(names))


def _side(lang: str, text: str) -> str:
    known = _fact(text)
    if known:
        names = ("status", "late_min", "early_min")
        return say(lang, "fact_side", **{name: known.get(name) for name in names})
    return say(lang, "fact_side_no_fact" if text else "fact_side_none")


def _fact(text: str) -> dict[str, object]:
    """A fact's JSON; an editor of the file may have put there what is no fact."""
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except msgspec.DecodeError:
        return {}


def _offices(database: Database) -> list[str]:
    with database.reading() as tx:
        return sources.offices(tx)


def _began(database: Database, opd: str) -> date | None:
    with database.reading() as tx:
        return dirt.began(tx, opd)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile("facts rebuild", text, "not_a_date", text=text) from problem


COMMANDS = (facts_group,)
