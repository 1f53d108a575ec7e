"""What the journal's file tells of earlier times. It asks over the journal's own connection."""

import sqlite3
from collections.abc import Sequence
from threading import RLock
from typing import Any

import msgspec

from contract import chain
from contract.event import AnyRecord, Clock, Enrolment, Scan, Snapshot, read
from contract.roll import Folded, Roll
from terminal_agent.clock_trust import ANCHOR
from terminal_agent.journal_schema import failing
from terminal_agent.seals import Sealed

_AROUND = 86_400  # a device's wall clock counted as if UTC is less than a day off, or is put right


class Scanned(msgspec.Struct, frozen=True):
    """A scan of a person. `t`: UTC seconds by the kiosk's clock; `seq` and `head` (the chain's head
    after it) in the newest `epoch` that has it, where `received` says whether the centre has it."""

    t: int
    scan: Scan
    epoch: int
    seq: int
    head: bytes
    received: bool


_Place = Sequence[Any]  # epoch, seq, the epoch's acked mark, head


class Past:
    """Questions to an open journal. Raises JournalFailed."""

    def __init__(self, db: sqlite3.Connection, lock: RLock, kid: str) -> None:
        self._db = db
        self._kid = kid
        self._lock = lock

    def trusted_clock(self) -> Clock | None:
        """The newest clock record of the file that a trusted clock wrote."""
        clocks = (read(row[0]) for row in self._clocks("epoch DESC, seq DESC"))
        return next((c for c in clocks if isinstance(c, Clock) and c.trust >= ANCHOR), None)

    def clock_in(self, boot: str) -> Clock | None:
        """The newest clock record of a boot in which the clock was worth anything; without one the
        newest of them; None where no agent ran in it."""
        clocks = (read(row[0]) for row in self._clocks("epoch DESC, seq DESC"))
        mine = [c for c in clocks if isinstance(c, Clock) and c.boot == boot]
        return next((c for c in mine if c.trust), mine[0] if mine else None)

    def began(self, boot: str) -> tuple[int, int] | None:
        """Where in the file a boot begins: ordinal of the epoch and seq of its first clock record; None
        where no agent ran in it."""
        rows = self._rows(
            "SELECT epoch, seq, record FROM event WHERE kind = 'clock' ORDER BY epoch, seq"
        )
        clocks = ((no, seq, read(record)) for no, seq, record in rows)
        mine = ((no, seq) for no, seq, one in clocks if isinstance(one, Clock) and one.boot == boot)
        return next(mine, None)

    def surveyed(self) -> tuple[int, int] | None:
        """The first place that a clock record of the file tells: where the kiosk was put up."""
        clocks = (read(row[0]) for row in self._clocks("epoch, seq"))
        places = (clock.position for clock in clocks if isinstance(clock, Clock))
        return next((place for place in places if place), None)

    def raws(self, serial: str) -> list[bytes]:
        """The raw device bytes of every record of a device, in order of storing."""
        rows = self._rows(
            "SELECT raw FROM evidence WHERE serial = ? AND raw <> x'' ORDER BY epoch, seq", serial
        )
        return [row[0] for row in rows]

    def held(self, serial: str) -> int:
        """How many scans of a device are stored, whichever way they came (see delivery.key)."""
        [[count]] = self._rows(
            "SELECT count(*) FROM evidence WHERE serial = ? AND t > 0 AND pin > char(31)", serial
        )
        return int(count)

    def enrolled(self, serial: str, salt: str) -> Roll | None:
        """Who was enrolled on a device at the last snapshot; None before the first one, and where its
        digests were made with another salt than that of this mark."""
        rows = self._rows(
            "SELECT record FROM evidence JOIN event USING (epoch, seq) "
            "WHERE serial = ? AND t = 0 AND pin = '' AND kind IN ('enrolment', 'snapshot') "
            "ORDER BY epoch, seq",
            serial,
        )
        folded = Folded()
        for record in (read(row[0]) for row in rows):
            if isinstance(record, Enrolment):
                folded.enrolment(record.pin, record.change, record.digest)
            elif isinstance(record, Snapshot):
                folded.snapshot(record.salt)
        return folded.roll if folded.salt == salt else None

    def latest(
        self, serial: str, pin: str, since: int, after: tuple[int, int] = (0, 0)
    ) -> int | None:
        """The newest `t` of a person's scans on a device, from `since` on, that stand in the file
        `after` an epoch's ordinal and seq; None without one."""
        [(t,)] = self._rows(
            "SELECT max(t) FROM evidence "
            "WHERE serial = ? AND t >= ? AND pin = ? AND (epoch, seq) > (?, ?)",
            *(serial, since, pin, *after),
        )
        return None if t is None else int(t)

    def scans(self, pin: str, since: int) -> list[Scanned]:
        """A person's scans on any device from `since` (UTC seconds) on, oldest first."""
        rows = self._rows(
            "SELECT epoch.no, record, received, epoch.epoch, event.seq, acked, head "
            "FROM device CROSS JOIN evidence ON evidence.serial = device.serial "
            "AND evidence.t >= ? AND pin = ? "
            "JOIN event ON event.epoch = evidence.epoch AND event.seq = evidence.seq "
            "JOIN epoch ON epoch.no = evidence.epoch WHERE event.kind = 'scan'",
            *(since - _AROUND, pin),
        )
        found = [self._scanned(no, data, stored, place) for no, data, stored, *place in rows]
        return sorted(
            (one for one in found if one is not None and one.t >= since), key=lambda one: one.t
        )

    def head(self, epoch: int, seq: int) -> bytes | None:
        """The chain's head after event `seq` of an epoch; None where this file does not hold it."""
        if seq == 0 and self._rows("SELECT 1 FROM epoch WHERE epoch = ?", epoch):
            return chain.genesis(self._kid, epoch)
        rows = self._rows(
            "SELECT head FROM event JOIN epoch ON no = event.epoch "
            "WHERE epoch.epoch = ? AND seq = ?",
            *(epoch, seq),
        )
        return rows[0][0] if rows else None

    def newest(self, kind: str) -> AnyRecord | None:
        """The newest record of a kind in any epoch."""
        rows = self._rows(
            "SELECT record FROM event WHERE kind = ? ORDER BY epoch DESC, seq DESC LIMIT 1", kind
        )
        return read(rows[0][0]) if rows else None

    def sealed(self) -> Sealed | None:
        """The newest seal of the file."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'sealed'")
        return msgspec.json.decode(rows[0][0], type=Sealed) if rows else None

    def is_there(self, no: int, after: int, record: bytes) -> bool:
        """Whether the epoch with ordinal `no` has exactly this record after event `after`."""
        return bool(
            self._rows(
                "SELECT 1 FROM event WHERE epoch = ? AND seq > ? AND record = ? LIMIT 1",
                *(no, after, record),
            )
        )

    def _scanned(self, no: int, data: bytes, stored: int, place: _Place) -> Scanned | None:
        _, seq, acked, _ = place
        if seq > acked:
            place = self._again(no, data) or place
        epoch, seq, acked, head = place
        scan = read(data)
        if not isinstance(scan, Scan):
            return None
        return Scanned(stored - scan.lag, scan, epoch, seq, head, seq <= acked)

    def _again(self, no: int, data: bytes) -> _Place | None:
        """Where a row without a receipt stands that a later epoch journalled again."""
        rows = self._rows(
            "SELECT epoch.epoch, seq, acked, head FROM event JOIN epoch ON no = event.epoch "
            "WHERE no > ? AND record = ? ORDER BY no DESC LIMIT 1",
            *(no, data),
        )
        return rows[0] if rows else None

    def _clocks(self, order: str) -> list[tuple[bytes]]:
        return self._rows(f"SELECT record FROM event WHERE kind = 'clock' ORDER BY {order}")  # noqa: S608

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock, failing():
            return self._db.execute(query, values).fetchall()
