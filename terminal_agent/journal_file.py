"""The journal's one file and one connection: opened, written in whole transactions, out of room.

The only connection of this machine that writes and checkpoints it; views beside it are read only
(docs/decisions/0020).
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from terminal_agent import durable, journal_schema
from terminal_agent.ballast import Ballast
from terminal_agent.errors import JournalFull
from terminal_agent.journal_schema import failing


class JournalFile:
    """The file of kiosk `kid` at `path`, made and migrated where that is due; `reread` reads anew
    whatever was kept in memory of it. Raises JournalFailed."""

    def __init__(self, path: Path, kid: str, reread: Callable[[sqlite3.Connection], None]) -> None:
        self.lock = threading.RLock()
        self.ballast = Ballast(path.parent)
        self._path = path
        self._kid = kid
        self._reread = reread
        with failing():
            try:
                self.db = self._opened()
            except sqlite3.Error as problem:
                if not (journal_schema.is_full(problem) and self.ballast.drop()):
                    raise
                self.db = self._opened()
        self.ballast.keep()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            journal_schema.prepare(db)
            # Always: whoever made the file may have died before it came to that.
            durable.sync_directory(self._path.parent)
            journal_schema.bind(db, self._kid)
            self._reread(db)
        except sqlite3.Error:
            db.close()
            raise
        return db

    def write(self, rows: Callable[[], object]) -> None:
        """One transaction of what is small: on a full disk it has the ballast's room. Raises
        JournalFailed."""
        try:
            with self.writing():
                rows()
        except JournalFull:
            with self.writing():
                rows()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction. Raises JournalFull where nothing of it was kept and the journal goes on,
        JournalFailed where it is over."""
        with self.lock, failing():
            try:
                self.db.execute("BEGIN IMMEDIATE")
                yield
                self.db.execute("COMMIT")
            except BaseException as problem:
                if isinstance(problem, sqlite3.Error) and self._makes_room(problem):
                    raise JournalFull from problem
                # The marks in memory may be ahead of the file now, so nothing may follow on them.
                self.db.close()
                raise

    def _makes_room(self, problem: sqlite3.Error) -> bool:
        """Whether the disk was full and the ballast could be given up for it: nothing of the
        transaction is left, and the marks are read anew."""
        if not (journal_schema.is_full(problem) and self.ballast.drop()):
            return False
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._reread(self.db)
        return True
