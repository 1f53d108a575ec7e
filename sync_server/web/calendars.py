"""A person's month as its page shows it: a calendar of days, and the figures below it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from sync_server import closing, explain, schema
from sync_server.closing import Revision
from sync_server.explain import reckoning
from sync_server.explain.reckoning import Reckoned
from sync_server.explain.told import local
from sync_server.fact import Fact, Touch
from sync_server.reports import known
from sync_server.tukin import counters
from sync_server.tukin.counters import Counter
from sync_server.tukin.month import MonthRecord
from sync_server.tukin.price import Priced


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One day. `status` is "none" where there is no fact; `arrival` and `departure` are local times
    ("" where there is none). `provisional`: of today, which may still change."""

    day: date
    status: str
    arrival: str = ""
    departure: str = ""
    late: int = 0
    early: int = 0
    cut_bp: int = 0
    codes: tuple[str, ...] = ()
    provisional: bool = False
    today: bool = False
    corrected: bool = False


class Susulan(msgspec.Struct, frozen=True):
    """What a frozen month pays later, more (or less, below zero), in rupiah; `paid_in` "" : not yet."""

    amount: int
    reason: str
    paid_in: str


class MonthSheet(msgspec.Struct, frozen=True):
    """The calendar (with the empty places before the first day), the record (None: no rules), what
    PP 94/2021 counts up to the month's end, and susulan. Of a `frozen` month it is what was frozen;
    `changed` is what the present would pay more, or less, below zero."""

    blanks: int
    cells: tuple[Cell, ...]
    record: MonthRecord | None
    facts: int
    year: Counter
    later: tuple[Susulan, ...]
    frozen: Revision | None
    changed: int


def month(tx: Connection, nip: str, month: str, today: date) -> MonthSheet:
    """The month "YYYY-MM"; `today` is the local date at this moment."""
    counted = closing.counted(tx, nip, month)
    found = counted.month
    facts = {fact.workdate: fact for fact in found.facts}
    if f"{today:%Y-%m}" == month and today not in facts:
        facts |= {fact.workdate: fact for fact in explain.current(tx, nip, today)[:1]}
    first = known.month(month).first
    last = known.month(month).last
    year = counters.count(nip, last.year, reckoning.of_year(tx, nip, last))
    return MonthSheet(
        blanks=first.weekday(),
        cells=tuple(_cells(found, facts, month, today)),
        record=found.record,
        facts=len(facts),
        year=year,
        later=tuple(_later(tx, nip, month)),
        frozen=counted.frozen,
        changed=counted.changed,
    )


def _cells(found: Reckoned, facts: Mapping[date, Fact], month: str, today: date) -> Iterator[Cell]:
    priced = {day.workdate: day for day in found.record.days} if found.record else {}
    for day in known.month(month).days():
        fact = facts.get(day)
        if fact is None or day > today:
            yield Cell(day=day, status="none", today=day == today)
        else:
            yield _cell(fact, priced.get(day), today)


def _cell(fact: Fact, priced: Priced | None, today: date) -> Cell:
    return Cell(
        day=fact.workdate,
        status=fact.status,
        arrival=_time(fact, fact.arrival),
        departure=_time(fact, fact.departure),
        late=fact.late_min,
        early=fact.early_min,
        cut_bp=priced.cut_bp if priced else 0,
        codes=priced.codes if priced else (),
        provisional=fact.workdate == today,
        today=fact.workdate == today,
        corrected=bool(fact.excused),
    )


def _time(fact: Fact, touch: Touch | None) -> str:
    return local(touch.t, fact.tz) if touch else ""


def _later(tx: Connection, nip: str, month: str) -> Sequence[Susulan]:
    its = schema.susulan.c
    rows = tx.execute(
        schema.susulan.select().where(its.nip == nip, its.month == month).order_by(its.no)
    )
    return [Susulan(row.became - row.was, row.reason, row.paid_in) for row in rows]
