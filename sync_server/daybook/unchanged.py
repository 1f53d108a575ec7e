"""Whether what was read of a chain still holds, now that more of its clocks is known. Pure.

A punch's time follows from the clock mark before it, the anchors of its boot, the eras of its
device, and between what the chain leaves room for it. Where all of that is as it was for everything
up to a state, reading goes on from that state; what follows it is read again.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from sync_server.chains import State
from sync_server.clockmark import ClockMark
from sync_server.clocks import Era, History, Reading


def newest(rests: Sequence[State], old: History, new: History) -> State | None:
    """The newest of states from which reading may go on; None: the chain is to be read whole."""
    same = _same_marks(old, new)
    for state in reversed(rests):
        if _holds(state, old, new, same):
            return state
    return None


def _holds(state: State, old: History, new: History, same: int) -> bool:
    return (
        state.mark < same
        and _limit(state.mark, old) == _limit(state.mark, new)
        and _same_anchors(state, old, new)
        and all(_same_eras(device, top, old, new) for device, top in state.shown.items())
    )


def _same_marks(old: History, new: History) -> int:
    """How many marks, from the first, are the same and leave the same room."""
    pairs = zip(old.marks, new.marks, old.limits, new.limits, strict=False)
    for at, (one, other, room, now) in enumerate(pairs):
        if room != now or _worth(one) != _worth(other):
            return at
    return min(len(old.marks), len(new.marks))


def _worth(mark: ClockMark) -> tuple[object, ...]:
    """All of a mark but `last`, which only bounds the marks after it."""
    return (
        mark.wall, mark.trust, mark.error_ms, mark.boot, mark.up, mark.redated, mark.distrusted,
        mark.offsets,
    )  # fmt: skip


def _limit(mark: int, history: History) -> tuple[int | None] | None:
    """By when the mark after this one says that scans before it were stored; None: there is none."""
    return history.limits[mark + 1][1:] if mark + 1 < len(history.limits) else None


def _same_anchors(state: State, old: History, new: History) -> bool:
    if state.mark < 0:
        return True
    current = old.marks[state.mark].boot
    boots = {mark.boot for mark in old.marks[: state.mark + 1]} - {current}
    if any(old.anchors.get(boot) != new.anchors.get(boot) for boot in boots):
        return False
    return state.up is None or _same_near(state.up, old.anchors, new.anchors, current)


_Anchors = Mapping[str, tuple[ClockMark, ...]]


def _same_near(up: int, old: _Anchors, new: _Anchors, boot: str) -> bool:
    """Whether scans up to an up-time have the same anchors before and after them."""
    was, now = ([_worth(mark) for mark in held.get(boot, ())] for held in (old, new))
    if was == now:
        return True
    after = bisect_right(old.get(boot, ()), up, key=lambda mark: mark.up) + 1
    return after <= len(was) and was[:after] == now[:after]


def _same_eras(device: int, top: int, old: History, new: History) -> bool:
    """Whether the device's clock is known as before, for scans that it stamped up to `top`."""
    was, now = old.eras.get(device, ()), new.eras.get(device, ())
    if len(was) != len(now) or was[:-1] != now[:-1]:
        return False
    return not was or _same_era(was[-1], now[-1], top)


def _same_era(was: Era, now: Era, top: int) -> bool:
    bounds = (was.since, was.until) == (now.since, now.until)
    return bounds and _up_to(was, top) == _up_to(now, top)


def _up_to(era: Era, top: int) -> tuple[Reading, ...]:
    """The readings that stand for seconds up to `top`: without any before it, the first."""
    after = bisect_right(era.readings, top, key=lambda reading: reading.shown)
    return era.readings[: max(1, after)]
