"""Coverage: whether every device of an office was read past a time, so that silence means absence.

A negative fact (absent, missing punch) needs it; without it the day waits (TUNGGU_DATA). Pure.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec

# Who stands before a camera that is away for less tries again, and its screen says so (seconds).
SHORT_GAP_S = 300


class Claim(msgspec.Struct, frozen=True):
    """A kiosk's statement about a device (UTC seconds, from a trusted clock mark only).

    A device's own log was read whole up to `through`, and holds everything from `since` on. A
    camera keeps no log: it claims the time that it was up, and holes of less than `spare` seconds
    between two claims of it do not count: nothing is hidden in them. Log and camera stay apart:
    one device makes claims of one kind.
    """

    device: str
    since: int
    through: int
    spare: int = 0


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
    by_device = {name: of for name, of in by_device.items() if not _put_up_later(of, through)}
    behind = _behind(by_device, since, through)
    return Coverage(bool(by_device) and not behind, behind)


def joined(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The same coverage in as few claims as there can be: those of a device are one where nothing
    lies between them that counts."""
    runs: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (c.device, c.spare, c.since, c.through)):
        last = runs[-1] if runs else None
        if last and _touch(last, claim):
            runs[-1] = msgspec.structs.replace(last, through=max(last.through, claim.through))
        else:
            runs.append(claim)
    return tuple(runs)


def _touch(run: Claim, claim: Claim) -> bool:
    same = (run.device, run.spare) == (claim.device, claim.spare)
    return same and claim.since - (run.through + 1) < max(claim.spare, 1)


def _put_up_later(claims: list[Claim], through: int) -> bool:
    """Whether it is a camera whose first claim is of a later time: nobody could have stood there."""
    return bool(claims) and all(claim.spare and claim.since > through for claim in claims)


def _behind(by_device: Mapping[str, list[Claim]], since: int, through: int) -> tuple[Behind, ...]:
    behind = []
    for device in sorted(by_device):
        reached = _reached(by_device[device], since, through)
        if reached is None or reached <= through:
            short = through + 1 - max(since, reached or since)
            behind.append(Behind(device, reached, short))
    return tuple(behind)


def _reached(claims: Iterable[Claim], since: int, through: int) -> int | None:
    """The last second to which claims reach from `since` without a hole; None when none does."""
    reached = None
    for claim in sorted(claims, key=lambda c: (c.since, c.through)):
        if _hole(claim, max(since, (reached or 0) + 1), through) >= max(claim.spare, 1):
            break
        reached = claim.through if reached is None else max(reached, claim.through)
    return reached


def _hole(claim: Claim, begin: int, through: int) -> int:
    """Seconds from `begin` that are not covered before a claim. Of a camera's, only those up to
    `through` count: it may be switched off for the night just before the shift's window closes."""
    end = min(claim.since, through + 1) if claim.spare else claim.since
    return end - begin
