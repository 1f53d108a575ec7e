"""The clocks of one chain: what its clock marks were worth, and how each device's clock ran. Pure.

A mark of level 2 or more (server, NTP, GNSS) is an anchor: boot-time seconds carry its time to all
of its boot. A boot without an anchor has the battery clock at best, which is believed only where it
lies between what came before and after it.

A device keeps local time and may be wrong or be set at any moment. Between two marks that agree on
its offset it ran undisturbed (an *era*); a jump ends one era and begins the next, somewhere between
the two marks. What cannot be seen: a clock set and set back between two marks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

import msgspec

JUMP_MS = 2_000  # devices tick in whole seconds and drift: a smaller change is no act of anybody
SLACK_S = 4  # whole-second stamp, whole-second measurement, and the drift that is not yet a jump
DRIFT_PPM = 50  # of the kiosk's boot-time clock
ANCHOR = 2
_CENTRE_S = 300  # the centre's own clock may be off by this before it belies all its kiosks
_GNSS = 4


class ClockMark(msgspec.Struct, frozen=True):
    """One `clock` record: what the kiosk's clock was worth (contract: Clock), in chain order.

    `offsets` maps a device's index to the milliseconds that its local wall clock, counted as if
    UTC, is ahead of `wall`: about 25_200_000 for a correct device in WIB; a device that was not
    measured then is not in it. `after` and `before` are proofs by others (UTC seconds): a receipt
    noted earlier, the arrival at the centre. `redated` is what `vouched` added to the kiosk's
    clock, in seconds; `distrusted`: it claimed a level that what is known contradicts.
    """

    wall: int
    trust: int
    error_ms: int
    boot: str
    up: int
    offsets: Mapping[int, int] = {}
    redated: int = 0
    after: int | None = None
    before: int | None = None
    distrusted: bool = False


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
    sure = vouched(marks)
    devices = {device for mark in sure for device in mark.offsets}
    eras = {device: _eras(_looks(sure, sights, device)) for device in sorted(devices)}
    limits = _bounds(sure, (mark for mark in sure if mark.trust >= ANCHOR))
    return History(sure, _by_boot(_anchors(marks)), eras, limits)


def vouched(marks: Sequence[ClockMark]) -> tuple[ClockMark, ...]:
    """The marks as far as they hold: each one without an anchor's level is re-dated from the best
    anchor of its boot, before or after it; without one, a battery clock's only where it fits.

    Offsets were measured against the wall clock of their mark and move with it.
    """
    anchors = _by_boot(_anchors(marks))
    lone = [mark if mark.boot in anchors else None for mark in marks]
    fitting = _by_boot(_fitting(marks, anchors)) if not all(lone) else {}
    return tuple(_vouch(mark, anchors.get(mark.boot), fitting.get(mark.boot)) for mark in marks)


def _bounds(
    marks: Sequence[ClockMark], anchors: Iterable[ClockMark]
) -> tuple[tuple[int | None, int | None], ...]:
    """For each of the marks the earliest and latest UTC second that all of them leave for it."""
    sure = set(map(id, anchors))
    lows = [most(m.after, m.wall - error_s(m) if id(m) in sure else None) for m in marks]
    highs = [least(m.before, m.wall + error_s(m) if id(m) in sure else None) for m in marks]
    high = [*accumulate(reversed(highs), least)][::-1]
    return tuple(zip(accumulate(lows, most), high, strict=True))


def _anchors(marks: Sequence[ClockMark]) -> list[ClockMark]:
    """Marks of an anchor's level that nothing contradicts: not in the centre's future, and no GNSS
    that the network's or the server's time of the same boot belies."""
    found = [m for m in marks if m.trust >= ANCHOR and not _later_than(m, m.before, _CENTRE_S)]
    witnesses = _by_boot(mark for mark in found if mark.trust < _GNSS)
    return [
        mark
        for mark in found
        if mark.trust < _GNSS
        or not any(_contradict(mark, other) for other in witnesses.get(mark.boot, ()))
    ]


def _contradict(one: ClockMark, other: ClockMark) -> bool:
    apart = abs((one.wall - one.up) - (other.wall - other.up)) * 1_000
    errors = _error_ms_at(one, one.up) + _error_ms_at(other, one.up)
    return apart > JUMP_MS + errors


def _fitting(
    marks: Sequence[ClockMark], anchors: Mapping[str, Sequence[ClockMark]]
) -> Iterator[ClockMark]:
    """Marks of level 1 in boots without an anchor where all of them lie between what is known."""
    alone = [
        (mark, not _later_than(mark, high) and (low is None or mark.wall + error_s(mark) >= low))
        for mark, (low, high) in zip(marks, _bounds(marks, _anchors(marks)), strict=True)
        if mark.trust == 1 and mark.boot not in anchors
    ]
    refuted = {mark.boot for mark, fits in alone if not fits}
    yield from (mark for mark, _ in alone if mark.boot not in refuted)


def _vouch(
    mark: ClockMark, anchors: Sequence[ClockMark] | None, fitting: Sequence[ClockMark] | None
) -> ClockMark:
    by = anchors or fitting
    if by is None:
        distrusted = mark.trust > 0
        return msgspec.structs.replace(mark, trust=0, distrusted=distrusted) if distrusted else mark
    return mark if mark in by else _redate(mark, by)


def _redate(mark: ClockMark, sure: Iterable[ClockMark]) -> ClockMark:
    by = min(sure, key=lambda other: (_error_ms_at(other, mark.up), -other.up))
    wall = by.wall + mark.up - by.up
    step = wall - mark.wall
    return msgspec.structs.replace(
        mark,
        wall=wall,
        trust=by.trust,
        error_ms=_error_ms_at(by, mark.up),
        offsets={device: ms - step * 1_000 for device, ms in mark.offsets.items()},
        redated=step,
    )


def _error_ms_at(mark: ClockMark, up: int) -> int:
    """What a mark's time is worth elsewhere in its boot; both `up` are whole seconds."""
    return mark.error_ms + 1_000 + abs(up - mark.up) * DRIFT_PPM // 1_000


def _later_than(mark: ClockMark, limit: int | None, spare: int = 0) -> bool:
    return limit is not None and mark.wall - error_s(mark) > limit + spare


def _by_boot(marks: Iterable[ClockMark]) -> dict[str, tuple[ClockMark, ...]]:
    found: dict[str, list[ClockMark]] = {}
    for mark in marks:
        found.setdefault(mark.boot, []).append(mark)
    return {boot: tuple(sorted(held, key=lambda m: m.up)) for boot, held in found.items()}


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


def error_s(mark: ClockMark) -> int:
    """Seconds by which a time read off this mark may be wrong, whole-second stamps included."""
    return -(-mark.error_ms // 1_000) + SLACK_S


def error_at(mark: ClockMark, up: int) -> int:
    """The same at another up-time of the mark's boot."""
    drift_ms = abs(up - mark.up) * DRIFT_PPM // 1_000
    return -(-(mark.error_ms + drift_ms) // 1_000) + SLACK_S


def least(a: int | None, b: int | None) -> int | None:
    """The smaller of two bounds; None is no bound."""
    return b if a is None else a if b is None else min(a, b)


def most(a: int | None, b: int | None) -> int | None:
    """The larger of two bounds; None is no bound."""
    return b if a is None else a if b is None else max(a, b)
