"""Commands for daily facts: print them, and prove them from the events."""

from datetime import date

import click
import msgspec

from sync_server import dirt, feed, localtime, server
from sync_server.cli.setting import BROKEN, Setting, as_json, emit, setting
from sync_server.database import Database
from sync_server.daybook import book, sources
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
@as_json
@setting
def rebuild(
    setting: Setting, first: str | None, last: str | None, opd: str | None, as_json: bool
) -> None:
    """Make the facts again from the raw events; exit code 1 where the book had others.

    What was different is put right.

    Example: sync-server facts rebuild --from 2026-01-01 --to 2026-01-31 --opd 1.01
    """
    now = server.wall()
    with setting.ledger() as database:
        spans = [
            (one, begin, _day(last) if last else localtime.newest_day(now))
            for one in ([opd] if opd else _offices(database))
            if (begin := _day(first) if first else _began(database, one)) is not None
        ]
        found = [one for span in spans for one in book.rebuild(database, *span, now)]
    if as_json:
        emit(found, "differences")
    else:
        for one in found:
            click.echo(say(setting.lang, "fact_differs", **msgspec.structs.asdict(one)))
        setting.tell("facts_rebuilt", count=len(found), offices=len(spans))
    raise click.exceptions.Exit(BROKEN if found else 0)


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
