"""The year's calendar: holidays, joint leave, and the shifts that a period puts in place of others.

One file a year (`tukin-calendar/1`), confirmed by a person: every file names its decree. Pure.
"""

from collections.abc import Container, Mapping
from datetime import date
from itertools import combinations
from typing import Literal

import msgspec

from sync_server.errors import BadFile, unusable

DayKind = Literal["workday", "LIBUR_NASIONAL", "CUTI_BERSAMA"]


class _Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    year: int
    decree: str


class _Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dates: list[str]


class _Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    first: str = msgspec.field(name="from")
    last: str = msgspec.field(name="to")
    replace: dict[str, str]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["tukin-calendar/1"]
    meta: _Meta
    holidays: _Days
    joint_leave: _Days = _Days([])
    period: list[_Span] = []


class Period(msgspec.Struct, frozen=True):
    """From `first` to `last`, both included, `replace` names the shift that stands for another."""

    code: str
    first: date
    last: date
    replace: Mapping[str, str]


class Calendar(msgspec.Struct, frozen=True):
    """One year's days, in the local dates of the office. `file` is for messages."""

    file: str
    year: int
    decree: str
    holidays: frozenset[date]
    joint_leave: frozenset[date]
    periods: tuple[Period, ...]

    def day_kind(self, day: date) -> DayKind:
        """workday, LIBUR_NASIONAL or CUTI_BERSAMA; BadFile for a date of another year."""
        self._of_this_year(day)
        if day in self.holidays:
            return "LIBUR_NASIONAL"
        return "CUTI_BERSAMA" if day in self.joint_leave else "workday"

    def shift_on(self, code: str, day: date) -> str:
        """The shift that applies where the roster says `code`; BadFile for another year's date."""
        self._of_this_year(day)
        for period in self.periods:
            if period.first <= day <= period.last and code in period.replace:
                return period.replace[code]
        return code

    def check_shifts(self, known: Container[str]) -> None:
        """BadFile when a period names a shift that the shift file does not have."""
        for period in self.periods:
            for old, new in period.replace.items():
                for code in (old, new):
                    if code not in known:
                        where = f"period {period.code} replace {old}"
                        raise BadFile(self.file, where, "unknown_shift", shift=code)

    def _of_this_year(self, day: date) -> None:
        if day.year != self.year:
            raise BadFile(self.file, "meta.year", "other_year", day=day, year=self.year)


def parse(text: str | bytes, file: str = "calendar.toml") -> Calendar:
    """The calendar in a `tukin-calendar/1` file; BadFile names the key, the date and the cure."""
    try:
        raw = msgspec.toml.decode(text, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        unusable(file, error)
    if not raw.meta.decree.strip():
        raise BadFile(file, "meta.decree", "decree_empty")
    year = raw.meta.year
    holidays = _dates(raw.holidays, year, file, "holidays.dates")
    joint_leave = _dates(raw.joint_leave, year, file, "joint_leave.dates")
    for day in sorted(holidays & joint_leave):
        raise BadFile(file, "joint_leave.dates", "holiday_already", day=day)
    periods = tuple(_period(span, year, file) for span in raw.period)
    _check_overlap(periods, file)
    return Calendar(file, year, raw.meta.decree, holidays, joint_leave, periods)


def _dates(days: _Days, year: int, file: str, where: str) -> frozenset[date]:
    found: set[date] = set()
    for text in days.dates:
        day = _date(text, year, file, where)
        if day in found:
            raise BadFile(file, where, "date_twice", day=day)
        found.add(day)
    return frozenset(found)


def _date(text: str, year: int, file: str, where: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # fromisoformat also reads 20260101 and 2026-W01-1
        raise BadFile(file, where, "not_a_date", text=text)
    if day.year != year:
        raise BadFile(file, where, "outside_year", day=day, year=year)
    return day


def _period(span: _Span, year: int, file: str) -> Period:
    where = f"period {span.code}"
    first = _date(span.first, year, file, f"{where} from")
    last = _date(span.last, year, file, f"{where} to")
    if last < first:
        raise BadFile(file, where, "period_backwards", last=last)
    if not span.replace:
        raise BadFile(file, where, "period_empty")
    return Period(span.code, first, last, span.replace)


def _check_overlap(periods: tuple[Period, ...], file: str) -> None:
    for one, two in combinations(periods, 2):
        twice = sorted(one.replace.keys() & two.replace.keys())
        if twice and one.first <= two.last and two.first <= one.last:
            day = max(one.first, two.first)
            codes = {"one": one.code, "two": two.code, "shift": twice[0]}
            raise BadFile(file, f"period {two.code}", "both_replace", day=day, **codes)
