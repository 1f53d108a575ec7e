"""Who has not been seen for days on end: no punch, no leave, and every device read."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

import msgspec
from sqlalchemy import Connection

from sync_server.daybook import stood
from sync_server.daybook.stood import Stood
from sync_server.reports.known import Span, Staff

SHORTEST = 3  # workdays, the first step of PP 94/2021
_BEFORE = timedelta(days=62)  # a run of the month may have begun in the months before it
_SEEN = ("HADIR", "SAH")


class Inactive(msgspec.Struct, frozen=True):
    """Somebody without a sign of life on `days` workdays in a row, `since` to `until`. `waiting` are
    days in between of which data are missing: they prove nothing and are not counted. `ongoing`:
    nothing was seen since."""

    opd: str
    nip: str
    name: str
    since: date
    until: date
    days: int
    waiting: int
    ongoing: bool


def people(
    tx: Connection, opds: Collection[str], span: Span, shortest: int = SHORTEST
) -> list[Inactive]:
    """The runs of at least `shortest` workdays that reach into the span, the longest first."""
    staff = Staff(tx, opds)
    found: list[Inactive] = []
    for opd in sorted(opds):
        days = stood.of_often(tx, opd, (span.first - _BEFORE, span.last), "TK", shortest)
        for _, own in groupby(days, key=lambda day: day.nip):
            found += _runs(list(own), staff)
    long = [one for one in found if one.days >= shortest and one.until >= span.first]
    return sorted(long, key=lambda one: (-one.days, one.opd, one.nip))


def _runs(days: Sequence[Stood], staff: Staff) -> Iterator[Inactive]:
    """The runs of one person's days without a sign of life; `days` by date."""
    run: list[Stood] = []
    waiting = 0
    for day in days:
        if day.status == "TK":
            run.append(day)
        elif day.status in _SEEN:
            if run:
                yield _inactive(run, waiting, staff, ongoing=False)
            run, waiting = [], 0
        elif run and day.status in ("TUNGGU_DATA", "TAHAN_JAM"):
            waiting += 1
    if run:
        yield _inactive(run, waiting, staff, ongoing=True)


def _inactive(run: Sequence[Stood], waiting: int, staff: Staff, *, ongoing: bool) -> Inactive:
    first, last = run[0], run[-1]
    return Inactive(
        first.opd,
        first.nip,
        staff.name(first.nip),
        first.workdate,
        last.workdate,
        len(run),
        waiting,
        ongoing,
    )
