"""Codec 1: the scans of a batch as columns of bits, all other records as deflated canonical bytes.

What repeats costs nothing (a constant column), what is known to both sides is not sent (a PIN is its
order of first appearance in the epoch), and the commit instant t + lag is coded instead of the lag,
because the records of one poll share it.
"""

import zlib
from collections.abc import Callable, Sequence

from contract.bits import LIMIT, Reader, Writer, unzigzag, zigzag
from contract.errors import BatchError
from contract.event import SOURCES, Scan, canonical, read

_MAX_OTHER_BYTES = 1 << 18
_TABLE = 16  # a column with more distinct values than this is Rice-coded

# What every kiosk says often; deflate finds it instead of spelling it out.
_PHRASES = (
    b'["covered",1,0,176["clock","",17,3,500,[[1,25200000]],null]["device",1,"","ZKTeco","Ver 6.60"]'
    b'["unreadable",1,""]["operation",1,4,0,17,false,[0,0,0,0]]["log_shifted",1,["log_replaced",1,'
    b'["receipt_noted",["seal","["epoch",0,0,"new"]'
)


def encode(records: Sequence[bytes], pins: Sequence[str]) -> bytes:
    """Columns for canonical records; `pins` are those of the epoch before the first record."""
    scans: list[Scan] = []
    others: list[bytes] = []
    where = []
    for i, data in enumerate(records):
        record = read(data)
        if isinstance(record, Scan) and _fits(record):
            scans.append(record)
        else:
            where.append(i)
            others.append(data)
    out = Writer()
    _put_others(out, others, where)
    if scans:
        _put_scans(out, scans, pins)
    return out.getvalue()


def decode(body: bytes, count: int, pins: Sequence[str]) -> list[bytes]:
    """The canonical records that `encode` was given. Raises BatchError."""
    bits = Reader(body)
    others = _get_others(bits, count)
    scans = _get_scans(bits, count - len(others), pins) if count > len(others) else []
    bits.finish()
    rest = iter(scans)
    return [others[i] if i in others else next(rest) for i in range(count)]


def _fits(scan: Scan) -> bool:
    small = (scan.device, scan.verify, scan.punch, scan.work)
    optional = [value or 0 for value in (scan.score, scan.liveness, scan.gallery)]
    return (
        all(0 <= value < LIMIT - 1 for value in (*small, *optional))
        and max(abs(scan.t), abs(scan.lag)) < LIMIT >> 3
    )


def _put_others(out: Writer, others: list[bytes], where: list[int]) -> None:
    out.number(len(others))
    if not others:
        return
    gaps = [b - a - 1 for a, b in zip([-1, *where], where, strict=False)]
    out.rice(gaps)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _PHRASES)
    packed = packer.compress(b"\n".join(others)) + packer.flush()
    out.number(len(packed))
    out.fixed(int.from_bytes(packed, "big"), len(packed) * 8)


def _get_others(bits: Reader, count: int) -> dict[int, bytes]:
    total = bits.number()
    if total > count:
        raise BatchError("more records than the frame announces")
    if not total:
        return {}
    gaps = bits.rice(total)
    size = bits.number()
    packed = bits.fixed(size * 8).to_bytes(size, "big")
    unpacker = zlib.decompressobj(-15, _PHRASES)
    try:
        joined = unpacker.decompress(packed, _MAX_OTHER_BYTES)
    except zlib.error:
        raise BatchError("records do not inflate") from None
    if not unpacker.eof or unpacker.unconsumed_tail or unpacker.unused_data:
        raise BatchError("records do not inflate whole")
    others, at = {}, -1
    for gap, data in zip(gaps, joined.split(b"\n"), strict=False):
        at += gap + 1
        others[at] = data
    if len(others) != total or at >= count or joined.count(b"\n") != total - 1:
        raise BatchError("records and their places differ")
    return others


def _put_scans(out: Writer, scans: list[Scan], pins: Sequence[str]) -> None:
    _put_column(out, [scan.device for scan in scans])
    _put_column(out, [SOURCES.index(scan.source) for scan in scans])
    _put_column(out, [int(scan.impossible) for scan in scans])
    _put_pins(out, [scan.pin for scan in scans], pins)
    _put_per_device(out, scans, lambda scan: scan.t)
    _put_per_device(out, scans, lambda scan: scan.t + scan.lag)
    _put_column(out, [scan.verify for scan in scans])
    _put_column(out, [scan.punch for scan in scans])
    _put_column(out, [scan.work for scan in scans])
    for optional in ("score", "liveness", "gallery"):
        values = [getattr(scan, optional) for scan in scans]
        _put_column(out, [0 if value is None else value + 1 for value in values])


