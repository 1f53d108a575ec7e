"""Facts as they are kept, made again from the events in memory: punches with their times, coverage, days."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from sync_server import dirt, localtime, schema
from sync_server.daybook import compared, sources
from sync_server.daybook.book import Difference
from sync_server.daybook.compared import Compared, Place
from sync_server.verifying.found import Broken, Check, Tally
from sync_server.verifying.stored import any_text


def facts(tx: Connection, now: float) -> tuple[Check, int]:
    """Every office's facts beside what its events say, and how many office-days were not compared
    because they wait to be made anew. `now`: server UTC seconds. Takes as long as making them."""
    tally, waiting = Tally("facts"), 0
    with any_text(tx):
        for place in compared.strays(tx):
            tally.look(_event("placed_stray", place))
        for opd in sources.offices(tx):
            found = _office(tx, opd, now)
            for broken in _of(found):
                tally.look(broken)
            for _ in range(found.looked - len({one.workdate for one in found.days})):
                tally.look(None)
            waiting += found.waiting
    return tally.check(), waiting


def _office(tx: Connection, opd: str, now: float) -> Compared:
    """From its first day to its newest fact: where the clock was set back that is later than today."""
    its = schema.day.c
    newest = select(its.workdate).where(its.opd == opd).order_by(its.workdate.desc()).limit(1)
    text, today = tx.execute(newest).scalar(), localtime.newest_day(now)
    first = dirt.began(tx, opd) or today
    return compared.office(tx, opd, first, max(today, date.fromisoformat(text or f"{today}")), now)


def _of(found: Compared) -> Iterator[Broken]:
    for place in found.events:
        yield _event("placed_differs" if place[2] else "claims_differ", place)
    yield from map(_day, found.days)


def _event(why: str, place: Place) -> Broken:
    return Broken(why, *place)


def _day(one: Difference) -> Broken:
    return Broken("day_differs", detail=f"{one.opd} {one.workdate} {one.nip}")
