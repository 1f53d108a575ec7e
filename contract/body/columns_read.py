"""Codec 1: columns of bits, read."""

from collections.abc import Sequence

from contract.body.coding import LARGEST, unzigzag
from contract.body.layout import (
    CONSTANT,
    DEPTH,
    EIGHTHS,
    FLAT,
    MOST,
    PREFIX,
    RICE,
    RUN,
    UNARY,
    codes,
    places,
)
from contract.errors import BatchError


class Reader:
    """Reads what a Writer wrote; running off the end is a BatchError."""

    def __init__(self, data: bytes) -> None:
        self._text = format(int.from_bytes(data, "big"), f"0{len(data) * 8}b") if data else ""
        self._at = 0

    def number(self) -> int:
        """See coding.Reader."""
        zeros = self._zeros()
        length = self._fixed(zeros + 1)
        if zeros > 6 or length > RUN:
            raise BatchError("number too long")
        return (1 << length - 1) + self._fixed(length - 1) - 1

    def below(self, size: int) -> int:
        """See coding.Reader."""
        width = (size - 1).bit_length()
        if not width:
            return 0
        text, at, short = self._text, self._at + width - 1, (1 << width) - size
        value = int(text[self._at : at] or "0", 2)
        if value >= short:
            value += value - short + (text[at : at + 1] == "1")
            at += 1
        self._at = at
        if at > len(text):
            raise BatchError("columns end too early")
        return value

    def column(self, count: int, contexts: Sequence[int] = ()) -> list[int]:
        """See coding.Reader."""
        out = [0] * count
        for at in places(count, contexts):
            part = self._column(len(at), 0)
            if len(at) == count:
                return part
            for i, value in zip(at, part, strict=True):
                out[i] = value
        return out

    def flow(self, count: int) -> list[int]:
        """See coding.Reader."""
        if not count:
            return []
        least, mean = self._signed(), EIGHTHS << self._fixed(4)
        text, at, out = self._text, self._at, []
        for _ in range(count):
            eighth = mean >> 3
            k = eighth.bit_length() - 1 if eighth else 0
            one = text.find("1", at)
            q = one - at
            if q >= UNARY or one < 0:
                self._at = one
                q = self._long(q)
                one = self._at - 1
            at = one + 1 + k
            value = (q << k) + int(text[one + 1 : at] or "0", 2) if k else q
            if value >= LARGEST:
                raise BatchError("a number of a column is too large")
            out.append(least + value)
            mean += min(value, MOST * eighth + MOST) - eighth
        self._at = at
        if at > len(text):
            raise BatchError("columns end too early")
        return out

    def finish(self) -> None:
        """Only padding may be left."""
        if len(self._text) - self._at >= 8 or "1" in self._text[self._at :]:
            raise BatchError("columns do not end where they should")

    def _column(self, count: int, depth: int) -> list[int]:
        mode = self._fixed(2)
        if mode == CONSTANT:
            values = [self._signed()] * count
        elif mode == RICE:
            values = self._rice(count)
        elif depth >= DEPTH:
            raise BatchError("a column is divided too often")
        elif mode == PREFIX:
            values = self._prefix(count, depth)
        else:
            values = self._sparse(count, depth)
        return values

    def _rice(self, count: int) -> list[int]:
        least, how = self._signed(), self._fixed(6)
        above = self._flat(count, how - FLAT) if how >= FLAT else self._words(count, how)
        if max(above) >= LARGEST:
            raise BatchError("a number of a column is too large")
        return [least + value for value in above] if least else above

    def _flat(self, count: int, width: int) -> list[int]:
        start, self._at = self._at, self._at + count * width
        if self._at > len(self._text):
            raise BatchError("columns end too early")
        text = self._text
        return (
            [int(text[i : i + width], 2) for i in range(start, self._at, width)]
            if width
            else [0] * count
        )

    def _words(self, count: int, k: int) -> list[int]:
        text, at, out = self._text, self._at, []
        for _ in range(count):
            one = text.find("1", at)
            q = one - at
            if q >= UNARY or one < 0:
                self._at = one
                q = self._long(q)
                one = self._at - 1
            at = one + 1 + k
            out.append((q << k) + int(text[one + 1 : at] or "0", 2) if k else q)
        self._at = at
        if at > len(text):
            raise BatchError("columns end too early")
        return out

    def _long(self, zeros: int) -> int:
        """A quotient that is not written in zeros alone."""
        if zeros != UNARY:
            raise BatchError("columns end too early, or no value has so many zeros")
        self._at += 1
        return UNARY + self.number()

    def _signed(self) -> int:
        value = unzigzag(self.number())
        if abs(value) >= LARGEST:
            raise BatchError("a number of a column is too large")
        return value

    def _sparse(self, count: int, depth: int) -> list[int]:
        values = [self._signed()] * count
        odd = self.number() + 1
        if odd > count:
            raise BatchError("a column has more exceptions than values")
        gaps = self._column(odd, DEPTH)
        at = -1
        for gap, value in zip(gaps, self._column(odd, depth + 1), strict=True):
            at += gap + 1
            if gap < 0 or at >= count:
                raise BatchError("an exception lies outside its column")
            values[at] = value
        return values

    def _prefix(self, count: int, depth: int) -> list[int]:
        symbols, escaped = self._fixed(4) + 1, self._fixed(1)
        words = codes([self._fixed(4) for _ in range(symbols + escaped)])
        value = self._signed()
        named: dict[str, int | None] = {words[0]: value}
        for word in words[1:symbols]:
            value += self.number() + 1
            named[word] = value
        if abs(value) >= LARGEST:
            raise BatchError("a number of a column is too large")
        if escaped:
            named[words[-1]] = None
        found = self._symbols(count, named)
        others = iter(self._column(found.count(None), depth + 1) if None in found else ())
        return [next(others) if value is None else value for value in found]

    def _symbols(self, count: int, named: dict[str, int | None]) -> list[int | None]:
        text, at = self._text, self._at
        out: list[int | None] = []
        for _ in range(count):
            end = at + 1
            while (word := text[at:end]) not in named:
                end += 1
                if end > len(text):
                    raise BatchError("columns end too early")
            out.append(named[word])
            at = end
        self._at = at
        return out

    def _zeros(self) -> int:
        one = self._text.find("1", self._at)
        if one < 0:
            raise BatchError("columns end too early")
        zeros, self._at = one - self._at, one
        return zeros

    def _fixed(self, width: int) -> int:
        start = self._at
        self._at += width
        if self._at > len(self._text):
            raise BatchError("columns end too early")
        return int(self._text[start : self._at], 2) if width else 0
