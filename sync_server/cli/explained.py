"""Why somebody's day costs what it costs, and the reports that heads of offices ask for."""

from datetime import date

import click
import msgspec
from sqlalchemy import Connection

from sync_server import closing, explain, office_log, reports, roster, server
from sync_server.cli.setting import Setting, as_json, setting
from sync_server.errors import BadFile
from sync_server.reports import Patterns, lines
from sync_server.wording import say


@click.command("explain")
@click.argument("person")
@click.argument("day", metavar="DATE")
@as_json
@setting
def explain_day(setting: Setting, person: str, day: str, as_json: bool) -> None:
    """Say why a person's day costs what it costs: rules, reasons, every punch, what is missing.

    PERSON is a NIP, or OFFICE:PIN. DATE is YYYY-MM-DD.

    Example: sync-server explain 1.01:1003 2026-01-13
    """
    with setting.ledger() as database:
        with database.reading() as tx:
            on = _day(day)
            nip = _nip(tx, person, on)
            found = closing.explained(tx, nip, on)
        if found is None:
            setting.tell("explain_none", nip=nip, day=on)
            raise click.exceptions.Exit(1)
        with database.writing() as tx:
            who = office_log.system_user()
            office_log.note(tx, server.wall(), who, "read_day", found.opd, nip, day)
    said = explain.sentences(setting.lang, found)
    if as_json:
        click.echo(msgspec.json.encode({"explained": found, "sentences": said}))
        return
    click.echo(say(setting.lang, "explain_title", name=found.name, day=on))
    for sentence in said:
        click.echo(f"- {sentence}")


@click.command("report")
@click.argument("kind", type=click.Choice(list(reports.MADE)))
@click.argument("month")
@click.option("--opd", help="Only this office.")
@as_json
@setting
def report(setting: Setting, kind: str, month: str, opd: str | None, as_json: bool) -> None:
    """List who is inactive, who was back after a holiday, entries by hand, patterns, PP 94 counters.

    MONTH is YYYY-MM.

    Example: sync-server report inactive 2026-01 --opd 1.01
    """
    with setting.ledger() as database:
        span = reports.month(month)
        with database.reading() as tx:
            known = reports.offices(tx, None)
            if opd is not None and opd not in known:
                raise BadFile("report", "", "no_people", opd=opd)
            found = reports.MADE[kind](tx, [opd] if opd else known, span)
        with database.writing() as tx:
            who = office_log.system_user()
            detail = f"{kind} {month}"
            office_log.note(tx, server.wall(), who, "read_report", opd or "", detail=detail)
    if as_json:
        click.echo(msgspec.json.encode({"report": kind, "month": month, "found": found}))
        return
    said = list(_lines(setting.lang, found))
    for line in said:
        click.echo(line)
    if not said:
        setting.tell("report_nothing")
    if kind == "patterns":
        setting.tell("report_for_review")


def _lines(lang: str, found: object) -> list[str]:
    if isinstance(found, Patterns):
        return [
            f"{say(lang, f'pattern_{name}')}: " + lines.finding(lang, one, found.names, found.zones)
            for name, some in lines.findings(found)
            for one in some
        ]
    return [lines.row(lang, one) for one in found] if isinstance(found, list) else []


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile("explain", "", "explain_bad_day", text=text) from problem


def _nip(tx: Connection, person: str, day: date) -> str:
    """The NIP that was typed, or of whom a PIN meant in an office on that day."""
    opd, _, pin = person.rpartition(":")
    if not opd:
        return person
    for one in roster.people(tx, opd):
        if one.pin == pin and one.mulai <= day <= one.selesai:
            return one.nip
    raise BadFile("explain", person, "explain_person_unknown")


COMMANDS = (explain_day, report)
