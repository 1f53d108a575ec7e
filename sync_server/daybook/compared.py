"""The book beside what its events say, without a repair: whatever waits to be made anew is not due, and
no difference."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlalchemy import Connection, select

from sync_server import schema
from sync_server.daybook import book, duties, reader, sources, states, watch
from sync_server.daybook.book import Difference
from sync_server.daybook.watch import Devices
from sync_server.errors import BadFile

Place = tuple[str, int, int]  # kiosk, epoch, event; 0: what its devices are covered for


class Compared(msgspec.Struct, frozen=True):
    """What was found of an office: the `events` whose punches the book has otherwise, the `days` of
    people that it has otherwise, and how many of its dates were compared, and wait to be made."""

    events: list[Place]
    days: list[Difference]
    looked: int
    waiting: int


def office(tx: Connection, opd: str, first: date, last: date, now: float) -> Compared:
    """Compare an office's punches with its chains, and its facts from `first` to `last` with what they
    rest on. `now`: server UTC seconds. Writes nothing.

    The facts of an office whose punches are not what its events say are not looked at: they rest on
    those.
    """
    events = [
        (source.kid, source.epoch, seq)
        for source in sources.of_office(tx, opd)
        for seq in reader.differing(tx, source)
    ]
    due, waiting = _due(tx, opd, first, last)
    if events or not due or not _is_read(tx, opd):
        return Compared(events, [], 0, waiting + len(due))
    try:
        found = [one for some in _in_turns(tx, opd, due, now) for one in some]
    except BadFile:  # as for the keeper: the days wait for the file that lacks
        return Compared(events, [], 0, waiting + len(due))
    return Compared(events, found, len(due), waiting)


def strays(tx: Connection) -> list[Place]:
    """Punches in the book that are of no chain."""
    its, chain = schema.placed.c, schema.chain.c
    held = select(chain.kid).where(chain.kid == its.kid, chain.epoch == its.epoch).exists()
    query = select(its.kid, its.epoch, its.seq).where(~held)
    rows = tx.execute(query.order_by(its.kid, its.epoch, its.seq))
    return [(kid, epoch, seq) for kid, epoch, seq in rows]


def _due(tx: Connection, opd: str, first: date, last: date) -> tuple[list[date], int]:
    """The dates that were made and are not marked, and how many of those that were made are."""
    day, dirty = schema.day.c, schema.dirty.c
    made = set(tx.execute(select(day.workdate).where(day.opd == opd).distinct()).scalars())
    marked = set(tx.execute(select(dirty.workdate).where(dirty.opd == opd)).scalars())
    there = [one for one in duties.days(first, last) if one.isoformat() in made]
    due = [one for one in there if one.isoformat() not in marked]
    return due, len(there) - len(due)


def _is_read(tx: Connection, opd: str) -> bool:
    """Whether the book has read all that has come, and knows the office's devices as they are."""
    body = states.of_office(tx, opd)
    was = None if body is None else msgspec.msgpack.decode(body, type=Devices)
    return was == watch.devices(tx, opd) and opd not in sources.behind(tx)


def _in_turns(tx: Connection, opd: str, due: list[date], now: float) -> Iterator[list[Difference]]:
    who = duties.load(tx, opd)
    many = max(1, book.AT_ONCE // max(1, len(who.people)))
    for at in range(0, len(due), many):
        yield book.differing(tx, who, due[at : at + many], now)
