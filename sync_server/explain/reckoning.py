"""A person's month as it stands: the same that his office's sheet counts, for him alone."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import msgspec
from sqlalchemy import Connection

from sync_server import ekinerja, localtime, roster, rulings
from sync_server.daybook import book
from sync_server.fact import Fact
from sync_server.sheet import counting
from sync_server.sheet.counting import Beside, Priceable
from sync_server.sheet.members import Member, members
from sync_server.tukin import reading
from sync_server.tukin.month import MonthRecord
from sync_server.tukin.ruleset import Ruleset

_LOOK_BACK = timedelta(days=366)  # as far as the sheet looks


class Reckoned(msgspec.Struct, frozen=True):
    """Somebody's month. `facts`: one a day, by date; where two offices have one, the one that counts.
    `opd` is the office whose list the month is on, `record` None where no rule set is in force or no
    list has him."""

    nip: str
    month: str
    opd: str
    facts: tuple[Fact, ...]
    record: MonthRecord | None


def reckon(tx: Connection, nip: str, month: str) -> Reckoned:
    """The month "YYYY-MM" of one person, from the facts as they are now. Raises BadFile for what is
    no month."""
    first, last = localtime.month_days(month)
    found = counting.once(book.of_person(tx, nip, first, last))
    opd, member = _member(tx, nip, month)
    days = counting.ruled(found, _rules_on(tx))
    record = _record(tx, member, opd, month, days) if member and days.days else None
    return Reckoned(nip, month, opd, tuple(found), record)


def of_year(tx: Connection, nip: str, last: date) -> list[Fact]:
    """The facts of the calendar year up to a date, one a day: what PP 94/2021 counts."""
    return counting.once(book.of_person(tx, nip, last.replace(month=1, day=1), last))


def _rules_on(tx: Connection) -> Callable[[date], Ruleset | None]:
    known = rulings.rulesets(tx)
    return cache(lambda day: reading.in_force(known, day))


def _member(tx: Connection, nip: str, month: str) -> tuple[str, Member | None]:
    """The office that pays his month, and he as its member."""
    homes = dict.fromkeys(opd for opd, _ in roster.posts(tx, nip))
    for opd in homes:
        for member in members(tx, opd, month):
            if member.nip == nip:
                return opd, member
    return next(iter(homes), ""), None


def _record(tx: Connection, member: Member, opd: str, month: str, days: Priceable) -> MonthRecord:
    first, last = localtime.month_days(month)
    rules = _rules_on(tx)(last)
    earned = ekinerja.earned(tx, member.nip, month, rules) if rules else None
    before: list[Fact] = []
    if counting.looks_back(days.days):
        until = first - timedelta(days=1)
        before = counting.once(book.of_person(tx, member.nip, first - _LOOK_BACK, until))
    beside = Beside(earned.bp if earned else None, tuple(before))
    return counting.row(member, opd, month, days, beside).record
