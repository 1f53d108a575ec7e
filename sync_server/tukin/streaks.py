"""Counting days of a code: how many in a row, how often in the month; runs end at a day of work. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from sync_server.fact import Fact
from sync_server.tukin.price import Priced, price
from sync_server.tukin.ruleset import Cut, Ruleset

Day = tuple[Fact, Ruleset]
# A day on which nobody was due neither counts nor ends a run.
OFF = ("LIBUR_JADWAL", "LIBUR_NASIONAL", "CUTI_BERSAMA")


class Tally:
    """Runs and totals of every code while days are read in order."""

    def __init__(self, carried: Mapping[str, int]) -> None:
        self.runs = dict(carried)
        self.totals: dict[str, int] = {}

    def add(self, priced: Priced) -> None:
        """Count a day. A code that stands twice in it is one day of a run, and twice in the month."""
        if priced.status in OFF:
            return
        codes = priced.codes
        if self.runs:
            self.runs = {code: n for code, n in self.runs.items() if code in codes}
        for code in codes:
            self.totals[code] = self.totals.get(code, 0) + 1
        for code in dict.fromkeys(codes):
            self.runs[code] = self.runs.get(code, 0) + 1

    def streak(self, cuts: Iterable[Cut]) -> dict[str, int]:
        """Which day or time of each code the next one would be; what is not there would be the first."""
        if not self.totals and not self.runs:
            return {}
        found = {}
        for cut in cuts:
            counted = self.runs if cut.basis == "consecutive_workdays" else self.totals
            if cut.code in counted:
                found[cut.code] = counted[cut.code] + 1
        return found


def carried(days: Iterable[Fact], rules: Ruleset) -> dict[str, int]:
    """The runs that reach from earlier days, in order, into the next; for month.total."""
    tally = Tally({})
    for fact in days:
        tally.add(price(fact, rules, {}))
    return tally.runs


def tiered(rules: Ruleset) -> tuple[Cut, ...]:
    """The codes whose price depends on how often they occurred."""
    cuts = (*rules.deduct.cuts.values(), *(leave.cut for leave in rules.leave.values()))
    return tuple(cut for cut in cuts if len(cut.tiers) > 1)


def run(days: Sequence[Day], before: Mapping[str, int]) -> list[Priced]:
    """The days of one person, in order, priced with their streaks. `before`: runs carried in."""
    tiers: dict[str, tuple[Cut, ...]] = {}
    tally = Tally(before)
    found: list[Priced] = []
    reached: list[dict[str, int]] = []
    for fact, rules in days:
        its = tiers.get(rules.id)
        if its is None:
            its = tiers[rules.id] = tiered(rules)
        streak = tally.streak(its) if its else {}
        priced = price(fact, rules, streak)
        found.append(priced)
        reached.append(streak)
        tally.add(priced)
    if any(cut.retroactive for its in tiers.values() for cut in its):
        return _again(days, found, reached, tiers)
    return found


def _again(
    days: Sequence[Day],
    found: list[Priced],
    reached: Sequence[Mapping[str, int]],
    tiers: Mapping[str, tuple[Cut, ...]],
) -> list[Priced]:
    """Days with a retroactive code cost what the last of their run (or of the month) has reached."""
    last: dict[str, int] = {}
    for n in reversed(range(len(days))):
        fact, rules = days[n]
        streak = dict(reached[n])
        for cut in tiers[rules.id]:
            if not cut.retroactive:
                continue
            if cut.code in found[n].codes:
                reach = max(last.get(cut.code, 0), streak.get(cut.code, 1))
                last[cut.code] = streak[cut.code] = reach
            elif cut.basis == "consecutive_workdays" and found[n].status not in OFF:
                last.pop(cut.code, None)
        if streak != reached[n]:
            found[n] = price(fact, rules, streak)
    return found
