"""Many rows at once: executemany on SQLite, COPY on PostgreSQL. The one place that knows both.

What is raised is SQLAlchemyError, also where the driver is used directly.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Connection, LargeBinary, Table
from sqlalchemy.exc import DBAPIError, IntegrityError

Row = tuple[Any, ...]

_ESCAPE = "\x1b"


def is_postgres(tx: Connection) -> bool:
    """Whether this is PostgreSQL; otherwise it is SQLite."""
    return tx.dialect.name == "postgresql"


def insert(tx: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that are not there. Raises SQLAlchemyError."""
    if not rows:
        return
    if is_postgres(tx):
        _copy(tx, table, rows)
    else:
        tx.exec_driver_sql(_values("INSERT", table), [*rows])


def insert_new(tx: Connection, table: Table, rows: Sequence[Row]) -> bool:
    """Insert those rows whose key is not there; whether all of them were new."""
    if not rows:
        return True
    if not is_postgres(tx):
        done = tx.exec_driver_sql(_values("INSERT OR IGNORE", table), [*rows])
        return done.rowcount == len(rows)
    # Two workers that insert the same keys in one order wait for each other; in two they deadlock.
    rows = sorted(rows)
    try:
        with tx.begin_nested():  # repeats are rare, and COPY takes a third of the time
            _copy(tx, table, rows)
    except IntegrityError:
        columns = list(zip(*rows, strict=True))
        kinds = ", ".join(f"%s::{_kind(column)}[]" for column in table.columns)
        merge = f"INSERT INTO {table.name} SELECT * FROM unnest({kinds}) ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
        tx.exec_driver_sql(merge, tuple(map(list, columns)))
        return False
    return True


def storable(tx: Connection, text: str) -> str:
    """Text of a kiosk as the database can hold it: PostgreSQL's text has no NUL."""
    if is_postgres(tx) and ("\0" in text or _ESCAPE in text):
        return text.replace(_ESCAPE, _ESCAPE * 2).replace("\0", f"{_ESCAPE}0")
    return text


def stored(tx: Connection, text: str) -> str:
    """What `storable` was given."""
    if not is_postgres(tx) or _ESCAPE not in text:
        return text
    halves = text.split(_ESCAPE * 2)
    return _ESCAPE.join(half.replace(f"{_ESCAPE}0", "\0") for half in halves)


def _values(verb: str, table: Table) -> str:
    return f"{verb} INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"


def _copy(tx: Connection, table: Table, rows: Sequence[Row]) -> None:
    """One COPY, binary: bytes travel as they are and not as twice as much hex."""
    kinds = [_kind(column) for column in table.columns]
    driver: Any = tx.connection.dbapi_connection
    statement = f"COPY {table.name} FROM STDIN (FORMAT BINARY)"
    with _translated(tx, statement), driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(kinds)
        for row in rows:
            copy.write_row(row)


@contextmanager
def _translated(tx: Connection, statement: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy does it, so that callers know one family."""
    driver: Any = tx.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as problem:
        raise DBAPIError.instance(
            statement, None, problem, driver.Error, dialect=tx.dialect
        ) from problem


def _kind(column: Any) -> str:  # noqa: ANN401 - a Column of any type
    if isinstance(column.type, BigInteger):
        return "int8"
    return "bytea" if isinstance(column.type, LargeBinary) else "text"
