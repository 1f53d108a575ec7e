"""Honest bytes with something wrong in them, from a seed: what a bad disk, a bad line and a bad
person make of them."""

from random import Random

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0xFFFFFFFF, 2**63, 2**64 - 1)


def mangled(honest: bytes, draw: Random) -> bytes:
    """One to four wounds."""
    data = bytearray(honest)
    for _ in range(draw.randint(1, 4)):
        draw.choice(_WOUNDS)(data, draw)
    return bytes(data)


def _at(data: bytearray, draw: Random) -> int:
    return draw.randrange(len(data)) if data else 0


def _flip(data: bytearray, draw: Random) -> None:
    if data:
        data[_at(data, draw)] ^= 1 << draw.randrange(8)


def _byte(data: bytearray, draw: Random) -> None:
    if data:
        data[_at(data, draw)] = draw.choice((0, 0x7F, 0x80, 0xFF, draw.randrange(256)))


def _number(data: bytearray, draw: Random) -> None:
    """A length or a count that cannot be."""
    at, width = _at(data, draw), draw.choice((2, 4, 8))
    number = draw.choice(_NUMBERS) & ((1 << 8 * width) - 1)
    data[at : at + width] = number.to_bytes(width, draw.choice(("little", "big")))


def _cut(data: bytearray, draw: Random) -> None:
    del data[_at(data, draw) :]


def _drop(data: bytearray, draw: Random) -> None:
    at = _at(data, draw)
    del data[at : at + draw.randint(1, 9)]


def _again(data: bytearray, draw: Random) -> None:
    """A part twice, or very often."""
    at = _at(data, draw)
    piece = data[at : at + draw.randint(1, 20)]
    data[at:at] = piece * draw.choice((1, 2, 300))


def _text(data: bytearray, draw: Random) -> None:
    """What breaks parsers of text: depth, exponents, other alphabets, ends of numbers."""
    at = _at(data, draw)
    data[at:at] = draw.choice(
        (b"[" * 2_000, b'{"a":' * 500, b"1e999", b"-" * 3, b"\xed\xa0\x80", b"\xff\xfe", b"9" * 400)
    )


_WOUNDS = (_flip, _flip, _byte, _byte, _number, _cut, _drop, _again, _text)
