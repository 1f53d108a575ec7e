"""A look at the journal beside the agent, which stays its only writer."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from contract import chain
from contract.event import BOOKKEEPING_KINDS, AnyRecord, Clock, Epoch, Gallery, read
from terminal_agent import journal_schema
from terminal_agent.errors import JournalFailed


class EpochSeen(msgspec.Struct, frozen=True):
    """One epoch: its number, newest seq, acked mark, and the seq that breaks the chain (0: none)."""

    epoch: int
    last: int
    acked: int
    head: str
    broken_at: int


class EpochRows(msgspec.Struct, frozen=True):
    """One epoch as it stands in the file: its number, acked mark, (seq, record, head) in order."""

    epoch: int
    acked: int
    rows: list[tuple[int, bytes, bytes]]


class UnchainedRows(msgspec.Struct, frozen=True):
    """What the tables beside a chain say: (place, PIN, first seq), and serial numbers by index."""

    pins: set[tuple[int, str, int]]
    serials: dict[int, str]


class DeviceSeen(msgspec.Struct, frozen=True):
    """A device that was stored from; `covered` in UTC seconds, 0 = never."""

    serial: str
    family: str
    firmware: str
    covered: int


class Waiting(msgspec.Struct, frozen=True):
    """The events of the newest epoch without a receipt: all after `acked`, up to `last`; none where
    they are bookkeeping alone, which waits for company (every receipt would ask for another stick).

    Rows that had none when an epoch ended were journalled again in the next one.
    """

    no: int
    epoch: int
    acked: int
    last: int


class Stretch(msgspec.Struct, frozen=True):
    """Consecutive records with the heads around them and the PINs used before them."""

    first: int
    records: tuple[bytes, ...]
    before: bytes
    after: bytes
    pins: list[str]


class View:
    """The journal at `path`, read only.

    Raises JournalFailed, here and later: where there is none yet, and where it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            raise JournalFailed("no_journal", f"{path} does not exist")
        try:
            self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        except sqlite3.Error as problem:
            raise self._unreadable(problem) from problem
        try:
            self.kid: str = self._owner()
        except JournalFailed:
            self.close()
            raise

    def belongs_to(self, kid: str) -> None:
        """Raises JournalFailed where it is another kiosk's."""
        if kid != self.kid:
            raise JournalFailed(
                "other_journal", f"{self._path} belongs to kiosk {self.kid}, not {kid}"
            )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def events(self, after: int = 0) -> list[tuple[int, bytes, bytes]]:
        """(seq, record, head) of the current epoch."""
        return self._events(self._newest(), after)

    def epochs(self) -> list[EpochSeen]:
        """Every epoch, oldest first, its chain recomputed from its first record."""
        rows = self._rows("SELECT no, epoch, acked FROM epoch ORDER BY no")
        return [self._recompute(*row) for row in rows]

    def chains(self) -> Iterator[EpochRows]:
        """Every epoch with its rows, oldest first."""
        for no, epoch, acked in self._rows("SELECT no, epoch, acked FROM epoch ORDER BY no"):
            yield EpochRows(epoch, acked, self._events(no, 0))

    def hold_still(self) -> None:
        """From now on this view shows one moment, whatever the agent adds."""
        self._rows("BEGIN")

    def unchained(self, epoch: int) -> UnchainedRows:
        """The tables that no hash covers, of one epoch."""
        pins = self._rows(
            "SELECT idx, pin, first_seq FROM pin JOIN epoch ON no = pin.epoch WHERE epoch.epoch = ?",
            epoch,
        )
        return UnchainedRows(set(pins), dict(self._rows("SELECT no, serial FROM device")))

    def devices(self) -> list[DeviceSeen]:
        """Every device that was ever stored from."""
        rows = self._rows("SELECT serial, family, firmware, covered FROM device ORDER BY no")
        return [DeviceSeen(*row) for row in rows]

    def waiting(self) -> Waiting:
        """What has no receipt yet. From now on this view shows one moment, whatever the agent adds."""
        self._rows("BEGIN")
        [(no, epoch, acked)] = self._rows(
            "SELECT no, epoch, acked FROM epoch ORDER BY no DESC LIMIT 1"
        )
        [(last,)] = self._rows("SELECT coalesce(max(seq), 0) FROM event WHERE epoch = ?", no)
        acked = min(acked, last)
        return Waiting(no, epoch, acked, last if self.unsent() else acked)

    def begun(self) -> Epoch | None:
        """The first record of the newest epoch: why it began."""
        rows = self._rows("SELECT record FROM event WHERE epoch = ? AND seq = 1", self._newest())
        record = read(rows[0][0]) if rows else None
        return record if isinstance(record, Epoch) else None

    def unsent(self) -> int:
        """How many events of the newest epoch wait for a link, as the kiosk's screen counts them:
        bookkeeping behind the last of them (the note of a receipt, say) waits for company."""
        marks = ",".join("?" * len(BOOKKEEPING_KINDS))
        [(acked, urgent)] = self._rows(
            "SELECT acked, (SELECT coalesce(max(seq), 0) FROM event WHERE event.epoch = epoch.no "  # noqa: S608
            f"AND kind NOT IN ({marks})) FROM epoch ORDER BY no DESC LIMIT 1",
            *BOOKKEEPING_KINDS,
        )
        return max(0, int(urgent) - int(acked))

    def waiting_since(self) -> int:
        """The kiosk's UTC second at which the oldest event of a device without a receipt was stored;
        0 where there is none."""
        [(oldest,)] = self._rows(
            "SELECT min(received) FROM evidence JOIN (SELECT no, acked FROM epoch ORDER BY no DESC "
            "LIMIT 1) AS newest ON evidence.epoch = newest.no WHERE evidence.seq > newest.acked"
        )
        return int(oldest or 0)

    def quick_check(self) -> str:
        """What SQLite finds wrong with the file, "" where it is whole."""
        [(verdict,)] = self._rows("PRAGMA quick_check(1)")
        return "" if verdict == "ok" else str(verdict)

    def stretch(self, of: Waiting, first: int, count: int) -> Stretch:
        """`count` records from `first` on; there must be so many."""
        pins = self._rows(
            "SELECT pin FROM pin WHERE epoch = ? AND first_seq < ? ORDER BY idx", of.no, first
        )
        rows = self._rows(
            "SELECT seq, record, head FROM event WHERE epoch = ? AND seq >= ? AND seq < ? ORDER BY seq",
            *(of.no, first - 1, first + count),
        )
        before = rows.pop(0)[2] if first > 1 else chain.genesis(self.kid, of.epoch)
        records = tuple(record for _, record, _ in rows)
        return Stretch(first, records, before, rows[-1][2], [pin for (pin,) in pins])

    def clock(self) -> Clock | None:
        """The newest clock record."""
        record = self._of_kind("clock")
        return record if isinstance(record, Clock) else None

    def gallery(self) -> Gallery | None:
        """The faces that the camera matches with now; None where it never said so."""
        record = self._of_kind("gallery")
        return record if isinstance(record, Gallery) else None

    def _recompute(self, no: int, epoch: int, acked: int) -> EpochSeen:
        head, broken, last = chain.genesis(self.kid, epoch), 0, 0
        for seq, record, stored in self._events(no, 0):
            head = chain.link(head, record)
            if not broken and (head != stored or seq != last + 1):
                broken = seq
            last = seq
        return EpochSeen(epoch, last, acked, head.hex(), broken)

    def _events(self, no: int, after: int) -> list[tuple[int, bytes, bytes]]:
        query = "SELECT seq, record, head FROM event WHERE epoch = ? AND seq > ? ORDER BY seq"
        return self._rows(query, no, after)

    def _of_kind(self, kind: str) -> AnyRecord | None:
        """The newest record of a kind in any epoch."""
        newest = "SELECT record FROM event WHERE kind = ? ORDER BY epoch DESC, seq DESC LIMIT 1"
        rows = self._rows(newest, kind)
        return read(rows[0][0]) if rows else None

    def _newest(self) -> int:
        [(no,)] = self._rows("SELECT max(no) FROM epoch")
        return int(no)

    def _owner(self) -> str:
        rows = self._rows(
            "SELECT value FROM meta WHERE key = 'kid' AND EXISTS (SELECT 1 FROM epoch)"
        )
        if not rows:
            raise JournalFailed("no_journal", f"{self._path} is not begun yet")
        return str(rows[0][0])

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as problem:
            raise self._unreadable(problem) from problem

    def _unreadable(self, problem: sqlite3.Error) -> JournalFailed:
        # A file that was cut to nothing is damaged, too: salvage goes on from it.
        is_emptied = str(problem).startswith("no such table")
        damaged = is_emptied or journal_schema.code_of(problem) == "journal_damaged"
        return JournalFailed(
            "journal_damaged" if damaged else "journal_unreadable", f"{self._path}: {problem}"
        )
