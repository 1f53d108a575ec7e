"""Which office-days have facts to make anew, because something that they rest on changed.

A day is marked from the office's first one to today (or the last that was made, where the clock was
set back): days to come are made once they are over.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, func, select, text

from sync_server import localtime, schema

Span = tuple[str, date, date]  # NIP, first and last day
_ASKED = 5_000  # people whom one statement names
_DAY = timedelta(days=1)
# The earlier of two times stands: a day that waits for its end is made anew now all the same.
_MARK = text(
    "INSERT INTO dirty (opd, workdate, since) VALUES (:opd, :workdate, :since) "
    "ON CONFLICT (opd, workdate) DO UPDATE SET since = "
    "CASE WHEN dirty.since < excluded.since THEN dirty.since ELSE excluded.since END"
)


def mark(tx: Connection, opd: str, first: date, last: date, now: float) -> None:
    """The facts of an office from `first` to `last` are to be made anew from `now` (UTC seconds)."""
    _mark(tx, opd, [(first, last)], now)


def _mark(tx: Connection, opd: str, spans: Iterable[tuple[date, date]], now: float) -> None:
    begun = began(tx, opd)
    if begun is None:
        return  # no kiosk and no fact yet: there is nothing to make anew
    days, newest = set[date](), max(localtime.newest_day(now), _newest(tx, opd))
    for first, last in spans:
        day = max(first, begun)
        while day <= min(last, newest):
            days.add(day)
            day += _DAY
    mark_days(tx, opd, days, now)


def mark_days(tx: Connection, opd: str, days: Iterable[date], since: float) -> None:
    """These days are to be made anew, once `since` (UTC seconds) has come."""
    rows = [{"opd": opd, "workdate": day.isoformat(), "since": int(since)} for day in sorted(days)]
    if rows:
        tx.execute(_MARK, rows)


def mark_person(tx: Connection, nip: str, first: date, last: date, now: float) -> None:
    """The same for every office that somebody is or was in."""
    mark_people(tx, [(nip, first, last)], now)


def mark_people(tx: Connection, spans: Sequence[Span], now: float) -> None:
    """The same for many people, each with days of his."""
    own: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for nip, first, last in spans:
        own[nip].append((first, last))
    offices: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for nip, opd in _homes(tx, spans):
        offices[opd] += own[nip]
    for opd in sorted(offices):
        _mark(tx, opd, offices[opd], now)


def _homes(tx: Connection, spans: Sequence[Span]) -> set[tuple[str, str]]:
    """The (NIP, office) of whoever was imported for it, or has a fact there in these days."""
    nips = sorted({nip for nip, _, _ in spans})
    person, made = schema.person.c, schema.day.c
    known = select(person.nip, person.opd)
    seen = select(made.nip, made.opd).where(
        made.workdate >= min((first for _, first, _ in spans), default=date.max).isoformat(),
        made.workdate <= max((last for _, _, last in spans), default=date.min).isoformat(),
    )
    found: set[tuple[str, str]] = set()
    for at in range(0, len(nips), _ASKED):
        some = nips[at : at + _ASKED]
        for query in (known.where(person.nip.in_(some)), seen.where(made.nip.in_(some))):
            found.update((nip, opd) for nip, opd in tx.execute(query.distinct()))
    return found


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
        found.append(localtime.newest_day(invited).replace(day=1))
    return min(found, default=None)


def _newest(tx: Connection, opd: str) -> date:
    """The last day that has a fact."""
    its = schema.day.c
    made = tx.execute(select(func.max(its.workdate)).where(its.opd == opd)).scalar()
    return date.min if made is None else date.fromisoformat(made)
