"""What decrees tend to leave open, with the reading that a rule file gives it: for a region to confirm.

Pure.
"""

from collections.abc import Iterator, Mapping

import msgspec

from sync_server.tukin.ruleset import Cut, Ruleset
from sync_server.wording.reasons import percent


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
    said = {"late": late.code, "early": early.code, "both": percent(both)}
    said |= {"absent": absent.code}
    if both == cut:
        yield Question("ask_double_same", said)
    else:
        yield Question("ask_double_other", said | {"cut": percent(cut)})


def _apel(rules: Ruleset) -> Iterator[Question]:
    deduct = rules.deduct
    if deduct.apel in deduct.cuts and deduct.day_cap_bp is not None:
        code = "ask_apel_inside" if deduct.apel_in_day_cap else "ask_apel_outside"
        yield Question(code, {"name": deduct.apel, "cap": percent(deduct.day_cap_bp)})


def _tiers(cut: Cut) -> Iterator[Question]:
    if len(cut.tiers) > 1:
        first, bp = cut.tiers[-1]
        code = "ask_tier_back" if cut.retroactive else "ask_tier_from"
        yield Question(code, {"name": cut.code, "first": first, "cut": percent(bp)})
