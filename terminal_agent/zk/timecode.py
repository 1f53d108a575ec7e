"""The u32 time code of ZKTeco records and the six-byte time of live events.

Both carry the device's local wall clock without a zone. Seconds here are "device seconds": that
wall clock counted as if it were UTC since 1970-01-01.
Sources: vendor manual 2006; zk-protocol sections/data-record.md and realtime.md.
"""

from calendar import timegm
from functools import lru_cache

import msgspec

_DAY = 86_400
_YEAR_DAYS = 12 * 31  # the code's calendar: every month has 31 days, so Feb 30 has a code too
_MONTH_LENGTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class DeviceTime(msgspec.Struct, frozen=True):
    """`t`: device seconds, or the raw u32 code itself where `impossible` (Feb 30, year 2100)."""

    t: int
    impossible: bool


def _days(year: int, month: int, day: int) -> int | None:
    """Days since 1970, None where the calendar has no such day."""
    if not (2000 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= _MONTH_LENGTH[month - 1]):
        return None
    if month == 2 and day == 29 and year % 4:
        return None
    return timegm((year, month, day, 0, 0, 0)) // _DAY


@lru_cache(maxsize=4096)
def days_of_code(day_code: int) -> int | None:
    """Days since 1970 of a time code divided by 86,400; None where no such day exists."""
    year, rest = divmod(day_code, _YEAR_DAYS)
    month, day = divmod(rest, 31)
    return _days(2000 + year, month + 1, day + 1)


def seconds(code: int) -> int | None:
    """Device seconds of a u32 code; None where its day cannot exist."""
    days = days_of_code(code // _DAY)
    return None if days is None else days * _DAY + code % _DAY


def decode(code: int) -> DeviceTime:
    """Device seconds of a u32 code; a day that cannot exist keeps the code and says so."""
    t = seconds(code)
    return DeviceTime(code, impossible=True) if t is None else DeviceTime(t, impossible=False)


def encode(year: int, month: int, day: int, second_of_day: int) -> int:
    """The u32 code of a date and a second of its day; also of dates that cannot exist."""
    return ((year % 100 * 12 + month - 1) * 31 + day - 1) * _DAY + second_of_day


def decode_six(raw: bytes) -> int | None:
    """Device seconds of a live event's YY MM DD hh mm ss; None where no such moment exists."""
    year, month, day, hour, minute, second = raw
    days = _days(2000 + year, month, day)
    if days is None or hour > 23 or minute > 59 or second > 59:
        return None
    return days * _DAY + hour * 3600 + minute * 60 + second
