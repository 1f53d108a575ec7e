"""The file of worked examples: a region's days and months that people counted by hand. Pure.

`cases.json` is a list of days, as {"id", "title", "ruleset", "date", "tz", "shift", "events", …,
"expect": {"status", "codes", "cut_bp"}}, and of months: {"id", "title", "ruleset", "month", "tz",
"shift", "days", "tpp", "ekinerja", "expect": {…}}. A month's `days` are those that were not worked
from begin to end: each names its "date" (or "from" and "to"), and either local times "in" and "out"
or the keys of a day; every other day was worked on time (`others` "absent": it was not). `ekinerja` is
the month's percentage, points or grade as text (`ekinerja_kind`). `ruleset` may be a list: the one in
force on the date applies. What `expect` does not name is not compared.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from sync_server.errors import unusable
from sync_server.fact import Point
from sync_server.pairing import Absence
from sync_server.tukin import productivity


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A touch: its time in UTC, or the bounds of it."""

    t: datetime
    clock: Literal["ok", "corrected", "bounded", "unknown"] = "ok"
    lo: datetime | None = None
    hi: datetime | None = None


class Worked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a day and a day of a month have alike."""

    events: list[Event] = []
    absences: list[Absence] = []
    excused: list[Point] = []
    coverage_complete: bool = True
    apel: bool | Literal["attended", "missed"] | None = None
    exempt: bool = False


class MonthDay(Worked, frozen=True, kw_only=True):
    """One day of a month, or several alike. `arrival` and `departure` are local times."""

    day: date | None = msgspec.field(name="date", default=None)
    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="to", default=None)
    arrival: str | None = msgspec.field(name="in", default=None)
    departure: str | None = msgspec.field(name="out", default=None)


class DayCase(Worked, frozen=True, kw_only=True):
    """A worked day. `streak`: which day in a row (or time in the month) of a code it is."""

    id: str
    title: str
    ruleset: str | list[str]
    tz: str
    shift: str
    expect: dict[str, Any]
    day: date = msgspec.field(name="date")
    streak: dict[str, int] = {}


class MonthCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A worked month of one person."""

    id: str
    title: str
    ruleset: str | list[str]
    tz: str
    shift: str
    expect: dict[str, Any]
    month: str
    days: list[MonthDay] = []
    others: Literal["on_time", "absent"] = "on_time"
    tpp: int = 0
    ekinerja: str | None = None
    ekinerja_kind: productivity.Kind = "percent"
    carried: dict[str, int] = {}


Case = DayCase | MonthCase


def parse(text: str | bytes, file: str = "cases.json") -> list[Case]:
    """The examples of a file, in its order. Raises BadFile."""
    try:
        raw = msgspec.json.decode(text, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        unusable(file, error)
    return [_case(one, file, f"[{n}]") for n, one in enumerate(raw)]


def _case(one: Mapping[str, Any], file: str, where: str) -> Case:
    try:
        if "month" in one:
            return msgspec.convert(one, MonthCase)
        return msgspec.convert(one, DayCase)
    except msgspec.ValidationError as error:
        unusable(file, error, str(one.get("id", where)))
