"""A look at the journal beside the agent, which stays its only writer."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from contract import chain
from terminal_agent.errors import JournalFailed


class EpochSeen(msgspec.Struct, frozen=True):
    """One epoch: its number, newest seq, acked mark, and the seq that breaks the chain (0: none)."""

    epoch: int
    last: int
    acked: int
    head: str
    broken_at: int


class DeviceSeen(msgspec.Struct, frozen=True):
    """A device that was stored from; `covered` in UTC seconds, 0 = never."""

    serial: str
    family: str
    firmware: str
    covered: int


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

    def devices(self) -> list[DeviceSeen]:
        """Every device that was ever stored from."""
        rows = self._rows("SELECT serial, family, firmware, covered FROM device ORDER BY no")
        return [DeviceSeen(*row) for row in rows]

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

    def _newest(self) -> int:
        [(no,)] = self._rows("SELECT max(no) FROM epoch")
        return int(no)

    def _owner(self) -> str:
        rows = self._rows("SELECT value FROM meta WHERE EXISTS (SELECT 1 FROM epoch)")
        if not rows:
            raise JournalFailed("no_journal", f"{self._path} is not begun yet")
        return str(rows[0][0])

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as problem:
            raise self._unreadable(problem) from problem

    def _unreadable(self, problem: Exception) -> JournalFailed:
        return JournalFailed("journal_unreadable", f"{self._path}: {problem}")
