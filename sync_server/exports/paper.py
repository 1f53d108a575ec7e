"""What a month's files are made of, and how its values look on paper. Pure.

Money is whole rupiah, percentages are basis points, instants are UTC; local times are the office's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

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
    is the sheet's; `facts` are everybody's, by NIP and date."""

    sheet: Sheet
    facts: Sequence[Fact]
    state: str
    rev: int
    digest: str
    office: str
    region: str
    head: Signer
    treasurer: Signer

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


def days(month: str) -> list[date]:
    """Every date of "YYYY-MM"."""
    day = date.fromisoformat(f"{month}-01")
    found = []
    while f"{day:%Y-%m}" == month:
        found.append(day)
        day += timedelta(days=1)
    return found


def local(touch: Touch | None, tz: str) -> str:
    """hh:mm of a touch by the office's clock ("+07:00"), with ~ where it is an interval's best."""
    if touch is None:
        return ""
    ahead = timedelta(hours=int(tz[1:3]), minutes=int(tz[4:6]))
    there = touch.t.astimezone(UTC) + ahead
    return f"{there:%H:%M}" + ("~" if touch.clock == "bounded" else "")


def moment(at: int, tz_minutes: int = 420) -> str:
    """UTC seconds as date and time of the office, for a paper's foot."""
    there = datetime.fromtimestamp(at + tz_minutes * 60, UTC)
    return f"{day_label(there.date())} {there:%H.%M}"


def percent(bp: int | None) -> str:
    """Basis points as people read them: 1,5 %; a dash for what nobody has brought."""
    if bp is None:
        return "–"
    sign, bp = ("-" if bp < 0 else ""), abs(bp)
    whole, rest = divmod(bp, 100)
    return f"{sign}{whole}" + (f",{rest:02}".rstrip("0") if rest else "") + " %"


def rupiah(amount: int) -> str:
    """Whole rupiah as people read them: 2.772.000."""
    return f"{amount:,}".replace(",", ".")


def harmless(text: str) -> str:
    """Text from people that no spreadsheet takes for a formula when it opens a CSV file."""
    return f"'{text}" if text.startswith(_RISKY) else text


def total(amounts: Iterable[int]) -> int:
    """The sum of a column."""
    return sum(amounts)
