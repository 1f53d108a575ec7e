"""The scans of a batch as columns of what the ones before do not foretell.

The time line is that of the commits, on the first device's clock: scans stand in that order, and the
scans of one poll share it.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise, repeat

from msgspec import Struct

from contract.body.coding import FITS, LARGEST, YEAR_2026, Reader, Writer, unzigzag, zigzag
from contract.body.habits import get_punch, habitual, put_punch, unusual
from contract.body.visitors import get_pins, put_pins
from contract.errors import BatchError
from contract.event import SOURCES, Scan, Source, canonical

_TRIED = 200  # scans that tell which of them suits a batch
_PULL = SOURCES.index("pull")
_LONGEST_PIN = 24


def fits(scan: Scan) -> bool:
    """Whether columns can hold it."""
    codes = (scan.verify, scan.score or 0, scan.liveness or 0, scan.gallery or 0)
    numbers = (scan.device, scan.t, scan.lag, scan.punch, scan.work, *codes)
    return (
        not scan.impossible
        and min(codes) >= 0
        and min(numbers) > -FITS
        and max(numbers) < FITS
        and len(scan.pin) <= _LONGEST_PIN
    )


def put(out: Writer, scans: Sequence[Scan], pins: Sequence[str]) -> None:
    """Write the scans; `pins` are those of the epoch before the batch."""
    ahead = _ahead(scans)
    _put_devices(out, ahead)
    line = [scan.t + scan.lag - ahead[scan.device] for scan in scans]
    out.number(zigzag(line[0] - YEAR_2026))
    out.flow([b - a for a, b in pairwise(line)])
    who = [scan.pin for scan in scans]
    known = put_pins(out, who, line, pins)
    devices = sorted(ahead)
    if len(devices) > 1:
        doors = [devices.index(scan.device) for scan in scans]
        out.column([step % len(devices) for step in unusual(doors, who, known)], known)
    _put_lags(out, scans)
    out.column(unusual([scan.verify for scan in scans], who, known), known)
    put_punch(out, scans, known)
    _put_rest(out, scans)


class Found(Struct, frozen=True):
    """Canonical scans, their devices, and the second at which the first was committed."""

    scans: list[bytes]
    device: list[int]
    near: int


def get(bits: Reader, count: int, pins: Sequence[str]) -> Found:
    """`count` scans. Raises BatchError."""
    ahead = _get_devices(bits)
    first = unzigzag(bits.number()) + YEAR_2026
    line = [*accumulate(bits.flow(count - 1), initial=first)]
    who, known = get_pins(bits, line, pins)
    device = _get_doors(bits, sorted(ahead), who, known)
    committed = [at + ahead[d] for at, d in zip(line, device, strict=True)]
    t = _get_lags(bits, device, committed)
    lag = [at - stamp for at, stamp in zip(committed, t, strict=True)]
    verify = habitual(bits.column(count, known), who, known, LARGEST)
    punch = get_punch(bits, who, known)
    work, source, optional = _get_rest(bits, count)
    rows = zip(
        device, who, t, repeat(False), lag, verify, punch, work, source, *optional, strict=False
    )
    return Found([canonical(Scan(*row)) for row in rows], device, committed[0])


def _get_doors(
    bits: Reader, devices: list[int], who: Sequence[str], known: Sequence[int]
) -> list[int]:
    if len(devices) == 1:
        return devices * len(who)
    steps = bits.column(len(who), known)
    return [devices[d] for d in habitual(steps, who, known, len(devices))]


def _ahead(scans: Sequence[Scan]) -> dict[int, int]:
    """By how many seconds each device's clock is ahead of the first one's.

    The gap between neighbours on two devices is that plus the time between, which is least where
    they stand closest.
    """
    there: dict[int, int] = {}
    back: dict[int, int] = {}
    last: dict[int, int] = {}
    first = scans[0].device
    for scan in scans:
        at, device = scan.t + scan.lag, scan.device
        if device == first:
            for other, seen in last.items():
                if other != first:
                    back[other] = min(at - seen, back.get(other, at - seen))
        elif first in last:
            there[device] = min(at - last[first], there.get(device, at - last[first]))
        last[device] = at
    ahead = {first: 0}
    for device, gap in there.items():
        ahead[device] = (gap - back.get(device, -gap)) // 2
    return ahead


def _put_devices(out: Writer, ahead: dict[int, int]) -> None:
    devices = sorted(ahead)
    first = next(iter(ahead))
    out.number(len(devices) - 1)
    out.number(devices.index(first))
    last = -1
    for device in devices:
        out.number(zigzag(device - last - 1))
        last = device
    for device in devices:
        if device != first:
            out.number(zigzag(ahead[device]))


def _get_devices(bits: Reader) -> dict[int, int]:
    count, first = bits.number() + 1, bits.number()
    if count > 1000:
        raise BatchError("more devices than scans")
    device, devices = -1, []
    for _ in range(count):
        device += unzigzag(bits.number()) + 1
        devices.append(device)
    ahead = {d: 0 if i == first else unzigzag(bits.number()) for i, d in enumerate(devices)}
    if max(map(abs, ahead.values())) >= LARGEST or max(map(abs, devices)) >= LARGEST:
        raise BatchError("a device is out of bounds")
    return ahead


def _put_lags(out: Writer, scans: Sequence[Scan]) -> None:
    """A scan committed together with the one before it tells the time between them instead."""
    last: dict[int, tuple[int, int]] = {}
    values, together = [], []
    for scan in scans:
        at = scan.t + scan.lag
        before = last.get(scan.device)
        if before is not None and before[0] == at:
            values.append(scan.t - before[1])
            together.append(1)
        else:
            values.append(scan.lag)
            together.append(0)
        last[scan.device] = at, scan.t
    out.column(values, together)


def _get_lags(bits: Reader, device: list[int], committed: list[int]) -> list[int]:
    at: dict[int, int] = {}
    together = []
    for d, c in zip(device, committed, strict=True):
        together.append(int(at.get(d) == c))
        at[d] = c
    last: dict[int, int] = {}
    out = []
    values = bits.column(len(device), together)
    for d, c, value, joined in zip(device, committed, values, together, strict=True):
        t = last[d] + value if joined else c - value
        last[d] = t
        out.append(t)
    return out


def _rest(scan: Scan) -> tuple[int, ...]:
    optional = (scan.score, scan.liveness, scan.gallery)
    return (scan.work, SOURCES.index(scan.source), *(0 if v is None else v + 1 for v in optional))


_PLAIN = (0, _PULL, 0, 0, 0)


def _put_rest(out: Writer, scans: Sequence[Scan]) -> None:
    rows = [_rest(scan) for scan in scans]
    plain = all(row == _PLAIN for row in rows)
    out.number(int(not plain))
    if not plain:
        for column in zip(*rows, strict=True):
            out.column(column)


def _get_rest(bits: Reader, count: int) -> tuple[list[int], list[Source], list[list[int | None]]]:
    if not bits.number():
        return [0] * count, ["pull"] * count, [[None] * count] * 3
    work, source, *optional = (bits.column(count) for _ in _PLAIN)
    if not 0 <= min(source) <= max(source) < len(SOURCES):
        raise BatchError("a scan has a source that does not exist")
    some = [[v - 1 if v else None for v in column] for column in optional]
    return work, [SOURCES[s] for s in source], some
