"""Shifts: the hours that a decree sets for each weekday, and the windows they make in UTC. Pure.

A file (`tukin-shifts/1`) holds local wall-clock times; "+1" means the next day. `open`, `split` and
`close` bound the punches that may belong to the shift: arrivals from open, departures from split.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeVar

import msgspec

from sync_server.errors import BadFile, unusable

# Indonesia has three zones and no summer time, so a fixed map is enough.
ZONES: Mapping[str, int] = {
    "WIB": 420,
    "WITA": 480,
    "WIT": 540,
    "Asia/Jakarta": 420,
    "Asia/Makassar": 480,
    "Asia/Jayapura": 540,
}
# Which weekdays (Monday 0) a key of [shift.X.hours] stands for. A narrower key beats a wider one.
_DAYS: Mapping[str, tuple[int, ...]] = {
    "all": (0, 1, 2, 3, 4, 5, 6),
    "mon_thu": (0, 1, 2, 3),
    "mon": (0,),
    "tue": (1,),
    "wed": (2,),
    "thu": (3,),
    "fri": (4,),
    "sat": (5,),
    "sun": (6,),
}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(\+1)?")
_EPOCH = date(1970, 1, 1).toordinal()


class _Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: str
    end: str
    open: str
    split: str
    close: str
    mid: list[tuple[str, str]] = []
    apel: tuple[str, str] | None = None


class _Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    works_on_holidays: bool
    hours: dict[str, dict[str, object]]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["tukin-shifts/1"]
    shift: dict[str, dict[str, object]]


class Hours(msgspec.Struct, frozen=True, gc=False):
    """One weekday's hours in minutes after local midnight; beyond 1440 is the next day."""

    open: int
    start: int
    split: int
    end: int
    close: int
    mid: tuple[tuple[int, int], ...]
    apel: tuple[int, int] | None = None


class Shift(msgspec.Struct, frozen=True, gc=False):
    """A shift's hours, Monday first; None on days without any."""

    code: str
    works_on_holidays: bool
    week: tuple[Hours | None, ...]


class Window(msgspec.Struct, frozen=True, gc=False):
    """A shift on one date, in UTC seconds: in from `open` to before `split`, out up to `close`.

    Each of `mid` is [begin, end): the file's last minute is in it to its 59th second, as minutes
    are counted by floor everywhere. `apel` likewise: a touch in it answers the roll call.
    """

    open: int
    due_in: int
    split: int
    due_out: int
    close: int
    mid: tuple[tuple[int, int], ...] = ()
    apel: tuple[int, int] | None = None


def zone(name: str) -> int:
    """Minutes east of UTC of WIB, WITA or WIT, or of their IANA names; ValueError for another."""
    if name not in ZONES:
        raise ValueError(f"no zone {name!r}: write WIB, WITA or WIT")
    return ZONES[name]


def window(shift: Shift, day: date, zone_minutes: int) -> Window | None:
    """The shift on a local date in UTC; None when it has no hours that day (LIBUR_JADWAL)."""
    if zone_minutes not in ZONES.values():
        raise ValueError(f"no zone {zone_minutes} minutes east of UTC: 420, 480 or 540")
    hours = shift.week[day.weekday()]
    if hours is None:
        return None
    midnight = (day.toordinal() - _EPOCH) * 86_400 - zone_minutes * 60
    return Window(
        open=midnight + hours.open * 60,
        due_in=midnight + hours.start * 60,
        split=midnight + hours.split * 60,
        due_out=midnight + hours.end * 60,
        close=midnight + hours.close * 60,
        mid=tuple((midnight + a * 60, midnight + b * 60 + 60) for a, b in hours.mid),
        apel=_apel_on(midnight, hours.apel),
    )


def _apel_on(midnight: int, apel: tuple[int, int] | None) -> tuple[int, int] | None:
    return apel and (midnight + apel[0] * 60, midnight + apel[1] * 60 + 60)


def parse(text: str | bytes, file: str = "shifts.toml") -> dict[str, Shift]:
    """The shifts of a `tukin-shifts/1` file by code; BadFile names the key and the cure."""
    try:
        raw = msgspec.toml.decode(text, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        unusable(file, error)
    return {code: _shift(code, table, file) for code, table in raw.shift.items()}


_Table = TypeVar("_Table", _Shift, _Hours)


def _read(table: Mapping[str, object], kind: type[_Table], file: str, where: str) -> _Table:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        unusable(file, error, where)


def _shift(code: str, table: Mapping[str, object], file: str) -> Shift:
    raw = _read(table, _Shift, file, f"shift.{code}")
    where = f"shift.{code}.hours"
    if not raw.hours:
        raise BadFile(file, where, "no_hours")
    for key in raw.hours:
        if key not in _DAYS:
            raise BadFile(file, where, "unknown_day", day=key, days=", ".join(_DAYS))
    week: list[Hours | None] = [None] * 7
    for key, days in _DAYS.items():  # widest first
        if key in raw.hours:
            hours = _hours(raw.hours[key], file, f"{where}.{key}")
            for day in days:
                week[day] = hours
    return Shift(code, raw.works_on_holidays, tuple(week))


def _hours(table: Mapping[str, object], file: str, where: str) -> Hours:
    raw = _read(table, _Hours, file, where)
    minutes = {name: _minutes(getattr(raw, name), file, f"{where}.{name}") for name in _ORDER}
    for (name, strict), after in zip(_ORDER.items(), list(_ORDER)[1:], strict=False):
        if minutes[after] < minutes[name] or (strict and minutes[after] == minutes[name]):
            ats = {"before_at": getattr(raw, name), "after_at": getattr(raw, after)}
            raise BadFile(file, where, "wrong_order", before=name, after=after, **ats)
    hours = Hours(
        **minutes, mid=_mid(raw, file, f"{where}.mid"), apel=_apel(raw, file, f"{where}.apel")
    )
    if any(not hours.split <= a <= b < hours.end for a, b in hours.mid):
        raise BadFile(file, f"{where}.mid", "mid_outside")
    if hours.apel and not hours.open <= hours.apel[0] <= hours.apel[1] < hours.split:
        raise BadFile(file, f"{where}.apel", "apel_outside")
    return hours


# The order of a day, and whether the next one must be strictly later.
_ORDER = {"open": False, "start": True, "split": True, "end": False, "close": False}


def _mid(raw: _Hours, file: str, where: str) -> tuple[tuple[int, int], ...]:
    mid = tuple((_minutes(a, file, where), _minutes(b, file, where)) for a, b in raw.mid)
    edges = [edge for pair in mid for edge in pair]
    if any(b <= a for a, b in mid) or edges != sorted(set(edges)):
        raise BadFile(file, where, "mid_order")
    return mid


def _apel(raw: _Hours, file: str, where: str) -> tuple[int, int] | None:
    if raw.apel is None:
        return None
    first, last = (_minutes(text, file, where) for text in raw.apel)
    return first, last


def _minutes(text: str, file: str, where: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise BadFile(file, where, "not_a_time", text=text)
    hour, minute, next_day = found.groups()
    return int(hour) * 60 + int(minute) + (1440 if next_day else 0)
