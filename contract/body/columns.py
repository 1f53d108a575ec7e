"""Codec 1: columns of bits, written. Each column is written in the way that makes it shortest.

Bits are kept as text of '0' and '1': slicing, `str.index` and `int(text, 2)` run in C, which makes
this several times faster in CPython than shifting integers.
"""

from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from contract.body.coding import zigzag
from contract.body.layout import (
    DEPTH,
    EIGHTHS,
    FEW,
    FLAT,
    MOST,
    STARTS,
    SYMBOLS,
    UNARY,
    codes,
    places,
)


class Writer:
    """Collects bits."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def number(self, value: int) -> None:
        """Elias delta."""
        self._parts.append(_delta(value))

    def below(self, value: int, size: int) -> None:
        """Truncated binary: the first values are a bit shorter."""
        width = (size - 1).bit_length()
        if not width:
            return
        short = (1 << width) - size
        if value >= short:
            self._parts.append(format(value + short, f"0{width}b"))
        elif width > 1:
            self._parts.append(format(value, f"0{width - 1}b"))

    def column(self, values: Sequence[int], contexts: Sequence[int] = ()) -> None:
        """A part for each context."""
        for part in places(len(values), contexts):
            self._parts.append(_column([values[i] for i in part], 0))

    def flow(self, values: Sequence[int]) -> None:
        """Rice-coded with a parameter that follows them."""
        if values:
            self._parts.append(_flow(values))

    def getvalue(self) -> bytes:
        """The bits as bytes, padded with zeros."""
        text = "".join(self._parts)
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


def _delta(value: int) -> str:
    text = format(value + 1, "b")
    length = format(len(text), "b")
    return "0" * (len(length) - 1) + length + text[1:]


def _column(values: list[int], depth: int) -> str:
    counts = Counter(values)
    if len(counts) == 1:
        return "00" + _delta(zigzag(values[0]))
    size, head, above, k = _rice(values)
    options = []
    if depth < DEPTH:
        common, times = counts.most_common(1)[0]
        if times > 1:
            options.append("10" + _prefix(values, counts, depth))
        if times * 2 > len(values):
            options.append("11" + _sparse(values, common, depth))
    best = min(options, key=len, default="")
    if best and len(best) <= size:
        return best
    return head + "".join(_words(above, k))


def _words(above: list[int], k: int) -> list[str]:
    if k < FLAT:
        return [_rice_word(value, k) for value in above]
    spec = f"0{k - FLAT}b"
    return [format(value, spec) for value in above]


def _rice(values: list[int]) -> tuple[int, str, list[int], int]:
    """Above the least, Rice-coded or all of one width: the bits of it, the head, the numbers and the
    parameter."""
    least, most = min(values), max(values)
    above = [value - least for value in values]
    n = len(above)
    near = min(FLAT - 1, (sum(above) // n).bit_length())
    size, k = min((_rice_cost(above, k), k) for k in range(max(0, near - 1), near + 1))
    width = (most - least).bit_length()
    if width < 64 - FLAT:
        size, k = min((size, k), (width * n, FLAT + width))
    head = "01" + _delta(zigzag(least)) + format(k, "06b")
    return size + len(head), head, above, k


def _rice_cost(above: list[int], k: int) -> int:
    return sum([value >> k for value in above]) + (k + 1) * len(above)


def _rice_word(value: int, k: int) -> str:
    q = value >> k
    head = "0" * q + "1" if q < UNARY else "0" * UNARY + "1" + _delta(q - UNARY)
    return head + format(value & (1 << k) - 1, f"0{k}b") if k else head


def _flow(values: Sequence[int]) -> str:
    least = min(values)
    above = [value - least for value in values]
    early = sorted(above[:FEW])
    start = min(STARTS - 1, early[len(early) // 2].bit_length())
    mean, parts = EIGHTHS << start, [_delta(zigzag(least)), format(start, "04b")]
    for value in above:
        parts.append(_rice_word(value, max(0, (mean >> 3).bit_length() - 1)))
        mean += min(value, MOST * (mean >> 3) + MOST) - (mean >> 3)
    return "".join(parts)


def _sparse(values: list[int], common: int, depth: int) -> str:
    at, gaps, odd = 0, [], []
    for i, value in enumerate(values):
        if value != common:
            gaps.append(i - at)
            odd.append(value)
            at = i + 1
    return (
        _delta(zigzag(common))
        + _delta(len(odd) - 1)
        + _column(gaps, DEPTH)
        + _column(odd, depth + 1)
    )


def _prefix(values: list[int], counts: Counter[int], depth: int) -> str:
    chosen = {v: n for v, n in counts.most_common(SYMBOLS) if n > 1}
    symbols = sorted(chosen)
    others = [value for value in values if value not in chosen]
    weights = [chosen[v] for v in symbols] + ([len(others)] if others else [])
    lengths = _lengths(weights)
    words = codes(lengths)
    code = dict(zip(symbols, words, strict=False))
    head = [format(len(symbols) - 1, "04b"), "1" if others else "0"]
    head += [format(length, "04b") for length in lengths]
    head.append(_delta(zigzag(symbols[0])))
    head += [_delta(b - a - 1) for a, b in pairwise(symbols)]
    escape = words[-1]
    text = "".join(head) + "".join([code.get(value, escape) for value in values])
    return text + (_column(others, depth + 1) if others else "")


def _lengths(weights: list[int]) -> list[int]:
    """Huffman's code lengths; of fewer than 16 symbols none is longer than 14 bits."""
    heap = [(weight, [i]) for i, weight in enumerate(weights)]
    lengths = [0] * len(weights)
    heapify(heap)
    while len(heap) > 1:
        (a, left), (b, right) = heappop(heap), heappop(heap)
        for i in left + right:
            lengths[i] += 1
        heappush(heap, (a + b, left + right))
    return lengths
