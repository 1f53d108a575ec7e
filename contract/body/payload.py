"""The body of a batch, whatever writes the numbers: kinds, scans, coverage, clocks, and the rest as
deflated canonical bytes."""

import zlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from msgspec import Struct

from contract.body import marks, scans
from contract.body.coding import YEAR_2026, Reader, Writer
from contract.body.scans import Found
from contract.errors import BatchError
from contract.event import Clock, Covered, Scan, read

_SCAN, _COVERED, _CLOCK, _OTHER = range(4)
_MAX_OTHER_BYTES = 1 << 18

# What every kiosk says often; deflate finds it instead of spelling it out.
_PHRASES = (
    b'["covered",1,0,176["clock","",17,3,500,[[1,25200000]],null]["device",1,"","ZKTeco","Ver 6.60"]'
    b'["unreadable",1,""]["operation",1,4,0,17,false,[0,0,0,0]]["log_shifted",1,["log_replaced",1,'
    b'["receipt_noted",["seal","["epoch",0,0,"new"]'
)


def put(out: Writer, records: Sequence[bytes], pins: Sequence[str]) -> None:
    """Write canonical records; `pins` are those of the epoch before the first of them."""
    lanes = _Lanes([], [], [], [], [], [], Counter())
    for data in records:
        lanes.kinds.append(_sort(lanes, data))
    out.column(lanes.kinds)
    if lanes.others:
        _put_others(out, lanes.others)
    near = YEAR_2026
    if lanes.scans:
        near = lanes.scans[0].t + lanes.scans[0].lag
        scans.put(out, lanes.scans, pins)
    if lanes.covered:
        marks.put_covered(out, lanes.covered, lanes.scanned, near)
    if lanes.clocks:
        marks.put_clocks(out, lanes.clocks)


class _Lanes(Struct, frozen=True):
    """The records of a batch by kind; `scanned`: for each coverage record, how many scans of its
    device stand before it."""

    kinds: list[int]
    scans: list[Scan]
    covered: list[Covered]
    clocks: list[Clock]
    others: list[bytes]
    scanned: list[int]
    scans_of: Counter[int]


def _sort(lanes: _Lanes, data: bytes) -> int:
    record = read(data)
    if isinstance(record, Scan) and scans.fits(record):
        lanes.scans.append(record)
        lanes.scans_of[record.device] += 1
        return _SCAN
    if isinstance(record, Covered) and marks.fits(record):
        lanes.covered.append(record)
        lanes.scanned.append(lanes.scans_of[record.device])
        return _COVERED
    if isinstance(record, Clock) and marks.fits(record):
        lanes.clocks.append(record)
        return _CLOCK
    lanes.others.append(data)
    return _OTHER


def get(bits: Reader, count: int, pins: Sequence[str]) -> list[bytes]:
    """The canonical records again. Raises BatchError."""
    kinds = bits.column(count)
    if not 0 <= min(kinds) <= max(kinds) <= _OTHER:
        raise BatchError("a record has a kind that is not known")
    total = [kinds.count(kind) for kind in range(4)]
    others = _get_others(bits, total[_OTHER]) if total[_OTHER] else []
    found = Found([], [], YEAR_2026)
    if total[_SCAN]:
        found = scans.get(bits, total[_SCAN], pins)
    covered, clocks = list[bytes](), list[bytes]()
    if total[_COVERED]:
        before = partial(_scanned, _places(kinds), found.device)
        covered = marks.get_covered(bits, total[_COVERED], before, found.near)
    if total[_CLOCK]:
        clocks = marks.get_clocks(bits, total[_CLOCK])
    bits.finish()
    if total[_SCAN] == count:
        return found.scans
    lanes = [iter(lane) for lane in (found.scans, covered, clocks, others)]
    return [next(lanes[kind]) for kind in kinds]


def _places(kinds: Sequence[int]) -> list[int]:
    """How many scans stand before each coverage record."""
    out, scanned = [], 0
    for kind in kinds:
        if kind == _COVERED:
            out.append(scanned)
        scanned += kind == _SCAN
    return out


def _scanned(places: Sequence[int], device: Sequence[int], covered: Sequence[int]) -> list[int]:
    """How many scans of its device stand before each coverage record."""
    out, at = [], 0
    there: Counter[int] = Counter()
    for place, covers in zip(places, covered, strict=True):
        there.update(device[at:place])
        at = place
        out.append(there[covers])
    return out


def _put_others(out: Writer, others: list[bytes]) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _PHRASES)
    packed = packer.compress(b"".join(others)) + packer.flush()
    out.column([len(data) for data in others])
    out.number(len(packed))
    for byte in packed:
        out.below(byte, 256)


def _get_others(bits: Reader, total: int) -> list[bytes]:
    lengths = bits.column(total)
    if min(lengths) < 0 or sum(lengths) > _MAX_OTHER_BYTES:
        raise BatchError("records are longer than a frame")
    joined = _inflated(bits, sum(lengths))
    ends = [*accumulate(lengths)]
    return [joined[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _inflated(bits: Reader, length: int) -> bytes:
    size = bits.number()
    if size > _MAX_OTHER_BYTES:
        raise BatchError("records are longer than a frame")
    packed = bytes(bits.below(256) for _ in range(size))
    unpacker = zlib.decompressobj(-15, _PHRASES)
    try:
        # One byte more than announced is enough to see that there are more; 0 would be no limit.
        joined = unpacker.decompress(packed, length + 1)
    except zlib.error:
        raise BatchError("records do not inflate") from None
    if not unpacker.eof or unpacker.unused_data or len(joined) != length:
        raise BatchError("records do not inflate whole")
    return joined
