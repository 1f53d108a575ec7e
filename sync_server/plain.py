"""SQL as it is written, for both databases: to build a statement takes longer than to run it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection


def rows(tx: Connection, sql: str, *values: object) -> Sequence[Any]:
    """What a statement finds; each "?" in it stands for a value."""
    return tx.exec_driver_sql(_marked(tx, sql), values).fetchall()


def each(tx: Connection, sql: str, values: list[tuple[object, ...]]) -> None:
    """Run a statement for each of these rows; for none of them, nothing."""
    if values:
        tx.exec_driver_sql(_marked(tx, sql), values)


def _marked(tx: Connection, sql: str) -> str:
    return _for_postgresql(sql) if tx.dialect.name == "postgresql" else sql


@lru_cache(64)
def _for_postgresql(sql: str) -> str:
    return sql.replace("?", "%s").replace(" AS BLOB)", " AS BYTEA)")
