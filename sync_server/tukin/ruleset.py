"""A rule set: what one decree says of tukin, read and checked. Percentages are basis points. Pure.

Integers throughout: a percentage is in basis points (1.5 % = 150), money in rupiah.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from sync_server.touches import Measure

WHOLE_BP = 10_000
# Whom a decree may name to approve a correction.
SEATS = SUPERIOR, HEAD, REGION = "atasan_langsung", "kepala_opd", "bkpsdm"
Method = Literal[
    "band_per_occurrence",  # each late or early day falls into a band
    "band_on_month_total",  # the month's minutes fall into a band
    "per_minute",  # each minute costs the same share
    "proportional",  # minutes lost of the minutes due in the month
    "fixed_per_checkpoint",  # a checkpoint not met on time costs a fixed share
    "code_tier",  # a band names a code, and its n-th time in the month has a price
]
# What a tier counts: consecutive workdays, or the times in this month.
Basis = Literal["consecutive_workdays", "month"]


class Band(msgspec.Struct, frozen=True, gc=False):
    """Minutes from `first` to before `before` (None: without end) carry a code."""

    first: int
    before: int | None
    code: str


class Cut(msgspec.Struct, frozen=True, gc=False):
    """What a code costs: the tier that its n-th day has reached, by `basis`.

    `tiers` are (from, basis points), ascending from 1. `retroactive`: every day of a run (or every
    time in the month) costs what the last one has reached.
    """

    code: str
    tiers: tuple[tuple[int, int], ...]
    legal: str
    basis: Basis = "month"
    retroactive: bool = False

    def at(self, nth: int) -> int:
        """Basis points of the n-th day or time, n from 1."""
        cut = 0
        for first, bp in self.tiers:
            if first > nth:
                break
            cut = bp
        return cut

    @property
    def cost(self) -> tuple[int, int]:
        """To compare documents of one day by: basis points of the first day, and at the most."""
        return self.at(1), max(bp for _, bp in self.tiers)


class Leave(msgspec.Struct, frozen=True, gc=False):
    """An absence that a document allows: of a whole day, of a checkpoint, or of both kinds."""

    cut: Cut
    day: bool
    checkpoint: bool
    document: str


class Missing(msgspec.Struct, frozen=True, gc=False):
    """The code of a checkpoint that nothing vouches for; "" where the decree has none."""

    arrival: str
    mid: str
    departure: str
    both: str


class Escalation(msgspec.Struct, frozen=True, gc=False):
    """So many days of a code, in a row or in the month, and the month is cut to `month_cut_bp`."""

    code: str
    days: int
    consecutive: bool
    month_cut_bp: int
    legal: str


class Regularise(msgspec.Struct, frozen=True, gc=False):
    """A kind of correction. `per_month` 0: as many as need be; `deadline_workdays` 0: at any time."""

    per_month: int
    deadline_workdays: int
    approvers: tuple[str, ...]
    effect: Literal["excuse_checkpoint"]
    scope: Literal["person", "office"]


class Deduct(msgspec.Struct, frozen=True, gc=False):
    """How days are cut. `day_cap_bp` None: no cap. `cuts` has every code but leave's."""

    method: Method
    base: Literal["discipline", "tpp"]
    day_cap_bp: int | None
    month_cap_bp: int
    round_to: int
    late: tuple[Band, ...]
    early: tuple[Band, ...]
    per_minute_bp: int
    missing: Missing
    cuts: Mapping[str, Cut]
    escalations: tuple[Escalation, ...]
    apel: str
    apel_in_day_cap: bool


class Productivity(msgspec.Struct, frozen=True, gc=False):
    """How e-kinerja becomes a share. `steps` are (from, basis points); `target` points are 100 %."""

    kind: Literal["linear", "step", "grade"] = "linear"
    unit: Literal["percent", "points"] = "percent"
    target: int = 0
    steps: tuple[tuple[int, int], ...] = ()
    grades: Mapping[str, int] = {}


class Ekinerja(msgspec.Struct, frozen=True, gc=False):
    """How activities are counted. `credit`: minutes that an absence's code is worth. 0: no bound."""

    minutes_per_point: int = 1
    day_cap_minutes: int = 0
    credit: Mapping[str, int] = {}
    entry_workdays: int = 0
    verify_workdays: int = 0


class Ruleset(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One decree. In force from `effective_from` until `effective_to` or the next one's begin."""

    file: str
    id: str
    title: str
    decree: str
    legal_ref: str
    region: str
    effective_from: date
    effective_to: date | None
    status: Literal["draft", "active", "revoked"]
    measure: Measure
    discipline_bp: int
    productivity_bp: int
    deduct: Deduct
    flex_max: int
    leave: Mapping[str, Leave]
    regularise: Mapping[str, Regularise]
    productivity: Productivity
    ekinerja: Ekinerja
    dispute_workdays: int
    max_wait_days: int
    budget_bp: int

    def covers(self, day: date) -> bool:
        """Whether it is active on a work date, not counting what came after it."""
        last = self.effective_to or date.max
        return self.status == "active" and self.effective_from <= day <= last
