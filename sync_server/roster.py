"""Who is who, who works when, and the shift and calendar files: everything that people import.

A PIN is a pseudonym that means somebody only within an office and for a time; NIP and name live here
and nowhere else, so that they can be deleted.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, select

from contract.command import User
from sync_server import calendar, schema, shifts
from sync_server.calendar import Calendar
from sync_server.errors import BadFile
from sync_server.shifts import Shift

_ALWAYS = {"mulai": "0001-01-01", "selesai": "9999-12-31"}
_NIP_DIGITS = 18
_ROUNDED = re.compile(r"[0-9][.,0-9]*E\+[0-9]+")  # what Excel makes of 18 digits


class Person(msgspec.Struct, frozen=True):
    """A PIN of an office and the person behind it, for dates (inclusive). `zona` WIB, WITA, WIT."""

    nip: str
    nama: str
    opd: str
    zona: str
    pin: str
    mulai: date
    selesai: date


class Turn(msgspec.Struct, frozen=True):
    """The shift that a person works between two dates, inclusive."""

    nip: str
    shift: str
    mulai: date
    selesai: date


class _DeviceUser(msgspec.Struct):
    pin: str
    nama: str
    hapus: str


_Kind = TypeVar("_Kind", Person, Turn)


def read_people(text: str, file: str) -> list[Person]:
    """People of a CSV file: nip, nama, opd, zona, pin, and mulai, selesai where they matter.

    Raises BadFile naming the line.
    """
    people = [(line, _row(Person, row, file, line)) for line, row in _lines(text, file, Person)]
    for line, person in people:
        if person.zona not in ("WIB", "WITA", "WIT"):
            raise BadFile(file, line, "unknown_zone", zone=person.zona)
    _check_once(people, file, "pin_taken", "opd", "pin")
    return [person for _, person in people]


def read_device_users(text: str, file: str) -> list[User]:
    """People for a terminal of a CSV file: pin, nama, and hapus ("ya") for those who go.

    Raises BadFile naming the line.
    """
    users: dict[str, User] = {}
    for line, row in _lines(text, file, _DeviceUser):
        pin, gone = row["pin"], row.get("hapus", "").lower()
        if not pin:
            raise BadFile(file, line, "cell_empty", column="pin")
        if pin in users:
            raise BadFile(file, line, "pin_twice", pin=pin)
        if gone not in ("", "ya"):
            raise BadFile(file, line, "not_yes_no", value=gone)
        users[pin] = User(pin, row["nama"], gone == "ya")
    return list(users.values())


def nips_used_as_pins(people: Iterable[Person]) -> list[str]:
    """PINs that are somebody's NIP: it then travels in every scan, which a pseudonym must not."""
    return [p.pin for p in people if p.pin == p.nip or len(p.pin) == _NIP_DIGITS]


def read_rota(text: str, file: str, known: Iterable[str]) -> list[Turn]:
    """Shifts by person of a CSV file: nip, shift, and mulai, selesai where they matter.

    `known` are the shift codes of the shift file. Raises BadFile naming the line.
    """
    turns = [(line, _row(Turn, row, file, line)) for line, row in _lines(text, file, Turn)]
    codes = set(known)
    for line, turn in turns:
        if turn.shift not in codes:
            raise BadFile(file, line, "unknown_shift", shift=turn.shift)
    _check_once(turns, file, "turn_taken", "nip")
    return [turn for _, turn in turns]


def strangers(tx: Connection, turns: Iterable[Turn]) -> list[str]:
    """NIPs of turns that belong to nobody who was imported, each once: their turns change no fact."""
    known = set(tx.execute(select(schema.person.c.nip)).scalars())
    return [nip for nip in dict.fromkeys(turn.nip for turn in turns) if nip not in known]


def store_people(tx: Connection, people: Sequence[Person]) -> None:
    """Replace what is known of the offices in `people`."""
    table = schema.person
    for opd in {person.opd for person in people}:
        tx.execute(delete(table).where(table.c.opd == opd))
    rows = [
        {
            "opd": p.opd,
            "pin": p.pin,
            "valid_from": p.mulai.isoformat(),
            "valid_to": p.selesai.isoformat(),
            "nip": p.nip,
            "name": p.nama,
            "zone": p.zona,
        }
        for p in people
    ]
    tx.execute(insert(table), rows)


def store_rota(tx: Connection, turns: Sequence[Turn]) -> None:
    """Replace the turns of every person in `turns`."""
    table = schema.rota
    for nip in {turn.nip for turn in turns}:
        tx.execute(delete(table).where(table.c.nip == nip))
    rows = [
        {
            "nip": t.nip,
            "shift": t.shift,
            "valid_from": t.mulai.isoformat(),
            "valid_to": t.selesai.isoformat(),
        }
        for t in turns
    ]
    tx.execute(insert(table), rows)


def people(tx: Connection, opd: str) -> list[Person]:
    """The people of an office, by NIP."""
    table = schema.person.c
    rows = tx.execute(select(schema.person).where(table.opd == opd).order_by(table.nip, table.pin))
    return [
        Person(
            nip=row.nip,
            nama=row.name,
            opd=row.opd,
            zona=row.zone,
            pin=row.pin,
            mulai=date.fromisoformat(row.valid_from),
            selesai=date.fromisoformat(row.valid_to),
        )
        for row in rows
    ]


