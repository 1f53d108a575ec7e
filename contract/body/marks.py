"""The coverage and clock records of a batch as columns: most of them say what was to be expected."""

from collections.abc import Callable, Sequence

from contract.body.coding import FITS, YEAR_2026, Reader, Writer
from contract.body.texts import get_texts, put_texts
from contract.errors import BatchError
from contract.event import Clock, Covered, canonical

_HOUR = 3_600
_OFFSETS = 16  # of more devices than any kiosk has, as canonical bytes


def fits(record: Covered | Clock) -> bool:
    """Whether columns can hold it."""
    if isinstance(record, Clock) and len(record.offsets) > _OFFSETS:
        return False
    return max(map(abs, _numbers(record))) < FITS


def _numbers(record: Covered | Clock) -> tuple[int, ...]:
    if isinstance(record, Covered):
        return record.device, record.since, record.through, record.count
    flat = [part for pair in record.offsets for part in pair]
    return record.up, record.wall, record.trust, record.error_ms, *flat, *(record.position or ())


def put_covered(out: Writer, covered: Sequence[Covered], scans: Sequence[int], near: int) -> None:
    """Write coverage; `scans`: for each record, how many scans of its device stand in the batch
    before it."""
    out.column([record.device for record in covered])
    out.column([record.since for record in covered])
    last: dict[int, tuple[int, int]] = {}
    hours, seconds, counts, known = [], [], [], []
    usual = near // _HOUR
    for record, before in zip(covered, scans, strict=True):
        hour, second = divmod(record.through, _HOUR)
        known.append(int(record.device in last))
        was, count = last.get(record.device, (usual - 1, 0))
        hours.append(hour - was - 1)
        seconds.append(second)
        counts.append(record.count - before - count)
        last[record.device] = hour, record.count - before
        usual = hour
    out.column(hours, known)
    out.column(seconds)
    out.column(counts, known)


def get_covered(
    bits: Reader, total: int, before: Callable[[list[int]], list[int]], near: int
) -> list[bytes]:
    """See put_covered; `before` counts the scans for the records' devices."""
    device, since = bits.column(total), bits.column(total)
    met: set[int] = set()
    known = []
    for d in device:
        known.append(int(d in met))
        met.add(d)
    hours, seconds, counts = (
        bits.column(total, known),
        bits.column(total),
        bits.column(total, known),
    )
    last: dict[int, tuple[int, int]] = {}
    usual = near // _HOUR
    out = []
    rows = zip(device, since, hours, seconds, counts, before(device), strict=True)
    for d, s, hour, second, count, scanned in rows:
        was, had = last.get(d, (usual - 1, 0))
        usual, had = hour + was + 1, had + count
        last[d] = usual, had
        out.append(canonical(Covered(d, s, usual * _HOUR + second, had + scanned)))
    return out


def put_clocks(out: Writer, clocks: Sequence[Clock]) -> None:
    """Write clock records."""
    boots = list(dict.fromkeys(clock.boot for clock in clocks))
    out.number(len(boots))
    put_texts(out, boots)
    out.column([boots.index(clock.boot) for clock in clocks])
    born = [clock.wall - clock.up for clock in clocks]
    out.column(_steps([clock.wall for clock in clocks], YEAR_2026))
    out.column(_steps(born, clocks[0].wall))
    out.column([clock.trust for clock in clocks])
    out.column([clock.error_ms for clock in clocks])
    out.column([len(clock.offsets) for clock in clocks])
    pairs = [pair for clock in clocks for pair in clock.offsets]
    out.column([device for device, _ in pairs])
    last: dict[int, int] = {}
    known, steps = [], []
    for device, offset in pairs:
        known.append(int(device in last))
        steps.append(offset - last.get(device, 0))
        last[device] = offset
    out.column(steps, known)
    out.column([int(clock.position is not None) for clock in clocks])
    places = [clock.position for clock in clocks if clock.position]
    for axis in (0, 1):
        out.column(_steps([place[axis] for place in places], 0))


def _steps(values: Sequence[int], before: int) -> list[int]:
    return [b - a for a, b in zip([before, *values], values, strict=False)]


def _sums(steps: Sequence[int], before: int) -> list[int]:
    out = []
    for step in steps:
        before += step
        out.append(before)
    return out


def get_clocks(bits: Reader, total: int) -> list[bytes]:
    """See put_clocks."""
    named = bits.number()
    if named > total:
        raise BatchError("more boots than clock records")
    boots = get_texts(bits, named)
    boot = bits.column(total)
    if not 0 <= min(boot) <= max(boot) < len(boots):
        raise BatchError("a clock record names a boot that was never introduced")
    wall = _sums(bits.column(total), YEAR_2026)
    born = _sums(bits.column(total), wall[0])
    trust, error = bits.column(total), bits.column(total)
    offsets = _offsets(bits, bits.column(total))
    positions = _positions(bits, bits.column(total))
    return [
        canonical(Clock(boots[b], w - n, w, level, ms, o, p))
        for b, w, n, level, ms, o, p in zip(
            boot, wall, born, trust, error, offsets, positions, strict=True
        )
    ]


def _offsets(bits: Reader, sizes: list[int]) -> list[tuple[tuple[int, int], ...]]:
    if not 0 <= min(sizes) <= max(sizes) <= _OFFSETS:
        raise BatchError("a clock record has more offsets than a frame holds")
    device = bits.column(sum(sizes))
    met: set[int] = set()
    known = []
    for d in device:
        known.append(int(d in met))
        met.add(d)
    last: dict[int, int] = {}
    pairs = []
    for d, step in zip(device, bits.column(len(device), known), strict=True):
        last[d] = last.get(d, 0) + step
        pairs.append((d, last[d]))
    rest = iter(pairs)
    return [tuple(next(rest) for _ in range(size)) for size in sizes]


def _positions(bits: Reader, there: list[int]) -> list[tuple[int, int] | None]:
    placed = sum(map(bool, there))
    latitude, longitude = (_sums(bits.column(placed), 0) for _ in range(2))
    rest = iter(zip(latitude, longitude, strict=True))
    return [next(rest) if held else None for held in there]
