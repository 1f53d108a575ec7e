"""Rows that are only ever added to, each bound to all before it: head n = SHA-256(head n-1, line n).

The line of a row is its columns below as a JSON array. Numbers have no holes, and a head of last month
that somebody has on paper proves every row up to it (checkpoints.py).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert, select

from sync_server import bulk, schema

# What the rows of each table say, in the order in which it is hashed. A column that comes later is not
# linked, or every head would change.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "access": ("no", "at", "who", "did", "opd", "whom", "detail"),
    "decision": ("no", "subject", "ref", "verdict", "who", "nip", "role", "at", "note"),
    "ruling": ("no", "kind", "name", "text", "imported"),
}
_LOCK = 0x4AD1_0006


def genesis(table: str) -> bytes:
    """The head before a table's first row."""
    return sha256(f"hadir/1 {table}".encode()).digest()


def link(head: bytes, line: Sequence[object]) -> bytes:
    """The head after one more row, whose columns are `line`."""
    return sha256(head + msgspec.json.encode(list(line))).digest()


def newest(tx: Connection, table: Table) -> tuple[int, bytes]:
    """The number of the newest row and the head after it; 0 and the genesis where there is none."""
    query = select(table.c.no, table.c.head).order_by(table.c.no.desc()).limit(1)
    row = tx.execute(query).first()
    return (row.no, row.head) if row else (0, genesis(table.name))


def alone(tx: Connection) -> None:
    """PostgreSQL: be the only one until this transaction ends who adds a row to a linked table or
    draws a number for an order, or two would follow the same row. SQLite has one writer anyhow."""
    if bulk.is_postgres(tx):
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def add(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows in their order. A transaction locks what it decides about (a month, a correction)
    before this and marks days after it: in one order nobody waits for ever."""
    if not rows:
        return
    alone(tx)
    no, head = newest(tx, table)
    made = []
    for row in rows:
        no += 1
        numbered = {**row, "no": no}
        head = link(head, [numbered[name] for name in COLUMNS[table.name]])
        made.append({**numbered, "head": head})
    tx.execute(insert(table), made)


def columns(table: str) -> list[Any]:
    """The columns of a linked table that say something: all but the head."""
    its: Table = getattr(schema, table)
    return [its.c[name] for name in COLUMNS[table]]
