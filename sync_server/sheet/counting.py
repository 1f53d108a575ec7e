"""One person's month from his facts: which fact counts where two offices have one, runs that began
before the month, and what still waits. Pure.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import msgspec

from sync_server import fact as facts
from sync_server.fact import Fact
from sync_server.sheet.members import Member
from sync_server.sheet.paper import Lack, Row, Waiting
from sync_server.tukin import month as months
from sync_server.tukin import streaks
from sync_server.tukin.price import price
from sync_server.tukin.ruleset import Ruleset

_CERTAIN, _OPEN, _ABSENT = 0, 1, 2
_RANK = {"TUNGGU_DATA": _OPEN, "TAHAN_JAM": _OPEN, "TK": _ABSENT}


class Priceable(msgspec.Struct, frozen=True, gc=False):
    """Facts of one person in order of their dates, each with the rule set of its date."""

    days: tuple[tuple[Fact, Ruleset], ...]
    unruled: tuple[date, ...]


class Beside(msgspec.Struct, frozen=True, gc=False):
    """What a month's days do not say: e-kinerja's share (None: not known yet), and the facts of
    earlier days, where `looks_back` asks for them."""

    earned_bp: int | None
    before: tuple[Fact, ...] = ()


def once(found: Iterable[Fact]) -> list[Fact]:
    """One fact a date, by date: where two offices have one, the one that speaks for the employee."""
    best: dict[date, Fact] = {}
    for one in found:
        other = best.get(one.workdate)
        if other is None or _weight(one) < _weight(other):
            best[one.workdate] = one
    return [best[day] for day in sorted(best)]


def ruled(found: Iterable[Fact], rules_on: Callable[[date], Ruleset | None]) -> Priceable:
    """The facts with the rule set of each date; dates that have none apart."""
    days: list[tuple[Fact, Ruleset]] = []
    unruled: list[date] = []
    for one in found:
        rules = rules_on(one.workdate)
        if rules is None:
            unruled.append(one.workdate)
        else:
            days.append((one, rules))
    return Priceable(tuple(days), tuple(unruled))


def looks_back(days: Sequence[tuple[Fact, Ruleset]]) -> bool:
    """Whether the month's first due day may continue a run that began before the month."""
    due = next((day for day in days if day[0].status not in streaks.OFF), None)
    return due is not None and bool(_running(due[1]).intersection(price(*due, {}).codes))


def row(member: Member, opd: str, month: str, days: Priceable, beside: Beside) -> Row:
    """The member's row."""
    carried = streaks.carried(beside.before, days.days[0][1]) if beside.before else {}
    post = member.post
    base = post.base if post else 0
    earned = beside.earned_bp
    record = months.total(member.nip, opd, month, days.days, base, earned, carried)
    return Row(
        record=record,
        name=member.name,
        title=post.title if post else "",
        rank=post.rank if post else "",
        grade=post.grade if post else "",
        npwp=post.npwp if post else "",
        exempt=bool(post and post.exempt),
    )


def lacks(member: Member, found: Sequence[Fact], days: Priceable) -> Iterator[Waiting]:
    """What of this person's month cannot be paid yet."""
    if member.post is None:
        yield Waiting("NO_BASE", member.nip, member.name, "")
    if not (member.post and member.post.exempt and found):  # without a fact there is no row
        yield from _unmade(member, {one.workdate for one in found})
    for day in days.unruled:
        yield Waiting("NO_RULES", member.nip, member.name, day.isoformat())
    for one, rules in days.days:
        used = {leave for leave in (one.absence, one.absence_in, one.absence_out) if leave}
        for leave in sorted(used - rules.leave.keys()):
            date_of = one.workdate.isoformat()
            yield Waiting("LEAVE_CODE", member.nip, member.name, date_of, leave)
    for one in found:
        if code := _undecided(one):
            detail = "" if code == "TAHAN_JAM" else " ".join(one.behind)
            yield Waiting(code, one.nip, member.name, one.workdate.isoformat(), detail)


def is_absence(one: Fact) -> bool:
    """Whether the day says that somebody was not there, for the whole of it or at a checkpoint."""
    return one.status == "TK" or (one.status == "HADIR" and bool(one.missing))


def digest(found: Iterable[Fact]) -> str:
    """SHA-256 of the facts as JSON Lines, in hex."""
    return hashlib.sha256(b"".join(facts.to_json(one) + b"\n" for one in found)).hexdigest()


def _undecided(one: Fact) -> Lack | None:
    """What the day waits for. That nobody came earlier or left later is a negative fact too: it needs
    every device, as absence does."""
    if one.status == "TUNGGU_DATA" or one.status == "TAHAN_JAM":
        return one.status
    is_short = one.status == "HADIR" and bool(one.late_min or one.early_min)
    return "UNREAD" if is_short and one.coverage == "incomplete" else None


def _weight(one: Fact) -> tuple[int, int, int, str]:
    """Present or excused before waiting, waiting before absent; then the less missed and late."""
    return _RANK.get(one.status, _CERTAIN), len(one.missing), one.late_min + one.early_min, one.opd


def _running(rules: Ruleset) -> set[str]:
    """The codes whose days in a row matter."""
    tiers = {c.code for c in streaks.tiered(rules) if c.basis == "consecutive_workdays"}
    return tiers | {one.code for one in rules.deduct.escalations if one.consecutive}


def _unmade(member: Member, there: set[date]) -> Iterator[Waiting]:
    if missing := sorted(member.days - there):
        first, count = missing[0].isoformat(), str(len(missing))
        yield Waiting("NO_FACT", member.nip, member.name, first, count)
