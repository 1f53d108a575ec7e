"""The days that a month's closing counts: whether it is over.

All in the office's local dates; `now` is server UTC seconds.
"""

from datetime import date

from sqlalchemy import Connection

from sync_server import localtime, roster


def today(tx: Connection, opd: str, now: float) -> date:
    """The date at the office; where nobody was imported for it, the date in UTC."""
    return localtime.day(now, roster.zone(tx, opd) or 0)


def is_over(tx: Connection, opd: str, month: str, now: float) -> bool:
    """Whether the month's last day has ended at the office."""
    return today(tx, opd, now) > localtime.month_days(month)[1]
