"""What kiosks noted of their terminals: who is enrolled, what was done there, what became of logs."""

from collections import defaultdict
from collections.abc import Collection, Iterator

import msgspec
from sqlalchemy import Connection, select

from contract.event import (
    AnyRecord,
    Enrolment,
    LogEdited,
    LogReplaced,
    Operation,
    Snapshot,
    read,
)
from contract.roll import Folded, Roll
from sync_server import schema

_KINDS = ("enrolment", "snapshot", "operation", "log_replaced", "log_edited")
# Lines of a terminal's operation log that tell of people: as terminal_agent.zk.oplog has them.
_OF_PEOPLE = frozenset((6, 7, 8, 9, 10, 11, 12, 13, 22, 24, 30, 70, 71, 101))

Noted = Enrolment | Snapshot | Operation | LogReplaced | LogEdited


class Note(msgspec.Struct, frozen=True):
    """An event about a terminal; `received` is server UTC seconds."""

    opd: str
    kid: str
    serial: str
    event: str
    received: int
    record: Noted


class Change(msgspec.Struct, frozen=True):
    """An enrolment that was not there at the look before. `at`: when the terminal's own operation log
    says that something was done to its people (its local seconds), None where it has no such line."""

    note: Note
    record: Enrolment
    at: int | None


class Terminal(msgspec.Struct):
    """A terminal as one kiosk saw it: the newest snapshot, the roll up to there with the event of each
    entry, and every change since the first look."""

    opd: str
    kid: str
    serial: str
    snapshot: Note | None = None
    roll: Roll = {}
    events: dict[tuple[str, str], str] = {}
    changes: list[Change] = []


def notes(tx: Connection, opds: Collection[str], until: int) -> list[Note]:
    """What was received before `until`, each kiosk's in the order in which it was told."""
    event, kiosk, device = schema.event.c, schema.kiosk.c, schema.device.c
    offices = dict(tx.execute(select(kiosk.kid, kiosk.opd).where(kiosk.opd.in_(opds))).all())
    named = tx.execute(select(schema.device).where(device.kid.in_(offices)))
    serials = {(row.kid, row.epoch, row.idx): row.serial for row in named}
    rows = tx.execute(
        select(event.kid, event.epoch, event.seq, event.record, event.received)
        .where(event.kind.in_(_KINDS), event.kid.in_(offices), event.received < until)
        .order_by(event.kid, event.received, event.epoch, event.seq)
    )
    found = []
    for kid, epoch, seq, data, received in rows:
        record = _noted(read(data))
        serial = serials.get((kid, epoch, record.device)) if record else None
        if record is not None and serial is not None:  # device 0 is the kiosk's own gallery
            name = f"{kid}-{epoch:08x}-{seq}"
            found.append(Note(offices[kid], kid, serial, name, received, record))
    return found


def terminals(found: Collection[Note]) -> list[Terminal]:
    """The terminals that these notes tell of, by kiosk and serial number."""
    seen: dict[tuple[str, str], list[Note]] = defaultdict(list)
    for note in found:
        seen[note.kid, note.serial].append(note)
    return [_terminal(seen[key]) for key in sorted(seen)]


def _noted(record: AnyRecord | None) -> Noted | None:
    if isinstance(record, Enrolment | Snapshot | Operation | LogReplaced | LogEdited):
        return record
    return None


def _terminal(found: list[Note]) -> Terminal:
    first = found[0]
    seen = Terminal(first.opd, first.kid, first.serial)
    folded, at = Folded(), None
    for note in found:
        match note.record:
            case Operation(code=code, t=t) if code in _OF_PEOPLE:
                at = t
            case Enrolment() as record:
                if folded.enrolment(record.pin, record.change, record.digest):
                    seen.changes += _changes(note, record, at)
                    what = record.change.rpartition("_")[0]
                    seen.events[record.pin, what] = note.event
            case Snapshot() as record:
                folded.snapshot(record.salt)
                seen.snapshot, at = note, None
    seen.roll = folded.roll
    return seen


def _changes(note: Note, record: Enrolment, at: int | None) -> Iterator[Change]:
    if not record.change.endswith("_found"):
        yield Change(note, record, at)
