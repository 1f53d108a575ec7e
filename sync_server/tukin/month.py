"""A person's month: days priced, jumps and caps, and the money; gross is always the parts' sum. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Literal

import msgspec

from sync_server.tukin import jumps, money, streaks
from sync_server.tukin.jumps import Jump
from sync_server.tukin.price import Priced
from sync_server.tukin.streaks import OFF, Day

Pending = Literal["TUNGGU_DATA", "TAHAN_JAM"]
_NOT_DUE = (*OFF, "DIKECUALIKAN")


class Span(msgspec.Struct, frozen=True, gc=False):
    """The days of a month, first and last included, that one rule set prices."""

    id: str
    decree: str
    first: date
    last: date


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A day that is not decided yet, so that the month must not be frozen."""

    workdate: date
    status: Pending


class MonthRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person's month. Basis points and whole rupiah.

    `cut_bp` is the sum of the cuts of `days` and `jumps`, of the discipline component or (by the rule
    set) of the whole TPP, and `cut` its money. `discipline_bp` is what is left of 100 %.
    `productivity_bp` is None while nobody has brought e-kinerja. `workdays` are days on which work was
    due, `present` those with a presence. gross = discipline + productivity.
    """

    nip: str
    opd: str
    month: str
    workdays: int
    present: int
    counts: dict[str, int]
    late_min: int
    early_min: int
    pending: tuple[Waiting, ...]
    days: tuple[Priced, ...]
    jumps: tuple[Jump, ...]
    cut_bp: int
    discipline_bp: int
    productivity_bp: int | None
    base: int
    cut: int
    discipline: int
    productivity: int
    gross: int
    rulesets: tuple[Span, ...]


def total(  # noqa: PLR0913 - a month is all of these
    nip: str,
    opd: str,
    month: str,
    days: Sequence[Day],
    base: int,
    earned_bp: int | None,
    carried: Mapping[str, int] | None = None,
) -> MonthRecord:  # fmt: skip
    """The month of one person. `days`: his facts in order, each with the rule set of its date.

    `base` is the TPP in rupiah, `earned_bp` e-kinerja's share (None: not known yet, it pays nothing),
    `carried` the runs of codes that began before (streaks.carried). Money, month cap and escalation
    follow the rule set of the last day. Raises ValueError for a month without any day.
    """
    if not days:
        raise ValueError("a month without a day has no rule set")
    rules = days[-1][1]
    priced = streaks.run(days, carried or {})
    raised = tuple(jumps.of_month(days, priced, carried or {}))
    cut_bp = sum(day.cut_bp for day in priced) + sum(jump.cut_bp for jump in raised)
    paid = money.share(rules, base, cut_bp, earned_bp or 0)
    statuses = [day.status for day in priced]
    return MonthRecord(
        nip=nip,
        opd=opd,
        month=month,
        workdays=sum(status not in _NOT_DUE for status in statuses),
        present=statuses.count("HADIR"),
        counts=_counts(priced),
        late_min=sum(fact.late_min for fact, _ in days),
        early_min=sum(fact.early_min for fact, _ in days),
        pending=tuple(_pending(priced)),
        days=tuple(priced),
        jumps=raised,
        cut_bp=cut_bp,
        discipline_bp=10_000 - cut_bp,
        productivity_bp=earned_bp,
        base=base,
        cut=paid.cut,
        discipline=paid.discipline,
        productivity=paid.productivity,
        gross=paid.discipline + paid.productivity,
        rulesets=tuple(_spans(days)),
    )


def _counts(priced: Sequence[Priced]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for day in priced:
        for code in day.codes:
            counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items()))


def _pending(priced: Sequence[Priced]) -> Iterator[Waiting]:
    for day in priced:
        if day.status == "TUNGGU_DATA" or day.status == "TAHAN_JAM":
            yield Waiting(day.workdate, day.status)


def _spans(days: Sequence[Day]) -> Iterator[Span]:
    (first, rules), last = days[0], days[-1][0]
    if all(its is rules for _, its in days):  # as nearly always
        yield Span(rules.id, rules.decree, first.workdate, last.workdate)
        return
    for _, run in groupby(days, key=lambda day: day[1].id):
        its = list(run)
        rules = its[0][1]
        yield Span(rules.id, rules.decree, its[0][0].workdate, its[-1][0].workdate)
