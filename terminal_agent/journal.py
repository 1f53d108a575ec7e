"""The kiosk's append-only journal: events with seq and chain head, the acked mark, device cursors.

One SQLite file, one connection, one writer. `store` returns after COMMIT with synchronous=FULL, so
what it returned survives a power cut; a NORMAL journal would lose acknowledged rows and number other
scans with their seq. Every failure of the file is JournalFailed: acknowledge nothing, exit.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from contract.event import Record, canonical
from terminal_agent import delivery
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Stored
from terminal_agent.epoch import CurrentEpoch, PastEpoch, Reason, Standing
from terminal_agent.errors import JournalFull, SourceUnavailable
from terminal_agent.journal_file import JournalFile
from terminal_agent.journal_schema import failing as _failing
from terminal_agent.past import Past
from terminal_agent.seals import Sealed

Proven = Sequence[tuple[int, bytes]]


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
        self.kid = kid
        self.path = path
        self._epoch: CurrentEpoch
        self._file = JournalFile(path, kid, self._reread)
        self._lock, self._db = self._file.lock, self._file.db
        self.past = Past(self._db, self._lock, kid)
        # The newest event that a run before this one may have sent.
        self.found = self._epoch.last
        if self._epoch.no == 0:
            self.begin_epoch("new", look)
        elif self._epoch.last < self._epoch.acked:
            self.found = 0
            self.begin_epoch("lost_rows", look)

    def _reread(self, db: sqlite3.Connection) -> None:
        self._epoch = CurrentEpoch(db, self.kid)

    def has_room(self) -> bool:
        """Whether scans can be stored; on a disk that was full, whether there is room again."""
        with self._lock:
            return self._file.ballast.keep()

    def close(self) -> None:
        """Close the file. Nothing depends on it: a power cut takes the same path."""
        with self._lock:
            self._db.close()

    def store(self, parcel: Delivery, look: Look) -> Stored:
        """Commit what a source delivers and its cursor; what of it was new.

        Raises JournalFailed, and SourceUnavailable where the disk is full, or where another way to
        the same device has moved the cursor meanwhile: both would store the same rows.
        """
        with self._lock:
            if not self._file.ballast.is_there:
                raise SourceUnavailable("storage_full", "the kiosk's disk is full")
            known = self.device(parcel.serial)
            if known and parcel.cursor and known.cursor != parcel.since:
                raise SourceUnavailable("two_ways", f"{parcel.serial} is read by another way too")
            try:
                with self._file.writing():
                    return self._take(parcel, known, look)
            except JournalFull as problem:
                raise SourceUnavailable("storage_full", str(problem)) from problem

    def _take(self, parcel: Delivery, known: DeviceRow | None, look: Look) -> Stored:
        index = known.index if known else self._introduce(parcel)
        new = self._store(parcel, index, look)
        self._cover(parcel, index, known.covered if known else 0, look)
        if parcel.cursor != parcel.since:
            mark = (parcel.cursor, index)
            self._db.execute("UPDATE device SET cursor = ? WHERE no = ?", mark)
        return new

    def _store(self, parcel: Delivery, index: int, look: Look) -> Stored:
        of_log = any(reading.raw for reading in parcel.readings)
        fresh = delivery.fresh(parcel, look, partial(self._count_of, of_log))
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

        def noted() -> None:
            self._epoch.mark_clock(look)
            self._epoch.append(*records)

        self._file.write(noted)

    def seal(self, made: Callable[[Standing], Record], look: Look) -> Sealed:
        """Commit what vouches for the chain as it stands: nothing comes in between. Raises
        JournalFailed."""

        def sealed() -> None:
            self._epoch.append(made(self._epoch.standing()))
            at = Sealed(self._epoch.epoch, self._epoch.last, look.wall)
            mark = ("sealed", msgspec.json.encode(at).decode())
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", mark)

        with self._lock:
            self._file.write(sealed)
            return Sealed(self._epoch.epoch, self._epoch.last, look.wall)

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
            self._file.write(lambda: self._epoch.mark_clock(look))

    def newest(self, kind: str) -> bytes | None:
        """The newest record of a kind in the current epoch."""
        found = self.newest_at(kind)
        return found[1] if found else None

    def newest_at(self, kind: str) -> tuple[int, bytes] | None:
        """The same, with its number."""
        query = (
            "SELECT seq, record FROM event WHERE epoch = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
        )
        with self._lock, _failing():
            row: tuple[int, bytes] | None = self._db.execute(
                query, (self._epoch.no, kind)
            ).fetchone()
        return row

    def acknowledge(self, epoch: int, acked: int, receipt_ms: int = 0) -> None:
        """Move the acked mark of the current epoch to where a receipt says; it may go back.
        `receipt_ms`: the receipt's server time (UTC), 0 where it tells none."""

        def acknowledged() -> None:
            if epoch == self._epoch.epoch:
                self._epoch.acknowledge(acked)
            if receipt_ms:
                mark = ("receipt_ms", str(receipt_ms))
                self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", mark)

        self._file.write(acknowledged)

    def receipt_ms(self) -> int:
        """Server time (UTC milliseconds) of the receipt that moved the mark last; 0 before one."""
        with self._lock, _failing():
            row = self._db.execute("SELECT value FROM meta WHERE key = 'receipt_ms'").fetchone()
        return int(row[0]) if row else 0

    def begin_epoch(self, reason: Reason, look: Look, proven: Proven | None = None) -> None:
        """Number anew from 1 and journal again every row without a receipt; of a damaged journal the
        `proven` ones (seq, record). Raises JournalFailed."""
        self._file.write(lambda: self._epoch.begin(reason, look, proven))

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

    def holds_to(self, epoch: int, first: int, last: int) -> int:
        """How far events `first` to `last` of an epoch are here one after another, so that `run` can
        give them; 0 where not even the first is."""
        before = max(1, first - 1)  # the head there is what the first is bound to
        with self._lock, _failing():
            no = self._numbered(epoch).no
            row = self._db.execute(
                "SELECT max(seq) FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS nth "
                "FROM event WHERE epoch = ? AND seq BETWEEN ? AND ?) WHERE seq = nth + ?",
                (no, before, last, before - 1),
            ).fetchone()
        return int(row[0]) if row[0] and 0 < first <= row[0] else 0

    def fate(self, counter: int) -> tuple[str, str] | None:
        """Outcome and detail of a command of the centre, None where it was not settled here."""
        with self._lock, _failing():
            row = self._db.execute(
                "SELECT outcome, detail FROM command WHERE counter = ?", (counter,)
            ).fetchone()
        return (row[0], row[1]) if row else None

    def settle(self, counter: int, outcome: str, detail: str, now: int) -> None:
        """Commit what became of a command, at UTC seconds `now`. Raises JournalFailed."""
        row = (counter, outcome, detail, now)
        self._file.write(
            lambda: self._db.execute("INSERT OR REPLACE INTO command VALUES (?,?,?,?)", row)
        )

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

    def _count_of(self, of_log: bool, serial: str, pin: str, t: int) -> int:
        """Stored rows of a key. For rows of a device's own log only such ones count: what it pushed
        before has no bytes for the nightly audit."""
        row = self._db.execute(
            "SELECT count(*) FROM evidence WHERE serial = ? AND t = ? AND pin = ? "
            "AND raw >= iif(?, x'00', x'')",
            (serial, t, pin, of_log),
        ).fetchone()
        return int(row[0])
