"""What a month adds to its days' cuts: bands on its minutes, escalation, the month's cap. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sync_server.tukin.deducting import EARLY, LATE
from sync_server.tukin.figures import half_up
from sync_server.tukin.price import Priced
from sync_server.tukin.ruleset import WHOLE_BP, Band, Escalation, Ruleset
from sync_server.tukin.streaks import Day, Tally

Kind = Literal["band", "proportional", "escalation", "cap"]


class Jump(msgspec.Struct, frozen=True, gc=False):
    """A cut of the whole month in basis points (negative: what its cap takes back).

    `count` is what led to it: minutes for band and proportional, days for escalation.
    """

    code: str
    kind: Kind
    count: int
    cut_bp: int
    legal: str


def of_month(
    days: Sequence[Day], priced: Sequence[Priced], carried: Mapping[str, int]
) -> Iterator[Jump]:
    """The month's own cuts; with those of the days they add up to the month's cut.

    Minutes are banded for each rule set apart, over its own days; escalation and cap follow the last.
    """
    cut = sum(day.cut_bp for day in priced)
    for jump in _of_minutes(days, priced):
        cut += jump.cut_bp
        yield jump
    last = days[-1][1]
    for jump in _escalated(last, priced, carried, cut):
        cut += jump.cut_bp
        yield jump
    cap = last.deduct.month_cap_bp
    if cut > cap:
        yield Jump("", "cap", 0, cap - cut, last.decree)


def _of_minutes(days: Sequence[Day], priced: Sequence[Priced]) -> Iterator[Jump]:
    for rules in {rules.id: rules for _, rules in days}.values():
        if rules.deduct.method not in ("band_on_month_total", "proportional"):
            continue
        own = [n for n, (_, its) in enumerate(days) if its.id == rules.id]
        late, early = (_minutes([priced[n] for n in own], code) for code in (LATE, EARLY))
        if rules.deduct.method == "proportional":
            yield from _proportional(rules, late + early, [days[n] for n in own])
        else:
            yield from _banded(rules, rules.deduct.late, late)
            yield from _banded(rules, rules.deduct.early, early)


def _proportional(rules: Ruleset, minutes: int, days: Sequence[Day]) -> Iterator[Jump]:
    """Minutes lost of the minutes due, under the rule set's own days."""
    due = sum(_due(day) for day in days)
    lost = min(minutes, due)
    if lost:
        yield Jump("", "proportional", lost, half_up(lost * WHOLE_BP, due), rules.decree)


def _minutes(priced: Sequence[Priced], code: str) -> int:
    return sum(one.minutes for day in priced for one in day.reasons if one.code == code)


def _banded(rules: Ruleset, bands: Sequence[Band], minutes: int) -> Iterator[Jump]:
    for band in bands:
        if band.first <= minutes and (band.before is None or minutes < band.before):
            cut = rules.deduct.cuts[band.code]
            yield Jump(band.code, "band", minutes, cut.at(1), cut.legal)


def _due(day: Day) -> int:
    """Minutes of work due on a day; none on a day off."""
    fact, _ = day
    if fact.due_in is None or fact.due_out is None:
        return 0
    if fact.status in ("LIBUR_NASIONAL", "CUTI_BERSAMA", "DIKECUALIKAN"):
        return 0
    return int((fact.due_out - fact.due_in).total_seconds()) // 60


def _escalated(
    rules: Ruleset, priced: Sequence[Priced], carried: Mapping[str, int], cut: int
) -> Iterator[Jump]:
    """Only the one that cuts most applies, and it adds what the days have not cut yet."""
    met = [
        (one, days)
        for one in rules.deduct.escalations
        if (days := _days(one, priced, carried)) >= one.days
    ]
    if not met:
        return
    worst, days = max(met, key=lambda pair: pair[0].month_cut_bp)
    if worst.month_cut_bp > cut:
        yield Jump(worst.code, "escalation", days, worst.month_cut_bp - cut, worst.legal)


def _days(one: Escalation, priced: Sequence[Priced], carried: Mapping[str, int]) -> int:
    """Days of the code in this month, or the longest run that has a day in it."""
    here = sum(one.code in day.codes for day in priced)
    if not here or not one.consecutive:
        return here
    tally, longest = Tally({one.code: carried.get(one.code, 0)}), 0
    for day in priced:
        tally.add(day)
        if one.code in day.codes:
            longest = max(longest, tally.runs[one.code])
    return longest
