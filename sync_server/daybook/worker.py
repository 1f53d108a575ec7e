"""Keeps the book: every second it reads chains on and makes the days that something changed."""

import logging
import threading
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Connection, func, select, update

from sync_server import dirt, duty, localtime, schema
from sync_server.database import Database
from sync_server.daybook import book, sources
from sync_server.duty import Duty
from sync_server.errors import BadFile

log = logging.getLogger(__name__)

_LATER_S = 60  # until an office whose facts cannot be made is tried again
_MOST = 64  # office-days of one round: what people see on line waits for no rebuild of a year
_DUTY = Duty("daybook", 0x4AD1_0001, 1.0)


def run(database: Database, wall: Callable[[], float], stop: threading.Event) -> None:
    """Keep the book until `stop` is set; `wall` tells the server's UTC seconds."""

    def begin() -> Callable[[], object]:
        keeper = Keeper(database)
        return lambda: keeper.round(wall())

    duty.keep(database, _DUTY, stop, begin)


class Keeper:
    """One who keeps the book; `round` is all that there is to do at a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: set[tuple[str, str, object]] = set()  # what was logged already
        self._standing: tuple[object, ...] = ()

    def round(self, now: float) -> int:
        """Read on, mark what is new, make what is due at `now`; how many days were tried."""
        with self._database.reading() as tx:
            behind = set(sources.behind(tx))
            standing = _standing(tx, now)
            if standing != self._standing:
                behind.update(sources.offices(tx))
            due = self._due(tx, now)
        for opd in sorted(behind):
            with self._database.writing() as tx:
                sources.read_on(tx, opd, now)
                if standing != self._standing:
                    _mark_missing(tx, opd, now)
        self._standing = standing
        for opd, days in due.items():
            self._make(opd, days, now)
        return sum(map(len, due.values()))

    def _due(self, tx: Connection, now: float) -> dict[str, list[date]]:
        its = schema.dirty.c
        rows = tx.execute(
            select(its.opd, its.workdate)
            .where(its.since <= int(now))
            .order_by(its.workdate.desc(), its.opd)
            .limit(_MOST)
        )
        due: dict[str, list[date]] = {}
        for opd, day in rows:
            due.setdefault(opd, []).append(date.fromisoformat(day))
        return due

    def _make(self, opd: str, days: list[date], now: float) -> None:
        """Together, and each day by itself where that cannot be."""
        try:
            book.make(self._database, opd, days, now)
        except BadFile as bad:
            if len(days) == 1:
                self._put_off(opd, days[0], bad, now)
                return
            for day in days:
                self._make(opd, [day], now)

    def _put_off(self, opd: str, day: date, bad: BadFile, now: float) -> None:
        what = (opd, bad.code, bad.values.get("year"))
        if what not in self._told:
            self._told.add(what)
            log.warning("daybook.no_facts opd=%s day=%s reason=%s", opd, day, bad.code)
        its = schema.dirty.c
        with self._database.writing() as tx:
            tx.execute(
                update(schema.dirty)
                .where(its.opd == opd, its.workdate == day.isoformat())
                .values(since=int(now) + _LATER_S)
            )


def _standing(tx: Connection, now: float) -> tuple[object, ...]:
    """What may change an office's days without a new event, and the date."""
    gap, chain = schema.gap.c, schema.chain.c
    counts = (
        select(func.count()).select_from(schema.kiosk),
        select(func.count()).select_from(schema.gap).where(gap.closed == 0),
        select(func.count()).select_from(schema.chain).where(chain.forked),
    )
    zones = select(schema.person.c.zone, func.count()).group_by(schema.person.c.zone)
    people = sorted(map(tuple, tx.execute(zones)))
    return (localtime.newest_day(now), *people, *(tx.execute(count).scalar() for count in counts))


def _mark_missing(tx: Connection, opd: str, now: float) -> None:
    """Days that were never made, from the office's first to today."""
    begun, its = dirt.began(tx, opd), schema.day.c
    if begun is None:
        return
    known = set(tx.execute(select(its.workdate).where(its.opd == opd).distinct()).scalars())
    waiting = select(schema.dirty.c.workdate).where(schema.dirty.c.opd == opd)
    known.update(tx.execute(waiting).scalars())
    span = range((localtime.newest_day(now) - begun).days + 1)
    days = [begun + timedelta(days=n) for n in span]
    dirt.mark_days(tx, opd, [day for day in days if day.isoformat() not in known], now)
