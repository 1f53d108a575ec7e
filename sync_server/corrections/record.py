"""A correction as it stands, and the ways to find it."""

from collections.abc import Collection
from datetime import date
from typing import Any, get_args

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, or_, select

from sync_server import localtime, roster, schema
from sync_server.corrections.seats import State
from sync_server.fact import Point

STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("submitted", "half")  # somebody has to decide
TAKEN: tuple[State, ...] = (*OPEN, "approved")  # what a quota counts
SUBJECT = "correction"
POINTS: tuple[Point, ...] = ("in", "mid", "out")
_DAY_S = 86_400


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: of one person for a work date, or (`nip` "") of an office for an outage, which
    then has `since` and `until` in UTC seconds, and `device` where one alone was out.

    `workdate` is local to the office; an outage's is the day on which it began. `asked`: UTC
    seconds.
    """

    no: int
    opd: str
    nip: str
    workdate: date
    kind: str
    points: tuple[Point, ...]
    since: int
    until: int
    device: str
    reason: str
    document: str
    attachment: str
    state: State
    asked: int
    asked_by: str

    @property
    def is_outage(self) -> bool:
        """Whether it is of a whole office."""
        return not self.nip

    @property
    def ref(self) -> str:
        """Its name among decisions."""
        return str(self.no)


def get(tx: Connection, no: int) -> Correction | None:
    """The correction of a number."""
    return next(iter(found(tx, schema.correction.c.no == no)), None)


def of_day(tx: Connection, nip: str, day: date) -> list[Correction]:
    """What was asked for a person's work date, with the outages of his offices on that day, whatever
    became of it; the oldest first."""
    its, person = schema.correction.c, schema.person.c
    on = day.isoformat()
    homes = select(person.opd).where(
        person.nip == nip, person.valid_from <= on, person.valid_to >= on
    )
    own = and_(its.nip == nip, its.workdate == on)
    outages = [one for one in found(tx, its.nip == "", its.opd.in_(homes)) if _on(tx, one, day)]
    return sorted([*found(tx, own), *outages], key=lambda one: one.no)


def of_person(tx: Connection, nip: str) -> list[Correction]:
    """Everything that was asked for a person, the newest first."""
    return found(tx, schema.correction.c.nip == nip)[::-1]


def waiting(tx: Connection, opd: str, month: str) -> list[Correction]:
    """What still has to be decided for an office's month (yyyy-mm): its own outages and days, and
    the days of those whom it pays, wherever they worked then."""
    its, person = schema.correction.c, schema.person.c
    first, last = localtime.month_days(month)
    on = last.isoformat()
    paid = select(person.nip).where(
        person.opd == opd, person.valid_from <= on, person.valid_to >= on
    )
    of_month = (its.workdate >= first.isoformat(), its.workdate <= on)
    place = or_(its.opd == opd, its.nip.in_(paid))
    return found(tx, its.state.in_(OPEN), place, *of_month)


def of_offices(
    tx: Connection,
    offices: Collection[str] | None,
    juniors: Collection[str],
    states: Collection[str],
) -> list[Correction]:
    """Those of offices (None: of all) and of people, in these states; the oldest first."""
    its = schema.correction.c
    conditions: list[ColumnElement[bool]] = [its.state.in_(states)]
    if offices is not None:
        conditions.append(at(offices, juniors))
    return found(tx, *conditions)


class Asked(msgspec.Struct, frozen=True):
    """Which corrections: those of all that is not empty here. `month` is yyyy-mm of the work date;
    `before` the number of one, for the next page."""

    nip: str = ""
    month: str = ""
    state: str = ""
    before: int = 0


def newest(
    tx: Connection, place: ColumnElement[bool], asked: Asked, limit: int
) -> list[Correction]:
    """Those of a place (`at`), or of the person who is asked for, the newest first."""
    its = schema.correction.c
    where = [its.nip == asked.nip if asked.nip else place]
    if asked.month:
        first, last = (day.isoformat() for day in localtime.month_days(asked.month))
        where += [its.workdate >= first, its.workdate <= last]
    if asked.state:
        where.append(its.state == asked.state)
    if asked.before:
        where.append(its.no < asked.before)
    query = select(schema.correction).where(*where).order_by(its.no.desc()).limit(limit)
    return [_read(row) for row in tx.execute(query)]


def at(offices: Collection[str], juniors: Collection[str]) -> ColumnElement[bool]:
    """Corrections of offices and of people."""
    its = schema.correction.c
    return or_(its.opd.in_(offices), its.nip.in_(juniors))


def of_month(
    tx: Connection, nip: str, kind: str, month: str, states: Collection[str]
) -> list[Correction]:
    """A person's of one kind with work dates in a month (yyyy-mm)."""
    its = schema.correction.c
    first, last = (day.isoformat() for day in localtime.month_days(month))
    dates = (its.workdate >= first, its.workdate <= last)
    return found(tx, its.nip == nip, its.kind == kind, its.state.in_(states), *dates)


def approved(tx: Connection, opd: str, first: date, last: date) -> list[Correction]:
    """Approved corrections of the days of an office's people, with all its approved outages that may
    touch these days."""
    begin, end = (localtime.midnight(day, 0) for day in (first, last))
    span = {"first": first.isoformat(), "last": last.isoformat(), "opd": opd}
    near = {"begin": begin - _DAY_S, "end": end + 3 * _DAY_S}
    return [_read(row) for row in tx.execute(_APPROVED, {**span, **near})]


def _approved() -> Select[Any]:
    """Made once: it is asked for every office's day."""
    its, person = schema.correction.c, schema.person.c
    people = select(person.nip).where(person.opd == bindparam("opd"))
    days = and_(its.workdate >= bindparam("first"), its.workdate <= bindparam("last"))
    spans = and_(its.since <= bindparam("end"), its.until >= bindparam("begin"))
    own = and_(its.nip.in_(people), days)
    outage = and_(its.nip == "", its.opd == bindparam("opd"), spans)
    query = select(schema.correction).where(its.state == "approved", or_(own, outage))
    return query.order_by(its.no)


_APPROVED = _approved()


def _on(tx: Connection, outage: Correction, day: date) -> bool:
    zone = roster.zone(tx, outage.opd) or 0
    return localtime.day(outage.since, zone) <= day <= localtime.day(outage.until, zone)


def found(tx: Connection, *conditions: ColumnElement[bool]) -> list[Correction]:
    """Those for which all of this holds, the oldest first."""
    rows = tx.execute(select(schema.correction).where(*conditions).order_by(schema.correction.c.no))
    return [_read(row) for row in rows]


def _read(row: Row[Any]) -> Correction:
    values = dict(row._mapping)
    values["points"] = tuple(values["points"].split())
    values["workdate"] = date.fromisoformat(values["workdate"])
    return Correction(**values)
