"""The masa sanggah: until when people may object to a month that was closed. The same days bound an
objection and the approval of the month: Monday to Friday, without holidays, whatever a person's turns.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection

from sync_server import localtime, roster, rulings
from sync_server.calendar import Calendar
from sync_server.errors import BadFile

_SATURDAY = 5


def objections_until(tx: Connection, opd: str, month: str, closed: int) -> date:
    """The last day of it: so many workdays after the day of closing (`closed`: server UTC seconds) as
    the rule set of the month's last day says. Raises BadFile where no rule set or calendar says it."""
    rules = rulings.in_force(tx, localtime.month_days(month)[1])
    if rules is None:
        raise BadFile("month", month, "month_no_rules", month=month)
    day, left = localtime.day(closed, roster.zone(tx, opd) or 0), rules.dispute_workdays
    calendars = rulings.calendars(tx)
    while left:
        day += timedelta(days=1)
        left -= _is_workday(calendars, day)
    return day


def _is_workday(calendars: Mapping[int, Calendar], day: date) -> bool:
    if day.year not in calendars:
        raise BadFile("month", day.isoformat(), "no_calendar", year=day.year)
    return day.weekday() < _SATURDAY and calendars[day.year].day_kind(day) == "workday"