def zone(tx: Connection, opd: str) -> int | None:
    """An office's minutes east of UTC, None where nobody was imported for it."""
    its = schema.person.c
    name = tx.execute(select(its.zone).where(its.opd == opd).order_by(its.nip, its.pin)).scalar()
    return None if name is None else shifts.zone(name)


def posts(tx: Connection, nip: str) -> list[tuple[str, str]]:
    """(office, PIN) of everybody who was imported under this NIP."""
    table = schema.person.c
    query = select(table.opd, table.pin).where(table.nip == nip).distinct()
    return [(opd, pin) for opd, pin in tx.execute(query.order_by(table.opd, table.pin))]


def rota(tx: Connection) -> dict[str, list[Turn]]:
    """Everybody's turns by NIP."""
    out: dict[str, list[Turn]] = {}
    for row in tx.execute(select(schema.rota)):
        turn = Turn(
            row.nip,
            row.shift,
            date.fromisoformat(row.valid_from),
            date.fromisoformat(row.valid_to),
        )
        out.setdefault(row.nip, []).append(turn)
    return out


def store_ruling(tx: Connection, kind: str, name: str, text: str, now: int) -> None:
    """Keep a shift or calendar file as it was given; the newest of a name is in force."""
    row = {"kind": kind, "name": name, "text": text, "imported": now}
    tx.execute(insert(schema.ruling).values(**row))


def shift_table(tx: Connection) -> dict[str, Shift]:
    """The shifts in force by code; empty where none was imported."""
    found = _newest(tx, "shifts")
    return shifts.parse(found[0], "shifts") if found else {}


def calendars(tx: Connection) -> dict[int, Calendar]:
    """The calendars in force by year."""
    parsed = (calendar.parse(text) for text in _newest(tx, "calendar"))
    return {one.year: one for one in parsed}


def _newest(tx: Connection, kind: str) -> list[str]:
    table = schema.ruling.c
    rows = tx.execute(select(table.name, table.text).where(table.kind == kind).order_by(table.no))
    return list({name: text for name, text in rows}.values())


def _lines(
    text: str, file: str, kind: type[msgspec.Struct]
) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows below the heads, each with the line that it ends on."""
    text = text.removeprefix("\ufeff")
    table = csv.DictReader(io.StringIO(text), restkey="", delimiter=_delimiter(text), strict=True)
    line = 0
    try:
        table.fieldnames = _heads(table.fieldnames or (), file, kind.__struct_fields__)
        line = 1
        for row in table:
            line = table.line_num
            if "" in row or None in row.values():
                raise BadFile(file, line, "cells")
            yield line, {key: value.strip() for key, value in row.items()}
    except csv.Error as problem:  # a quote that does not close is noticed at the end of the file
        raise BadFile(file, line + 1, "not_csv", detail=problem) from problem
    if line == 1:
        raise BadFile(file, "", "no_rows")


def _delimiter(text: str) -> str:
    """Excel in Indonesian separates with semicolons, because the comma is its decimal point."""
    return ";" if ";" in text.partition("\n")[0] else ","


def _heads(found: Sequence[str], file: str, fields: Sequence[str]) -> list[str]:
    heads = [head.strip().lower() for head in found]
    missing = [name for name in fields if name not in (*heads, "mulai", "selesai", "hapus")]
    strange = [head for head in heads if head not in fields]
    twice = [head for head in dict.fromkeys(heads) if heads.count(head) > 1]
    needed = ",".join(fields)
    if missing:
        raise BadFile(file, 1, "columns_missing", columns=", ".join(missing), needed=needed)
    if strange:
        raise BadFile(file, 1, "columns_unknown", columns=", ".join(strange), needed=needed)
    if twice:
        raise BadFile(file, 1, "columns_twice", columns=", ".join(twice))
    return heads


def _row(kind: type[_Kind], row: dict[str, str], file: str, line: int) -> _Kind:
    for column in ("nip", "pin", "opd", "shift"):
        if row.get(column) == "":
            raise BadFile(file, line, "cell_empty", column=column)
    if _ROUNDED.fullmatch(row["nip"]):
        raise BadFile(file, line, "nip_rounded", nip=row["nip"])
    if not (row["nip"].isascii() and row["nip"].isdigit()):
        raise BadFile(file, line, "nip_not_digits", nip=row["nip"])
    first, last = (_day(row, column, file, line) for column in _ALWAYS)
    if last < first:
        raise BadFile(file, line, "days_backwards", first=first, last=last)
    return msgspec.convert({**row, "mulai": first, "selesai": last}, kind)


def _day(row: dict[str, str], column: str, file: str, line: int) -> date:
    text = row.get(column) or _ALWAYS[column]
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile(file, line, "not_a_day", column=column, text=text) from problem


def _check_once(rows: Sequence[tuple[int, _Kind]], file: str, code: str, *columns: str) -> None:
    """On any date one PIN of an office is one person, and one person works one shift."""
    seen: dict[tuple[str, ...], list[tuple[int, _Kind]]] = {}
    for line, row in rows:
        mark = tuple(getattr(row, column) for column in columns)
        for at, other in seen.setdefault(mark, []):
            if row.mulai <= other.selesai and other.mulai <= row.selesai:
                raise BadFile(file, line, code, line=at, **{columns[-1]: mark[-1]})
        seen[mark].append((line, row))
