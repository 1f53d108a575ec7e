"""Codec 2: an adaptive binary range coder. Nothing is learned from batch to batch.

Each column has models of its own, one set per context, which count what they saw. A number is told
by its sign, its length in bits and its first bits; the rest of its bits are as good as random.
"""

from collections.abc import Sequence

from contract.body.coding import LARGEST
from contract.errors import BatchError

_TOP = 1 << 32
_LOW = 1 << 24
_LIMIT = 255  # counts are halved here, so that a habit may change
_UNARY = 14  # lengths from here on are told by a fixed number of bits
_SIGN = 100
_FIRST = 3  # bits of a number that are modelled, after the leading one


class _Bits:
    """Counts of zeros and ones in each situation of one column."""

    def __init__(self) -> None:
        self.counts: dict[int, list[int]] = {}

    def of(self, situation: int) -> list[int]:
        """The counts; a little of each to begin with, and few numbers are negative."""
        return self.counts.setdefault(situation, [12, 1] if situation == _SIGN else [2, 2])


def _learn(counts: list[int], bit: int) -> None:
    counts[bit] += 5
    if counts[bit] > 5 * _LIMIT:
        counts[0] = (counts[0] >> 1) + 1
        counts[1] = (counts[1] >> 1) + 1


class Writer:
    """Narrows an interval by every choice; what is written names a number inside of it."""

    def __init__(self) -> None:
        self._low = 0
        self._range = _TOP - 1
        self._shift = 0  # bytes by which the interval was enlarged

    def _narrow(self, start: int, size: int, total: int) -> None:
        part = self._range // total
        self._low += part * start
        self._range = part * size
        while self._range < _LOW:
            self._range <<= 8
            self._low <<= 8
            self._shift += 1

    def _bit(self, counts: list[int], bit: int) -> None:
        zeros, total = counts[0], counts[0] + counts[1]
        if bit:
            self._narrow(zeros, total - zeros, total)
        else:
            self._narrow(0, zeros, total)
        _learn(counts, bit)

    def below(self, value: int, size: int) -> None:
        """Sixteen bits at a time, the lowest first."""
        while size > 1 << 16:
            self._narrow(value & 0xFFFF, 1, 1 << 16)
            value, size = value >> 16, (size + 0xFFFF) >> 16
        self._narrow(value, 1, size)

    def number(self, value: int) -> None:
        """Its length in bits, then the bits."""
        length = (value + 1).bit_length()
        self._narrow(length - 1, 1, 64)
        self.below(value + 1 - (1 << length - 1), 1 << length - 1)

    def column(self, values: Sequence[int], contexts: Sequence[int] = ()) -> None:
        """See coding.Writer."""
        bits: dict[int, _Bits] = {}
        for i, value in enumerate(values):
            self._adapt(bits.setdefault(contexts[i] if contexts else 0, _Bits()), value, 0)

    def flow(self, values: Sequence[int]) -> None:
        """The length of a number is told against that of the mean so far."""
        bits, mean = _Bits(), 8
        for value in values:
            self._adapt(bits, value, (mean >> 3).bit_length())
            mean += min(abs(value), 4 * (mean >> 3) + 4) - (mean >> 3)

    def _adapt(self, bits: _Bits, value: int, usual: int) -> None:
        length = abs(value).bit_length()
        for place in range(min(length, _UNARY)):
            self._bit(bits.of(place - usual), 1)
        if length < _UNARY:
            self._bit(bits.of(length - usual), 0)
        else:
            self.below(length - _UNARY, 64)
        if not length:
            return
        self._bit(bits.of(_SIGN), int(value < 0))
        left, seen = length - 1, 1
        rest = abs(value) - (1 << left)
        for _ in range(min(_FIRST, left)):
            left -= 1
            bit = rest >> left & 1
            self._bit(bits.of(1_000 + length * 16 + seen), bit)
            seen = seen << 1 | bit
        if left:
            self.below(rest & (1 << left) - 1, 1 << left)

    def getvalue(self) -> bytes:
        """The shortest number in the interval; zeros at the end are not sent."""
        bits = 32
        while bits and ((self._low + (1 << bits) - 1) >> bits << bits) >= self._low + self._range:
            bits -= 1
        value = (self._low + (1 << bits) - 1) >> bits << bits
        return value.to_bytes(self._shift + 5, "big").rstrip(b"\0")


class Reader:
    """Reads what a Writer wrote."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 5
        self._range = _TOP - 1
        self._code = int.from_bytes(data[:5].ljust(5, b"\0"), "big")

    def _place(self, total: int) -> int:
        self._part = self._range // total
        place = self._code // self._part
        if place >= total:
            raise BatchError("a number lies outside of its interval")
        return place

    def _narrow(self, start: int, size: int) -> None:
        self._code -= self._part * start
        self._range = self._part * size
        while self._range < _LOW:
            self._range <<= 8
            byte = self._data[self._at] if self._at < len(self._data) else 0
            self._code = self._code << 8 | byte
            self._at += 1
            if self._at > len(self._data) + 9:
                raise BatchError("numbers end too early")

    def _bit(self, counts: list[int]) -> int:
        zeros, total = counts[0], counts[0] + counts[1]
        bit = int(self._place(total) >= zeros)
        if bit:
            self._narrow(zeros, total - zeros)
        else:
            self._narrow(0, zeros)
        _learn(counts, bit)
        return bit

    def below(self, size: int) -> int:
        """See coding.Reader."""
        value = shift = 0
        while size > 1 << 16:
            part = self._place(1 << 16)
            self._narrow(part, 1)
            value |= part << shift
            shift, size = shift + 16, (size + 0xFFFF) >> 16
        part = self._place(size)
        self._narrow(part, 1)
        return value | part << shift

    def number(self) -> int:
        """See coding.Reader."""
        length = self.below(64)
        return self.below(1 << length) + (1 << length) - 1

    def column(self, count: int, contexts: Sequence[int] = ()) -> list[int]:
        """See coding.Reader."""
        bits: dict[int, _Bits] = {}
        out = []
        for i in range(count):
            out.append(self._adapted(bits.setdefault(contexts[i] if contexts else 0, _Bits()), 0))
        return out

    def flow(self, count: int) -> list[int]:
        """See coding.Reader."""
        bits, mean, out = _Bits(), 8, []
        for _ in range(count):
            value = self._adapted(bits, (mean >> 3).bit_length())
            out.append(value)
            mean += min(abs(value), 4 * (mean >> 3) + 4) - (mean >> 3)
        return out

    def _adapted(self, bits: _Bits, usual: int) -> int:
        length = 0
        while length < _UNARY and self._bit(bits.of(length - usual)):
            length += 1
        if length == _UNARY:
            length += self.below(64)
        if not length:
            return 0
        if 1 << length > LARGEST:
            raise BatchError("a number of a column is too large")
        negative = self._bit(bits.of(_SIGN))
        left, seen = length - 1, 1
        for _ in range(min(_FIRST, left)):
            left -= 1
            seen = seen << 1 | self._bit(bits.of(1_000 + length * 16 + seen))
        value = seen << left | (self.below(1 << left) if left else 0)
        return -value if negative else value

    def finish(self) -> None:
        """Every byte was needed."""
        if len(self._data) > self._at:
            raise BatchError("numbers do not end where they should")
