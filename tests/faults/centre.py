"""The centre's half of a world: the real desk over a real ledger, with backups, and deaths at any
statement of a transaction."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from contract.invitation import Invitation
from sync_server import authority, commands, ledger
from sync_server.authority import Keys, Registrar
from sync_server.config import Broker
from sync_server.desk import Desk
from tests.ledgers import laid, opened

Message = tuple[str, bytes]


class Killed(BaseException):
    """The process is gone: nothing may catch it."""


class Centre:
    """One server on SQLite in memory. Its clock is right: UTC seconds of the world."""

    def __init__(self, world: Any, folder: Path) -> None:
        self._world, self._file = world, laid(folder / "centre" / "ledger.db")
        self._backup = folder / "backup.db"
        self._statements = 0
        keys = Keys(folder / "centre")
        self.registrar = Registrar(keys, Broker(), self._world.now // 1000)
        self.start()

    def _wall(self) -> float:
        return self._world.now / 1000

    def start(self) -> None:
        """The process begins."""
        self.database = opened(self._file)
        event.listen(self.database._engine, "before_cursor_execute", self._strike)
        self.desk = Desk(self.database, self._wall, authority.signer(self._file.parent))

    def _strike(self, *_: object) -> None:
        if self._statements:
            self._statements -= 1
            if not self._statements:
                raise Killed

    def invite(self, kid: str) -> Invitation:
        """Admit a kiosk."""
        with self.database.writing() as tx:
            return authority.invite(tx, self.registrar, kid, "1.01")

    def replace(self, kid: str) -> Invitation:
        """A new card for a known kiosk."""
        with self.database.writing() as tx:
            return authority.replace(tx, self.registrar, kid)

    def knows(self, invited: Invitation) -> bool:
        """Whether a card with this invitation is taken for genuine."""
        with self.database.reading() as tx:
            found = ledger.kiosk(tx, invited.kid)
        return found is not None and found.mac_key == invited.mac_key

    def take(self, frames: Sequence[Message], dies_at: int = 0) -> list[Message]:
        """The receipts for frames, committed as one. `dies_at`: killed at this statement of the
        transaction, or after its commit where there are fewer: then nobody hears anything."""
        self._statements = dies_at
        try:
            answers = self.desk.take(frames)
        except Killed:
            answers = []
        if dies_at:
            self._statements = 0
            self.restart()
            return []
        return answers

    def restart(self) -> None:
        """systemd starts it again."""
        self.database.close()
        self.start()

    def back_up(self) -> None:
        """As an operator does every night."""
        with closing(sqlite3.connect(self._file)) as live, closing(_file(self._backup)) as copy:
            live.backup(copy)

    def has_backup(self) -> bool:
        """Whether there is one to restore."""
        return self._backup.exists()

    def restore(self) -> None:
        """The disk died; what was committed since the backup is gone."""
        self.database.close()
        for name in ("ledger.db-wal", "ledger.db-shm"):
            self._file.with_name(name).unlink(missing_ok=True)
        shutil.copyfile(self._backup, self._file)
        self.start()

    def wants_again(self, kid: str) -> list[Any]:
        """The orders of `kiosk resend --gaps`."""
        with self.database.reading() as tx:
            return commands.gap_orders(tx, kid)

    def rows(self, query: Any) -> list[Any]:
        """What the ledger answers."""
        with self.database.reading() as tx:
            return list(tx.execute(query).all())

    def close(self) -> None:
        """The world ends."""
        self.database.close()


def _file(path: Path) -> sqlite3.Connection:
    path.unlink(missing_ok=True)
    return sqlite3.connect(path)
