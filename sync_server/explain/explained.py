"""What an explanation of somebody's day holds: from the cut down to the raw events."""

from datetime import date, datetime
from typing import Literal

import msgspec

from sync_server.absences import Entry
from sync_server.corrections import Correction
from sync_server.decisions import Decision
from sync_server.fact import Fact
from sync_server.retime import Quality
from sync_server.tukin.price import Priced

# What became of a punch: the arrival, a checkpoint between, the departure, the same touch as another
# (finger, then face), one between the first and the last, before or after the shift's window,
# another workday's, or of a time that nobody knows.
Use = Literal[
    "in", "mid", "out", "duplicate", "between", "outside", "other_day", "unplaced", "idle"
]


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A punch and what became of it. All instants are UTC.

    `code` is the evidence code that the kiosk's screen showed. `at` is the derived time; `lo` and
    `hi` bound it where it is an interval or not known (None: no bound). `raw` is what the stamping
    clock showed, where that differs. `method` says how the time was found. `of` is the punch that
    this one doubles, or the date that it belongs to.
    """

    event: str
    kid: str
    epoch: int
    seq: int
    code: str
    terminal: str
    mode: str
    at: datetime | None
    lo: datetime | None
    hi: datetime | None
    quality: Quality
    method: str
    raw: str | None
    received: datetime
    use: Use
    of: str = ""


class Covering(msgspec.Struct, frozen=True):
    """How far a device of the office was read for that day. `reached` UTC, None: never since the
    window opened. What is no device, a kiosk that never spoke, missing events or an unresolved
    fork, is named by `kind`."""

    device: str
    kind: Literal["device", "kiosk", "gap", "fork"]
    reached: datetime | None
    behind: bool


class Basis(msgspec.Struct, frozen=True):
    """The rules that priced the day: which file, by which decree, since when."""

    ruleset: str
    decree: str
    since: date


class Money(msgspec.Struct, frozen=True):
    """What the day's cut costs by itself, in rupiah: `lost` of `share`, the part of the month's TPP
    `base` that the decree cuts."""

    base: int
    share: int
    lost: int


class Asked(msgspec.Struct, frozen=True):
    """A correction of the day with everything that people did about it, the oldest first."""

    correction: Correction
    decisions: tuple[Decision, ...]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's day: the fact, what it costs and why, and everything that it rests on.

    `provisional`: the day's window is not over, or its fact not made yet; it is paired as things
    stand. `priced` and `basis` are None where nothing prices it, `money` where there is no post.
    `also` names other offices that have a fact of the same person and day. `dispute_until` is the
    last day on which a correction may be asked.
    """

    nip: str
    name: str
    opd: str
    office: str
    workdate: date
    fact: Fact
    provisional: bool
    window: tuple[datetime, datetime] | None
    priced: Priced | None
    basis: Basis | None
    money: Money | None
    punches: tuple[Weighed, ...]
    absences: tuple[Entry, ...]
    corrections: tuple[Asked, ...]
    coverage: tuple[Covering, ...]
    also: tuple[str, ...] = ()
    dispute_until: date | None = None
