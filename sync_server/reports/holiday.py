"""The recap that governors ask for: who was back on the first day after a holiday, by ten o'clock."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone

import msgspec
from sqlalchemy import Connection

from sync_server import localtime, rulings
from sync_server.calendar import Calendar
from sync_server.daybook import book
from sync_server.fact import Fact
from sync_server.reports.known import Span

BY = time(10)  # local
_SATURDAY = 5
_PLACES = ("by_ten", "later", "excused", "absent", "waiting")


class Return(msgspec.Struct, frozen=True):
    """An office on the first workday after a holiday. Of `expected` people so many had arrived by
    ten, arrived later, had leave or a letter, were absent for sure, and are waited for: their data
    are not complete."""

    opd: str
    day: date
    expected: int
    by_ten: int
    later: int
    excused: int
    absent: int
    waiting: int


def returns(tx: Connection, opds: Collection[str], span: Span) -> list[Return]:
    """Every first workday after a holiday in the span, by date and office."""
    days = list(first_days(rulings.calendars(tx), span))
    found = [
        _return(opd, day, list(book.facts(tx, opd, day, day)))
        for day in days
        for opd in sorted(opds)
    ]
    return [one for one in found if one.expected]


def first_days(calendars: dict[int, Calendar], span: Span) -> Iterator[date]:
    """The workdays before which the days off held a holiday or joint leave."""
    for day in span.days():
        if _works(calendars, day) and _after_holiday(calendars, day):
            yield day


def _after_holiday(calendars: dict[int, Calendar], day: date) -> bool:
    before = day - timedelta(days=1)
    while before.year in calendars and not _works(calendars, before):
        if calendars[before.year].day_kind(before) != "workday":
            return True
        before -= timedelta(days=1)
    return False


def _works(calendars: dict[int, Calendar], day: date) -> bool:
    """Whether offices of five days a week work."""
    calendar = calendars.get(day.year)
    return (
        calendar is not None and day.weekday() < _SATURDAY and calendar.day_kind(day) == "workday"
    )


def _return(opd: str, day: date, facts: Sequence[Fact]) -> Return:
    due = [fact for fact in facts if is_due(fact)]
    places = Counter(place(fact) for fact in due)
    return Return(opd, day, len(due), *(places[name] for name in _PLACES))


def is_due(fact: Fact) -> bool:
    """Whether the person was to come at all."""
    return not fact.status.startswith(("LIBUR", "CUTI", "DIKECUALIKAN"))


def place(fact: Fact) -> str:
    """Which column of the recap somebody belongs to. Silence without data is no absence."""
    if fact.status == "SAH" or (fact.arrival is None and "in" in fact.excused):
        return "excused"
    if fact.status == "TK":
        return "absent"
    if fact.arrival is None:
        return "later" if fact.status == "HADIR" else "waiting"
    return "by_ten" if _by_ten(fact) else "later"


def _by_ten(fact: Fact) -> bool:
    zone = timezone(timedelta(minutes=localtime.zone(fact.tz)))
    ten = datetime.combine(fact.workdate, BY, zone)
    return fact.arrival is not None and fact.arrival.t <= ten
