"""Whether a row holds what this program would have written there. SQLite keeps what an editor of the file
puts there, bytes in a column of texts too."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Table

from sync_server import bulk


@contextmanager
def any_text(tx: Connection) -> Iterator[None]:
    """What SQLite keeps as text and is none is read as nothing meanwhile, and ends no check."""
    held = tx.connection.dbapi_connection
    if held is None or bulk.is_postgres(tx):  # which refuses such text
        yield
        return
    before, held.text_factory = held.text_factory, _read
    try:
        yield
    finally:
        held.text_factory = before


def _read(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def is_as_made(table: Table, row: Mapping[str, object]) -> bool:
    """Whether every value, by its column's name, is of its column's type."""
    return all(isinstance(value, table.c[name].type.python_type) for name, value in row.items())


def whole(value: object) -> int:
    """A number as a place to name; 0 where it is none."""
    return value if isinstance(value, int) else 0
