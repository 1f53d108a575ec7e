"""One clock mark: what a kiosk's clock said about itself, and what that is worth. Pure."""

from collections.abc import Iterable, Mapping

import msgspec

JUMP_MS = 2_000  # devices tick in whole seconds and drift: a smaller change is no act of anybody
SLACK_S = 4  # whole-second stamp, whole-second measurement, and the drift that is not yet a jump
DRIFT_PPM = 50  # of the kiosk's boot-time clock
ANCHOR = 2
CENTRE_S = 300  # the centre's own clock may be off by this before it belies all its kiosks


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
    last: int | None = None
    distrusted: bool = False


def error_s(mark: ClockMark) -> int:
    """Seconds by which a time read off this mark may be wrong, whole-second stamps included."""
    return -(-mark.error_ms // 1_000) + SLACK_S


def error_at(mark: ClockMark, up: int) -> int:
    """The same at another up-time of the mark's boot."""
    drift_ms = abs(up - mark.up) * DRIFT_PPM // 1_000
    return -(-(mark.error_ms + drift_ms) // 1_000) + SLACK_S


def error_ms_at(mark: ClockMark, up: int) -> int:
    """What a mark's time is worth elsewhere in its boot; both `up` are whole seconds."""
    return mark.error_ms + 1_000 + abs(up - mark.up) * DRIFT_PPM // 1_000


def agree(one: ClockMark, other: ClockMark) -> bool:
    """Whether boot-time seconds carry the one's time to the other's, of the same boot."""
    apart = abs((one.wall - one.up) - (other.wall - other.up)) * 1_000
    return apart <= JUMP_MS + error_ms_at(one, one.up) + error_ms_at(other, one.up)


def worthier(held: ClockMark, new: ClockMark) -> ClockMark:
    """Of two marks of a boot, the one that is worth more when the new one is met."""
    worth = error_ms_at(held, new.up)
    return new if error_ms_at(new, new.up) <= worth else held


def earliest(mark: ClockMark) -> int:
    """The earliest UTC second at which the mark was made, as far as its clock is believed."""
    return mark.wall - error_s(mark)


def latest(mark: ClockMark) -> int:
    """The latest one."""
    return mark.wall + error_s(mark)


def newest(mark: ClockMark) -> int:
    """The UTC second that had passed by the last record before the next mark, by the same clock."""
    if mark.last is None:
        return earliest(mark)
    last = mark.last + mark.redated
    return last - error_at(mark, mark.up + last - mark.wall)


def later_than(mark: ClockMark, limit: int | None, spare: int = 0) -> bool:
    """Whether all that the mark's error allows is more than `spare` seconds after the limit."""
    return limit is not None and earliest(mark) > limit + spare


def by_boot(marks: Iterable[ClockMark]) -> dict[str, tuple[ClockMark, ...]]:
    """The marks of each boot by up-time; the boots as they came."""
    found: dict[str, list[ClockMark]] = {}
    for mark in marks:
        found.setdefault(mark.boot, []).append(mark)
    return {boot: tuple(sorted(held, key=lambda m: m.up)) for boot, held in found.items()}


def least(a: int | None, b: int | None) -> int | None:
    """The smaller of two bounds; None is no bound."""
    return b if a is None else a if b is None else min(a, b)


def most(a: int | None, b: int | None) -> int | None:
    """The larger of two bounds; None is no bound."""
    return b if a is None else a if b is None else max(a, b)
