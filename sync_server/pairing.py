"""Pairing: one person's punches, shift, calendar, absences and coverage make the daily fact. Pure.

The first that applies decides: exempt, no shift, holiday or joint leave, full-day absence, a punch without
a usable clock, data still missing, absence. Silence alone is never an absence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

import msgspec

from sync_server import retime
from sync_server.calendar import DayKind
from sync_server.fact import Fact, Flag, Point, Status, Touch
from sync_server.shifts import Window
from sync_server.touches import USUAL, Chosen, Measure, Punch, Seen, look

VERSION = "pairing/2"
_IN_BY: Mapping[str, Flag] = {"secret": "in_by_secret", "witness": "in_by_witness"}
_FREE: tuple[Status, ...] = ("LIBUR_NASIONAL", "CUTI_BERSAMA", "SAH", "DIKECUALIKAN")
_OUT_BY: Mapping[str, Flag] = {"secret": "out_by_secret", "witness": "out_by_witness"}


class Absence(msgspec.Struct, frozen=True):
    """An approved absence: of the whole day, or in the place of the arrival or the departure. Of two
    the one of the lower `cost` counts (the rule set's basis points), then the first by its code."""

    code: str
    scope: Literal["day", "in", "out"]
    cost: tuple[int, ...] = ()


class PersonDay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything that a person's day depends on.

    `shift` is the one that applies after the calendar's periods, `window` its hours on `workdate`
    in UTC (None: none that day), `zone` the office's minutes east of UTC. `punches` are the
    person's around that day, in any order; those outside the window are left alone. Punches of
    unknown time belong here too: their bounds decide whether they concern this day, and one
    without any bound concerns every day that it is given to. `complete` and `behind` are
    coverage's verdict past the window's close. `excused` are checkpoints that an approved
    correction forgives. `measure` is the rule set's of that date. `exempt`: nobody asks when this
    person comes and goes.
    """

    nip: str
    opd: str
    workdate: date
    zone: int
    shift: str | None
    window: Window | None
    day_kind: DayKind
    works_on_holidays: bool
    punches: Sequence[Punch]
    complete: bool
    behind: Sequence[str] = ()
    absences: Sequence[Absence] = ()
    excused: Sequence[Point] = ()
    measure: Measure = USUAL
    exempt: bool = False


def pair(day: PersonDay) -> Fact:
    """The fact of one person's day. The order of punches, absences and excuses does not matter."""
    if day.window is None:
        nothing = Seen(None, None, (), 0, 0, (), ())
        return _fact(day, nothing, "DIKECUALIKAN" if day.exempt else "LIBUR_JADWAL", ())
    seen = look(day.punches, day.window, day.measure)
    if day.exempt:
        return _fact(day, seen, "DIKECUALIKAN", ())
    waited = tuple(_waited(day, seen))
    missing = tuple(point for point in waited if _absence(day, point) is None)
    status = _status(day, day.window, seen, waited)
    if status == "TUNGGU_DATA":
        return _fact(day, seen, status, waited)
    return _fact(day, seen, status, missing if status in ("HADIR", "TK", "TAHAN_JAM") else ())


def _status(day: PersonDay, window: Window, seen: Seen, waited: Sequence[Point]) -> Status:
    """The first that applies."""
    if day.day_kind != "workday" and not day.works_on_holidays:
        return day.day_kind
    if _absence(day, "day") is not None:
        return "SAH"
    if seen.unplaced and any(
        one.may_lie_in(*span) for span in _useful(day, window, seen) for one in seen.unplaced
    ):
        return "TAHAN_JAM"
    if not day.complete and (waited or _apel(day, seen) is False):
        return "TUNGGU_DATA"
    if "in" in waited and "out" in waited and not seen.weighed:
        return _untouched(day)
    return "HADIR"


def _untouched(day: PersonDay) -> Status:
    """Not one punch: absent, unless half-day absences stand in for arriving, leaving or both."""
    halves = [_absence(day, "in"), _absence(day, "out")]
    if all(halves):
        return "SAH"
    return "HADIR" if any(halves) else "TK"


def _waited(day: PersonDay, seen: Seen) -> Iterator[Point]:
    """The checkpoints without a punch that no correction forgives, absences not yet counted."""
    if seen.arrival is None and "in" not in day.excused:
        yield "in"
    if None in seen.mid and "mid" not in day.excused:
        yield "mid"
    if seen.departure is None and "out" not in day.excused:
        yield "out"


def _useful(day: PersonDay, window: Window, seen: Seen) -> Iterator[tuple[int, int]]:
    """The spans, ends included, where one more punch would better the day for the employee.

    Only there does a punch without a usable clock hold the day: to a day that is complete and on
    time an earlier arrival or a later departure would change nothing.
    """
    if not _settled(day, "in"):
        yield from _earlier(day, window, seen)
    if not _settled(day, "out"):
        yield from _later(day, window, seen)
    if "mid" not in day.excused:
        yield from _open_mids(window, seen)
    if window.apel is not None and _apel(day, seen) is False:
        yield window.apel[0], window.apel[1] - 1


def _earlier(day: PersonDay, window: Window, seen: Seen) -> Iterator[tuple[int, int]]:
    if seen.arrival is None:
        yield window.open, window.split - 1
    elif seen.late and day.measure.in_event == "first":
        yield window.open, seen.arrival.t - 1


def _later(day: PersonDay, window: Window, seen: Seen) -> Iterator[tuple[int, int]]:
    if seen.departure is None:
        yield window.split, window.close
    elif seen.early and day.measure.out_event == "last":
        yield seen.departure.t + 1, window.close


def _open_mids(window: Window, seen: Seen) -> Iterator[tuple[int, int]]:
    for chosen, (begin, end) in zip(seen.mid, window.mid, strict=True):
        if chosen is None:
            yield begin, end - 1


def _settled(day: PersonDay, point: Literal["in", "out"]) -> bool:
    """Whether a correction or an absence stands in for this checkpoint, punched or not."""
    return point in day.excused or _absence(day, point) is not None


def _apel(day: PersonDay, seen: Seen) -> bool | None:
    """Whether the roll call was answered; None where none was due, as for whoever is excused from
    arriving: it is the same device at the same hour."""
    return None if _settled(day, "in") else seen.apel


def _absence(day: PersonDay, scope: str) -> str | None:
    if not day.absences:  # nearly every day: this is asked nine times for each
        return None
    found = ((one.cost, one.code) for one in day.absences if one.scope == scope)
    return min(found, default=((), None))[1]


def _fact(day: PersonDay, seen: Seen, status: Status, missing: tuple[Point, ...]) -> Fact:
    present = status == "HADIR"
    return Fact(
        nip=day.nip,
        opd=day.opd,
        workdate=day.workdate,
        tz=tz(day.zone),
        shift=day.shift,
        due_in=_due(day.window.due_in) if day.window else None,
        due_out=_due(day.window.due_out) if day.window else None,
        arrival=_touch(seen.arrival),
        departure=_touch(seen.departure),
        mid=tuple(map(_touch, seen.mid)) if seen.mid else (),
        late_min=seen.late if present and not _settled(day, "in") else 0,
        early_min=seen.early if present and not _settled(day, "out") else 0,
        missing=missing,
        status=status,
        absence=_absence(day, "day"),
        absence_in=_absence(day, "in"),
        absence_out=_absence(day, "out"),
        excused=tuple(sorted(set(day.excused))) if day.excused else (),
        apel=_told_apel(day, seen, status),
        coverage="complete" if day.complete else "incomplete",
        behind=tuple(sorted(day.behind)),
        evidence=tuple(sorted({punch.event for punch in (*seen.weighed, *seen.unplaced)})),
        flags=tuple(sorted(_flags(day, seen, status))),
        engine=VERSION,
        retime=retime.VERSION,
    )


def _told_apel(day: PersonDay, seen: Seen, status: Status) -> Literal["attended", "missed"] | None:
    """Who was not there at all, or on leave, missed no roll call besides."""
    answered = _apel(day, seen)
    if answered is None or status not in ("HADIR", "TUNGGU_DATA", "TAHAN_JAM"):
        return None
    return "attended" if answered else "missed"


def _flags(day: PersonDay, seen: Seen, status: Status) -> Iterator[Flag]:
    if sum(absence.scope == "day" for absence in day.absences) > 1:
        yield "absences_overlap"
    if _bounded([seen.arrival]):
        yield "in_bounded"
    if _bounded(seen.mid):
        yield "mid_bounded"
    if _bounded([seen.departure]):
        yield "out_bounded"
    yield from _by_hand(seen)
    if seen.weighed and status in _FREE:
        yield "touched"
    if seen.unplaced:
        yield "unplaced"


def _by_hand(seen: Seen) -> Iterator[Flag]:
    """Arrivals and departures that no finger or face vouches for, so that somebody can list them."""
    for chosen, flags in ((seen.arrival, _IN_BY), (seen.departure, _OUT_BY)):
        if chosen is not None and chosen.punch.mode in flags:
            yield flags[chosen.punch.mode]


def _bounded(chosen: Iterable[Chosen | None]) -> bool:
    return any(one is not None and one.punch.derived.quality == "bounded" for one in chosen)


def _touch(chosen: Chosen | None) -> Touch | None:
    if chosen is None:
        return None
    punch = chosen.punch
    bounded = punch.derived.quality == "bounded"
    return Touch(
        t=_utc(chosen.t),
        event=punch.event,
        terminal=punch.terminal,
        mode=punch.mode,
        clock=punch.derived.quality,
        raw=punch.raw,
        lo=_utc(punch.lo) if bounded and punch.lo is not None else None,
        hi=_utc(punch.hi) if bounded and punch.hi is not None else None,
    )


@lru_cache(4_096)  # an office's hours are its people's
def _due(t: int) -> datetime:
    return _utc(t)


@lru_cache(4)
def tz(zone: int) -> str:
    """Minutes east of UTC as facts tell them: +07:00."""
    return f"+{zone // 60:02}:{zone % 60:02}"


def _utc(t: int) -> datetime:
    return datetime.fromtimestamp(t, UTC)
