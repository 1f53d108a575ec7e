"""Coverage: whether every device of an office was read past a time, so that silence means absence.

A negative fact (absent, missing punch) needs it; without it the day waits (TUNGGU_DATA). Pure.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec


class Claim(msgspec.Struct, frozen=True):
    """A kiosk's statement about a device (UTC seconds, from a trusted clock mark only).

    A device's own log was read whole up to `through`, and holds everything from `since` on. A
    camera keeps no log: it claims the time that it was up.
    """

    device: str
    since: int
    through: int


class Behind(msgspec.Struct, frozen=True):
    """A device not read far enough: up to `reached` (None: never), `short_s` seconds short."""

    device: str
    reached: int | None
    short_s: int


class Coverage(msgspec.Struct, frozen=True):
    """Whether all is read, else which devices are behind; none of them when no device is known."""

    complete: bool
    behind: tuple[Behind, ...]


def judge(claims: Iterable[Claim], devices: Collection[str], since: int, through: int) -> Coverage:
    """Whether every device was read without a hole from `since` to past `through` (UTC seconds).

    Devices are serials, the active ones of one office on that day. A read up to T may have come
    before another punch within the second T, so `through` itself needs a claim beyond it. An
    office without any known device is never complete: nobody could have punched there.
    """
    by_device: dict[str, list[Claim]] = {device: [] for device in devices}
    for claim in claims:
        if claim.device in by_device:
            by_device[claim.device].append(claim)
    behind = _behind(by_device, since, through)
    return Coverage(bool(by_device) and not behind, behind)


def _behind(by_device: Mapping[str, list[Claim]], since: int, through: int) -> tuple[Behind, ...]:
    behind = []
    for device in sorted(by_device):
        reached = _reached(by_device[device], since)
        if reached is None or reached <= through:
            short = through + 1 - max(since, reached or since)
            behind.append(Behind(device, reached, short))
    return tuple(behind)


def _reached(claims: Iterable[Claim], since: int) -> int | None:
    """The last second to which claims reach from `since` without a hole; None when none does."""
    reached = None
    for claim in sorted(claims, key=lambda c: (c.since, c.through)):
        if claim.since > max(since, (reached or 0) + 1):
            break
        reached = claim.through if reached is None else max(reached, claim.through)
    return reached
