"""Commands that take files from people: who is who, who works when, shifts and calendars."""

from pathlib import Path

import click

from sync_server import calendar, roster, server, shifts
from sync_server.cli.setting import FILE, Setting, read_text, setting
from sync_server.database import Database


@click.group("person")
def person_group() -> None:
    """The people behind the PINs."""


@person_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_people(setting: Setting, file: Path) -> None:
    """Import people: CSV with nip,nama,opd,zona,pin and optionally mulai,selesai.

    The offices in the file are replaced as a whole.

    Example: sync-server person import pegawai.csv
    """
    with setting.ledger() as database:
        people = roster.read_people(read_text(file), file.name)
        with database.writing() as tx:
            roster.store_people(tx, people)
    if risky := roster.nips_used_as_pins(people):
        setting.tell("nip_as_pin", count=len(risky), pin=risky[0])
    setting.tell("people_stored", count=len(people))


@click.group("roster")
def roster_group() -> None:
    """Who works which shift when."""


@roster_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_roster(setting: Setting, file: Path) -> None:
    """Import turns: CSV with nip,shift and optionally mulai,selesai.

    Example: sync-server roster import giliran.csv
    """
    with setting.ledger() as database:
        with database.reading() as tx:
            known = roster.shift_table(tx)
        turns = roster.read_rota(read_text(file), file.name, known)
        with database.writing() as tx:
            roster.store_rota(tx, turns)
            strange = roster.strangers(tx, turns)
    if strange:
        setting.tell("nip_unknown", count=len(strange), nip=strange[0])
    setting.tell("turns_stored", count=len(turns))


@click.group("shift")
def shift_group() -> None:
    """The shift file."""


@click.group("calendar")
def calendar_group() -> None:
    """The calendar files, one a year."""


@shift_group.command("check")
@click.argument("file", type=FILE)
@setting
def check_shifts(setting: Setting, file: Path) -> None:
    """Check a shift file without importing it.

    Example: sync-server shift check shifts.toml
    """
    with setting.explaining():
        shifts.parse(read_text(file), file.name)
    setting.tell("ruling_good", file=file)


@shift_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_shifts(setting: Setting, file: Path) -> None:
    """Put a shift file in force.

    Example: sync-server shift import shifts.toml
    """
    with setting.ledger() as database:
        shifts.parse(read_text(file), file.name)
        _store_ruling(database, "shifts", "shifts", file)
    setting.tell("ruling_stored", file=file)


@calendar_group.command("check")
@click.argument("file", type=FILE)
@setting
def check_calendar(setting: Setting, file: Path) -> None:
    """Check a calendar file without importing it.

    Example: sync-server calendar check 2026.toml
    """
    with setting.explaining():
        calendar.parse(read_text(file), file.name)
    setting.tell("ruling_good", file=file)


@calendar_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_calendar(setting: Setting, file: Path) -> None:
    """Put a calendar file in force for its year; import the shifts that it names first.

    Example: sync-server calendar import 2026.toml
    """
    with setting.ledger() as database:
        parsed = calendar.parse(read_text(file), file.name)
        with database.reading() as tx:
            parsed.check_shifts(roster.shift_table(tx))
        _store_ruling(database, "calendar", str(parsed.year), file)
    setting.tell("ruling_stored", file=file)


def _store_ruling(database: Database, kind: str, name: str, file: Path) -> None:
    with database.writing() as tx:
        roster.store_ruling(tx, kind, name, read_text(file), int(server.wall()))


COMMANDS = (person_group, roster_group, shift_group, calendar_group)
