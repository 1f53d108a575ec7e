"""Bit strings of version 1: fixed-width and Rice-coded integers, read only.

Bits are kept as text of '0' and '1': slicing, `str.index` and `int(text, 2)` run in C, which makes
this several times faster in CPython than shifting integers.
"""

from contract.errors import BatchError

_ESCAPE = 20  # this many zeros announce a value written out in full
_FULL = 40  # bits of such a value


class Reader:
    """Reads columns; running off the end is a BatchError."""

    def __init__(self, data: bytes) -> None:
        self._text = format(int.from_bytes(data, "big"), f"0{len(data) * 8}b") if data else ""
        self._at = 0

    def fixed(self, width: int) -> int:
        """One integer of `width` bits."""
        start = self._at
        self._at += width
        if self._at > len(self._text):
            raise BatchError("columns end too early")
        return int(self._text[start : self._at], 2) if width else 0

    def number(self) -> int:
        """One unsigned integer (Elias gamma of value + 1)."""
        zeros = self._one() - self._at
        if zeros > 64:
            raise BatchError("number too long")
        self._at += zeros
        return self.fixed(zeros + 1) - 1

    def fixeds(self, count: int, width: int) -> list[int]:
        """`count` integers of `width` bits each."""
        if not width:
            return [0] * count
        start, self._at = self._at, self._at + count * width
        if self._at > len(self._text):
            raise BatchError("columns end too early")
        text = self._text
        return [int(text[i : i + width], 2) for i in range(start, self._at, width)]

    def rice(self, count: int) -> list[int]:
        """`count` unsigned integers below 2^40, Rice-coded with one parameter."""
        k = self.fixed(5)
        text, at, out = self._text, self._at, []
        try:
            for _ in range(count):
                one = text.index("1", at)
                q = one - at
                if q > _ESCAPE:
                    raise BatchError("no value is written with so many zeros")
                width = k if q < _ESCAPE else _FULL
                at = one + 1 + width
                tail = int(text[one + 1 : at], 2) if width else 0
                out.append((q << k) + tail if q < _ESCAPE else tail)
        except ValueError:
            raise BatchError("columns end too early") from None
        if at > len(text):
            raise BatchError("columns end too early")
        self._at = at
        return out

    def _one(self) -> int:
        at = self._text.find("1", self._at)
        if at < 0:
            raise BatchError("columns end too early")
        return at

    def finish(self) -> None:
        """Only padding may be left."""
        if len(self._text) - self._at >= 8 or "1" in self._text[self._at :]:
            raise BatchError("columns do not end where they should")
