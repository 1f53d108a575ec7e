"""Touches: which of a person's punches are the arrival, the departure and those between. Pure.

First in, last out, as the field asks; a device's own in/out state is worthless (it is 255 or
whatever key was pressed last). Punches within two minutes, on any device and by any finger or face,
are one touch.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from sync_server.retime import Derived
from sync_server.shifts import Window

DUPLICATE_S = 120  # finger, then face, then once more to be sure


class Measure(msgspec.Struct, frozen=True):
    """How a decree measures a day: how seconds round to minutes, which touch of several counts.

    `bounded` "hold": a punch whose time is only an interval holds the day instead of counting with
    the best case in it.
    """

    seconds: Literal["floor", "ceil"] = "floor"
    in_event: Literal["first", "last"] = "first"
    out_event: Literal["first", "last"] = "last"
    duplicate_s: int = DUPLICATE_S
    bounded: Literal["favour", "hold"] = "favour"


USUAL = Measure()


class Punch(msgspec.Struct, frozen=True, gc=False):
    """One event of one person, with its derived time. `raw`: see retime.raw."""

    event: str
    terminal: str
    mode: str
    derived: Derived
    raw: str | None = None

    @property
    def lo(self) -> int | None:
        """Earliest UTC second that counts: the time itself where one was found; None: no bound."""
        return self.derived.lo if self.derived.t is None else self.derived.t

    @property
    def hi(self) -> int | None:
        """Latest UTC second that counts."""
        return self.derived.hi if self.derived.t is None else self.derived.t

    def may_lie_in(self, first: int, last: int) -> bool:
        """Whether it may have happened from first to last; without bounds it always may."""
        lo, hi = self.lo, self.hi
        return (lo is None or lo <= last) and (hi is None or hi >= first)


class Chosen(msgspec.Struct, frozen=True, gc=False):
    """The punch that stands for a checkpoint, and the UTC second that counts for it."""

    punch: Punch
    t: int


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What the punches within a window amount to. `late` and `early` are whole minutes (floor).

    `mid` has an entry for each of the window's, `weighed` all placed punches that may lie in the
    window, `unplaced` those that may and have no usable time. `apel`: whether the roll call was
    answered, None where none was held.
    """

    arrival: Chosen | None
    departure: Chosen | None
    mid: tuple[Chosen | None, ...]
    late: int
    early: int
    weighed: tuple[Punch, ...]
    unplaced: tuple[Punch, ...]
    apel: bool | None = None


class _Touch(msgspec.Struct, frozen=True):
    """Punches that are one touch. The first speaks for an arrival, the last for a departure."""

    punches: tuple[Punch, ...]
    first: int
    last: int
    sure: bool

    def key(self) -> tuple[int, int, str]:
        return self.first, self.last, self.punches[0].event


def look(punches: Iterable[Punch], window: Window, measure: Measure = USUAL) -> Seen:
    """Read a day: first arrival, last departure; where bounds leave a choice, for the employee.

    A sure touch inside a mid window is that checkpoint and never a departure: who touched at 13:05
    and forgot at 16:00 has a missing departure (which can be forgiven), not an early one.
    """
    here = [punch for punch in punches if punch.may_lie_in(window.open, window.close)]
    unusable = ("unknown", "bounded") if measure.bounded == "hold" else ("unknown",)
    weighed = tuple(punch for punch in here if punch.derived.quality not in unusable)
    touches = sorted(_touches(weighed, measure.duplicate_s), key=_Touch.key)
    free = [touch for touch in touches if not _is_mid(touch, window)]
    ways = [*_ways(free, window, measure)]
    arrival, departure = (
        ways[0] if len(ways) == 1 else min(ways, key=lambda way: _cost(window, measure, *way))
    )
    left = [touch for touch in touches if touch is not arrival and touch is not departure]
    return Seen(
        arrival=Chosen(arrival.punches[0], _in_at(window, arrival)) if arrival else None,
        departure=Chosen(departure.punches[-1], _out_at(window, departure)) if departure else None,
        mid=tuple(_mid(left, window)),
        late=_late(window, measure, arrival),
        early=_early(window, measure, departure),
        weighed=weighed,
        unplaced=tuple(punch for punch in here if punch.derived.quality in unusable),
        apel=_apel(weighed, window),
    )


def _apel(punches: Iterable[Punch], window: Window) -> bool | None:
    if window.apel is None:
        return None
    begin, end = window.apel
    return any(punch.may_lie_in(begin, end - 1) for punch in punches)


