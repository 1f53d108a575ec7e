"""From shares to rupiah: the discipline component less its cut, productivity as it was earned. Pure."""

import msgspec

from sync_server.tukin.figures import half_up
from sync_server.tukin.ruleset import WHOLE_BP, Ruleset


class Paid(msgspec.Struct, frozen=True, gc=False):
    """Whole rupiah. `cut` is what discipline cost; what exceeds its component falls on productivity."""

    cut: int
    discipline: int
    productivity: int


def share(rules: Ruleset, base: int, cut_bp: int, earned_bp: int) -> Paid:
    """The components of a TPP of `base` rupiah. Each is rounded once, one half up.

    The productivity component is the base less the discipline component, so that no rupiah is lost
    between the two; rounding never pays more than the base and the budget allow.
    """
    step = rules.deduct.round_to
    most = base * rules.budget_bp // (WHOLE_BP * step) * step
    discipline = min(_rounded(base * rules.discipline_bp, WHOLE_BP, rules), base)
    productivity = base - discipline
    of = base if rules.deduct.base == "tpp" else discipline
    full = min(_rounded(discipline * rules.budget_bp, WHOLE_BP, rules), most)
    earned = _rounded(productivity * earned_bp * rules.budget_bp, WHOLE_BP**2, rules)
    earned = min(earned, most - full)
    cut = min(_rounded(of * cut_bp * rules.budget_bp, WHOLE_BP**2, rules), full + earned)
    kept = max(0, full - cut)
    return Paid(cut, kept, earned - (cut - (full - kept)))


def _rounded(dividend: int, divisor: int, rules: Ruleset) -> int:
    step = rules.deduct.round_to
    return half_up(dividend, divisor * step) * step
