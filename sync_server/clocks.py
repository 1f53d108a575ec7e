"""The clocks of one chain: what its clock marks were worth, and how each device's clock ran. Pure.

A device keeps local time and may be wrong or be set at any moment. Between two marks that agree on
its offset it ran undisturbed (an *era*); a jump ends one era and begins the next, somewhere between
the two marks. What cannot be seen: a clock set and set back between two marks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

JUMP_MS = 2_000  # devices tick in whole seconds and drift: a smaller change is no act of anybody
SLACK_S = 4  # whole-second stamp, whole-second measurement, and the drift that is not yet a jump
DRIFT_PPM = 50  # of the kiosk's boot-time clock


class ClockMark(msgspec.Struct, frozen=True):
    """One `clock` record: what the kiosk's clock was worth (contract: Clock), in chain order.

    `offsets` maps a device's index to the milliseconds that its local wall clock, counted as if
    UTC, is ahead of `wall`: about 25_200_000 for a correct device in WIB. `redated` is what
    `vouched` added to the kiosk's clock, in seconds.
    """

    wall: int
    trust: int
    error_ms: int
    boot: str
    up: int
    offsets: Mapping[int, int] = {}
    redated: int = 0


class Reading(msgspec.Struct, frozen=True):
    """A device at one mark: `shown` local seconds as if UTC, its offset, the error of the mark."""

    shown: int
    offset_ms: int
    error_s: int


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
    """The clocks of one chain: its marks (vouched) and the eras of each device by index."""

    marks: tuple[ClockMark, ...]
    eras: Mapping[int, tuple[Era, ...]]


def history(marks: Sequence[ClockMark]) -> History:
    """The clocks of a chain from all its marks in chain order, later ones included."""
    sure = vouched(marks)
    devices = {device for mark in sure for device in mark.offsets}
    return History(sure, {device: _eras(sure, device) for device in sorted(devices)})


def vouched(marks: Sequence[ClockMark]) -> tuple[ClockMark, ...]:
    """The marks, each untrusted one re-dated from the nearest trusted mark of its boot, if any.

    Boot-time seconds run on when the wall clock is set, so they carry the trusted time to the
    others, before and after. Offsets were measured against the untrusted wall and move with it.
    """
    by_boot: dict[str, list[ClockMark]] = {}
    for mark in marks:
        if mark.trust >= 1:
            by_boot.setdefault(mark.boot, []).append(mark)
    return tuple(
        mark if mark.trust >= 1 or mark.boot not in by_boot else _redate(mark, by_boot[mark.boot])
        for mark in marks
    )


def _redate(mark: ClockMark, sure: Iterable[ClockMark]) -> ClockMark:
    by = min(sure, key=lambda other: (abs(other.up - mark.up), -other.up))
    wall = by.wall + mark.up - by.up
    step = wall - mark.wall
    return ClockMark(
        wall=wall,
        trust=by.trust,
        # both `up` are whole seconds
        error_ms=by.error_ms + 1_000 + abs(mark.up - by.up) * DRIFT_PPM // 1_000,
        boot=mark.boot,
        up=mark.up,
        offsets={device: ms - step * 1_000 for device, ms in mark.offsets.items()},
        redated=step,
    )


def _eras(marks: Sequence[ClockMark], device: int) -> tuple[Era, ...]:
    runs: list[list[ClockMark]] = []
    for mark in marks:
        if mark.trust < 1 or device not in mark.offsets:
            continue
        if runs and abs(mark.offsets[device] - runs[-1][-1].offsets[device]) <= JUMP_MS:
            runs[-1].append(mark)
        else:
            runs.append([mark])
    jumps = [(old[-1], new[0]) for old, new in pairwise(runs)]
    since = [None, *(old.wall - error_s(old) for old, _ in jumps)]
    until = [*(new.wall + error_s(new) for _, new in jumps), None]
    return tuple(map(Era, (_readings(run, device) for run in runs), since, until))


def _readings(run: Iterable[ClockMark], device: int) -> tuple[Reading, ...]:
    found = []
    for mark in run:
        offset = mark.offsets[device]
        found.append(Reading(mark.wall + offset // 1_000, offset, error_s(mark)))
    return tuple(sorted(found, key=lambda reading: reading.shown))


def error_s(mark: ClockMark) -> int:
    """Seconds by which a time read off this mark may be wrong, whole-second stamps included."""
    return -(-mark.error_ms // 1_000) + SLACK_S
