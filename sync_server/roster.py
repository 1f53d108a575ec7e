"""Who is who, who works when, and the shift and calendar files: everything that people import.

A PIN is a pseudonym that means somebody only within an office and for a time; NIP and name live here
and nowhere else, so that they can be deleted.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, select

from sync_server import calendar, schema, shifts
from sync_server.calendar import Calendar
from sync_server.errors import BadFile
from sync_server.shifts import Shift

_ALWAYS = ("0001-01-01", "9999-12-31")
_NIP_DIGITS = 18


class Person(msgspec.Struct, frozen=True):
    """A PIN of an office and the person behind it, for dates (inclusive). `zone` WIB, WITA, WIT."""

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


_Kind = TypeVar("_Kind", Person, Turn)


def read_people(text: str, file: str) -> list[Person]:
    """People of a CSV file: nip, nama, opd, zona, pin, and mulai, selesai where they matter.

    Raises BadFile naming the line.
    """
    people = [_row(Person, row, file, line) for line, row in _lines(text, file, Person)]
    for line, person in enumerate(people, 2):
        if person.zona not in ("WIB", "WITA", "WIT"):
            raise BadFile(file, f"baris {line}", f"zona {person.zona!r}", "WIB, WITA atau WIT")
        if not person.pin or not person.nip:
            raise BadFile(file, f"baris {line}", "pin atau nip kosong", "isi keduanya")
    _check_overlap(people, file)
    return people


def nips_used_as_pins(people: Iterable[Person]) -> list[str]:
    """PINs that are somebody's NIP: it then travels in every scan, which a pseudonym must not."""
    return [p.pin for p in people if p.pin == p.nip or len(p.pin) == _NIP_DIGITS]


def read_rota(text: str, file: str, known: Iterable[str]) -> list[Turn]:
    """Shifts by person of a CSV file: nip, shift, and mulai, selesai where they matter.

    `known` are the shift codes of the shift file. Raises BadFile naming the line.
    """
    turns = [_row(Turn, row, file, line) for line, row in _lines(text, file, Turn)]
    codes = set(known)
    for line, turn in enumerate(turns, 2):
        if turn.shift not in codes:
            instead = "impor dulu: sync-server shift import; atau perbaiki kodenya"
            raise BadFile(file, f"baris {line}", f"shift {turn.shift!r} tidak dikenal", instead)
    return turns


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
    fields = kind.__struct_fields__
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="")
    heads = [head.strip().lower() for head in table.fieldnames or ()]
    needed = [name for name in fields if name not in ("mulai", "selesai")]
    missing = [name for name in needed if name not in heads]
    strange = [head for head in heads if head not in fields]
    if missing or strange:
        wrong = (
            f"kolom {', '.join(missing or strange)} {'tidak ada' if missing else 'tidak dikenal'}"
        )
        raise BadFile(file, "baris 1", wrong, f"tulis kolom: {','.join(fields)}")
    table.fieldnames = heads
    for line, row in enumerate(table, 2):
        if "" in row or None in row.values():
            wrong = "jumlah isian tidak sama dengan jumlah kolom"
            raise BadFile(file, f"baris {line}", wrong, "perbaiki koma atau tanda kutipnya")
        yield line, {key: value.strip() for key, value in row.items()}


def _row(kind: type[_Kind], row: dict[str, str], file: str, line: int) -> _Kind:
    first, last = _ALWAYS
    filled = {**row, "mulai": row.get("mulai") or first, "selesai": row.get("selesai") or last}
    try:
        return msgspec.convert(filled, kind)
    except msgspec.ValidationError as problem:
        raise BadFile(
            file, f"baris {line}", str(problem), "tulis tanggal sebagai 2026-01-31"
        ) from problem


def _check_overlap(people: Sequence[Person], file: str) -> None:
    """One PIN of one office is one person on any date."""
    seen: dict[tuple[str, str], list[tuple[int, Person]]] = {}
    for line, person in enumerate(people, 2):
        for at, other in seen.setdefault((person.opd, person.pin), []):
            if person.mulai <= other.selesai and other.mulai <= person.selesai:
                wrong = f"PIN {person.pin} sudah dipakai pada baris {at}"
                raise BadFile(file, f"baris {line}", wrong, "beri tanggal mulai dan selesai")
        seen[person.opd, person.pin].append((line, person))
