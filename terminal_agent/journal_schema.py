"""The tables of the journal. Migrations are numbered and never changed once shipped."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from terminal_agent.errors import JournalFailed


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """sqlite-utils takes numpy and pandas along where they are installed: 13 MB and more, for types
    of columns that no journal has."""
    hidden = [name for name in modules if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment] # so that importing it fails
    yield
    for name in hidden:
        del sys.modules[name]


with _without("numpy", "pandas"):
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

migrations = Migrations("journal")

_M001 = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE epoch (no INTEGER PRIMARY KEY, epoch INTEGER NOT NULL UNIQUE, "
    "acked INTEGER NOT NULL, opened INTEGER NOT NULL) STRICT",
    "CREATE TABLE event (epoch INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, "
    "record BLOB NOT NULL, head BLOB NOT NULL, PRIMARY KEY (epoch, seq)) STRICT, WITHOUT ROWID",
    "CREATE TABLE pin (epoch INTEGER NOT NULL, idx INTEGER NOT NULL, pin TEXT NOT NULL, "
    "first_seq INTEGER NOT NULL, PRIMARY KEY (epoch, idx)) STRICT, WITHOUT ROWID",
    "CREATE TABLE device (no INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, "
    "family TEXT NOT NULL, firmware TEXT NOT NULL, cursor BLOB NOT NULL DEFAULT x'', "
    "covered INTEGER NOT NULL DEFAULT 0) STRICT",
    # Raw device bytes, never hashed, never sent. Its key begins with the punch key, in the order in
    # which punches come, so that a scan dirties the last page and no other.
    "CREATE TABLE evidence (serial TEXT NOT NULL, t INTEGER NOT NULL, pin TEXT NOT NULL, "
    "epoch INTEGER NOT NULL, seq INTEGER NOT NULL, raw BLOB NOT NULL, received INTEGER NOT NULL, "
    "PRIMARY KEY (serial, t, pin, epoch, seq)) STRICT, WITHOUT ROWID",
)


@migrations()
def m001_journal(db: Database) -> None:
    """Events as they are hashed and sent; what is only evidence stands beside them."""
    for statement in _M001:
        db.execute(statement)


@migrations()
def m002_commands(db: Database) -> None:
    """What became of the centre's commands, so that one that comes again is only answered again."""
    db.execute(
        "CREATE TABLE command (counter INTEGER PRIMARY KEY, outcome TEXT NOT NULL, "
        "detail TEXT NOT NULL, done INTEGER NOT NULL) STRICT"
    )


class Damaged(sqlite3.DatabaseError):
    """The file is not whole."""


class OtherKiosk(sqlite3.DatabaseError):
    """The file belongs to another kiosk."""


def is_full(problem: sqlite3.Error) -> bool:
    """Whether the disk has no room: for the file, or for the index of its WAL."""
    number = getattr(problem, "sqlite_errorcode", 0)
    return number in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)


def code_of(problem: sqlite3.Error) -> str:
    """What a technician has to do about it, as the code of an error."""
    if isinstance(problem, OtherKiosk):
        return "other_journal"
    if is_full(problem):
        return "storage_full"
    broken = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    number = getattr(problem, "sqlite_errorcode", 0) & 0xFF  # only what SQLite raised has one
    return "journal_damaged" if isinstance(problem, Damaged) or number in broken else "journal"


@contextmanager
def failing() -> Iterator[None]:
    """Whatever the file fails with is JournalFailed."""
    try:
        yield
    except sqlite3.Error as problem:
        raise JournalFailed(code_of(problem), f"the journal failed: {problem}") from problem


def prepare(db: sqlite3.Connection) -> None:
    """Durability settings, a quick check of the file, and every migration that is due.

    Raises sqlite3.DatabaseError where the file is damaged.
    """
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA wal_autocheckpoint = 200")  # a small card must not hold a large WAL
    db.execute("PRAGMA journal_size_limit = 1048576")
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise Damaged(f"the file is damaged ({verdict})")
    migrations.apply(Database(db))


def bind(db: sqlite3.Connection, kid: str) -> None:
    """A journal belongs to one kiosk for ever: its chain starts from the kiosk's name."""
    db.execute("INSERT OR IGNORE INTO meta VALUES ('kid', ?)", (kid,))
    owner = db.execute("SELECT value FROM meta WHERE key = 'kid'").fetchone()[0]
    if owner != kid:
        raise OtherKiosk(f"it belongs to kiosk {owner}, not {kid}")
