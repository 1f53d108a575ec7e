"""The one way to the centre's database: migrations, durability, and one writer at a time.

Debian 12's SQLite can lose pages when two connections write and checkpoint at once (fixed in
3.51.3), so every writing transaction of every process holds a file lock as long as it lives.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from sync_server.errors import BadFile

# The newest migration; a test holds it against sync_server/migrations.
REVISION = "0002"


class Database:
    """SQLite at `path`. Opening makes and migrates it; raises BadFile where that cannot be."""

    def __init__(self, path: Path) -> None:
        self._lock_path = path.with_suffix(".lock")
        self._reading = _engine(path)
        self._writer: Connection | None = None
        with explained(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with self._locked(), self._reading.connect() as connection:
                    _migrate(connection)
            except OSError as problem:
                detail = problem.strerror
                raise BadFile(str(path), "", "ledger_unusable", detail=detail) from problem

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that commits at the end, or rolls back. Raises SQLAlchemyError."""
        with self._locked():
            if self._writer is None:
                self._writer = self._reading.connect()
            with self._writer.begin():
                yield self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view that blocks no writer."""
        with self._reading.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give the file back."""
        with self._locked():
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._reading.dispose()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock_path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise BadFile where the ledger at `path` fails: damaged, busy, or on a full disk."""
    try:
        yield
    except DatabaseError as problem:
        if type(problem) not in (DatabaseError, OperationalError):  # the others are our mistakes
            raise
        raise BadFile(str(path), "", "ledger_unusable", detail=problem.orig) from problem


def _engine(path: Path) -> Engine:
    # The writer may live in another thread than the one that opened the database.
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 30000")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _migrate(connection: Connection) -> None:
    """Bring the file up to REVISION; one that is newer than this program is left alone."""
    if inspect(connection).has_table("alembic_version"):
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        if found == REVISION:
            return
        if found > REVISION:
            raise BadFile("ledger.db", "", "ledger_newer", found=found, known=REVISION)
    connection.rollback()  # looking began a transaction, and Alembic wants its own
    # Imported where it is needed: every command would pay for it otherwise.
    from alembic import command
    from alembic.config import Config as AlembicConfig

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
