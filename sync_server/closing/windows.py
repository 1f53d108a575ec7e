"""The days that a month's closing counts: whether it is over, and how long people may object.

All in the office's local dates; `now` is server UTC seconds.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from sync_server import roster, rulings
from sync_server.calendar import Calendar
from sync_server.errors import BadFile
from sync_server.sheet import members

_SATURDAY = 5


def today(tx: Connection, opd: str, now: float) -> date:
    """The date at the office; where nobody was imported for it, the date in UTC."""
    return datetime.fromtimestamp(now + 60 * (roster.zone(tx, opd) or 0), UTC).date()


def is_over(tx: Connection, opd: str, month: str, now: float) -> bool:
    """Whether the month's last day has ended at the office."""
    return today(tx, opd, now) > members.span(month)[1]


def objections_until(tx: Connection, opd: str, month: str, closed: int) -> date:
    """The last day of the masa sanggah: so many workdays after the day of closing as the rule set of
    the month's last day says. Raises BadFile where no rule set or calendar says it."""
    rules = rulings.in_force(tx, members.span(month)[1])
    if rules is None:
        raise BadFile("month", month, "month_no_rules", month=month)
    day, left = today(tx, opd, closed), rules.dispute_workdays
    calendars = rulings.calendars(tx)
    while left:
        day += timedelta(days=1)
        left -= _is_workday(calendars, day)
    return day


def _is_workday(calendars: Mapping[int, Calendar], day: date) -> bool:
    if day.year not in calendars:
        raise BadFile("month", day.isoformat(), "no_calendar", year=day.year)
    return day.weekday() < _SATURDAY and calendars[day.year].day_kind(day) == "workday"
