"""The clocks of one chain: what its clock marks were worth, and how each device's clock ran. Pure.

A mark of level 2 or more (server, NTP, GNSS) that nothing belies is an anchor (anchors.py):
boot-time seconds carry its time to all of its boot. A boot without an anchor has the battery clock at best, which is believed only where it
lies between what came before and after it.

A device keeps local time and may be wrong or be set at any moment. Between two marks that agree on
its offset it ran undisturbed (an *era*); a jump ends one era and begins the next, somewhere between
the two marks. What cannot be seen: a clock set and set back between two marks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

import msgspec

from sync_server.anchors import Anchors, anchors
from sync_server.clockmark import (
    ANCHOR,
    JUMP_MS,
    ClockMark,
    agree,
    by_boot,
    earliest,
    error_at,
    error_ms_at,
    later_than,
    latest,
    least,
    most,
    newest,
    worthier,
)


class Sight(msgspec.Struct, frozen=True):
    """A device was read at `wall` (kiosk seconds) after the mark at this position, and its clock was
    still as last measured: a change would have made a mark."""

    position: int
    device: int
    wall: int


class Reading(msgspec.Struct, frozen=True):
    """A device at one mark: `shown` local seconds as if UTC, its offset, the error of the mark."""

    shown: int
    offset_ms: int
    error_s: int

    @property
    def at(self) -> int:
        """UTC seconds of the look."""
        return self.shown - self.offset_ms // 1_000


class Era(msgspec.Struct, frozen=True):
    """A device's clock between two jumps: its readings, earliest shown time first.

    The clock ran so within `since` to `until` (UTC seconds; None: open) and at no other time.
    """

    readings: tuple[Reading, ...]
    since: int | None
    until: int | None

    def at(self, shown: int) -> Reading:
        """The last reading before the device showed this time, or else the first one."""
        after = bisect_right(self.readings, shown, key=lambda reading: reading.shown)
        return self.readings[max(0, after - 1)]


class History(msgspec.Struct, frozen=True):
    """The clocks of one chain: its marks (vouched), the anchors of each boot by up-time, the eras
    of each device by index, and what all marks leave for each: (not before, not after)."""

    marks: tuple[ClockMark, ...]
    anchors: Mapping[str, tuple[ClockMark, ...]]
    eras: Mapping[int, tuple[Era, ...]]
    limits: tuple[tuple[int | None, int | None], ...]

    def nearest(self, boot: str, up: int) -> tuple[ClockMark, ...]:
        """The anchors of a boot next to an up-time, before and after it."""
        held = self.anchors.get(boot, ())
        at = bisect_right(held, up, key=lambda mark: mark.up)
        return held[max(0, at - 1) : at + 1]


def history(marks: Sequence[ClockMark], sights: Sequence[Sight] = ()) -> History:
    """The clocks of a chain from all its marks in chain order, later ones included."""
    found = anchors(marks)
    sure = _vouched(marks, found)
    devices = {device for mark in sure for device in mark.offsets}
    eras = {device: _eras(_looks(sure, sights, device)) for device in sorted(devices)}
    limits = _bounds(sure, (mark for mark in sure if mark.trust >= ANCHOR))
    return History(sure, found.standing, eras, limits)


def vouched(marks: Sequence[ClockMark]) -> tuple[ClockMark, ...]:
    """The marks as far as they hold: each one that is no anchor is re-dated from the best anchor of
    its boot, before or after it; without one, a battery clock's only where it fits.

    Offsets were measured against the wall clock of their mark and move with it.
    """
    return _vouched(marks, anchors(marks))


def _vouched(marks: Sequence[ClockMark], found: Anchors) -> tuple[ClockMark, ...]:
    fitting = by_boot(_fitting(marks, found))
    held = {boot: _Known(sure) for boot, sure in {**fitting, **found.standing}.items()}
    return tuple(_vouch(mark, held.get(mark.boot)) for mark in marks)


def _bounds(
    marks: Sequence[ClockMark], sure: Iterable[ClockMark]
) -> tuple[tuple[int | None, int | None], ...]:
    """For each of the marks the earliest and latest UTC second that all of them leave for it."""
    ids = set(map(id, sure))
    passed = [None, *(newest(m) if id(m) in ids else None for m in marks)]
    lows = [
        most(most(m.after, earliest(m) if id(m) in ids else None), before)
        for m, before in zip(marks, passed, strict=False)
    ]
    highs = [least(m.before, latest(m) if id(m) in ids else None) for m in marks]
    high = [*accumulate(reversed(highs), least)][::-1]
    return tuple(zip(accumulate(lows, most), high, strict=True))


def _fitting(marks: Sequence[ClockMark], found: Anchors) -> Iterator[ClockMark]:
    """Marks of level 1 in boots without an anchor where all of them lie between what is known, all
    tell one story (an agent that starts again takes the system clock for the battery's, whoever set
    it meanwhile), and none says the same as an anchor that fell."""
    sure = (mark for held in found.standing.values() for mark in held)
    alone = [
        (mark, not later_than(mark, high) and (low is None or latest(mark) >= low))
        for mark, (low, high) in zip(marks, _bounds(marks, sure), strict=True)
        if mark.trust == 1 and mark.boot not in found.standing
    ]
    refuted = {
        mark.boot
        for mark, fits in alone
        if not fits or any(line.holds(mark) for line in found.fallen.get(mark.boot, ()))
    }
    boots = by_boot(mark for mark, _ in alone)
    refuted |= {
        boot for boot, held in boots.items() if not all(agree(held[0], mark) for mark in held)
    }
    yield from (mark for mark, _ in alone if mark.boot not in refuted)


class _Known:
    """The marks that date a boot, by up-time; the best of those before, and after, each."""

    def __init__(self, marks: Sequence[ClockMark]) -> None:
        self.ids = set(map(id, marks))
        self._ups = [mark.up for mark in marks]
        self._before = [*accumulate(marks, worthier)]
        self._after = [*accumulate(reversed(marks), worthier)][::-1]

    def best(self, up: int) -> ClockMark:
        """The one that is worth most at an up-time."""
        at = bisect_right(self._ups, up)
        near = (*self._before[max(0, at - 1) : at], *self._after[at : at + 1])
        return min(near, key=lambda mark: (error_ms_at(mark, up), -mark.up))


def _vouch(mark: ClockMark, known: _Known | None) -> ClockMark:
    if known is not None:
        return mark if id(mark) in known.ids else _redate(mark, known.best(mark.up))
    distrusted = mark.trust > 0
    return msgspec.structs.replace(mark, trust=0, distrusted=distrusted) if distrusted else mark


def _redate(mark: ClockMark, by: ClockMark) -> ClockMark:
    wall = by.wall + mark.up - by.up
    step = wall - mark.wall
    return msgspec.structs.replace(
        mark,
        wall=wall,
        trust=by.trust,
        error_ms=error_ms_at(by, mark.up),
        offsets={device: ms - step * 1_000 for device, ms in mark.offsets.items()},
        redated=step,
    )


class _Look(msgspec.Struct, frozen=True):
    """A reading, and how far the device was ahead of the boot-time clock of that boot."""

    reading: Reading
    boot: str
    ahead_ms: int


def _looks(marks: Sequence[ClockMark], sights: Sequence[Sight], device: int) -> Iterator[_Look]:
    """Every look at a device, in chain order: measured, or seen unchanged in the same boot."""
    seen: dict[int, list[int]] = {}
    for sight in sights:
        if sight.device == device:
            seen.setdefault(sight.position, []).append(sight.wall)
    newest: tuple[str, int] | None = None
    for position, mark in enumerate(marks):
        if mark.trust < 1:
            continue
        if device in mark.offsets:
            newest = mark.boot, mark.offsets[device] + (mark.wall - mark.up) * 1_000
            yield _look(mark, mark.wall, newest[1])
        if newest and newest[0] == mark.boot:
            for wall in seen.get(position, ()):
                # Read before the mark was made, measured in the same look.
                yield _look(mark, max(mark.wall, wall + mark.redated), newest[1])


def _look(mark: ClockMark, wall: int, ahead_ms: int) -> _Look:
    offset_ms = ahead_ms - (mark.wall - mark.up) * 1_000
    error = error_at(mark, mark.up + wall - mark.wall)
    return _Look(Reading(wall + offset_ms // 1_000, offset_ms, error), mark.boot, ahead_ms)


def _eras(looks: Iterable[_Look]) -> tuple[Era, ...]:
    runs: list[list[_Look]] = []
    for look in looks:
        if runs and _undisturbed(runs[-1][-1], look):
            runs[-1].append(look)
        else:
            runs.append([look])
    readings = [[look.reading for look in run] for run in runs]
    jumps = [(old[-1], new[0]) for old, new in pairwise(readings)]
    since = [None, *(old.at - old.error_s for old, _ in jumps)]
    until = [*(new.at + new.error_s for _, new in jumps), None]
    ordered = (tuple(sorted(run, key=lambda reading: reading.shown)) for run in readings)
    return tuple(map(Era, ordered, since, until))


def _undisturbed(before: _Look, now: _Look) -> bool:
    """Within a boot against the boot-time clock, which is steadier than what is known of UTC."""
    if before.boot == now.boot:
        return abs(now.ahead_ms - before.ahead_ms) <= JUMP_MS
    return abs(now.reading.offset_ms - before.reading.offset_ms) <= JUMP_MS
