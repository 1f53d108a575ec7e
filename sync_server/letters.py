"""Whom a letter allows to type a number in the place of a face or finger. The number itself is told
once to whoever hands it over, and is kept nowhere.

Every function works inside its caller's transaction.
"""

from sqlalchemy import Connection, delete, insert, select

from contract.people import secret_mark
from sync_server import schema

_table = schema.secret


def permit(tx: Connection, nip: str, letter: str, number: str, now: int) -> None:
    """Let somebody type this number from the next roster on; one before is worth nothing then.
    `letter` says who allowed it, `now` is server UTC seconds."""
    forbid(tx, nip)
    row = {"nip": nip, "mark": secret_mark(nip, number), "letter": letter, "given": now}
    tx.execute(insert(_table).values(row))


def forbid(tx: Connection, nip: str) -> bool:
    """Let somebody type no number any more; whether one was allowed."""
    return bool(tx.execute(delete(_table).where(_table.c.nip == nip)).rowcount)


def number_marks(tx: Connection) -> dict[str, str]:
    """The marks of everybody's numbers, by NIP."""
    return dict(tx.execute(select(_table.c.nip, _table.c.mark)).all())
