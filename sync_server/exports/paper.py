"""What a month's files are made of, and how its values look on paper. Pure.

Money is whole rupiah, percentages are basis points, instants are UTC; local times are the office's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from sync_server import localtime
from sync_server.checkpoints import Kept
from sync_server.fact import Fact, Touch
from sync_server.sheet import Sheet

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


class Signer(msgspec.Struct, frozen=True):
    """Who signs; empty where the office has nobody entered."""

    name: str
    nip: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A month of an office to be printed. `state` is the
    revision's, or "open"; what is not frozen is marked as not final. `digest`
    is the sheet's; `facts` are everybody's, by NIP and date; `checkpoint` is what is printed to prove
    the ledger later, None where there is none yet."""

    sheet: Sheet
    facts: Sequence[Fact]
    state: str
    rev: int
    digest: str
    office: str
    region: str
    head: Signer
    treasurer: Signer
    checkpoint: Kept | None = None

    @property
    def final(self) -> bool:
        """Whether the month is frozen."""
        return self.state == "frozen"

    def facts_of(self) -> Mapping[str, list[Fact]]:
        """The facts of each NIP, by date."""
        found: dict[str, list[Fact]] = {}
        for one in sorted(self.facts, key=lambda one: (one.nip, one.workdate)):
            found.setdefault(one.nip, []).append(one)
        return found

    def codes(self) -> list[str]:
        """Every code that somebody of this month was counted by, in order."""
        return sorted({code for row in self.sheet.rows for code in row.record.counts})


def month_label(month: str) -> str:
    """ "2026-10" as people write it: Oktober 2026."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def day_label(day: date) -> str:
    """A date as people write it: 13 Januari 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local(touch: Touch | None, tz: str) -> str:
    """hh:mm of a touch by the office's clock ("+07:00"), with ~ where it is an interval's best."""
    if touch is None:
        return ""
    there = localtime.at(touch.t, localtime.zone(tz))
    return f"{there:%H:%M}" + ("~" if touch.clock == "bounded" else "")


def moment(at: int, zone: int = localtime.WIB) -> str:
    """UTC seconds as date and time of the office, for a paper's foot."""
    there = localtime.at(at, zone)
    return f"{day_label(there.date())} {there:%H.%M}"


def harmless(text: str) -> str:
    """Text from people that no spreadsheet takes for a formula when it opens a CSV file."""
    return f"'{text}" if text.startswith(_RISKY) else text


def total(amounts: Iterable[int]) -> int:
    """The sum of a column."""
    return sum(amounts)
