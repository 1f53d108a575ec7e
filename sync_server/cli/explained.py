"""Why somebody's day costs what it costs, and the reports that heads of offices ask for."""

from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec
from sqlalchemy import Connection

from sync_server import closing, explain, localtime, office_log, reports, roster, server
from sync_server.cli.setting import WRONG, Setting, as_json, setting
from sync_server.errors import BadFile
from sync_server.reports import Controls, Patterns, Span, control_lines, lines, weekly
from sync_server.reports.weekly import Weekly
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
@click.argument("kind", type=click.Choice([*reports.MADE, "weekly"]))
@click.argument("month", default="")
@click.option("--opd", help="Only this office.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="weekly: write files.")
@as_json
@setting
def report(  # noqa: PLR0913 - what can be asked for
    setting: Setting, kind: str, month: str, opd: str | None, to: Path | None, as_json: bool
) -> None:
    """List who is inactive, who was back after a holiday, entries by hand, patterns, PP 94 counters,
    controls of terminals; or make the inspectorate's list of a week.

    MONTH is YYYY-MM, the running one where it is left out; for weekly a week, 2026-W47, the one before
    this one where it is left out.

    Example: sync-server report weekly 2026-W47 --to /srv/inspektorat
    """
    if to is not None and kind != "weekly":
        setting.tell("report_to_weekly")
        raise click.exceptions.Exit(WRONG)
    month = month or _running(kind)
    with setting.ledger() as database:
        span = weekly.week(month) if kind == "weekly" else reports.month(month)
        span = reports.asked(span, server.wall())
        with database.reading() as tx:
            known = reports.offices(tx, None)
            if opd is not None and opd not in known:
                raise BadFile("report", "", "no_people", opd=opd)
            made = reports.MADE.get(kind, weekly.weekly)
            found = made(tx, [opd] if opd else known, span)
        with database.writing() as tx:
            who = office_log.system_user()
            detail = f"{kind} {month}"
            office_log.note(tx, server.wall(), who, "read_report", opd or "", detail=detail)
    files = ""
    if isinstance(found, Weekly) and to is not None:
        files = _written(setting, found, span, to / f"hadir-{month}")
    if as_json:
        click.echo(msgspec.json.encode({"report": kind, "month": month, "found": found}))
        return
    if files:
        setting.tell("weekly_written", files=files)
    else:
        _tell(setting, kind, found)


def _tell(setting: Setting, kind: str, found: object) -> None:
    if isinstance(found, Weekly | Controls):
        click.echo(say(setting.lang, "report_to_look"))
    said = list(_lines(setting.lang, found))
    for line in said:
        click.echo(line)
    if not said:
        setting.tell("report_nothing")
    if kind == "patterns":
        setting.tell("report_for_review")


def _running(kind: str) -> str:
    today = localtime.at(datetime.fromtimestamp(server.wall(), UTC), localtime.WIB).date()
    return weekly.week_before(today) if kind == "weekly" else f"{today:%Y-%m}"


def _written(setting: Setting, found: Weekly, span: Span, stem: Path) -> str:
    # Imported where it is needed: every command would wait for PDF otherwise.
    from sync_server.exports import listed

    rows = list(weekly.rows(setting.lang, found))
    region = setting.load().web.title
    files = {
        stem.with_suffix(".csv"): listed.table(rows, span, setting.lang),
        stem.with_suffix(".pdf"): listed.made(rows, span, region, setting.lang),
    }
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            path.write_bytes(data)
    except OSError as problem:
        raise BadFile(str(stem), "", "file_unwritable", detail=problem.strerror) from problem
    return ", ".join(map(str, files))


def _lines(lang: str, found: object) -> list[str]:
    if isinstance(found, Patterns):
        return [
            f"{say(lang, f'pattern_{name}')}: " + lines.finding(lang, one, found.names, found.zones)
            for name, some in lines.findings(found)
            for one in some
        ]
    if isinstance(found, Controls):
        return [
            f"{say(lang, f'control_{one.kind}')}: " + control_lines.sentence(lang, one, found)
            for one in found.lines
        ]
    if isinstance(found, Weekly):
        return [f"{row.section}: {row.sentence}" for row in weekly.rows(lang, found)]
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
