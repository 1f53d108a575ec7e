"""The office's log: who did what at the centre, about whom, when. It is only ever added to; the
database itself refuses anything else, and each line is bound to all before it (linked.py).

`did` is a code, so that a later reader finds all of a kind; its words are did_... in wording/, which a
test asks of every code that is noted.
"""

import os
import pwd
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Select, func, select

from sync_server import linked, schema

_ROWS = 100


class Line(msgspec.Struct, frozen=True):
    """One line. `at` is server UTC seconds; `whom` a NIP, PIN or account name, "" for nobody."""

    no: int
    at: int
    who: str
    did: str
    opd: str
    whom: str
    detail: str


class Filter(msgspec.Struct, frozen=True):
    """Which lines: those that say all of what is not empty here. `since` and `until` are server UTC
    seconds, `until` not included; `before` is the number of a line, for the next page."""

    who: str = ""
    did: str = ""
    opd: str = ""
    whom: str = ""
    since: int = 0
    until: int = 0
    before: int = 0


def note(  # noqa: PLR0913 - the columns of a line
    tx: Connection,
    at: float,
    who: str,
    did: str,
    opd: str = "",
    whom: str = "",
    detail: str = "",
) -> None:  # fmt: skip
    """Add a line, in the transaction of what it tells of."""
    row = {"at": int(at), "who": who, "did": did, "opd": opd, "whom": whom, "detail": detail}
    linked.add(tx, schema.access, [row])


class Deed(msgspec.Struct, frozen=True):
    """What one line of many says: what was done, in which office, about whom."""

    did: str
    opd: str = ""
    whom: str = ""
    detail: str = ""


def note_all(tx: Connection, at: float, who: str, deeds: Sequence[Deed]) -> None:
    """Add a line for each deed, in their order."""
    rows = [{"at": int(at), "who": who, **msgspec.structs.asdict(one)} for one in deeds]
    linked.add(tx, schema.access, rows)


def note_each(  # noqa: PLR0913 - the columns of a line
    tx: Connection, at: float, who: str, did: str, opd: str, whom: Sequence[str]
) -> None:
    """Add a line for each of several people."""
    note_all(tx, at, who, [Deed(did, opd, one) for one in whom])


def system_user() -> str:
    """Whoever runs this program, as the system calls him."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a user of a container has a number only
        return str(os.getuid())


def lines(tx: Connection, asked: Filter, limit: int = _ROWS) -> list[Line]:
    """Lines, newest first."""
    its = schema.access.c
    query = _narrowed(select(schema.access), asked).order_by(its.no.desc()).limit(limit)
    return [
        Line(row.no, row.at, row.who, row.did, row.opd, row.whom, row.detail)
        for row in tx.execute(query)
    ]


def count(tx: Connection, asked: Filter) -> int:
    """How many lines there are, on all pages."""
    query = _narrowed(select(func.count()).select_from(schema.access), asked)
    found: int = tx.execute(query).scalar_one()
    return found


def _narrowed(query: Select, asked: Filter) -> Select:  # type: ignore[type-arg]
    its = schema.access.c
    for name in ("who", "did", "opd", "whom"):
        if value := getattr(asked, name):
            query = query.where(its[name] == value)
    bounds = (
        (asked.since, its.at >= asked.since),
        (asked.until, its.at < asked.until),
        (asked.before, its.no < asked.before),
    )
    for given, bound in bounds:
        if given:
            query = query.where(bound)
    return query
