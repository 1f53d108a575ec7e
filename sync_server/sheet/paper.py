"""A month of an office on paper: one row a person, what still waits, what it rests on. Pure.

The same inputs make the same bytes, whatever order they came in; money is whole rupiah.
"""

import hashlib
from typing import Literal

import msgspec

from sync_server.tukin.month import MonthRecord

VERSION = "sheet/1"
# Why a row cannot be paid yet. The last three are of the office, not of a person.
Lack = Literal[
    "TUNGGU_DATA",  # a device of the office has not told everything about the day
    "UNREAD",  # late or early, and a device that may hold a better punch is not read: `detail`
    "TAHAN_JAM",  # a punch without a usable clock may belong to the day
    "CORRECTION",  # somebody asks to be excused, and nobody has answered yet
    "NO_BASE",  # no post with a TPP base
    "NO_RULES",  # no rule set in force on the day
    "LEAVE_CODE",  # a letter's code that the rule set of the day does not have: `detail`
    "KINERJA_UNREADABLE",  # e-kinerja that the rule set of `detail` cannot read
    "NO_FACT",  # no shift given, or the day not made yet; `detail` counts the days
    "NO_PEOPLE",
    "NO_OWNER",  # somebody was absent, and there are punches of a PIN that is nobody's: `detail`
    "UNMADE",  # the day is to be made anew: something that it rests on has changed
]


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person's month, and the post that it is paid for; NPWP and title for the list only."""

    record: MonthRecord
    name: str
    title: str
    rank: str
    grade: str
    npwp: str
    exempt: bool = False


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """One thing that is in the way of paying. `workdate` is ISO, or "" for the month's whole."""

    code: Lack
    nip: str
    name: str
    workdate: str
    detail: str = ""


class Rulebook(msgspec.Struct, frozen=True, gc=False):
    """A rule set that priced days of the month; `sha256` of its text as it was imported."""

    id: str
    decree: str
    sha256: str


class Owed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A susulan that this month pays: what `month` should have paid (`became`) less what it was
    counted as (`was`), in whole rupiah; negative where too much was paid."""

    no: int
    opd: str
    month: str
    nip: str
    name: str
    was: int
    became: int
    reason: str

    @property
    def amount(self) -> int:
        """What is to be paid more (or less, below zero)."""
        return self.became - self.was


class Sheet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A month of an office. Rows by NIP, pending by date; `month` is "YYYY-MM".

    `facts_sha256` is the digest of every daily fact that was counted, as JSON Lines.
    """

    schema: Literal["tukin-sheet/1"] = "tukin-sheet/1"
    opd: str
    month: str
    rows: tuple[Row, ...]
    pending: tuple[Waiting, ...]
    owed: tuple[Owed, ...]
    rulesets: tuple[Rulebook, ...]
    facts_sha256: str
    engine: str = VERSION

    @property
    def gross(self) -> int:
        """The rows' sum in rupiah, susulan not counted."""
        return sum(row.record.gross for row in self.rows)

    @property
    def owing(self) -> int:
        """The sum of the susulan that this month pays."""
        return sum(one.amount for one in self.owed)


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Sheet)


def encode(sheet: Sheet) -> bytes:
    """The sheet's canonical bytes: JSON, keys in a fixed order."""
    return _encoder.encode(sheet)


def decode(body: bytes) -> Sheet:
    """A sheet as it was stored."""
    return _decoder.decode(body)


def digest(body: bytes) -> str:
    """SHA-256 of a sheet's bytes, in hex: what approvals are given for."""
    return hashlib.sha256(body).hexdigest()