def _get_scans(bits: Reader, count: int, pins: Sequence[str]) -> list[bytes]:
    device = _get_column(bits, count)
    source = _get_column(bits, count)
    impossible = _get_column(bits, count)
    if max(source) >= len(SOURCES) or max(impossible) > 1:
        raise BatchError("a scan has a source that does not exist")
    pin = _get_pins(bits, count, pins)
    t = _get_per_device(bits, device)
    committed = _get_per_device(bits, device)
    plain = [_get_column(bits, count) for _ in range(3)]
    optional = [[v - 1 if v else None for v in _get_column(bits, count)] for _ in range(3)]
    lag = [c - at for c, at in zip(committed, t, strict=True)]
    named = [SOURCES[s] for s in source]
    flags = [flag == 1 for flag in impossible]
    rows = zip(device, pin, t, flags, lag, *plain, named, *optional, strict=True)
    return [canonical(Scan(*row)) for row in rows]


def _put_column(out: Writer, values: list[int]) -> None:
    """Constant, table, or Rice: whichever is shortest."""
    distinct = sorted(set(values))
    if len(distinct) == 1:
        out.fixed(0, 2)
        out.number(distinct[0])
        return
    rice = Writer()
    rice.fixed(2, 2)
    rice.rice(values)
    if len(distinct) > _TABLE:
        out.extend(rice)
        return
    table = Writer()
    table.fixed(1, 2)
    table.fixed(len(distinct) - 1, 4)
    for value in distinct:
        table.number(value)
    place = {value: i for i, value in enumerate(distinct)}
    width = (len(distinct) - 1).bit_length()
    for value in values:
        table.fixed(place[value], width)
    out.extend(min(table, rice, key=len))


def _get_column(bits: Reader, count: int) -> list[int]:
    mode = bits.fixed(2)
    if mode == 0:
        return [bits.number()] * count
    if mode == 2:
        return bits.rice(count)
    if mode != 1:
        raise BatchError("unknown kind of column")
    table = [bits.number() for _ in range(bits.fixed(4) + 1)]
    places = bits.fixeds(count, (len(table) - 1).bit_length())
    if max(places) >= len(table):
        raise BatchError("a column points outside its table")
    return [table[i] for i in places]


def _put_pins(out: Writer, column: list[str], known: Sequence[str]) -> None:
    place = {pin: i for i, pin in enumerate(known)}
    fresh = []
    for pin in column:
        if pin not in place:
            place[pin] = len(place)
            fresh.append(pin)
    out.number(len(fresh))
    for pin in fresh:
        _put_text(out, pin)
    width = max(0, len(place) - 1).bit_length()
    for pin in column:
        out.fixed(place[pin], width)


def _get_pins(bits: Reader, count: int, known: Sequence[str]) -> list[str]:
    fresh = bits.number()
    if fresh > count:
        raise BatchError("more new PINs than scans")
    table = [*known, *(_get_text(bits) for _ in range(fresh))]
    places = bits.fixeds(count, max(0, len(table) - 1).bit_length())
    if not table or max(places) >= len(table):
        raise BatchError("a scan names a PIN that was never introduced")
    return [table[i] for i in places]


def _put_text(out: Writer, text: str) -> None:
    """Digits, which nearly all PINs are, cost 4 bits; anything else 8."""
    if text.isascii() and text.isdigit():
        out.fixed(0, 1)
        out.number(len(text))
        for digit in text:
            out.fixed(int(digit), 4)
    else:
        data = text.encode()
        out.fixed(1, 1)
        out.number(len(data))
        for byte in data:
            out.fixed(byte, 8)


def _get_text(bits: Reader) -> str:
    if not bits.fixed(1):
        digits = bits.fixeds(bits.number(), 4)
        if digits and max(digits) > 9:
            raise BatchError("a PIN has a digit above 9")
        return "".join(map(str, digits))
    data = bytes(bits.fixeds(bits.number(), 8))
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BatchError("a PIN is not UTF-8") from None


def _put_per_device(out: Writer, scans: list[Scan], value: Callable[[Scan], int]) -> None:
    last: dict[int, int] = {}
    start = value(scans[0])
    out.number(zigzag(start))
    steps = []
    for scan in scans:
        steps.append(zigzag(value(scan) - last.get(scan.device, start)))
        last[scan.device] = value(scan)
    _put_column(out, steps)


def _get_per_device(bits: Reader, device: list[int]) -> list[int]:
    last = dict.fromkeys(device, unzigzag(bits.number()))
    out = []
    for index, step in zip(device, _get_column(bits, len(device)), strict=True):
        last[index] += unzigzag(step)
        out.append(last[index])
    return out
