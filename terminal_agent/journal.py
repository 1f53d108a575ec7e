"""The kiosk's append-only journal: events with seq and chain head, the acked mark, device cursors.

One SQLite file, one connection, one writer. `store` returns after COMMIT with synchronous=FULL, so
what it returned survives a power cut; a NORMAL journal would lose acknowledged rows and number other
scans with their seq. Every failure of the file is JournalFailed: acknowledge nothing, exit.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from contract.event import Record
from terminal_agent import delivery, journal_schema
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery
from terminal_agent.epoch import CurrentEpoch, Reason, Standing
from terminal_agent.errors import JournalFailed, SourceUnavailable


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
        if self._epoch.no == 0:
            self.begin_epoch("new", look)
        elif self._epoch.last < self._epoch.acked:
            self.begin_epoch("lost_rows", look)

    def _prepared(self, fresh: bool) -> CurrentEpoch:
        journal_schema.prepare(self._db)
        if fresh:
            _sync_directory(self.path.parent)
        journal_schema.bind(self._db, self.kid)
        return CurrentEpoch(self._db, self.kid)

    def close(self) -> None:
        """Close the file. Nothing depends on it: a power cut takes the same path."""
        with self._lock:
            self._db.close()

    def store(self, parcel: Delivery, look: Look) -> int:
        """Commit what a source delivers and its cursor; how many events were new.

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

    def _store(self, parcel: Delivery, index: int, look: Look) -> int:
        fresh = delivery.fresh(parcel, look, self._count_of)
        self._epoch.mark_clock(look, index, parcel.offset_ms)
        settled = [
            delivery.settle(reading.record, index, parcel.offset_ms, look.wall) for reading in fresh
        ]
        no, first = self._epoch.no, self._epoch.append(*settled)
        rows = []
        for seq, reading in enumerate(fresh, first):
            pin, t = delivery.key(reading) or ("", 0)
            rows.append((parcel.serial, t, pin, no, seq, reading.raw, look.wall))
        self._db.executemany("INSERT INTO evidence VALUES (?,?,?,?,?,?,?)", rows)
        return len(fresh)

    def note(self, records: Sequence[Record], look: Look) -> None:
        """Commit records that come from no device (boot, configuration). Raises JournalFailed."""
        with self._writing():
            self._epoch.mark_clock(look)
            self._epoch.append(*records)

    def newest(self, kind: str) -> bytes | None:
        """The newest record of a kind in the current epoch."""
        with self._lock, _failing():
            row = self._db.execute(
                "SELECT record FROM event WHERE epoch = ? AND kind = ? ORDER BY seq DESC LIMIT 1",
                (self._epoch.no, kind),
            ).fetchone()
        return row[0] if row else None

    def acknowledge(self, epoch: int, acked: int) -> None:
        """Move the acked mark of the current epoch to where a receipt says; it may go back."""
        with self._writing():
            if epoch == self._epoch.epoch:
                self._epoch.acknowledge(acked)

    def begin_epoch(self, reason: Reason, look: Look) -> None:
        """Number anew from 1 and journal again every row without a receipt. Raises JournalFailed."""
        with self._writing():
            self._epoch.begin(reason, look)

    def standing(self) -> Standing:
        """Where the journal stands now."""
        with self._lock:
            return self._epoch.standing()

    def run(self, first: int, count: int) -> Run:
        """`count` records of the current epoch from seq `first` on; there must be so many."""
        with self._lock, _failing():
            rows = self._db.execute(
                "SELECT record FROM event WHERE epoch = ? AND seq >= ? AND seq < ? ORDER BY seq",
                (self._epoch.no, first, first + count),
            ).fetchall()
            return Run(
                epoch=self._epoch.epoch,
                records=tuple(row[0] for row in rows),
                before=self._epoch.head_at(first - 1),
                after=self._epoch.head_at(first + count - 1),
                pins=self._epoch.pins_before(first),
            )

    def device(self, serial: str) -> DeviceRow | None:
        """What is remembered of a device, None where it was never stored from."""
        with self._lock, _failing():
            row = self._db.execute(
                "SELECT no, serial, family, cursor, covered FROM device WHERE serial = ?", (serial,)
            ).fetchone()
        return DeviceRow(*row) if row else None

    def raws(self, serial: str) -> list[bytes]:
        """The raw device bytes of every record of a device, in order of storing."""
        with self._lock, _failing():
            rows = self._db.execute(
                "SELECT raw FROM evidence WHERE serial = ? AND raw <> x'' ORDER BY epoch, seq",
                (serial,),
            ).fetchall()
        return [row[0] for row in rows]

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


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        raise JournalFailed("journal", f"the journal failed: {problem}") from problem


def _sync_directory(folder: Path) -> None:
    """A new file is only there after a power cut once its directory is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
