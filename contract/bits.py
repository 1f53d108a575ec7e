"""Bit strings for the column codec: fixed-width and Rice-coded integers.

Bits are kept as text of '0' and '1': slicing, `str.index` and `int(text, 2)` run in C, which makes
this several times faster in CPython than shifting integers.
"""

from collections.abc import Sequence

from contract.errors import BatchError

_ESCAPE = 20  # this many zeros announce a value written out in full
_FULL = 40  # bits of such a value; whatever needs more travels as plain canonical bytes
LIMIT = 1 << (_FULL - 1)


def zigzag(value: int) -> int:
    """Map a signed integer to an unsigned one, small magnitudes first."""
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value: int) -> int:
    """Undo `zigzag`."""
    return -((value + 1) >> 1) if value & 1 else value >> 1


def rice_parameter(values: Sequence[int]) -> int:
    """The k (0..31) near the cheapest one for these unsigned values."""
    mean = sum(values) // max(1, len(values))
    near = max(0, mean.bit_length() - 1)
    return min((near, near + 1, max(0, near - 1)), key=lambda k: (_cost(values, k), k)) & 31


def _cost(values: Sequence[int], k: int) -> int:
    return sum(
        (q + 1 + k) if (q := value >> k) < _ESCAPE else _ESCAPE + 1 + _FULL for value in values
    )


class Writer:
    """Collects bits."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def fixed(self, value: int, width: int) -> None:
        """Append `value` in `width` bits."""
        if width:
            self._parts.append(format(value, f"0{width}b"))

    def number(self, value: int) -> None:
        """Append one unsigned integer of unknown size (Elias gamma of value + 1)."""
        text = format(value + 1, "b")
        self._parts.append("0" * (len(text) - 1) + text)

    def rice(self, values: Sequence[int]) -> None:
        """Append unsigned integers below 2^40, Rice-coded with the parameter that suits them."""
        k = rice_parameter(values)
        self.fixed(k, 5)
        spec = f"0{k}b"
        for value in values:
            q = value >> k
            if q < _ESCAPE:
                tail = format(value & ((1 << k) - 1), spec) if k else ""
                self._parts.append("0" * q + "1" + tail)
            else:
                self._parts.append("0" * _ESCAPE + "1" + format(value, f"0{_FULL}b"))

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def extend(self, other: "Writer") -> None:
        """Append everything another writer collected."""
        self._parts.extend(other._parts)

    def getvalue(self) -> bytes:
        """The bits as bytes, padded with zeros."""
        text = "".join(self._parts)
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


class Reader:
    """Reads what a Writer wrote; running off the end is a BatchError."""

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
        """One unsigned integer written by `Writer.number`."""
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
        """`count` unsigned integers written by `Writer.rice`."""
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
