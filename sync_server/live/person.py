"""Where one person stands at this moment of the work day: nothing here is a fact yet. Pure.

Silence is never an absence: whoever has not come is "not yet" only where the office's devices tell
everything up to about now; otherwise there is no data.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, get_args

import msgspec

from sync_server import pairing
from sync_server.fact import Fact, Touch
from sync_server.live.reach import Reach
from sync_server.pairing import PersonDay
from sync_server.shifts import Window

State = Literal[
    "here",  # came, in time
    "late",
    "not_yet",  # the arrival window is open, and every device was read up to about now
    "no_data",  # some device was not
    "missed",  # the arrival window is over and was read whole: no arrival, whatever came later
    "held",  # a punch without a usable clock may be this person's
    "duty",
    "leave",
    "off",  # no shift, holiday, joint leave
    "later",  # the shift's window is not open yet
]
STATES: tuple[State, ...] = get_args(State)
_DUTY = frozenset({"DL", "DD", "TL", "SPT", "DIK", "DIKLAT"})


class Row(msgspec.Struct, frozen=True):
    """One person. `workdate` is the local date of the shift that is on; the other times are UTC
    seconds, None where there is none. `late` counts whole minutes, `code` is an absence's, `place`
    and `document` tell of it. `due`: the shift has begun."""

    nip: str
    name: str
    workdate: date
    shift: str
    state: State
    due_in: int | None = None
    arrived: int | None = None
    left: int | None = None
    late: int = 0
    code: str = ""
    document: str = ""
    place: str = ""
    due: bool = False


def on_now(days: Sequence[PersonDay], now: int) -> PersonDay:
    """Of a person's yesterday and today, the one that is on: a night shift is yesterday's until its
    window closes. `days`: by date, not empty."""
    for day in days:
        if day.window is not None and day.window.open <= now <= day.window.close:
            return day
    return days[-1]


def row(day: PersonDay, name: str, reach: Reach, now: int, grace: int = 0) -> Row:
    """How a person stands at `now` (UTC seconds). `grace`: minutes that the rule's flexible hours
    allow after the shift's start."""
    plain = Row(nip=day.nip, name=name, workdate=day.workdate, shift=day.shift or "", state="off")
    window = day.window
    if window is None:
        return plain
    fact = pairing.pair(msgspec.structs.replace(day, complete=True, behind=()))
    state = _decided(fact, grace) or _silent(window, reach, now)
    return msgspec.structs.replace(
        plain,
        state=state,
        due_in=window.due_in,
        arrived=_t(fact.arrival),
        left=_t(fact.departure),
        late=fact.late_min if state == "late" else 0,
        code=_code(fact) if state in ("duty", "leave") else "",
        due=window.due_in <= now,
    )


def _decided(fact: Fact, grace: int) -> State | None:
    """What is certain whatever the devices still hold; None: nothing is."""
    if fact.status not in ("HADIR", "TK", "SAH", "TAHAN_JAM"):
        return "off"
    if fact.status == "TAHAN_JAM":
        return "held"
    if fact.status == "SAH":
        return _away(_code(fact))
    if fact.arrival:
        return "late" if fact.late_min > grace else "here"
    return _away(fact.absence_in) if fact.absence_in else None


def _silent(window: Window, reach: Reach, now: int) -> State:
    if now < window.open:
        return "later"
    if now >= window.split and reach.whole(window.open, window.split - 1):
        return "missed"
    return "not_yet" if reach.current(window.open, now) else "no_data"


def _code(fact: Fact) -> str:
    return fact.absence or fact.absence_in or fact.absence_out or ""


def _away(code: str) -> State:
    return "duty" if code in _DUTY else "leave"


def _t(touch: Touch | None) -> int | None:
    return None if touch is None else _seconds(touch.t)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
