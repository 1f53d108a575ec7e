"""What a day costs: fact and rule set make cuts in basis points, each with its reason. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from sync_server.fact import Fact, Status
from sync_server.tukin.deducting import EARLY, LATE
from sync_server.tukin.ruleset import Band, Cut, Ruleset

# "leave": an approved absence; "cap": what a decree's bound on one day takes back (negative).
At = Literal["day", "leave", "in", "mid", "out", "apel", "cap"]


class Reason(msgspec.Struct, frozen=True, gc=False):
    """One cause and its cut in basis points. `minutes` late or early, 0 where none are measured."""

    code: str
    point: At
    minutes: int
    cut_bp: int
    legal: str


class Priced(msgspec.Struct, frozen=True, gc=False):
    """A day as the rule set prices it. The cuts of `reasons` add up to `cut_bp`."""

    workdate: date
    status: Status
    codes: tuple[str, ...]
    cut_bp: int
    reasons: tuple[Reason, ...]


def price(fact: Fact, rules: Ruleset, streak: Mapping[str, int]) -> Priced:
    """The day's cut. `streak`: which day or time of a code this is, as its tiers count (1 if not there).

    A day off, one that waits for data and one whose clock is in doubt cost nothing.
    """
    reasons = _reasons(fact, rules, streak)
    if not reasons:
        return Priced(fact.workdate, fact.status, (), 0, ())
    total = 0
    for reason in reasons:
        total += reason.cut_bp
    codes = tuple(reason.code for reason in reasons)
    cap = rules.deduct.day_cap_bp
    if cap is not None and total > cap:
        over = _over(reasons, rules, cap)
        if over:
            reasons.append(Reason("", "cap", 0, -over, rules.decree))
            total -= over
    return Priced(fact.workdate, fact.status, codes, total, tuple(reasons))


def _over(reasons: Sequence[Reason], rules: Ruleset, cap: int) -> int:
    """What exceeds the day's bound; apel stands outside it unless the decree says otherwise."""
    inside = rules.deduct.apel_in_day_cap
    bounded = sum(one.cut_bp for one in reasons if inside or one.point != "apel")
    return max(0, bounded - cap)


def _reasons(fact: Fact, rules: Ruleset, streak: Mapping[str, int]) -> list[Reason]:
    if fact.status == "HADIR":
        if _spotless(fact):  # as most days are
            return []
        return [*_leave(fact, rules, streak), *_present(fact, rules, streak)]
    if fact.status == "TK":
        code = rules.deduct.missing.both
        return [_reason(rules.deduct.cuts[code], "day", 0, streak)]
    return list(_leave(fact, rules, streak)) if fact.status == "SAH" else []


def _spotless(fact: Fact) -> bool:
    if fact.late_min or fact.early_min or fact.missing or fact.apel == "missed":
        return False
    return fact.absence_in is None and fact.absence_out is None


def _leave(fact: Fact, rules: Ruleset, streak: Mapping[str, int]) -> Iterator[Reason]:
    """A code costs once a day, whatever part of the day it stands for."""
    if fact.absence is None and fact.absence_in is None and fact.absence_out is None:
        return
    whole = (fact.absence,) if fact.absence else (fact.absence_in, fact.absence_out)
    for code in dict.fromkeys(code for code in whole if code):
        known = rules.leave.get(code)
        # A code that the decree does not know was approved all the same: it is told, and is free.
        cut = known.cut if known else Cut(code, ((1, 0),), "")
        yield _reason(cut, "leave", 0, streak)


def _present(fact: Fact, rules: Ruleset, streak: Mapping[str, int]) -> Iterator[Reason]:
    deduct, missing = rules.deduct, fact.missing
    late, early = flexed(fact, rules.flex_max)
    if "in" in missing:
        yield from _coded(rules, deduct.missing.arrival, "in", 0, streak)
    elif late > 0:
        yield from _timed(rules, "in", late, streak)
    if "mid" in missing:
        for _ in range(fact.mid.count(None)):
            yield from _coded(rules, deduct.missing.mid, "mid", 0, streak)
    if "out" in missing:
        yield from _coded(rules, deduct.missing.departure, "out", 0, streak)
    elif early > 0:
        yield from _timed(rules, "out", early, streak)
    if fact.apel == "missed":
        yield from _coded(rules, deduct.apel, "apel", 0, streak)


def _timed(
    rules: Ruleset, point: Literal["in", "out"], minutes: int, streak: Mapping[str, int]
) -> Iterator[Reason]:
    """A checkpoint that was met too late or left too early, by the family of the rule set."""
    deduct, arriving = rules.deduct, point == "in"
    method = deduct.method
    if method in ("band_per_occurrence", "code_tier"):
        code = _band(deduct.late if arriving else deduct.early, minutes)
        yield from _coded(rules, code, point, minutes, streak)
    elif method == "fixed_per_checkpoint":
        code = deduct.missing.arrival if arriving else deduct.missing.departure
        yield from _coded(rules, code, point, minutes, streak)
    else:
        code = LATE if arriving else EARLY
        cut = minutes * deduct.per_minute_bp
        yield Reason(code, point, minutes, cut, deduct.cuts[code].legal)


def _coded(
    rules: Ruleset, code: str, point: At, minutes: int, streak: Mapping[str, int]
) -> Iterator[Reason]:
    """The reason of a code; a checkpoint for which the decree has no code is not cut."""
    cut = rules.deduct.cuts.get(code)
    if cut is not None:
        yield _reason(cut, point, minutes, streak)


def _reason(cut: Cut, point: At, minutes: int, streak: Mapping[str, int]) -> Reason:
    return Reason(cut.code, point, minutes, cut.at(streak.get(cut.code, 1)), cut.legal)


def _band(bands: Sequence[Band], minutes: int) -> str:
    for band in bands:
        if band.before is None or minutes < band.before:
            return band.code if minutes >= band.first else ""
    return ""


def flexed(fact: Fact, flex: int) -> tuple[int, int]:
    """Late and early minutes after flexible hours: late up to `flex` is made up after the end.

    Whoever came later than that is late by all of it, and leaves at the usual end.
    """
    late, early = fact.late_min, fact.early_min
    if not 0 < late <= flex:
        return late, early
    if fact.departure is None or fact.due_out is None or "out" in fact.excused or fact.absence_out:
        return 0, early
    stayed = int((fact.departure.t - fact.due_out).total_seconds())
    return 0, max(0, (late * 60 - stayed) // 60)
