"""Attendance records: five dialects in, normalised rows out. No I/O.

A bad record is a value at its own position and never costs its neighbours. The raw bytes are
kept with every row, because they are the evidence and the key against delivering twice.

Sources: vendor manual 2006 p.17 (16 bytes); zk-protocol sections/data-record.md (40); pyzk PR 166
and 222, issue 211 (49); MrFaviod/pyzk-wl10 README (22); pyzk (8).
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import msgspec

from terminal_agent.zk import timecode

_Plain: TypeAlias = tuple[bytes | int, int, int, int, int]


class Dialect(IntEnum):
    """Layouts of an attendance record, named by their width in bytes."""

    UID8 = 8
    NUMERIC16 = 16
    WL22 = 22
    TEXT40 = 40
    TEXT49 = 49


class Row(msgspec.Struct, frozen=True, gc=False):
    """One punch as the device stored it.

    `t` is in device seconds (timecode), or the raw u32 code where `impossible`. `verify` and
    `punch` are the device's own bytes in one meaning for all dialects: how it recognised the
    person, and the in/out state, which is a hint (255 = undefined). `work` is the work code, 0
    where the dialect has no verified place for it.
    """

    pin: str
    t: int
    impossible: bool
    verify: int
    punch: int
    work: int
    raw: bytes


class Unreadable(msgspec.Struct, frozen=True):
    """A record that means nothing, with its bytes and what is wrong with it."""

    raw: bytes
    reason: str


_UID8 = struct.Struct("<HBIB")
_NUMERIC16 = struct.Struct("<IIBB2xI")
_WL22 = struct.Struct("<2x6s4xBIB4x")
_TEXT40 = struct.Struct("<2x24sBIB8x")
_TEXT49 = struct.Struct("<2x24sBIB17x")


def _unpack(dialect: Dialect, records: bytes) -> Iterator[_Plain]:
    """(pin, time code, verify, punch, work) of each record, in one meaning for all dialects."""
    match dialect:
        case Dialect.UID8:
            return ((u, t, v, p, 0) for u, v, t, p in _UID8.iter_unpack(records))
        case Dialect.NUMERIC16:
            # The vendor's ExtendAttLog has status before verified, the reverse of the others.
            return ((n, t, v, p, w) for n, t, p, v, w in _NUMERIC16.iter_unpack(records))
        case Dialect.WL22:
            return ((b, t, v, p, 0) for b, v, t, p in _WL22.iter_unpack(records))
        case Dialect.TEXT40:
            return ((b, t, v, p, 0) for b, v, t, p in _TEXT40.iter_unpack(records))
        case Dialect.TEXT49:
            return ((b, t, v, p, 0) for b, v, t, p in _TEXT49.iter_unpack(records))


@lru_cache(maxsize=8192)
def text_pin(padded: bytes) -> str | None:
    """The PIN in a NUL-padded field; None where it is empty or not printable ASCII."""
    text = padded.split(b"\0")[0]
    if not text or not text.isascii():
        return None
    pin = text.decode("ascii")
    return pin if pin.isprintable() else None


def _pin_reader(dialect: Dialect, pins: Mapping[int, str]) -> Callable[[bytes | int], str | None]:
    if dialect is Dialect.UID8:
        return lambda who: pins.get(who) if isinstance(who, int) else None
    return lambda who: text_pin(who) if isinstance(who, bytes) else str(who)


def _no_pin(dialect: Dialect, who: bytes | int) -> str:
    if dialect is Dialect.UID8:
        return f"the device has no user with uid {who!r}"
    return "the PIN is not printable text"


def uids(records: bytes) -> set[int]:
    """The device uids in records of 8 bytes."""
    whole = len(records) - len(records) % _UID8.size
    return {uid for uid, _, _, _ in _UID8.iter_unpack(records[:whole])}


def decode(
    dialect: Dialect, records: bytes, pins: Mapping[int, str] | None = None
) -> list[Row | Unreadable]:
    """Every record, in order, in O(n). `pins` maps uid to PIN and is needed for 8 bytes only.

    A record whose uid has no user, or whose PIN is no text, is Unreadable and keeps its bytes.
    An impossible date keeps its row. Bytes cut short at the end become one Unreadable.
    """
    width = int(dialect)
    whole = len(records) - len(records) % width
    read_pin = _pin_reader(dialect, pins or {})
    decoded: list[Row | Unreadable] = []
    plain = _unpack(dialect, records[:whole])
    for start, (who, code, verify, punch, work) in zip(range(0, whole, width), plain, strict=True):
        raw = records[start : start + width]
        pin = read_pin(who)
        if pin is None:
            decoded.append(Unreadable(raw, _no_pin(dialect, who)))
            continue
        t = timecode.seconds(code)
        decoded.append(Row(pin, code if t is None else t, t is None, verify, punch, work, raw))
    if whole < len(records):
        decoded.append(Unreadable(records[whole:], "the record is cut short"))
    return decoded
