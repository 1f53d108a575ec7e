"""What a codec gives to the model of a batch: a way to write numbers, and to read them back."""

from collections.abc import Sequence
from typing import Protocol

YEAR_2026 = 1_767_225_600  # times are counted from here
LARGEST = 1 << 46  # no number of a column is as large
FITS = LARGEST >> 5  # nor any field that is put into columns, so that differences stay below that


class Writer(Protocol):
    """Takes numbers in the order in which they will be read."""

    def number(self, value: int) -> None:
        """One number from 0 on, of any size."""

    def below(self, value: int, size: int) -> None:
        """One of `size` numbers that are equally likely."""

    def column(self, values: Sequence[int], contexts: Sequence[int] = ()) -> None:
        """Signed numbers that resemble each other, the more so where their context is the same."""

    def flow(self, values: Sequence[int]) -> None:
        """Signed numbers whose size resembles that of the ones just before."""

    def getvalue(self) -> bytes:
        """All of it."""


class Reader(Protocol):
    """Gives the numbers back. Every method raises BatchError where there is no such number."""

    def number(self) -> int:
        """See Writer."""

    def below(self, size: int) -> int:
        """See Writer."""

    def column(self, count: int, contexts: Sequence[int] = ()) -> list[int]:
        """See Writer."""

    def flow(self, count: int) -> list[int]:
        """See Writer."""

    def finish(self) -> None:
        """Nothing may be left."""


def zigzag(value: int) -> int:
    """Map a signed integer to an unsigned one, small magnitudes first."""
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value: int) -> int:
    """Undo `zigzag`."""
    return -((value + 1) >> 1) if value & 1 else value >> 1
