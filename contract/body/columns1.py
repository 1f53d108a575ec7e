"""Columns as version 1 of the frame had them; read for ever, written no more."""

import zlib
from collections.abc import Sequence

from contract.body.bits1 import Reader
from contract.body.coding import unzigzag
from contract.errors import BatchError
from contract.event import SOURCES, Scan, canonical

_MAX_OTHER_BYTES = 1 << 18

# The dictionary of deflate that version 1 was written with.
_PHRASES = (
    b'["covered",1,0,176["clock","",17,3,500,[[1,25200000]],null]["device",1,"","ZKTeco","Ver 6.60"]'
    b'["unreadable",1,""]["operation",1,4,0,17,false,[0,0,0,0]]["log_shifted",1,["log_replaced",1,'
    b'["receipt_noted",["seal","["epoch",0,0,"new"]'
)


def decode(body: bytes, count: int, pins: Sequence[str]) -> list[bytes]:
    """The canonical records that `encode` was given. Raises BatchError."""
    bits = Reader(body)
    others = _get_others(bits, count)
    scans = _get_scans(bits, count - len(others), pins) if count > len(others) else []
    bits.finish()
    rest = iter(scans)
    return [others[i] if i in others else next(rest) for i in range(count)]


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


def _get_pins(bits: Reader, count: int, known: Sequence[str]) -> list[str]:
    fresh = bits.number()
    if fresh > count:
        raise BatchError("more new PINs than scans")
    table = [*known, *(_get_text(bits) for _ in range(fresh))]
    places = bits.fixeds(count, max(0, len(table) - 1).bit_length())
    if not table or max(places) >= len(table):
        raise BatchError("a scan names a PIN that was never introduced")
    return [table[i] for i in places]


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


def _get_per_device(bits: Reader, device: list[int]) -> list[int]:
    last = dict.fromkeys(device, unzigzag(bits.number()))
    out = []
    for index, step in zip(device, _get_column(bits, len(device)), strict=True):
        last[index] += unzigzag(step)
        out.append(last[index])
    return out