def _touches(punches: Iterable[Punch], duplicate_s: int) -> Iterator[_Touch]:
    """Punches shortly after the first of them; bounded ones only with bounds equally wide."""
    spans = [(punch.lo or 0, punch.hi or 0, punch) for punch in punches]
    spans.sort(key=lambda span: (span[1] - span[0], span[0], span[2].event))
    run: list[tuple[int, int, Punch]] = []
    for span in spans:
        if run and not _same_touch(run[0], span, duplicate_s):
            yield _touch(run)
            run = []
        run.append(span)
    if run:
        yield _touch(run)


def _same_touch(
    first: tuple[int, int, Punch], other: tuple[int, int, Punch], duplicate_s: int
) -> bool:
    same_width = other[1] - other[0] == first[1] - first[0]
    return same_width and other[0] - first[0] <= duplicate_s


def _touch(run: Sequence[tuple[int, int, Punch]]) -> _Touch:
    lo, hi, _ = run[0]
    return _Touch(tuple(punch for _, _, punch in run), lo, run[-1][1], sure=lo == hi)


_Way = tuple[_Touch | None, _Touch | None]


def _ways(touches: Sequence[_Touch], window: Window, measure: Measure) -> Iterator[_Way]:
    """Every way to choose: arrivals begin before the split, departures end after, none is both.

    A day without doubt has one way, first in and last out (or as the decree measures).
    """
    arrivals = [touch for touch in touches if touch.first < window.split]
    departures = [touch for touch in touches if touch.last >= window.split]
    if measure.in_event == "last":
        arrivals = _not_before_the_last(arrivals)
    if measure.out_event == "first":
        departures = _not_after_the_first(departures)
    if all(touch.sure for touch in touches) and not set(map(id, arrivals)) & set(
        map(id, departures)
    ):
        yield arrivals[0] if arrivals else None, departures[-1] if departures else None
        return
    for arrival in (None, *arrivals):
        for departure in (None, *departures):
            if arrival is None or arrival is not departure:
                yield arrival, departure


def _not_before_the_last(arrivals: Sequence[_Touch]) -> list[_Touch]:
    """The last sure touch, and whatever in doubt may have come after it."""
    last = max((touch.first for touch in arrivals if touch.sure), default=None)
    return [touch for touch in arrivals if last is None or touch.last >= last]


def _not_after_the_first(departures: Sequence[_Touch]) -> list[_Touch]:
    """The first sure touch, and whatever in doubt may have come before it."""
    first = min((touch.last for touch in departures if touch.sure), default=None)
    return [touch for touch in departures if first is None or touch.first <= first]


def _cost(
    window: Window, measure: Measure, arrival: _Touch | None, departure: _Touch | None
) -> tuple[int, bool, int, int, tuple[int, int, str], int]:
    """Fewest checkpoints missing, an arrival before a departure, fewest minutes, surest; then time.

    Where all touches are sure and none lies across the split, this is first in and last out.
    """
    chosen = [touch for touch in (arrival, departure) if touch]
    return (
        -len(chosen),
        arrival is None,
        _late(window, measure, arrival) + _early(window, measure, departure),
        sum(not touch.sure for touch in chosen),
        arrival.key() if arrival else (0, 0, ""),
        -_out_at(window, departure) if departure else 0,
    )


def _in_at(window: Window, touch: _Touch) -> int:
    return max(touch.first, window.open)


def _out_at(window: Window, touch: _Touch) -> int:
    return min(touch.last, window.close)


def _late(window: Window, measure: Measure, touch: _Touch | None) -> int:
    return minutes(_in_at(window, touch) - window.due_in, measure) if touch else 0


def _early(window: Window, measure: Measure, touch: _Touch | None) -> int:
    return minutes(window.due_out - _out_at(window, touch), measure) if touch else 0


def minutes(seconds: int, measure: Measure) -> int:
    """Whole minutes of a lateness, as the decree rounds seconds; none where it is negative."""
    return max(0, (seconds + (59 if measure.seconds == "ceil" else 0)) // 60)


def _is_mid(touch: _Touch, window: Window) -> bool:
    return touch.sure and any(
        punch.may_lie_in(begin, end - 1) for punch in touch.punches for begin, end in window.mid
    )


def _mid(touches: Iterable[_Touch], window: Window) -> Iterator[Chosen | None]:
    """For each mid window the first punch that may lie in it, a sure one before a bounded one."""
    punches = [p for t in sorted(touches, key=lambda t: not t.sure) for p in t.punches]
    for begin, end in window.mid:
        fit = next((p for p in punches if p.may_lie_in(begin, end - 1)), None)
        if fit is None:
            yield None
            continue
        punches.remove(fit)
        yield Chosen(fit, max(fit.lo or 0, begin))
