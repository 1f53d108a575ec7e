"""A sheet that is about to be closed, approved or frozen: made while others write, which takes seconds
in a large office, and held against what they have written before a step is noted."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection

from sync_server import sheet as sheets
from sync_server.closing.lacks import Lack
from sync_server.daybook import book, sources
from sync_server.sheet import Made
from sync_server.sheet.members import members


class Draft(msgspec.Struct, frozen=True):
    """A sheet with the digest of its bytes, and the edition of each office whose facts it counts."""

    made: Made
    digest: str
    editions: Mapping[str, int]


def draw(tx: Connection, opd: str, month: str) -> Draft:
    """The sheet as it is now. Raises BadFile for what is no month."""
    made = sheets.make(tx, opd, month)
    return Draft(made, sheets.digest(sheets.encode(made.sheet)), _editions(tx, opd, month))


def moved(tx: Connection, drawn: Draft) -> list[Lack]:
    """The offices whose facts are not those of the draft any more, or which sent events that the book
    has not read yet: a step for them would count what nobody has looked at."""
    now = _editions(tx, drawn.made.sheet.opd, drawn.made.sheet.month)
    unread = set(sources.behind(tx))
    return [
        Lack("UNMADE", detail=opd)
        for opd, edition in now.items()
        if opd in unread or drawn.editions.get(opd) != edition
    ]


def _editions(tx: Connection, opd: str, month: str) -> dict[str, int]:
    offices = {opd}.union(*(one.elsewhere for one in members(tx, opd, month)))
    return {one: book.revision(tx, one) for one in sorted(offices)}
