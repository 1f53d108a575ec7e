"""A day's work as its doer wrote it, what it may say, and until when it may change. Pure."""

from collections.abc import Container
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from sync_server.errors import BadFile

State = Literal["draft", "submitted", "verified", "returned"]
OPEN: tuple[State, ...] = ("draft", "returned")  # its doer may still change it
_DAY_MINUTES = 24 * 60
_LENGTHS = {"title": 300, "output": 300, "volume": 60, "evidence": 500}
_SATURDAY = 5


class Entry(msgspec.Struct, frozen=True):
    """What somebody writes: the activity, what came of it, how much of it, and the minutes that it
    took. `evidence` is a link, `attachment` the digest of an uploaded file; "" is none."""

    workdate: date
    title: str
    output: str
    volume: str
    minutes: int
    evidence: str = ""
    attachment: str = ""


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """An entry and what became of it. Times are server UTC seconds, 0 for not yet; `verifier` is the
    account that decided, `note` why it was returned."""

    no: int
    nip: str
    entry: Entry
    state: State
    entered: int
    submitted: int
    verifier: str
    decided: int
    note: str


def check(entry: Entry, today: date) -> None:
    """Raises BadFile, with the field in `where`, for what cannot be an activity."""
    for name in ("title", "output"):
        if not getattr(entry, name).strip():
            raise BadFile("ekinerja", name, "activity_empty")
    for name, most in _LENGTHS.items():
        if len(getattr(entry, name)) > most:
            raise BadFile("ekinerja", name, "activity_long", most=most)
    if not 0 < entry.minutes <= _DAY_MINUTES:
        raise BadFile("ekinerja", "minutes", "activity_minutes", most=_DAY_MINUTES)
    if entry.workdate > today:
        raise BadFile("ekinerja", "workdate", "activity_ahead", day=entry.workdate)
    if entry.evidence and not _is_link(entry.evidence):
        raise BadFile("ekinerja", "evidence", "activity_link")


def _is_link(text: str) -> bool:
    """A link that a browser may follow: never one that runs a script."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def last_day(base: date, workdays: int, off: Container[date]) -> date:
    """The last day of a window of so many workdays after `base`; Saturdays, Sundays and `off` do not
    count. 0 workdays: there is no end."""
    day, left = base, workdays
    if not workdays:
        return date.max
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY and day not in off
    return day
