"""Pairing: one person's punches, shift, calendar, absences and coverage make the daily fact. Pure.

The first that applies decides: no shift, holiday or joint leave, full-day absence, a punch without
a usable clock, data still missing, absence. Silence alone is never an absence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from sync_server import retime
from sync_server.calendar import DayKind
from sync_server.fact import Fact, Flag, Point, Status, Touch
from sync_server.shifts import Window
from sync_server.touches import Chosen, Punch, Seen, look

VERSION = "pairing/1"
_IN_BY: Mapping[str, Flag] = {"secret": "in_by_secret", "witness": "in_by_witness"}
_OUT_BY: Mapping[str, Flag] = {"secret": "out_by_secret", "witness": "out_by_witness"}


class Absence(msgspec.Struct, frozen=True):
    """An approved absence: of the whole day, or in the place of the arrival or the departure."""

    code: str
    scope: Literal["day", "in", "out"]


class PersonDay(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a person's day depends on.

    `shift` is the one that applies after the calendar's periods, `window` its hours on `workdate`
    in UTC (None: none that day), `zone` the office's minutes east of UTC. `punches` are the
    person's around that day, in any order; those outside the window are left alone. Punches of
    unknown time belong here too: their bounds decide whether they concern this day, and one
    without any bound concerns every day that it is given to. `complete` and `behind` are
    coverage's verdict past the window's close. `excused` are checkpoints that an approved
    correction forgives.
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


def pair(day: PersonDay) -> Fact:
    """The fact of one person's day. The order of punches, absences and excuses does not matter."""
    if day.window is None:
        return _fact(day, Seen(None, None, (), 0, 0, (), ()), "LIBUR_JADWAL", ())
    seen = look(day.punches, day.window)
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
    if any(p.may_lie_in(*span) for span in _useful(day, window, seen) for p in seen.unplaced):
        return "TAHAN_JAM"
    if waited and not day.complete:
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
        if seen.arrival is None:
            yield window.open, window.split - 1
        elif seen.late:
            yield window.open, seen.arrival.t - 1
    if not _settled(day, "out"):
        if seen.departure is None:
            yield window.split, window.close
        elif seen.early:
            yield seen.departure.t + 1, window.close
    if "mid" not in day.excused:
        yield from _open_mids(window, seen)


def _open_mids(window: Window, seen: Seen) -> Iterator[tuple[int, int]]:
    for chosen, (begin, end) in zip(seen.mid, window.mid, strict=True):
        if chosen is None:
            yield begin, end - 1


def _settled(day: PersonDay, point: Literal["in", "out"]) -> bool:
    """Whether a correction or an absence stands in for this checkpoint, punched or not."""
    return point in day.excused or _absence(day, point) is not None


def _absence(day: PersonDay, scope: str) -> str | None:
    return min((absence.code for absence in day.absences if absence.scope == scope), default=None)


def _fact(day: PersonDay, seen: Seen, status: Status, missing: tuple[Point, ...]) -> Fact:
    present = status == "HADIR"
    return Fact(
        nip=day.nip,
        opd=day.opd,
        workdate=day.workdate,
        tz=f"+{day.zone // 60:02}:{day.zone % 60:02}",
        shift=day.shift,
        due_in=_utc(day.window.due_in) if day.window else None,
        due_out=_utc(day.window.due_out) if day.window else None,
        arrival=_touch(seen.arrival),
        departure=_touch(seen.departure),
        mid=tuple(map(_touch, seen.mid)),
        late_min=seen.late if present and not _settled(day, "in") else 0,
        early_min=seen.early if present and not _settled(day, "out") else 0,
        missing=missing,
        status=status,
        absence=_absence(day, "day"),
        absence_in=_absence(day, "in"),
        absence_out=_absence(day, "out"),
        excused=tuple(sorted(set(day.excused))),
        coverage="complete" if day.complete else "incomplete",
        behind=tuple(sorted(day.behind)),
        evidence=tuple(sorted({punch.event for punch in (*seen.weighed, *seen.unplaced)})),
        flags=tuple(sorted(_flags(day, seen, status))),
        engine=VERSION,
        retime=retime.VERSION,
    )


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
    if seen.weighed and status in ("LIBUR_NASIONAL", "CUTI_BERSAMA", "SAH"):
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


def _utc(t: int) -> datetime:
    return datetime.fromtimestamp(t, UTC)
