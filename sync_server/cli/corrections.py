"""Commands for corrections: as the pages, for an account that is named."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from sync_server import attachments, corrections, office_log, posts, roster, server
from sync_server.accounts import viewing
from sync_server.cli.setting import FILE, Setting, as_json, emit, read_bytes, setting
from sync_server.corrections import asking, deciding, record, tally
from sync_server.corrections.asking import Ask
from sync_server.corrections.record import STATES, Correction
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.wording import say

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
_account = click.option("--as", "account", required=True, help="The account that does it.")
_document = click.option("--document", default="", help="The number of a letter or record.")
_attach = click.option("--attach", type=FILE, help="Evidence: PDF, JPEG or PNG, at most 300 kB.")
_reason = click.option("--reason", required=True, help="What happened.")


@click.group("corrections")
def group() -> None:
    """Corrections: what people ask to be excused, outages, who decides."""


@group.command("list")
@click.option("--opd", help="Only of this office and those below it.")
@click.option("--state", type=click.Choice(STATES), help="Otherwise those that wait.")
@as_json
@setting
def list_corrections(setting: Setting, opd: str | None, state: str | None, as_json: bool) -> None:
    """List corrections, the oldest first: those that wait for somebody, or in another state.

    Example: sync-server corrections list --opd 1.01
    """
    with setting.ledger() as database, database.reading() as tx:
        offices = posts.tree(tx, opd) if opd else None
        found = record.of_offices(tx, offices, (), [state] if state else corrections.OPEN)
    if as_json:
        emit(found, "corrections")
        return
    for one in found:
        click.echo(_line(setting.lang, one))
    if not found:
        setting.tell("corrections_none")


@group.command("ask")
@click.argument("nip")
@click.argument("day", type=_DAY, metavar="DATE")
@click.option("--kind", default="LUPA", show_default=True, help="As in [regularise.KIND].")
@click.option("--point", "points", multiple=True, type=click.Choice(record.POINTS), required=True)
@_reason
@_document
@_attach
@_account
@setting
def ask(setting: Setting, /, nip: str, day: datetime, **words: Any) -> None:  # noqa: ANN401
    """Ask that checkpoints of somebody's day be excused.

    Example: sync-server corrections ask 199001012015031001 2026-01-13 --point out
    --reason "lupa pulang" --as wayan
    """
    attach, account = words.pop("attach"), words.pop("account")
    _ask(setting, Ask(nip=nip, workdate=day.date(), **words), attach, account)


@group.command("outage")
@click.argument("opd")
@click.option("--from", "since", type=_MOMENT, required=True, help="Local time of the office.")
@click.option("--until", type=_MOMENT, required=True, help="Local time of the office.")
@click.option("--kind", default="GANGGUAN", show_default=True, help="As in [regularise.KIND].")
@click.option("--device", default="", help="The serial of the one that was out; otherwise all.")
@_reason
@_document
@_attach
@_account
@setting
def outage(setting: Setting, /, opd: str, since: datetime, until: datetime, **words: Any) -> None:  # noqa: ANN401
    """Ask that an outage excuse everybody of an office who could not record. Needs evidence.

    Example: sync-server corrections outage 1.01 --from "2026-01-13 07:00" --until "2026-01-13 09:10"
    --reason "listrik padam" --document "BA 4/2026" --as dewi
    """
    with setting.ledger() as database, database.reading() as tx:
        zone = (roster.zone(tx, opd) or 0) * 60
    span = (int(moment.timestamp()) for moment in (_utc(since), _utc(until)))
    begin, end = (t - zone for t in span)
    attach, account = words.pop("attach"), words.pop("account")
    _ask(setting, Ask(opd=opd, since=begin, until=end, **words), attach, account)


@group.command("approve")
@click.argument("no", type=int)
@click.option("--note", default="", help="For the record.")
@_account
@setting
def approve(setting: Setting, no: int, note: str, account: str) -> None:
    """Approve a correction; the second approval, by another person, excuses it.

    Example: sync-server corrections approve 17 --as sari
    """
    with setting.ledger() as database, database.writing() as tx:
        state = deciding.approve(tx, no, _viewer(tx, account), server.wall(), _signed(note))
    _tell(setting, no, state)


@group.command("reject")
@click.argument("no", type=int)
@_reason
@_account
@setting
def reject(setting: Setting, no: int, reason: str, account: str) -> None:
    """Reject a correction, with the reason.

    Example: sync-server corrections reject 17 --reason "terekam di kamera" --as sari
    """
    with setting.ledger() as database, database.writing() as tx:
        state = deciding.reject(tx, no, _viewer(tx, account), server.wall(), _signed(reason))
    _tell(setting, no, state)


@group.command("report")
@click.argument("month")
@click.option("--opd", help="Only this office and those below it.")
@as_json
@setting
def report(setting: Setting, month: str, opd: str | None, as_json: bool) -> None:
    """Count who approved and rejected how many for whom in a month.

    Example: sync-server corrections report 2026-01 --opd 1.01
    """
    with setting.ledger() as database, database.reading() as tx:
        offices = posts.tree(tx, opd) if opd else None
        given = tally.tally(tx, tally.matters(tx, month, offices))
    if as_json:
        emit(given, "decisions")
        return
    for one in given:
        whom = one.nip or one.opd
        click.echo(f"{one.count:5}  {one.who} ({one.role})  {one.verdict}  {whom} {one.name}")


def _ask(setting: Setting, asked: Ask, attach: Path | None, account: str) -> None:
    with setting.ledger() as database, database.writing() as tx:
        viewer, now = _viewer(tx, account), server.wall()
        digest = ""
        if attach is not None:
            body = read_bytes(attach)
            digest = attachments.store(tx, attach.name, body, viewer.name, now)
        no = asking.draft(tx, asked.with_file(digest), viewer, now)
        asking.submit(tx, no, viewer, now)
    setting.tell("correction_asked", no=no)


def _viewer(tx: Connection, account: str) -> Viewer:
    found = viewing.viewer(tx, account, server.wall())
    if found is None:
        raise BadFile("--as", "", "month_account", name=account)
    return found[0]


def _signed(note: str) -> str:
    """What somebody says, with the user of the system who typed it for an account."""
    return f"{note} (CLI {office_log.system_user()})".lstrip()


def _tell(setting: Setting, no: int, state: str) -> None:
    word = say(setting.lang, f"correction_state_{state}")
    setting.tell("correction_became", no=no, state=word)


def _line(lang: str, one: Correction) -> str:
    state = say(lang, f"correction_state_{one.state}")
    points = ", ".join(say(lang, f"point_{point}") for point in one.points)
    whom, what = one.nip or one.opd, one.kind if one.is_outage else f"{one.kind} ({points})"
    return f"{one.no:6}  {one.workdate}  {whom}  {what}  {state}  {one.reason}"


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


COMMANDS = (group,)
