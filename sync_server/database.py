"""The one way to the centre's database: migrations, durability, and who may write when.

SQLite: Debian 12's can lose pages when two connections write and checkpoint at once (fixed in
3.51.3), so every writing transaction of every process holds a file lock as long as it lives.
PostgreSQL: transactions and row locks; a writer of events locks the rows of their kiosks.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from sync_server.errors import BadFile

# The newest migration; a test holds it against sync_server/migrations.
REVISION = "0008"
_MIGRATING = 0x4AD1_0000  # the advisory lock of whoever brings a PostgreSQL ledger up to date
_NOT_ALLOWED = "42501"  # PostgreSQL: insufficient_privilege
_TOO_LARGE = "54"  # PostgreSQL's class program_limit_exceeded: a value that fits no index


class Database:
    """SQLite's file, or a PostgreSQL database by its URL. Opening makes and migrates it; raises
    BadFile where that cannot be."""

    def __init__(self, where: Path | str) -> None:
        self._where = where
        self._lock_path = where.with_suffix(".lock") if isinstance(where, Path) else None
        self._engine = _file(where) if isinstance(where, Path) else server_engine(where)
        self._writer: Connection | None = None
        name = named(where)
        with explained(name):
            try:
                if self._lock_path is not None:
                    self._lock_path.parent.mkdir(parents=True, exist_ok=True)
                with self._locked(), self._engine.connect() as connection:
                    _migrate(connection, name)
            except OSError as problem:
                raise BadFile(name, "", "ledger_unusable", detail=problem.strerror) from problem

    def hurry(self) -> None:
        """From now on a server that is frozen fails within seconds. For whoever serves others; a
        migration or a month's report takes as long as it takes."""
        if not isinstance(self._where, Path):
            self._engine.dispose()
            self._engine = server_engine(self._where, hurried=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that commits at the end, or rolls back. Raises SQLAlchemyError."""
        if self._lock_path is None:
            with self._engine.begin() as connection:
                yield connection
            return
        with self._locked():
            if self._writer is None:
                self._writer = self._engine.connect()
            with self._writer.begin():
                yield self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view that blocks no writer."""
        with self._engine.connect() as connection:
            if self._lock_path is None:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def alone(self, lock: int) -> Iterator[Callable[[], bool]]:
        """Whether it is us, of all processes, who have the advisory lock of this number, for as long
        as the connection that says so lives; on SQLite there is one process (server.lock). Raises
        SQLAlchemyError."""
        if self._lock_path is not None:
            yield lambda: True
            return
        with self.reading() as tx:
            held = tx.exec_driver_sql(f"SELECT pg_try_advisory_lock({lock})").scalar()
            tx.commit()

            def ours() -> bool:
                tx.exec_driver_sql("SELECT 1")
                tx.commit()
                return bool(held)

            try:
                yield ours
            finally:
                tx.invalidate()  # given back to the pool, it would keep the lock

    def close(self) -> None:
        """Give the file or the connections back."""
        with self._locked():
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._engine.dispose()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._lock_path is None:
            yield
            return
        with self._lock_path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def is_ailing(problem: Exception) -> bool:
    """Whether the ledger itself failed (damaged, busy, on a full disk, away), and not what was to be
    written."""
    state = getattr(getattr(problem, "orig", None), "sqlstate", None) or ""
    return type(problem) in (DatabaseError, OperationalError) and not state.startswith(_TOO_LARGE)


def named(where: Path | str) -> str:
    """The database as people may see it: without a password."""
    return str(where) if isinstance(where, Path) else make_url(where).render_as_string()


def is_new(url: str) -> bool:
    """Whether nobody has made a ledger in this PostgreSQL database yet. Raises SQLAlchemyError."""
    engine = server_engine(url)
    try:
        with engine.connect() as connection:
            return not inspect(connection).has_table("alembic_version")
    finally:
        engine.dispose()


def typed(url: str) -> str:
    """A PostgreSQL database as its own programs take it; they ask for the password themselves."""
    plain = make_url(url).set(drivername="postgresql")
    return URL.create(**{**plain._asdict(), "password": None}).render_as_string()


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Raise BadFile where the ledger called `name` fails: damaged, busy, on a full disk, away."""
    try:
        yield
    except DatabaseError as problem:
        refused = getattr(problem.orig, "sqlstate", None) == _NOT_ALLOWED
        if not is_ailing(problem) and not refused:
            raise  # the others are our mistakes
        code = "ledger_away" if "://" in name and not refused else "ledger_unusable"
        raise BadFile(name, "", code, detail=str(problem.orig).partition("\n")[0]) from problem


def _file(path: Path) -> Engine:
    # The writer may live in another thread than the one that opened the database.
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def server_engine(url: str, *, hurried: bool = False) -> Engine:
    """A pool of connections to PostgreSQL. A commit means the disk, whatever the server's default.

    A server that does not let us in, or whose machine is gone without a word, is noticed within 5
    and within 20 seconds. One that is frozen keeps its connections; only those that are `hurried`
    notice, and no statement of theirs may last longer than `patience.SECONDS`.
    """
    engine = create_engine(
        url,
        pool_size=4,  # the book of days and the notices keep one each for their locks
        pool_pre_ping=True,  # the server may have been restarted since
        connect_args={
            "options": "-c synchronous_commit=on",
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
        },
    )
    if hurried:
        event.listen(engine, "do_connect", _hurried)
    return engine


def _hurried(_dialect: object, _record: object, where: list[str], how: dict[str, Any]) -> object:
    # Imported where it is needed: with SQLite nobody has to wait for psycopg.
    from sync_server import patience

    return patience.connect(*where, **how)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 30000")
    # REPLACE deletes without a word otherwise, past the triggers of the raw tables. It holds for our
    # own connections: another program's does as its pragma says, and what it changed is found by the
    # hash chain (`ledger verify`). A trigger that looks for the key before each insert would hold for
    # everybody and takes a quarter of the inserts' speed.
    connection.execute("PRAGMA recursive_triggers = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _migrate(connection: Connection, name: str) -> None:
    """Bring the tables up to REVISION; a ledger that is newer than this program is left alone."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:  # several workers may start at once; the lock ends with this connection
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_MIGRATING})")
    if inspect(connection).has_table("alembic_version"):
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        if found > REVISION:
            raise BadFile(Path(name).name, "", "ledger_newer", found=found, known=REVISION)
        if found < REVISION:
            _upgrade(connection)
    else:
        _upgrade(connection)
    if postgres:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_MIGRATING})")


def _upgrade(connection: Connection) -> None:
    connection.rollback()  # looking began a transaction, and Alembic wants its own
    # Imported where it is needed: every command would pay for it otherwise.
    from alembic import command
    from alembic.config import Config as AlembicConfig

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
