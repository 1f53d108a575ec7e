"""The kiosk's append-only journal: events with seq and chain head, the acked mark, device cursors.

One SQLite file, one connection, one writer. `store` returns after COMMIT with synchronous=FULL, so
what it returned survives a power cut; a NORMAL journal would lose acknowledged rows and number other
scans with their seq. Every failure of the file is JournalFailed: acknowledge nothing, exit.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from contract.event import Record, canonical
from terminal_agent import delivery, durable, journal_schema
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Stored
from terminal_agent.epoch import CurrentEpoch, PastEpoch, Reason, Standing
from terminal_agent.errors import SourceUnavailable
from terminal_agent.journal_schema import failing as _failing
from terminal_agent.past import Past


class DeviceRow(msgspec.Struct, frozen=True):
    """What the journal remembers of a device between polls."""

    index: int
    serial: str
    family: str
    cursor: bytes
    covered: int


class Run(msgspec.Struct, frozen=True):
    """Consecutive records of one epoch with what a batch needs beside them."""

    epoch: int
    records: tuple[bytes, ...]
    before: bytes
    after: bytes
    pins: list[str]


class Journal:
    """The journal of kiosk `kid` at `path`, made where it is missing.

    Draws a new epoch where rows that were acknowledged are gone. Raises JournalFailed.
    """

    def __init__(self, path: Path, kid: str, look: Look) -> None:
        self._lock = threading.RLock()
        self.kid = kid
        self.path = path
        with _failing():
            fresh = not path.exists()
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._epoch = self._prepared(fresh)
            except sqlite3.Error:
                self._db.close()
                raise
        self.past = Past(self._db, self._lock)
        # The newest event that a run before this one may have sent.
        self.found = self._epoch.last
        if self._epoch.no == 0:
            self.begin_epoch("new", look)
        elif self._epoch.last < self._epoch.acked:
            self.found = 0
            self.begin_epoch("lost_rows", look)

    def _prepared(self, fresh: bool) -> CurrentEpoch:
        journal_schema.prepare(self._db)
        if fresh:
            durable.sync_directory(self.path.parent)
        journal_schema.bind(self._db, self.kid)
        return CurrentEpoch(self._db, self.kid)

    def close(self) -> None:
        """Close the file. Nothing depends on it: a power cut takes the same path."""
        with self._lock:
            self._db.close()

    def store(self, parcel: Delivery, look: Look) -> Stored:
        """Commit what a source delivers and its cursor; what of it was new.

        Raises JournalFailed, and SourceUnavailable where another way to the same device has moved
        the cursor meanwhile: both would store the same rows.
        """
        with self._lock:
            known = self.device(parcel.serial)
            if known and parcel.cursor and known.cursor != parcel.since:
                raise SourceUnavailable("two_ways", f"{parcel.serial} is read by another way too")
            with self._writing():
                index = known.index if known else self._introduce(parcel)
                new = self._store(parcel, index, look)
                self._cover(parcel, index, known.covered if known else 0, look)
                if parcel.cursor != parcel.since:
                    mark = (parcel.cursor, index)
                    self._db.execute("UPDATE device SET cursor = ? WHERE no = ?", mark)
            return new

    def _store(self, parcel: Delivery, index: int, look: Look) -> Stored:
        fresh = delivery.fresh(parcel, look, self._count_of)
        self._epoch.mark_clock(look, index, parcel.offset_ms)
        no, first = self._epoch.no, self._epoch.last + 1
        settled = delivery.settled(fresh, first, index, parcel.offset_ms, look.wall)
        self._epoch.append(*settled)
        rows = []
        for seq, reading in enumerate(fresh, first):
            pin, t = delivery.key(reading) or ("", 0)
            rows.append((parcel.serial, t, pin, no, seq, reading.raw, look.wall))
        self._db.executemany("INSERT INTO evidence VALUES (?,?,?,?,?,?,?)", rows)
        return Stored(self._epoch.epoch, first, tuple(settled), look)

    def note(self, records: Sequence[Record], look: Look) -> None:
        """Commit records that come from no device (boot, configuration). Raises JournalFailed."""
        with self._writing():
            self._epoch.mark_clock(look)
            self._epoch.append(*records)

    def note_about(self, epoch: int, seq: int, record: Record, look: Look) -> bool:
        """Commit a record that names event `seq`, once; False where that epoch is over: its numbers
        mean other events now. Raises JournalFailed."""
        with self._lock:
            if epoch != self._epoch.epoch or not 0 < seq <= self._epoch.last:
                return False
            if not self.past.is_there(self._epoch.no, seq, canonical(record)):
                self.note([record], look)
            return True

    def keep_clock(self, look: Look) -> None:
        """Commit a clock record where one is due; looks only, otherwise. Raises JournalFailed."""
        with self._lock, _failing():
            is_due = self._epoch.clock_due(look)
        if is_due:
            with self._writing():
                self._epoch.mark_clock(look)

    def newest(self, kind: str) -> bytes | None:
        """The newest record of a kind in the current epoch."""
        with self._lock, _failing():
            row = self._db.execute(
                "SELECT record FROM event WHERE epoch = ? AND kind = ? ORDER BY seq DESC LIMIT 1",
                (self._epoch.no, kind),
            ).fetchone()
        return row[0] if row else None

    def acknowledge(self, epoch: int, acked: int, receipt_ms: int = 0) -> None:
        """Move the acked mark of the current epoch to where a receipt says; it may go back.
        `receipt_ms`: the receipt's server time (UTC), 0 where it tells none."""
        with self._writing():
            if epoch == self._epoch.epoch:
                self._epoch.acknowledge(acked)
            if receipt_ms:
                mark = ("receipt_ms", str(receipt_ms))
                self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", mark)

    def receipt_ms(self) -> int:
        """Server time (UTC milliseconds) of the receipt that moved the mark last; 0 before one."""
        with self._lock, _failing():
            row = self._db.execute("SELECT value FROM meta WHERE key = 'receipt_ms'").fetchone()
        return int(row[0]) if row else 0

    def begin_epoch(self, reason: Reason, look: Look) -> None:
        """Number anew from 1 and journal again every row without a receipt. Raises JournalFailed."""
        with self._writing():
            self._epoch.begin(reason, look)

    def standing(self) -> Standing:
        """Where the journal stands now."""
        with self._lock:
            return self._epoch.standing()

    def run(self, first: int, count: int, epoch: int | None = None) -> Run:
        """`count` records from seq `first` on, of the current epoch or of one before; there must be
        so many."""
        with self._lock, _failing():
            of = self._epoch if epoch is None else self._numbered(epoch)
            rows = self._db.execute(
                "SELECT record FROM event WHERE epoch = ? AND seq >= ? AND seq < ? ORDER BY seq",
                (of.no, first, first + count),
            ).fetchall()
            return Run(
                epoch=of.epoch,
                records=tuple(row[0] for row in rows),
                before=of.head_at(first - 1),
                after=of.head_at(first + count - 1),
                pins=of.pins_before(first),
            )

    def holds(self, epoch: int, first: int, last: int) -> bool:
        """Whether events `first` to `last` of an epoch are all here, so that `run` can give them."""
        with self._lock, _failing():
            no = self._numbered(epoch).no
            row = self._db.execute(
                "SELECT count(*) FROM event WHERE epoch = ? AND seq BETWEEN ? AND ?",
                (no, max(1, first - 1), last),
            ).fetchone()
        return 0 < first <= last and row[0] == last + 1 - max(1, first - 1)

    def fate(self, counter: int) -> tuple[str, str] | None:
        """Outcome and detail of a command of the centre, None where it was not settled here."""
        with self._lock, _failing():
            row = self._db.execute(
                "SELECT outcome, detail FROM command WHERE counter = ?", (counter,)
            ).fetchone()
        return (row[0], row[1]) if row else None

    def settle(self, counter: int, outcome: str, detail: str, now: int) -> None:
        """Commit what became of a command, at UTC seconds `now`. Raises JournalFailed."""
        with self._writing():
            row = (counter, outcome, detail, now)
            self._db.execute("INSERT OR REPLACE INTO command VALUES (?,?,?,?)", row)

    def _numbered(self, epoch: int) -> CurrentEpoch | PastEpoch:
        current = self._epoch
        return current if epoch == current.epoch else PastEpoch(self._db, self.kid, epoch)

    def device(self, serial: str) -> DeviceRow | None:
        """What is remembered of a device, None where it was never stored from."""
        with self._lock, _failing():
            row = self._db.execute(
                "SELECT no, serial, family, cursor, covered FROM device WHERE serial = ?", (serial,)
            ).fetchone()
        return DeviceRow(*row) if row else None

    def _introduce(self, parcel: Delivery) -> int:
        cursor = self._db.execute(
            "INSERT INTO device (serial, family, firmware) VALUES (?,?,?)",
            (parcel.serial, parcel.family, parcel.firmware),
        )
        index = int(cursor.lastrowid or 0)
        self._epoch.append(delivery.introduction(index, parcel))
        return index

    def _cover(self, parcel: Delivery, index: int, covered: int, look: Look) -> None:
        record = delivery.coverage(parcel, index, covered, look)
        if record is not None:
            self._epoch.append(record)
            mark = (record.through, index)
            self._db.execute("UPDATE device SET covered = ? WHERE no = ?", mark)

    def _count_of(self, serial: str, pin: str, t: int) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM evidence WHERE serial = ? AND t = ? AND pin = ?",
            (serial, t, pin),
        ).fetchone()
        return int(row[0])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, _failing():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # The marks in memory may be ahead of the file now, so nothing may follow on them.
                self._db.close()
                raise
