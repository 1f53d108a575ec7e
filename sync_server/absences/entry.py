"""One person's absence by a document, for dates (inclusive)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

Scope = Literal["day", "in", "out"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`scope`: the whole day, or what stands in for the arrival or the departure. `entered` and
    `withdrawn` are server UTC seconds, 0 where they are still to come."""

    document: str
    nip: str
    code: str
    scope: Scope
    first: date
    last: date
    place: str = ""
    purpose: str = ""
    attachment: str = ""
    entered: int = 0
    entered_by: str = ""
    withdrawn: int = 0
    withdrawn_by: str = ""

    @property
    def key(self) -> tuple[str, str, date, Scope]:
        """What makes it this row of its document and no other."""
        return self.document, self.nip, self.first, self.scope

    @property
    def said(self) -> tuple[object, ...]:
        """What people wrote: two entries that say the same are the same."""
        return *self.key, self.code, self.last, self.place, self.purpose, self.attachment

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days between two dates, inclusive."""
        day, end = max(self.first, first), min(self.last, last)
        while day <= end:
            yield day
            day += timedelta(days=1)

    def meets(self, other: "Entry") -> bool:
        """Whether both take one person's whole day, on some day."""
        whole = self.scope == other.scope == "day" and self.nip == other.nip
        return whole and self.first <= other.last and other.first <= self.last
