"""The current epoch of the journal: its numbering, chain head, PINs, newest clock and acked mark.

Everything here happens inside a transaction that the journal holds open.
"""

import secrets
import sqlite3
from collections.abc import Sequence
from typing import Literal

import msgspec

from contract import chain
from contract.event import (
    BOOKKEEPING_KINDS,
    Clock,
    Covered,
    Epoch,
    Record,
    Scan,
    canonical,
    kind,
    read,
    tag_of,
)
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, clock_record, introduction

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
        self._clock = self._newest_clock(self.last)

    def standing(self) -> Standing:
        """Where the journal stands now."""
        return Standing(self.epoch, self.last, self._head, self._urgent, self.acked)

    def append(self, *records: Record) -> int:
        """Number the records, bind them to the chain, write them; the seq of the first."""
        return self._write([(canonical(record), record) for record in records])

    def mark_clock(self, look: Look, index: int = 0, offset_ms: int | None = None) -> None:
        """Write what the clock is worth, if the newest clock record no longer says it."""
        record = clock_record(self._clock, look, index, offset_ms)
        if record is not None:
            self.append(record)
            self._clock = record

    def acknowledge(self, acked: int) -> None:
        """Move the acked mark; it may go back."""
        self._db.execute("UPDATE epoch SET acked = ? WHERE no = ?", (acked, self.no))
        self.acked = acked

    def begin(self, reason: Reason, look: Look) -> None:
        """Number anew from 1: the devices, the clock and coverage that held, and every row without
        a receipt."""
        previous, acked = self.epoch, min(self.acked, self.last)
        again, clock = self._unreceipted(), self._newest_clock(acked)
        covered = self._newest_coverage(acked)
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
        held = [canonical(clock)] if clock else []
        self._write([(data, read(data)) for data in held + covered + again])
        self._clock = self._newest_clock(self.last)
        self.mark_clock(look)

    def head_at(self, seq: int) -> bytes:
        """The chain head after event `seq`."""
        if seq == 0:
            return chain.genesis(self._kid, self.epoch)
        row = self._db.execute(
            "SELECT head FROM event WHERE epoch = ? AND seq = ?", (self.no, seq)
        ).fetchone()
        return bytes(row[0])

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

    def _unreceipted(self) -> list[bytes]:
        rows = self._db.execute(
            "SELECT record FROM event WHERE epoch = ? AND seq > ? "
            "AND kind NOT IN ('epoch', 'device', 'seal') ORDER BY seq",
            (self.no, self.acked),
        ).fetchall()
        return [row[0] for row in rows]

    def _newest_coverage(self, up_to: int) -> list[bytes]:
        """The newest coverage record of each device, so that coverage goes on without a hole."""
        rows = self._db.execute(
            "SELECT record FROM event WHERE epoch = ? AND seq <= ? AND kind = 'covered' ORDER BY seq",
            (self.no, up_to),
        ).fetchall()
        claims = ((read(row[0]), row[0]) for row in rows)
        newest = {claim.device: data for claim, data in claims if isinstance(claim, Covered)}
        return list(newest.values())

    def _newest_clock(self, up_to: int) -> Clock | None:
        row = self._db.execute(
            "SELECT record FROM event WHERE epoch = ? AND seq <= ? AND kind = 'clock' "
            "ORDER BY seq DESC LIMIT 1",
            (self.no, up_to),
        ).fetchone()
        record = read(row[0]) if row else None
        return record if isinstance(record, Clock) else None
