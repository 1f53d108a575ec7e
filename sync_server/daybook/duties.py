"""Who of an office works which hours on a date: people, turns, shifts and the calendar together."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

import msgspec
from sqlalchemy import Connection

from sync_server import plain, rulings, shifts
from sync_server.calendar import Calendar, DayKind
from sync_server.errors import BadFile
from sync_server.roster import Person, Turn
from sync_server.shifts import Shift, Window

_DAY = timedelta(days=1)


class Duty(msgspec.Struct, frozen=True, gc=False):
    """What somebody has to work on a date. `pins` are all that he has that day, `window` is None
    where the shift has no hours then."""

    nip: str
    opd: str
    pins: tuple[str, ...]
    workdate: date
    zone: int
    shift: str
    window: Window | None
    kind: DayKind
    works_on_holidays: bool


class Hours(msgspec.Struct, frozen=True):
    """What a turn means on a date, for everybody who has it."""

    shift: str
    window: Window | None
    kind: DayKind
    works_on_holidays: bool


class Duties(msgspec.Struct, frozen=True):
    """What an office's hours follow from: its people by NIP, their turns, the files in force."""

    opd: str
    people: Sequence[tuple[Person, ...]]
    turns: Mapping[str, Sequence[Turn]]
    shifts: Mapping[str, Shift]
    calendars: Mapping[int, Calendar]

    @property
    def zone(self) -> int | None:
        """Minutes east of UTC; None where nobody was imported."""
        return shifts.zone(self.people[0][0].zona) if self.people else None

    def of_day(self, day: date) -> Iterator[Duty]:
        """By NIP; nothing for whom no turn has a shift that day. Raises BadFile where a file lacks."""
        met: dict[tuple[str, str], Hours] = {}
        for own in self.people:
            known = [one for one in own if one.mulai <= day <= one.selesai]
            code = self._turn(known[0].nip, day) if known else None
            if code is None:
                continue
            first = known[0]
            hours = met.get((code, first.zona))
            if hours is None:
                hours = met[code, first.zona] = self._hours(code, day, shifts.zone(first.zona))
            yield Duty(
                first.nip,
                self.opd,
                (first.pin,) if len(known) == 1 else tuple(one.pin for one in known),
                day,
                shifts.ZONES[first.zona],
                hours.shift,
                hours.window,
                hours.kind,
                hours.works_on_holidays,
            )

    def check(self) -> None:
        """Raise BadFile where no fact can be made at all."""
        if not self.shifts:
            raise BadFile("facts", "", "no_shifts")
        if not self.people:
            raise BadFile("facts", "", "no_people", opd=self.opd)

    def _turn(self, nip: str, day: date) -> str | None:
        for turn in self.turns.get(nip, ()):
            if turn.mulai <= day <= turn.selesai:
                return turn.shift
        return None

    def _hours(self, code: str, day: date, zone: int) -> Hours:
        if day.year not in self.calendars:
            raise BadFile("facts", day.isoformat(), "no_calendar", year=day.year)
        calendar = self.calendars[day.year]
        code = calendar.shift_on(code, day)
        if code not in self.shifts:
            raise BadFile("facts", day.isoformat(), "unknown_shift", shift=code)
        shift = self.shifts[code]
        window = shifts.window(shift, day, zone)
        return Hours(shift.code, window, calendar.day_kind(day), shift.works_on_holidays)


_PEOPLE = (
    "SELECT nip, name, opd, zone, pin, valid_from, valid_to FROM person "
    "WHERE opd = ? ORDER BY nip, pin"
)
# In the order of their begin: where two overlap (two files), the earlier one holds.
_TURNS = (
    "SELECT nip, shift, valid_from, valid_to FROM rota "
    "WHERE nip IN (SELECT nip FROM person WHERE opd = ?) ORDER BY nip, valid_from"
)


def load(tx: Connection, opd: str, nips: Collection[str] | None = None) -> Duties:
    """What the hours of an office's people (None: of all of them) follow from."""
    wanted = [
        Person(nip, name, opd, zone, pin, _date(first), _date(last))
        for nip, name, opd, zone, pin, first, last in plain.rows(tx, _PEOPLE, opd)
        if nips is None or nip in nips
    ]
    people = [tuple(own) for _, own in groupby(wanted, key=lambda person: person.nip)]
    turns: dict[str, list[Turn]] = {}
    for nip, shift, first, last in plain.rows(tx, _TURNS, opd):
        turns.setdefault(nip, []).append(Turn(nip, shift, _date(first), _date(last)))
    return Duties(opd, people, turns, rulings.shift_table(tx), rulings.calendars(tx))


@lru_cache(1_024)  # whoever came or went did so with others
def _date(text: str) -> date:
    return date.fromisoformat(text)


def days(first: date, last: date) -> list[date]:
    """From first to last, both included."""
    return [first + _DAY * n for n in range((last - first).days + 1)]
