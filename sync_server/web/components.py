"""A month's money component by component, so that a reader can add it up by himself. Pure."""

from collections.abc import Sequence

import msgspec

from sync_server.tukin import money
from sync_server.tukin.month import MonthRecord
from sync_server.tukin.ruleset import WHOLE_BP, Ruleset


class Components(msgspec.Struct, frozen=True):
    """Whole rupiah; shares in basis points. `discipline` is the whole component before its cut, `cut`
    what discipline lost of it; `productivity` the whole one, `earned` e-kinerja's part of it, and
    `beyond` what the cut takes of that where it exceeds discipline."""

    discipline_bp: int
    productivity_bp: int
    budget_bp: int
    discipline: int
    cut: int
    productivity: int
    earned: int
    beyond: int

    @property
    def is_budgeted(self) -> bool:
        """Whether the region pays less than the whole."""
        return self.budget_bp != WHOLE_BP


def components(rulesets: Sequence[Ruleset], record: MonthRecord) -> Components | None:
    """By the rule set that priced the month; None where that was changed or revoked since, so that
    its figures are another's."""
    last = record.rulesets[-1].id
    rules = next((one for one in rulesets if one.id == last), None)
    if rules is None:
        return None
    earned_bp = record.productivity_bp or 0
    paid = money.share(rules, record.base, record.cut_bp, earned_bp)
    if (paid.discipline, paid.productivity) != (record.discipline, record.productivity):
        return None
    whole = money.share(rules, record.base, 0, earned_bp)
    return Components(
        discipline_bp=rules.discipline_bp,
        productivity_bp=rules.productivity_bp,
        budget_bp=rules.budget_bp,
        discipline=whole.discipline,
        cut=whole.discipline - record.discipline,
        productivity=money.share(rules, record.base, 0, WHOLE_BP).productivity,
        earned=whole.productivity,
        beyond=whole.productivity - record.productivity,
    )
