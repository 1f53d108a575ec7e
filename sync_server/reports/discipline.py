"""PP 94/2021: who has been absent without a reason for how many days of the year. A warning for those
who have to talk to somebody, never a rule of pay."""

from collections.abc import Collection
from itertools import groupby

import msgspec
from sqlalchemy import Connection

from sync_server.daybook import stood
from sync_server.reports.known import Span, Staff
from sync_server.tukin import counters
from sync_server.tukin.counters import Counter


class Warned(msgspec.Struct, frozen=True):
    """Somebody who has reached a step of the decree by the end of the span."""

    opd: str
    name: str
    counter: Counter

    @property
    def nip(self) -> str:
        """Whose."""
        return self.counter.nip


def warned(tx: Connection, opds: Collection[str], span: Span) -> list[Warned]:
    """Everybody with a step, the most days first; days since the 1st of January count."""
    staff, year = Staff(tx, opds), span.last.year
    begin = span.last.replace(month=1, day=1)
    found = []
    for opd in sorted(opds):
        days = stood.of_often(tx, opd, (begin, span.last), "TK", counters.FEWEST)
        for nip, own in groupby(days, key=lambda day: day.nip):
            counter = counters.count(nip, year, own)
            if counter.step is not None:
                found.append(Warned(opd, staff.name(nip), counter))
    return sorted(found, key=lambda one: (-one.counter.days, one.opd, one.counter.nip))
