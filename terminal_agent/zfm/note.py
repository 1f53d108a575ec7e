"""The name that we write into a sensor's notepad. Pure.

An R30x has no serial number. Without a name of its own, another sensor at the same port would credit
its page 7 to the person of ours.
"""

from hashlib import sha256

NAME_BYTES = 8
PAGES = range(14, -1, -1)  # ZFM-70 user manual, 6.4.1: 0x00-0x0e; the first ones are others'
_MARK = b"HADIR1"
_CHECK = 8


def written(name: bytes) -> bytes:
    """A notepad page that holds this name."""
    return _MARK + name + _check(name)


def name(page: bytes) -> str:
    """The name in a notepad page, in hex; "" where there is none of ours."""
    held = page[len(_MARK) : len(_MARK) + NAME_BYTES]
    return held.hex() if page.rstrip(b"\0").startswith(_MARK) and _fits(page, held) else ""


def is_blank(page: bytes) -> bool:
    """Whether nobody has written there."""
    return len(set(page)) <= 1


def _fits(page: bytes, held: bytes) -> bool:
    return page[: len(written(held))] == written(held)


def _check(held: bytes) -> bytes:
    return sha256(_MARK + held).digest()[:_CHECK]
