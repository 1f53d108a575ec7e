"""What every report starts from: a month's dates, and whose NIP stands behind a PIN."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from math import inf

import msgspec
from sqlalchemy import Connection, select

from sync_server import localtime, roster, schema, shifts
from sync_server.errors import BadFile
from sync_server.roster import Person


class Span(msgspec.Struct, frozen=True):
    """A month: its first and last local date. `now`: the server UTC second at which it is asked for,
    after which nothing can have come."""

    first: date
    last: date
    now: float = inf

    def utc(self, zone: int) -> tuple[int, int]:
        """UTC seconds from the begin of the first day to before the end of the last; `zone` in
        minutes east of UTC."""
        end = localtime.midnight(self.last + timedelta(days=1), zone)
        return localtime.midnight(self.first, zone), end

    def days(self) -> Iterator[date]:
        """Every date."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def month(text: str) -> Span:
    """The dates of "YYYY-MM". Raises BadFile."""
    return Span(*localtime.month_days(text))


def asked(span: Span, now: float) -> Span:
    """The span as of server UTC second `now`. Raises BadFile where all of it is still to come."""
    if span.first > localtime.newest_day(now):
        raise BadFile("report", "", "span_ahead", first=span.first)
    return Span(span.first, span.last, now)


class Staff:
    """The people of some offices: who a PIN is on a date, and how people are called."""

    def __init__(self, tx: Connection, opds: Collection[str]) -> None:
        self._by_pin: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self.names: dict[str, str] = {}
        self.zones: dict[str, int] = {}
        for opd in sorted(opds):
            for person in roster.people(tx, opd):
                self._by_pin[opd, person.pin].append(person)
                self.names[person.nip] = person.nama
                self.zones.setdefault(opd, shifts.zone(person.zona))

    def nip(self, opd: str, pin: str, day: date) -> str | None:
        """Whom the PIN meant on that date."""
        known: Sequence[Person] = self._by_pin.get((opd, pin), ())
        return next((one.nip for one in known if one.mulai <= day <= one.selesai), None)

    def last(self, opd: str, pin: str, day: date) -> str | None:
        """Whom the PIN meant last, on that date or before it."""
        known = [one for one in self._by_pin.get((opd, pin), ()) if one.mulai <= day]
        return max(known, key=lambda one: one.selesai).nip if known else None

    def name(self, nip: str) -> str:
        """How the person is called; the NIP where nobody knows."""
        return self.names.get(nip, nip)


def offices(tx: Connection, reach: Collection[str] | None) -> list[str]:
    """The offices that people were imported for, of those in reach (None: all)."""
    its = schema.person.c
    found = tx.execute(select(its.opd).distinct()).scalars()
    return sorted(opd for opd in found if reach is None or opd in reach)
