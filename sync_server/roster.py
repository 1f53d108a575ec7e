"""Who is who, and who works when.

A PIN is a pseudonym that means somebody only within an office and for a time; NIP and name live here
and nowhere else, so that they can be deleted.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection, delete, insert, select

from contract.command import User
from sync_server import schema, shifts, tables
from sync_server.errors import BadFile

_NIP_DIGITS = 18
_FEW = 400  # NIPs beyond which reading everybody is cheaper than naming them
_ZONES = ("WIB", "WITA", "WIT")


class Person(msgspec.Struct, frozen=True, gc=False):
    """A PIN of an office and the person behind it, for dates (inclusive). `zona` WIB, WITA, WIT."""

    nip: str
    nama: str
    opd: str
    zona: str
    pin: str
    mulai: date
    selesai: date


class Turn(msgspec.Struct, frozen=True, gc=False):
    """The shift that a person works between two dates, inclusive."""

    nip: str
    shift: str
    mulai: date
    selesai: date


def _person(row: tables.Row, file: str, line: int) -> Person:
    for column in ("pin", "opd"):
        tables.filled(row, column, file, line)
    nip = tables.nip(row, file, line)
    first, last = tables.days(row, file, line)
    if row["zona"] not in _ZONES:
        raise BadFile(file, line, "unknown_zone", zone=row["zona"])
    return Person(nip, row["nama"], row["opd"], row["zona"], row["pin"], first, last)


def _people_apart(found: Sequence[tuple[int, Person]], file: str) -> Iterable[BadFile]:
    """On any date one PIN of an office is one person."""
    return tables.overlaps(found, file, "pin_taken", "opd", "pin")


PEOPLE: tables.Form[Person] = tables.Form(
    tables.Columns(Person.__struct_fields__), _person, _people_apart
)


def _employee(row: tables.Row, file: str, line: int) -> Person:
    """Who has fewer or more digits than a NIP has is nobody: rota, posts and accounts miss him."""
    found = _person(row, file, line)
    if len(found.nip) != _NIP_DIGITS:
        raise BadFile(file, line, "nip_length", nip=found.nip, digits=_NIP_DIGITS)
    return found


# What people hand in; PEOPLE also reads what earlier versions took.
EMPLOYEES: tables.Form[Person] = tables.Form(PEOPLE.columns, _employee, _people_apart)


def turns(known: Iterable[str]) -> tables.Form[Turn]:
    """How a file of turns is read; `known` are the shift codes of the shift file."""
    codes = set(known)

    def turn(row: tables.Row, file: str, line: int) -> Turn:
        tables.filled(row, "shift", file, line)
        nip = tables.nip(row, file, line)
        first, last = tables.days(row, file, line)
        if row["shift"] not in codes:
            raise BadFile(file, line, "unknown_shift", shift=row["shift"])
        return Turn(nip, row["shift"], first, last)

    def apart(found: Sequence[tuple[int, Turn]], file: str) -> Iterable[BadFile]:
        return tables.overlaps(found, file, "turn_taken", "nip")  # one shift on any date

    return tables.Form(tables.Columns(Turn.__struct_fields__), turn, apart)


def read_device_users(data: bytes | str, file: str) -> list[User]:
    """People for a terminal of a table: pin, nama, and hapus ("ya") for those who go.

    Raises BadFile naming the line.
    """
    users: dict[str, User] = {}
    for line, row in tables.rows(data, file, tables.Columns(("pin", "nama", "hapus"))):
        pin, gone = tables.filled(row, "pin", file, line), row.get("hapus", "").lower()
        if pin in users:
            raise BadFile(file, line, "pin_twice", pin=pin)
        if gone not in ("", "ya"):
            raise BadFile(file, line, "not_yes_no", value=gone)
        users[pin] = User(pin, row["nama"], gone == "ya")
    return list(users.values())


def nips_used_as_pins(people: Iterable[Person]) -> list[str]:
    """PINs that are somebody's NIP: it then travels in every scan, which a pseudonym must not."""
    return [p.pin for p in people if p.pin == p.nip or len(p.pin) == _NIP_DIGITS]


def strangers(tx: Connection, turns: Iterable[Turn]) -> list[str]:
    """NIPs of turns that belong to nobody who was imported, each once: their turns change no fact."""
    known = set(tx.execute(select(schema.person.c.nip)).scalars())
    return [nip for nip in dict.fromkeys(turn.nip for turn in turns) if nip not in known]


def outside(
    tx: Connection, days: Iterable[tuple[str, date, date]], offices: Collection[str]
) -> list[str]:
    """NIPs of those who are in none of these offices on any of the days asked: (NIP, first, last)."""
    its = schema.person.c
    held: dict[str, list[tuple[str, str]]] = {}
    query = select(its.nip, its.valid_from, its.valid_to).where(its.opd.in_(offices))
    for nip, begun, ended in tx.execute(query):
        held.setdefault(nip, []).append((begun, ended))
    strange = set()
    for nip, first, last in days:
        spans = held.get(nip, ())
        if not any(a <= last.isoformat() and first.isoformat() <= b for a, b in spans):
            strange.add(nip)
    return sorted(strange)


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
    """Replace the turns of every person in `turns` from the first day on that they name; what was
    before it stays."""
    table = schema.rota
    nips = {turn.nip for turn in turns}
    known = [turn for nip, held in rota(tx).items() if nip in nips for turn in held]
    for nip in nips:
        tx.execute(delete(table).where(table.c.nip == nip))
    rows = [
        {
            "nip": t.nip,
            "shift": t.shift,
            "valid_from": t.mulai.isoformat(),
            "valid_to": t.selesai.isoformat(),
        }
        for t in (*tables.earlier(known, turns), *turns)
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


def names(tx: Connection, nips: Iterable[str]) -> dict[str, str]:
    """What people are called, by NIP; whoever was never imported is missing."""
    wanted = set(nips)
    its = schema.person.c
    query = select(its.nip, its.name).order_by(its.valid_from)
    if len(wanted) < _FEW:
        query = query.where(its.nip.in_(wanted))
    return {row.nip: row.name for row in tx.execute(query) if row.nip in wanted}


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
