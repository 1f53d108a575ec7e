"""Commands that take files from people: offices, who is who, posts, who works when, shifts and
calendars."""

from pathlib import Path

import click

from sync_server import calendar, imports, office_log, ruling_files, server, shifts
from sync_server.cli.setting import FILE, Setting, read_bytes, read_text, setting


@click.group("office")
def office_group() -> None:
    """The offices: their tree, their places, who signs."""


@office_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_offices(setting: Setting, file: Path) -> None:
    """Import offices: CSV or XLSX with opd,nama and optionally induk,lat,lon,kepala,bendahara.

    Offices that the file does not name stay as they are.

    Example: sync-server office import opd.csv
    """
    done = take(setting, "office", file)
    setting.tell("offices_stored", new=done.new, changed=done.changed, same=done.same)


@click.group("person")
def person_group() -> None:
    """The people behind the PINs."""


@person_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_people(setting: Setting, file: Path) -> None:
    """Import people: CSV or XLSX with nip,nama,opd,zona,pin and optionally mulai,selesai.

    The offices in the file are replaced as a whole.

    Example: sync-server person import pegawai.csv
    """
    setting.tell("people_stored", count=take(setting, "person", file).rows)


@click.group("post")
def post_group() -> None:
    """Posts: title, rank, grade, TPP and superior of each person."""


@post_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_posts(setting: Setting, file: Path) -> None:
    """Import posts: CSV or XLSX with nip,jabatan,golongan,kelas,tpp and optionally
    atasan,npwp,dikecualikan,mulai,selesai.

    Each person's posts are replaced from the earliest mulai on that the file has of him; posts before
    it stay and end the day before. Without mulai everything is replaced, frozen months too.

    Example: sync-server post import jabatan.xlsx
    """
    done = take(setting, "post", file)
    said = {"new": done.new, "changed": done.changed, "gone": done.gone, "same": done.same}
    setting.tell("posts_stored", **said)


@click.group("roster")
def roster_group() -> None:
    """Who works which shift when."""


@roster_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_roster(setting: Setting, file: Path) -> None:
    """Import turns: CSV or XLSX with nip,shift and optionally mulai,selesai.

    Each person's turns are replaced from the earliest mulai on that the file has of him; turns before
    it stay and end the day before.

    Example: sync-server roster import giliran.csv
    """
    setting.tell("turns_stored", count=take(setting, "roster", file).rows)


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
    with setting.explaining():
        shifts.parse(read_text(file), file.name)
    _take_ruling(setting, file)


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
    with setting.explaining():
        calendar.parse(read_text(file), file.name)
    _take_ruling(setting, file)


def take(setting: Setting, kind: imports.Kind, file: Path) -> imports.Preview:
    """Take a file over as the page of data does, and say what is odd about it."""
    with setting.ledger() as database:
        data, now = read_bytes(file), server.wall()
        upload = imports.Upload(file.name, data, office_log.system_user(), now)
        with database.reading() as tx:
            table = imports.read(tx, kind, upload)
        with database.writing() as tx:
            done = imports.take(tx, table)
    for odd in done.oddities:
        setting.tell(odd.code, **odd.values)
    return done


def _take_ruling(setting: Setting, file: Path) -> None:
    with setting.ledger() as database, database.writing() as tx:
        ruling = ruling_files.read(tx, read_text(file), file.name)
        who = office_log.system_user()
        ruling_files.take(tx, ruling, file.name, who, server.wall())
    setting.tell("ruling_stored", file=file)


COMMANDS = (office_group, person_group, post_group, roster_group, shift_group, calendar_group)
