"""What one day costs, as the whole month prices it, and until when it may be disputed."""

from datetime import date, timedelta

from sqlalchemy import Connection

from sync_server import rulings
from sync_server.corrections import hours
from sync_server.explain.explained import Basis, Money
from sync_server.explain.reckoning import Reckoned
from sync_server.roster import Person
from sync_server.tukin import money as moneys
from sync_server.tukin.price import Priced
from sync_server.tukin.ruleset import Ruleset

_LONGEST = 92  # days after which nobody may ask any more, whatever the workdays between


def of_day(reckoned: Reckoned, day: date) -> Priced | None:
    """The day as the month's record has it, tiers and runs included."""
    if reckoned.record is None:
        return None
    return next((one for one in reckoned.record.days if one.workdate == day), None)


def basis(rules: Ruleset | None) -> Basis | None:
    """Which rules."""
    if rules is None:
        return None
    return Basis(rules.id, rules.decree, rules.effective_from)


def money(tx: Connection, reckoned: Reckoned, priced: Priced | None) -> Money | None:
    """What the day's cut takes of the month's TPP, as the month counts it: by its post and its last
    day's rule set. A day is what the cuts up to it cost more than those before it, so that the days add
    up to the month's cut, escalations aside."""
    record = reckoned.record
    rules = rulings.in_force(tx, record.rulesets[-1].last) if record else None
    if record is None or rules is None or priced is None or not record.base:
        return None

    def cut(bp: int) -> int:
        return moneys.share(rules, record.base, bp, record.productivity_bp or 0).cut

    before = sum(one.cut_bp for one in record.days if one.workdate < priced.workdate)
    whole = moneys.share(rules, record.base, 0, 0).discipline
    share = record.base if rules.deduct.base == "tpp" else whole
    return Money(record.base, share, cut(before + priced.cut_bp) - cut(before))


def dispute_until(
    tx: Connection, person: Person | None, rules: Ruleset | None, day: date
) -> date | None:
    """The last day on which a correction of the day may be asked; None where there is no such bound,
    or no kind of correction."""
    kinds = [
        kind for kind in (rules.regularise if rules else {}).values() if kind.scope == "person"
    ]
    limits = [kind.deadline_workdays for kind in kinds]
    if not limits or 0 in limits:
        return None
    for after in range(1, _LONGEST):
        until = day + timedelta(days=after)
        if hours.workdays(tx, person, day, until) >= max(limits):
            return until
    return None
