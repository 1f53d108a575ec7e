"""Who comes: told among those who have not been here lately, because nobody comes twice in one
session; a repeated scan is told from the latest backwards."""

from collections import deque
from collections.abc import Iterable, Sequence

from contract.body.coding import Reader, Writer
from contract.body.texts import get_texts, put_texts
from contract.errors import BatchError

_LATELY = 1_800  # seconds in which a person is not likely to come again
FRESH, KNOWN, AGAIN = range(3)  # first in this batch, seen in it, seen in it lately


class _Visitors:
    """Everybody, in the order of their last scan; the first `absent` have not been here lately."""

    def __init__(self, pins: Iterable[str]) -> None:
        self.order = list(pins)
        self.absent = len(self.order)
        self._recent: deque[tuple[int, str]] = deque()
        self._uses: dict[str, int] = {}

    def at(self, now: int) -> int:
        """Time goes on; how many are absent."""
        recent = self._recent
        while recent and recent[0][0] < now:
            pin = recent.popleft()[1]
            self._uses[pin] -= 1
            self.absent += not self._uses[pin]
        return self.absent

    def take(self, place: int, now: int) -> str:
        """The person at this place comes."""
        pin = self.order.pop(place)
        self.order.append(pin)
        if place < self.absent:
            self.absent -= 1
        self._uses[pin] = self._uses.get(pin, 0) + 1
        self._recent.append((now + _LATELY, pin))
        return pin


_Rank = tuple[int, int]


def _ranks(everybody: Sequence[str], who: Sequence[str], line: Sequence[int]) -> list[_Rank]:
    """Of each scan the rank among the absent and how many they are, or -1 - the rank from the
    latest."""
    visitors = _Visitors(everybody)
    out = []
    for pin, now in zip(who, line, strict=True):
        absent = visitors.at(now)
        place = visitors.order.index(pin)
        out.append((place, absent) if place < absent else (place - len(everybody), 0))
        visitors.take(place, now)
    return out


def put_pins(
    out: Writer, who: Sequence[str], line: Sequence[int], pins: Sequence[str]
) -> list[int]:
    """Write who scans at the moments of `line`; for each scan FRESH, KNOWN or AGAIN."""
    everybody = [*dict.fromkeys((*pins, *who))]
    fresh = everybody[len(pins) :]
    out.number(len(fresh))
    put_texts(out, fresh)
    ranks = _ranks(everybody, who, line)
    again = [int(rank < 0) for rank, _ in ranks]
    out.column(again)
    out.column([-1 - rank for rank, _ in ranks if rank < 0])
    for rank, size in ranks:
        if rank >= 0:
            out.below(rank, size)
    return _known(who, again)


def get_pins(bits: Reader, line: Sequence[int], pins: Sequence[str]) -> tuple[list[str], list[int]]:
    """See put_pins."""
    fresh = bits.number()
    if fresh > len(line):
        raise BatchError("more new PINs than scans")
    everybody = [*pins, *get_texts(bits, fresh)]
    visitors = _Visitors(everybody)
    again = bits.column(len(line))
    back = iter(bits.column(len(line) - again.count(0)))
    who = []
    for now, seen in zip(line, again, strict=True):
        absent = visitors.at(now)
        if seen:
            place = len(everybody) - 1 - next(back)
            there = absent <= place < len(everybody)
        else:
            there = absent > 0
            place = bits.below(absent) if there else 0
        if not there:
            raise BatchError("a scan names a PIN that was never introduced")
        who.append(visitors.take(place, now))
    return who, _known(who, again)


def _known(who: Sequence[str], again: Sequence[int]) -> list[int]:
    met: set[str] = set()
    out = []
    for pin, seen in zip(who, again, strict=True):
        out.append(AGAIN if seen else KNOWN if pin in met else FRESH)
        met.add(pin)
    return out
