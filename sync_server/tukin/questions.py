"""What decrees tend to leave open, with the reading that a rule file gives it: for a region to confirm.

Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from sync_server import written
from sync_server.tukin.ruleset import Cut, Ruleset

_LONG_TOUCH_S, _LONG_FLEX_MIN = 3_600, 240


class Question(msgspec.Struct, frozen=True):
    """A sentence's code and what it says; see wording/rules.py, ask_*."""

    code: str
    values: Mapping[str, object]


def questions(rules: Ruleset) -> tuple[Question, ...]:
    """Everything that the decree's makers should confirm, in the order of a day."""
    return (
        *_edge(rules),
        *_double(rules),
        *_apel(rules),
        *(one for leave in rules.leave.values() for one in _tiers(leave.cut)),
        *(one for cut in rules.deduct.cuts.values() for one in _tiers(cut)),
        *_falling(rules),
        *_caps(rules),
        *_wide(rules),
        *_steps(rules.productivity.steps),
        Question("ask_leave_beats", {}),
        Question("ask_zone", {}),
    )


def _edge(rules: Ruleset) -> Iterator[Question]:
    """31 less a second: still the minutes of the band below, or of the one above?"""
    bands = rules.deduct.late
    if len(bands) < 2:
        return
    floor = rules.measure.seconds == "floor"
    code = "ask_edge_floor" if floor else "ask_edge_ceil"
    first, band = bands[1].first, bands[0] if floor else bands[1]
    yield Question(code, {"first": first, "minutes": first - 1, "name": band.code})


def _double(rules: Ruleset) -> Iterator[Question]:
    """The worst arrival and the worst departure together, against a day of absence."""
    missing, cuts = rules.deduct.missing, rules.deduct.cuts
    if missing.arrival not in cuts or missing.departure not in cuts:
        return
    late, early, absent = cuts[missing.arrival], cuts[missing.departure], cuts[missing.both]
    both, cut = late.at(1) + early.at(1), absent.at(1)
    said = {"late": late.code, "early": early.code, "both": written.percent(both)}
    said |= {"absent": absent.code}
    if both == cut:
        yield Question("ask_double_same", said)
    else:
        yield Question("ask_double_other", said | {"cut": written.percent(cut)})


def _apel(rules: Ruleset) -> Iterator[Question]:
    deduct = rules.deduct
    if not deduct.apel:
        yield Question("ask_apel_none", {})
    if deduct.apel in deduct.cuts and deduct.day_cap_bp is not None:
        code = "ask_apel_inside" if deduct.apel_in_day_cap else "ask_apel_outside"
        yield Question(code, {"name": deduct.apel, "cap": written.percent(deduct.day_cap_bp)})


def _tiers(cut: Cut) -> Iterator[Question]:
    if len(cut.tiers) > 1:
        first, bp = cut.tiers[-1]
        code = "ask_tier_back" if cut.retroactive else "ask_tier_from"
        yield Question(code, {"name": cut.code, "first": first, "cut": written.percent(bp)})


def _falling(rules: Ruleset) -> Iterator[Question]:
    """Whoever is later, or later in a row, pays less: a slip more often than a decision."""
    cuts = rules.deduct.cuts
    for bands in (rules.deduct.late, rules.deduct.early):
        for one, two in pairwise(bands):
            if cuts[two.code].at(1) < cuts[one.code].at(1):
                said = {"name": two.code, "cut": written.percent(cuts[two.code].at(1))}
                yield Question("ask_falling", said | {"other": one.code})
    for cut in (*cuts.values(), *(leave.cut for leave in rules.leave.values())):
        for (_, before), (first, after) in pairwise(cut.tiers):
            if after < before:
                said = {"name": cut.code, "first": str(first), "cut": written.percent(after)}
                yield Question("ask_tier_falling", said)


def _caps(rules: Ruleset) -> Iterator[Question]:
    """A bound that undoes what the file cuts elsewhere."""
    deduct = rules.deduct
    if deduct.month_cap_bp == 0:
        yield Question("ask_month_cap", {})
    if deduct.day_cap_bp is None:
        return
    outside = () if deduct.apel_in_day_cap else (deduct.apel,)
    bounded = (one for code, one in deduct.cuts.items() if code not in outside)
    over = [one.code for one in bounded if one.tiers[-1][1] > deduct.day_cap_bp]
    if over:
        said = {"names": ", ".join(over), "cap": written.percent(deduct.day_cap_bp)}
        yield Question("ask_day_cap", said)


def _wide(rules: Ruleset) -> Iterator[Question]:
    """Seconds or minutes that look like another unit's."""
    if rules.measure.duplicate_s > _LONG_TOUCH_S:
        yield Question("ask_duplicate", {"seconds": rules.measure.duplicate_s})
    if rules.flex_max > _LONG_FLEX_MIN:
        yield Question("ask_flex", {"minutes": rules.flex_max})


def _steps(steps: Sequence[tuple[int, int]]) -> Iterator[Question]:
    if steps and steps[0][1]:
        yield Question("ask_step_nothing", {"pays": written.percent(steps[0][1])})
    for (_, before), (first, after) in pairwise(steps):
        if after < before:
            yield Question("ask_step_falling", {"first": first, "pays": written.percent(after)})
