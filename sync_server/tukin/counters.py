"""PP 94/2021: how many days somebody was absent without a reason this year, and what that means. Pure.

A warning for those who have to act on it, never a rule of pay: the sanction is a decision of people.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Protocol

import msgspec

from sync_server.fact import Status
from sync_server.tukin.streaks import OFF

Step = Literal[
    "oral",
    "written",
    "statement",
    "cut_6_months",
    "cut_9_months",
    "cut_12_months",
    "demotion",
    "removal",
    "dismissal",
]
# PP 94/2021 articles 9 to 11: cumulative workdays of a calendar year.
_STEPS: tuple[tuple[int, Step], ...] = (
    (3, "oral"),
    (4, "written"),
    (7, "statement"),
    (11, "cut_6_months"),
    (14, "cut_9_months"),
    (17, "cut_12_months"),
    (21, "demotion"),
    (25, "removal"),
    (28, "dismissal"),
)
_DISMISSED_IN_A_ROW = 10
FEWEST = _STEPS[0][0]  # days, below which nobody is warned


class Day(Protocol):
    """What counts of a fact."""

    @property
    def workdate(self) -> date: ...
    @property
    def status(self) -> Status: ...


class Counter(msgspec.Struct, frozen=True):
    """One calendar year of one person. `step` None: below the first. `since`: the day it was reached."""

    nip: str
    year: int
    days: int
    longest: int
    step: Step | None
    since: date | None


def count(nip: str, year: int, facts: Iterable[Day]) -> Counter:
    """The counter of a year from one person's facts, in order; those of other years are left out.

    Days off neither count nor end a run.
    """
    days = run = longest = 0
    step: Step | None = None
    since: date | None = None
    for fact in facts:
        if fact.workdate.year != year or fact.status in OFF:
            continue
        run = run + 1 if fact.status == "TK" else 0
        days += fact.status == "TK"
        longest = max(longest, run)
        reached = _step(days, longest)
        if reached != step:
            step, since = reached, fact.workdate
    return Counter(nip, year, days, longest, step, since)


def _step(days: int, longest: int) -> Step | None:
    if longest >= _DISMISSED_IN_A_ROW:
        return "dismissal"
    return next((step for first, step in reversed(_STEPS) if days >= first), None)
