"""What a check finds. Pure."""

from typing import Literal

import msgspec

Kind = Literal[
    "chains",
    "punches",
    "seals",
    "receipts",
    "witnessed",
    "distrusted",
    "log",
    "decisions",
    "rulings",
    "checkpoints",
    "months",
    "kiosks",
    "credentials",
    "against",
    "facts",
]


class Broken(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first thing that does not hold. `why` is a code with words. Where it is: an event of a
    chain, a `line` (number of a row, or of a checkpoint), or what `detail` names."""

    why: str
    kid: str = ""
    epoch: int = 0
    seq: int = 0
    line: int = 0
    detail: str = ""


class Check(msgspec.Struct, frozen=True):
    """One kind of check over everything: how many things were looked at, how many do not hold, and
    the first of those."""

    kind: Kind
    looked: int
    failed: int
    first: Broken | None


class Tally:
    """Counts what one check looks at."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._looked, self._failed = 0, 0
        self._first: Broken | None = None

    def look(self, broken: Broken | None) -> None:
        """One more thing was looked at; it holds where nothing is `broken`."""
        self._looked += 1
        if broken is not None:
            self._failed += 1
            self._first = self._first or broken

    def check(self) -> Check:
        """What was found."""
        return Check(self._kind, self._looked, self._failed, self._first)


class ChainCheck(msgspec.Struct, frozen=True):
    """A recomputed chain; `broken_at` is the first event that does not hold, 0 = all hold. `missing`:
    there is no event of that number."""

    kid: str
    epoch: int
    events: int
    broken_at: int
    missing: bool = False
