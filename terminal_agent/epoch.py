"""The current epoch of the journal: its numbering, chain head, PINs, newest clock and acked mark.

Everything here happens inside a transaction that the journal holds open.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from contract import chain
from contract.event import (
    BOOKKEEPING_KINDS,
    Clock,
    Copresence,
    Covered,
    Epoch,
    Gallery,
    Record,
    Scan,
    Witnessed,
    canonical,
    kind,
    read,
    tag_of,
)
from terminal_agent.clock import Look
from terminal_agent.clock_trust import MOVED_M, Told, due, metres, told
from terminal_agent.delivery import Delivery, clock_record, introduction
from terminal_agent.errors import JournalFailed

# What holds in the chain that it was made for and in no other; every epoch has its own.
BOUND_KINDS = ("epoch", "device", "seal", "receipt_noted")

Reason = Literal["new", "lost_rows", "fork", "salvage", "replaced"]


class Standing(msgspec.Struct, frozen=True):
    """Where the journal stands: newest seq and its head, newest seq worth a flush, acked mark."""

    epoch: int
    last: int
    head: bytes
    urgent: int
    acked: int


class CurrentEpoch:
    """The newest epoch in the file; `no` is its ordinal there, 0 before the first one is drawn."""

    def __init__(self, db: sqlite3.Connection, kid: str) -> None:
        self._db = db
        self._kid = kid
        self.no: int
        self.epoch: int
        self.acked: int
        self.no, self.epoch, self.acked = db.execute(
            "SELECT no, epoch, acked FROM epoch ORDER BY no DESC LIMIT 1"
        ).fetchone() or (0, 0, 0)
        self.last: int
        self._head: bytes
        self.last, self._head = db.execute(
            "SELECT seq, head FROM event WHERE epoch = ? ORDER BY seq DESC LIMIT 1", (self.no,)
        ).fetchone() or (0, chain.genesis(kid, self.epoch))
        marks = ",".join("?" * len(BOOKKEEPING_KINDS))
        self._urgent: int = db.execute(
            f"SELECT coalesce(max(seq), 0) FROM event WHERE epoch = ? AND kind NOT IN ({marks})",  # noqa: S608
            (self.no, *BOOKKEEPING_KINDS),
        ).fetchone()[0]
        self._pins: dict[str, int] = dict(
            db.execute("SELECT pin, first_seq FROM pin WHERE epoch = ? ORDER BY idx", (self.no,))
        )
        self._told = self._read_told()

    def standing(self) -> Standing:
        """Where the journal stands now."""
        return Standing(self.epoch, self.last, self._head, self._urgent, self.acked)

    def append(self, *records: Record) -> int:
        """Number the records, bind them to the chain, write them; the seq of the first."""
        return self._write([(canonical(record), record) for record in records])

    def clock_due(self, look: Look) -> bool:
        """Whether the newest clock record no longer says what the clock is worth."""
        return due(self._told, clock_record(look, 0, None), _ahead_ms(look))

    def mark_clock(self, look: Look, index: int = 0, offset_ms: int | None = None) -> None:
        """Write what the clock is worth, if the newest clock record no longer says it."""
        now = clock_record(look, index, offset_ms)
        if due(self._told, now, _ahead_ms(look)):
            if now.position and self._told and not _moved(self._told, now):
                now = msgspec.structs.replace(now, position=None)  # nothing new, nine bytes
            self.append(now)
            self._told = told(self._told, now, _ahead_ms(look))

    def acknowledge(self, acked: int) -> None:
        """Move the acked mark; it may go back."""
        self._db.execute("UPDATE epoch SET acked = ? WHERE no = ?", (acked, self.no))
        self.acked = acked

    def begin(
        self, reason: Reason, look: Look, proven: Sequence[tuple[int, bytes]] | None = None
    ) -> None:
        """Number anew from 1: the devices, the clock and coverage that held, and every row without
        a receipt; of a damaged journal the `proven` ones (seq, record)."""
        previous, acked = self.epoch, min(self.acked, self.last)
        again = self._unreceipted() if proven is None else proven
        held = self._held(acked)
        self.epoch = secrets.randbits(32)
        cursor = self._db.execute(
            "INSERT INTO epoch (epoch, acked, opened) VALUES (?,0,?)", (self.epoch, look.wall)
        )
        self.no = int(cursor.lastrowid or 0)
        self.last = self._urgent = self.acked = 0
        self._head, self._pins = chain.genesis(self._kid, self.epoch), {}
        self.append(Epoch(previous, acked, reason))
        for no, *device in self._db.execute(
            "SELECT no, serial, family, firmware FROM device ORDER BY no"
        ).fetchall():
            self.append(introduction(no, Delivery(*device)))
        self._write([(data, read(data)) for data in held])
        self._write(_renumbered(again, self.last + 1))
        self._told = self._read_told()
        self.mark_clock(look)

    def head_at(self, seq: int) -> bytes:
        """The chain head after event `seq`."""
        return _head_at(self._db, self._kid, self, seq)

    def pins_before(self, seq: int) -> list[str]:
        """PINs in order of first appearance before event `seq`."""
        return [pin for pin, first in self._pins.items() if first < seq]

    def _write(self, entries: Sequence[tuple[bytes, Record | None]]) -> int:
        """Canonical bytes and the record in them, None where this version cannot read it."""
        first, events, pins = self.last + 1, [], []
        for data, record in entries:
            self.last, self._head = self.last + 1, chain.link(self._head, data)
            tag = kind(data) if record is None else tag_of(record)
            events.append((self.no, self.last, tag, data, self._head))
            if tag not in BOOKKEEPING_KINDS:
                self._urgent = self.last
            if isinstance(record, Scan) and record.pin not in self._pins:
                pins.append((self.no, len(self._pins), record.pin, self.last))
                self._pins[record.pin] = self.last
        self._db.executemany("INSERT INTO event VALUES (?,?,?,?,?)", events)
        if pins:
            self._db.executemany("INSERT INTO pin VALUES (?,?,?,?)", pins)
        return first

    def _unreceipted(self) -> list[tuple[int, bytes]]:
        """Rows that are numbered anew. What the chain does not prove must not be given a new one."""
        rows = self._db.execute(
            "SELECT seq, kind, record, head FROM event WHERE epoch = ? AND seq > ? ORDER BY seq",
            (self.no, self.acked),
        ).fetchall()
        head, again = self.head_at(min(self.acked, self.last)), []
        for seq, of_kind, record, stored in rows:
            if chain.link(head, record) != stored:
                raise JournalFailed("journal_damaged", f"event {seq} is not what was journalled")
            head = stored
            if of_kind not in BOUND_KINDS:
                again.append((seq, record))
        return again

    def _held(self, up_to: int) -> list[bytes]:
        """What later records stand on: the newest clock record, those that told each device's clock
        and the place last, each device's newest coverage behind the clock that dated it, and the
        gallery that faces are matched with."""
        devices = [row[0] for row in self._db.execute("SELECT no FROM device")]
        missing: set[object] = {"clock", "place", "gallery", *(("offset", no) for no in devices)}
        missing |= {("covered", no) for no in devices}
        held = []
        for data, record in self._bookkeeping(up_to):
            says = _says(record)
            if missing & says:
                held.append(data)
                missing -= says
                missing |= {"clock"} if isinstance(record, Covered) else set()
        return held[::-1]

    def _read_told(self) -> Told | None:
        """From the records: all of the newest boot, in order."""
        newest: Told | None = None
        for _, record in reversed(list(self._bookkeeping(self.last))):
            if isinstance(record, Clock):
                newest = told(newest, record, (record.wall - record.up) * 1000)
        return newest

    def _bookkeeping(self, up_to: int) -> Iterator[tuple[bytes, Clock | Covered | Gallery]]:
        """Clock, coverage and gallery records up to a seq, newest first."""
        rows = self._db.execute(
            "SELECT record FROM event WHERE epoch = ? AND seq <= ? "
            "AND kind IN ('clock', 'covered', 'gallery') ORDER BY seq DESC",
            (self.no, up_to),
        ).fetchall()
        for (data,) in rows:
            record = read(data)
            if isinstance(record, Clock | Covered | Gallery):
                yield data, record


def _renumbered(
    again: Sequence[tuple[int, bytes]], first: int
) -> list[tuple[bytes, Record | None]]:
    """Rows of the epoch before, as they stand from seq `first` on: what names another event by its
    seq names it by the new one, and by minus the old one where that event is not journalled again."""
    new = {seq: no for no, (seq, _) in enumerate(again, first)}
    out: list[tuple[bytes, Record | None]] = []
    for _, data in again:
        record: Record | None = read(data)
        if isinstance(record, Copresence | Witnessed):
            # One that named the epoch before already now means one that nobody can look up.
            seq = new.get(record.seq, min(-record.seq, 0))
            record = msgspec.structs.replace(record, seq=seq)
            data = canonical(record)
        out.append((data, record))
    return out


def _says(record: Clock | Covered | Gallery) -> set[object]:
    """What a record tells that later ones may stand on."""
    if isinstance(record, Gallery):
        return {"gallery"}
    if isinstance(record, Covered):
        return {("covered", record.device)}
    place: set[object] = {"place"} if record.position else set()
    return {"clock", *(("offset", device) for device, _ in record.offsets), *place}


def _ahead_ms(look: Look) -> int:
    return (look.wall - look.up) * 1000 if look.ahead_ms is None else look.ahead_ms


def _moved(before: Told, now: Clock) -> bool:
    return not (before.place and now.position) or metres(before.place, now.position) > MOVED_M


class PastEpoch:
    """An epoch that is over, as it was: a centre that was restored may ask for it. `no` is 0 where
    it is not in this file."""

    def __init__(self, db: sqlite3.Connection, kid: str, epoch: int) -> None:
        self._db = db
        self._kid = kid
        self.epoch = epoch
        row = db.execute("SELECT no FROM epoch WHERE epoch = ?", (epoch,)).fetchone()
        self.no: int = row[0] if row else 0

    def head_at(self, seq: int) -> bytes:
        """The chain head after event `seq`."""
        return _head_at(self._db, self._kid, self, seq)

    def pins_before(self, seq: int) -> list[str]:
        """PINs in order of first appearance before event `seq`."""
        rows = self._db.execute(
            "SELECT pin FROM pin WHERE epoch = ? AND first_seq < ? ORDER BY idx", (self.no, seq)
        )
        return [row[0] for row in rows]


def _head_at(db: sqlite3.Connection, kid: str, of: CurrentEpoch | PastEpoch, seq: int) -> bytes:
    if seq == 0:
        return chain.genesis(kid, of.epoch)
    row = db.execute("SELECT head FROM event WHERE epoch = ? AND seq = ?", (of.no, seq)).fetchone()
    return bytes(row[0])
