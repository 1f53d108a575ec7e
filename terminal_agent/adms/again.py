"""Which rows came since a terminal was asked for everything. Pure.

A batch whose answer was lost comes again, and is no more rows for that: rows are told apart as they
are on storing, by PIN and device second (or by their bytes), the n-th such row of a body being the
n-th one of the log.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from terminal_agent.adms.lines import Line, Punch, Unread


class Again(msgspec.Struct, frozen=True):
    """How many rows came, each counted once: `punches`, and `unread` that nobody can read."""

    punches: int = 0
    unread: int = 0


class Rows:
    """The rows of bodies so far. Their hashes only: a terminal holds 200 000, and two rows that look
    like one only prove less."""

    def __init__(self) -> None:
        self._punches: set[int] = set()
        self._unread: set[int] = set()

    def came(self, body: Sequence[Line]) -> None:
        """These lines came together."""
        nth: Counter[int] = Counter()
        for line in body:
            match line:
                case Punch(pin=pin, t=t):
                    rows, mark = self._punches, hash((pin, t))
                case Unread(raw=raw):
                    rows, mark = self._unread, hash(raw)
                case _:
                    continue
            nth[mark] += 1
            rows.add(hash((mark, nth[mark])))

    def counted(self) -> Again:
        """How many they are."""
        return Again(len(self._punches), len(self._unread))
