"""Which office-days have facts to make anew, because something that they rest on changed.

A day is marked from the office's first one to today (or the last that was made, where the clock was
set back): days to come are made once they are over.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select, text

from sync_server import schema

_EASTMOST_S = 9 * 3_600  # WIT: where a day begins first
_DAY = timedelta(days=1)
# The earlier of two times stands: a day that waits for its end is made anew now all the same.
_MARK = text(
    "INSERT INTO dirty (opd, workdate, since) VALUES (:opd, :workdate, :since) "
    "ON CONFLICT (opd, workdate) DO UPDATE SET since = "
    "CASE WHEN dirty.since < excluded.since THEN dirty.since ELSE excluded.since END"
)


def mark(tx: Connection, opd: str, first: date, last: date, now: float) -> None:
    """The facts of an office from `first` to `last` are to be made anew from `now` (UTC seconds)."""
    begun = began(tx, opd)
    if begun is None:
        return  # no kiosk and no fact yet: there is nothing to make anew
    days, last = [], min(last, max(today(now), _newest(tx, opd)))
    day = max(first, begun)
    while day <= last:
        days.append(day)
        day += _DAY
    mark_days(tx, opd, days, now)


def mark_days(tx: Connection, opd: str, days: Iterable[date], since: float) -> None:
    """These days are to be made anew, once `since` (UTC seconds) has come."""
    rows = [{"opd": opd, "workdate": day.isoformat(), "since": int(since)} for day in sorted(days)]
    if rows:
        tx.execute(_MARK, rows)


def mark_person(tx: Connection, nip: str, first: date, last: date, now: float) -> None:
    """The same for every office that somebody is or was in."""
    its = schema.person.c
    offices = set(tx.execute(select(its.opd).where(its.nip == nip)).scalars())
    made = schema.day.c
    offices.update(tx.execute(select(made.opd).where(made.nip == nip).distinct()).scalars())
    for opd in sorted(offices):
        mark(tx, opd, first, last, now)


def mark_all(tx: Connection, first: date, last: date, now: float) -> None:
    """The same for every office: a rule, shift or calendar file changed."""
    for opd in sorted(set(tx.execute(select(schema.person.c.opd).distinct()).scalars())):
        mark(tx, opd, first, last, now)


def began(tx: Connection, opd: str) -> date | None:
    """From when on an office's days are made by themselves: the month of its first kiosk's
    invitation, or its first fact where that is earlier. None: it has neither."""
    made = tx.execute(
        select(func.min(schema.day.c.workdate)).where(schema.day.c.opd == opd)
    ).scalar()
    kiosk = schema.kiosk.c
    invited = tx.execute(select(func.min(kiosk.invited)).where(kiosk.opd == opd)).scalar()
    found = [] if made is None else [date.fromisoformat(made)]
    if invited is not None:
        found.append(today(invited).replace(day=1))
    return min(found, default=None)


def _newest(tx: Connection, opd: str) -> date:
    """The last day that has a fact."""
    its = schema.day.c
    made = tx.execute(select(func.max(its.workdate)).where(its.opd == opd)).scalar()
    return date.min if made is None else date.fromisoformat(made)


def today(now: float) -> date:
    """The date where the day begins first in Indonesia; `now` in UTC seconds."""
    return datetime.fromtimestamp(now + _EASTMOST_S, UTC).date()
