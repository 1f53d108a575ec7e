"""Months, dates and clocks of offices: instants are UTC, zones are minutes east of it. Pure."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

from sync_server.errors import BadFile

WIB = 420  # where most of Indonesia's people are; WIT, where its day begins, is two hours on
_WIT = 540
_DAY_S = 86_400
_EPOCH = date(1970, 1, 1)
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Whether it is a month as "2026-01"."""
    return _MONTH.fullmatch(text) is not None


def month_days(month: str) -> tuple[date, date]:
    """The first and last day of "2026-01". Raises BadFile."""
    if not is_month(month):
        raise BadFile("month", month, "not_a_month")
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def dates(month: str) -> list[date]:
    """Every date of "2026-01". Raises BadFile."""
    first, last = month_days(month)
    return [first + timedelta(days=n) for n in range(last.day)]


def months(today: date, count: int) -> list[str]:
    """This month and those before it, the newest first."""
    newest = today.year * 12 + today.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(newest, newest - count, -1)]


def at(utc: datetime | float, zone: int) -> datetime:
    """An instant (aware, or UTC seconds) by an office's clock."""
    there = timezone(timedelta(minutes=zone))
    return (
        utc.astimezone(there) if isinstance(utc, datetime) else datetime.fromtimestamp(utc, there)
    )


def day(utc: float, zone: int) -> date:
    """The date of UTC seconds at an office."""
    return _EPOCH + timedelta(days=int((utc + zone * 60) // _DAY_S))


def newest_day(utc: float) -> date:
    """The date of UTC seconds where the day begins first in Indonesia."""
    return day(utc, _WIT)


def midnight(day: date, zone: int) -> int:
    """UTC seconds at which a date begins at an office."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - zone * 60


def zone(tz: str) -> int:
    """The minutes of "+07:00", as facts name their office's zone."""
    hours, minutes = tz[1:].split(":")
    return int(hours) * 60 + int(minutes)
