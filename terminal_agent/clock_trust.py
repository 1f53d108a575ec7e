"""When the kiosk must say anew what its clock is worth. Pure."""

import math
from collections.abc import Mapping

import msgspec

from contract.event import Clock
from contract.receipt import Receipt

ANCHOR = 2  # from this level on a clock record dates the other ones of its boot
MOVED_M = 200
_STEP_MS = 500
_OFFSET_MS = 1000
_ANCHOR_S = 86_400
_METRES = 0.111_195  # a microdegree of latitude
_LONGEST_TRIP_MS = 10_000
_RESOLUTION_MS = 2  # four stamps, each cut to whole milliseconds
_RTC_SET_MS = 1_000
_RTC_MS_A_DAY = 3_000
_DAY_MS = 86_400_000
_DRIFT_PPM = 50  # of the boot-time clock
EARLIEST_MS = 1_735_689_600_000  # 2025: no clock that tells an earlier time is right


class Fix(msgspec.Struct, frozen=True):
    """At CLOCK_BOOTTIME `up_ms` (milliseconds) the true UTC time was `utc_ms`, wrong by at most
    `error_ms`; `trust` as in a clock record."""

    up_ms: int
    utc_ms: int
    error_ms: int
    trust: int

    def utc_at(self, up_ms: int) -> int:
        """True UTC milliseconds at another boot time."""
        return self.utc_ms + up_ms - self.up_ms

    def error_at(self, up_ms: int) -> int:
        """The error bound at another boot time, in milliseconds: the boot-time clock drifts."""
        return self.error_ms - (-abs(up_ms - self.up_ms) * _DRIFT_PPM // 1_000_000)


def server_fix(sent_up_ms: int, back_up_ms: int, receipt: Receipt) -> Fix | None:
    """The centre's time by four timestamps, as NTP reckons it (RFC 5905, section 8).

    `sent_up_ms` and `back_up_ms`: CLOCK_BOOTTIME milliseconds when a batch that was sent once only
    left and when its receipt came. None where the way was longer than 10 s or the times cannot be.
    """
    trip = (back_up_ms - sent_up_ms) - (receipt.sent_ms - receipt.received_ms)
    if not 0 <= trip <= _LONGEST_TRIP_MS or receipt.received_ms < EARLIEST_MS:
        return None
    utc_ms = receipt.sent_ms + trip // 2
    return Fix(back_up_ms, utc_ms, -(-trip // 2) + _RESOLUTION_MS, 2)


def better(held: Fix | None, new: Fix) -> Fix:
    """Of two fixes by one source, the one that is worth more at the newer's moment."""
    if held is None:
        return new
    now = max(held.up_ms, new.up_ms)
    return new if new.error_at(now) <= held.error_at(now) else held


def rtc_fix(last: Clock, up_ms: int, wall_ms: int) -> Fix | None:
    """The battery clock that set the system clock at boot, None where it contradicts the newest
    trusted clock record of an earlier boot: it cannot be earlier than that."""
    since_ms = wall_ms - last.wall * 1000
    if since_ms < 0 or wall_ms < EARLIEST_MS:
        return None
    error_ms = last.error_ms + _RTC_SET_MS + -(-since_ms * _RTC_MS_A_DAY // _DAY_MS)
    return Fix(up_ms, wall_ms, error_ms, 1)


class Told(msgspec.Struct, frozen=True):
    """What the newest clock record said. `ahead_ms`: UTC before boot time, `devices`: each device's
    clock before boot time in this boot, milliseconds; `place`: the newest position told."""

    record: Clock
    ahead_ms: int
    devices: Mapping[int, int]
    place: tuple[int, int] | None


def told(before: Told | None, now: Clock, ahead_ms: int) -> Told:
    """After writing the record `now`."""
    devices = {device: offset + ahead_ms for device, offset in now.offsets}
    if before is not None and before.record.boot == now.boot:
        devices = {**before.devices, **devices}
    place = now.position or (before.place if before else None)
    return Told(now, ahead_ms, devices, place)


def due(before: Told | None, now: Clock, ahead_ms: int) -> bool:
    """True at a new boot, a step of more than 500 ms, a change of level, a device that moved by more
    than 1 s or was not told of in this boot, a position 200 m away, and daily while trusted: between
    two records the boot-time clock alone carries the time.

    `now` is what a record written at this moment would say, with the offsets just measured.
    """
    if before is None or (before.record.boot, before.record.trust) != (now.boot, now.trust):
        return True
    if abs(ahead_ms - before.ahead_ms) > _STEP_MS:
        return True
    if now.trust >= ANCHOR and now.up - before.record.up >= _ANCHOR_S:
        return True
    if now.position and (not before.place or metres(before.place, now.position) > MOVED_M):
        return True
    return any(
        device not in before.devices or abs(offset + ahead_ms - before.devices[device]) > _OFFSET_MS
        for device, offset in now.offsets
    )


def metres(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The distance of two places (latitude, longitude in microdegrees), good to some per cent."""
    north = (one[0] - other[0]) * _METRES
    shrink = math.cos(math.radians((one[0] + other[0]) / 2e6))
    east = ((one[1] - other[1] + 180_000_000) % 360_000_000 - 180_000_000) * _METRES * shrink
    return math.hypot(north, east)


def lag(t: int, offset_ms: int | None, wall: int) -> int:
    """Seconds from a device's stamp to `wall` (UTC); 0 where the device's offset is not known."""
    return 0 if offset_ms is None else wall - (t - round(offset_ms / 1000))
