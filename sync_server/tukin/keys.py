"""The keys of a `tukin-rules/1` file, with what a missing one means. Pure."""

from datetime import date
from typing import Literal

import msgspec


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Head(_Table, frozen=True, kw_only=True):
    """[ruleset]"""

    id: str
    decree: str
    effective_from: date
    status: str
    title: str = ""
    legal_ref: str = ""
    sha256_of_decree_pdf: str = ""
    region: str = ""
    effective_to: date | None = None


class Measured(_Table, frozen=True):
    """[measure]"""

    seconds: str = "floor"
    in_event: str = "first"
    out_event: str = "last"
    duplicate_seconds: int = 120


class Weights(_Table, frozen=True):
    """[weights]"""

    discipline: str
    productivity: str


class BandRow(_Table, frozen=True):
    """A line of late or early: from to before `to`."""

    code: str
    first: int = msgspec.field(name="from")
    before: int | None = msgspec.field(name="to", default=None)
    cut: str | None = None
    legal: str = ""


class TierRow(_Table, frozen=True):
    """A line of tiers."""

    first: int = msgspec.field(name="from")
    cut: str


class MissingTable(_Table, frozen=True):
    """[deduct.missing]"""

    arrival: str = msgspec.field(name="in", default="")
    departure: str = msgspec.field(name="out", default="")
    mid: str = ""
    both: str = ""


class CodeTable(_Table, frozen=True):
    """[deduct.codes.X]"""

    cut: str | None = None
    tiers: list[TierRow] = []
    tier_basis: str = "month"
    tier_apply: str = "from_tier"
    legal: str = ""


class LeaveTable(_Table, frozen=True):
    """[leave.X]"""

    scope: str
    cut: str | None = None
    tiers: list[TierRow] = []
    tier_basis: str = "consecutive_workdays"
    tier_apply: str = "from_tier"
    document: str = ""
    legal: str = ""


class EscalationRow(_Table, frozen=True):
    """[[deduct.escalation]]"""

    code: str
    days: int
    month_cut: str
    consecutive: bool = False
    legal: str = ""


class DeductTable(_Table, frozen=True):
    """[deduct]"""

    method: str = "band_per_occurrence"
    base: str = "discipline"
    day_cap: str = ""
    month_cap: str = "100"
    rounding: str = "half_up"
    round_to: int = 1
    late: list[BandRow] = []
    early: list[BandRow] = []
    per_minute: str = ""
    missing: MissingTable = MissingTable()
    codes: dict[str, CodeTable] = {}
    escalation: list[EscalationRow] = []


class Apel(_Table, frozen=True):
    """[apel]"""

    code: str | None = None
    in_day_cap: bool = False


class Flex(_Table, frozen=True):
    """[flex]"""

    max_minutes: int = 0


class RegulariseTable(_Table, frozen=True):
    """[regularise.X]"""

    approvers: list[str]
    per_month: int = 0
    deadline_workdays: int = 0
    effect: str = "excuse_checkpoint"
    scope: str = "person"


class StepRow(_Table, frozen=True):
    """A line of [productivity] steps."""

    first: int = msgspec.field(name="from")
    pays: str


class ProductivityTable(_Table, frozen=True):
    """[productivity]"""

    kind: str = "linear"
    unit: str = "percent"
    target: int = 0
    steps: list[StepRow] = []
    grades: dict[str, str] = {}


class EkinerjaTable(_Table, frozen=True):
    """[ekinerja]"""

    minutes_per_point: int = 1
    day_cap_minutes: int = 0
    credit: dict[str, int] = {}
    entry_workdays: int = 0
    verify_workdays: int = 0


class Dispute(_Table, frozen=True):
    """[dispute]"""

    workdays: int = 5


class Budget(_Table, frozen=True):
    """[budget]"""

    factor: str = "100"


class CoverageTable(_Table, frozen=True):
    """[coverage]"""

    absence_needs_complete_coverage: bool = True
    max_wait_days: int = 10


class Clock(_Table, frozen=True):
    """[clock]"""

    suspect_policy: str = "favour_bounded"
    hold_if_unbounded: bool = True


class RuleFile(_Table, frozen=True):
    """The whole file."""

    schema: Literal["tukin-rules/1"]
    ruleset: Head
    weights: Weights
    deduct: DeductTable
    measure: Measured = Measured()
    apel: Apel = Apel()
    flex: Flex = Flex()
    leave: dict[str, LeaveTable] = {}
    regularise: dict[str, RegulariseTable] = {}
    productivity: ProductivityTable = ProductivityTable()
    ekinerja: EkinerjaTable = EkinerjaTable()
    dispute: Dispute = Dispute()
    budget: Budget = Budget()
    coverage: CoverageTable = CoverageTable()
    clock: Clock = Clock()
