"""From e-kinerja to a share: a percentage, points or a grade becomes basis points. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from sync_server.tukin.figures import half_up
from sync_server.tukin.ruleset import WHOLE_BP, Productivity, Ruleset

Kind = Literal["percent", "points", "grade"]
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
_MOST_POINTS = re.compile(r"[0-9]{1,9}")


def percent_bp(rules: Ruleset, kind: Kind, value: str) -> int:
    """The share of the productivity component that a month's e-kinerja earns, at most 10,000.

    `value` is what people brought: "92" or "92,5" (percent), "6750" (points), "B" (grade).
    Raises ValueError where the rule set cannot read it: another kind, or no number.
    """
    its = rules.productivity
    if (kind == "grade") != (its.kind == "grade"):
        raise ValueError(f"this rule set does not read {kind}")
    if kind == "grade":
        if value not in its.grades:
            raise ValueError(f"no grade {value!r}: {', '.join(its.grades)}")
        return its.grades[value]
    measured = _measured(its, kind, value)
    if its.kind == "linear":
        return min(measured, WHOLE_BP)
    earned = 0
    for first, pays in its.steps:
        if measured >= first * (100 if its.unit == "percent" else 1):
            earned = pays
    return earned


def points(rules: Ruleset, minutes_by_day: Mapping[date, int], credited: Iterable[str]) -> int:
    """The points of a month: verified minutes by work date, and the code of each day of absence.

    A day counts up to the rule set's cap; what is over one point at the end is dropped.
    """
    its = rules.ekinerja
    cap = its.day_cap_minutes
    minutes = sum(min(one, cap) if cap else one for one in minutes_by_day.values())
    minutes += sum(its.credit.get(code, 0) for code in credited)
    return minutes // its.minutes_per_point


def _measured(its: Productivity, kind: Kind, value: str) -> int:
    """Basis points, or points where the steps are written in points."""
    if kind == "percent":
        if its.kind == "step" and its.unit == "points":
            raise ValueError("this rule set reads points")
        return _percent(value)
    if not _MOST_POINTS.fullmatch(value):
        raise ValueError(f"{value!r} is not a number of points")
    if its.kind == "step" and its.unit == "points":
        return int(value)
    if not its.target:
        raise ValueError("this rule set reads percentages: it names no target of points")
    return half_up(int(value) * WHOLE_BP, its.target)


def _percent(text: str) -> int:
    found = _PERCENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a percentage")
    whole, part = found.groups()
    return int(whole) * 100 + int((part or "").ljust(2, "0"))
