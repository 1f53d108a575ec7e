"""Commands for leave and duty by letter."""

from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from sync_server import absences, localtime, office_log, roster, server
from sync_server.absences import Entry
from sync_server.cli.imports import take
from sync_server.cli.setting import BROKEN, FILE, Setting, as_json, emit, setting

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("absence")
def absence() -> None:
    """Leave, and duty by letter (surat tugas)."""


@absence.command("import")
@click.argument("file", type=FILE)
@setting
def import_absences(setting: Setting, file: Path) -> None:
    """Import letters: CSV or XLSX with dokumen,nip,kode,mulai and optionally cakupan (hari, masuk,
    pulang), selesai,tempat,keperluan.

    A document that comes again replaces its own rows; the same again changes nothing.

    Example: sync-server absence import surat-tugas.csv
    """
    done = take(setting, "absence", file)
    figures = {"new": done.new, "changed": done.changed, "gone": done.gone, "same": done.same}
    setting.tell("absences_stored", **figures)


@absence.command("list")
@click.option("--nip", help="Of this person alone.")
@click.option("--opd", help="Of this office's people.")
@click.option("--from", "first", type=_DAY, help="From this day on; otherwise from this month.")
@click.option("--to", "last", type=_DAY, help="Up to this day; otherwise up to this month.")
@as_json
@setting
def list_absences(
    setting: Setting, /, nip: str | None, opd: str | None, as_json: bool, **days: datetime | None
) -> None:
    """List leave and letters, the withdrawn too, newest first.

    Example: sync-server absence list --opd 1.01 --from 2026-01-01 --to 2026-01-31
    """
    if (nip is None) == (opd is None):
        setting.unfit("type_whose_leave")
    month = localtime.month_days(f"{localtime.day(server.wall(), localtime.WIB):%Y-%m}")
    first, last = (_day(days[name], month[n]) for n, name in enumerate(("first", "last")))
    with setting.ledger() as database, database.reading() as tx:
        nips = {nip} if nip else _people(tx, opd or "")
        found = absences.listed(tx, nips, first, last)
    if as_json:
        emit(found, "absences")
        return
    for entry in found:
        click.echo(_line(entry))


@absence.command("withdraw")
@click.argument("document")
@click.option("--nip", "nips", multiple=True, help="Only for this person; may be repeated.")
@setting
def withdraw(setting: Setting, document: str, nips: tuple[str, ...]) -> None:
    """Take a document back; its rows stay visible as withdrawn. Exit 1 where none is in force.

    Example: sync-server absence withdraw "090/12/SPT/2026"
    """
    with setting.ledger() as database, database.writing() as tx:
        who, now = office_log.system_user(), server.wall()
        count = absences.withdraw(tx, document, nips or None, who, now)
    if not count:
        setting.tell("absence_none", document=document)
        raise click.exceptions.Exit(BROKEN)
    setting.tell("absences_withdrawn", document=document, count=count)


def _day(given: datetime | None, otherwise: date) -> date:
    return given.date() if given else otherwise


def _people(tx: Connection, opd: str) -> set[str]:
    return {person.nip for person in roster.people(tx, opd)}


def _line(entry: Entry) -> str:
    span = f"{entry.first}..{entry.last}"
    words = [entry.document, entry.nip, entry.code, entry.scope, span, entry.place, entry.purpose]
    gone = f"[withdrawn {entry.withdrawn_by}]" if entry.withdrawn else ""
    return "  ".join(word for word in (*words, gone) if word)


COMMANDS = (absence,)
