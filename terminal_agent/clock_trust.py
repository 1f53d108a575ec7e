"""When the kiosk must say anew what its clock is worth. Pure."""

from collections.abc import Mapping

from contract.event import Clock

_STEP_SECONDS = 1
_OFFSET_MS = 1000


def due(last: Clock | None, now: Clock) -> bool:
    """True at a new boot, a step, a change of level, or an offset that moved by more than 1 s.

    `now` is what a record written at this moment would say, with every device's newest offset.
    """
    if last is None or (last.boot, last.trust) != (now.boot, now.trust):
        return True
    if abs((now.wall - now.up) - (last.wall - last.up)) > _STEP_SECONDS:
        return True
    return offsets_moved(dict(last.offsets), dict(now.offsets))


def offsets_moved(before: Mapping[int, int], now: Mapping[int, int]) -> bool:
    """True where a device is new or its clock moved by more than a second (milliseconds)."""
    return any(
        device not in before or abs(offset - before[device]) > _OFFSET_MS
        for device, offset in now.items()
    )


def carried(last: Clock | None, boot: str, up: int, wall: int, trust: int) -> dict[int, int]:
    """The offsets of the last record, as they stand against the wall clock now.

    Within a boot a step of our clock moves them; a device that was not asked since has not moved.
    Over a reboot they hold only between two trusted clocks.
    """
    if last is None:
        return {}
    if last.boot != boot:
        return dict(last.offsets) if last.trust and trust else {}
    step = (wall - up) - (last.wall - last.up)
    moved = step if abs(step) > _STEP_SECONDS else 0
    return {device: offset - moved * 1000 for device, offset in last.offsets}


def lag(t: int, offset_ms: int | None, wall: int) -> int:
    """Seconds from a device's stamp to `wall` (UTC); 0 where the device's offset is not known."""
    return 0 if offset_ms is None else wall - (t - round(offset_ms / 1000))
