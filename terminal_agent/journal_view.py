"""A look at the journal beside the agent, which stays its only writer."""

import sqlite3
from pathlib import Path

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
    """The journal at `path`, read only. Raises JournalFailed where there is none."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise JournalFailed("no_journal", f"{path} does not exist")
        try:
            self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            self.kid: str = self._db.execute("SELECT value FROM meta WHERE key = 'kid'").fetchone()[
                0
            ]
        except sqlite3.Error as problem:
            raise JournalFailed("journal", f"{path}: {problem}") from problem

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def events(self, after: int = 0) -> list[tuple[int, bytes, bytes]]:
        """(seq, record, head) of the current epoch."""
        return self._events(self._newest(), after)

    def epochs(self) -> list[EpochSeen]:
        """Every epoch, oldest first, its chain recomputed from its first record."""
        rows = self._db.execute("SELECT no, epoch, acked FROM epoch ORDER BY no").fetchall()
        return [self._recompute(*row) for row in rows]

    def devices(self) -> list[DeviceSeen]:
        """Every device that was ever stored from."""
        rows = self._db.execute(
            "SELECT serial, family, firmware, covered FROM device ORDER BY no"
        ).fetchall()
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
        return self._db.execute(
            "SELECT seq, record, head FROM event WHERE epoch = ? AND seq > ? ORDER BY seq",
            (no, after),
        ).fetchall()

    def _newest(self) -> int:
        return int(self._db.execute("SELECT max(no) FROM epoch").fetchone()[0])
