"""Make an office's sheet from what is stored: facts, posts, rule sets, e-kinerja, corrections."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache

import msgspec
from sqlalchemy import Connection, select

from sync_server import corrections, localtime, roster, rulings, schema
from sync_server.daybook import book
from sync_server.ekinerja import earning
from sync_server.fact import Fact
from sync_server.sheet import counting, unowned
from sync_server.sheet.members import Member, members
from sync_server.sheet.paper import Owed, Row, Rulebook, Sheet, Waiting
from sync_server.tukin import reading
from sync_server.tukin.ruleset import Ruleset

_LOOK_BACK = timedelta(days=366)  # a run of absences or of leave that is longer costs no more
Rules = Callable[[date], Ruleset | None]


class Made(msgspec.Struct, frozen=True):
    """A sheet, and every fact that it counts, by NIP and date."""

    sheet: Sheet
    facts: tuple[Fact, ...]


def sheet(tx: Connection, opd: str, month: str, draft: Ruleset | None = None) -> Sheet:
    """The sheet of an office's month ("YYYY-MM") as things stand. A `draft` rule set prices every
    day of the month in the place of those in force. Raises BadFile for what is no month."""
    return make(tx, opd, month, draft).sheet


def make(tx: Connection, opd: str, month: str, draft: Ruleset | None = None) -> Made:
    """The sheet with what it was made of. Raises BadFile for what is no month."""
    first, last = localtime.month_days(month)
    people = members(tx, opd, month)
    in_force = rulings.rulesets(tx)
    rules_on: Rules = cache(lambda day: draft or reading.in_force(in_force, day))
    made = _Making(tx, opd, month, rules_on)
    own = _by_nip(book.facts(tx, opd, first, last))
    for member in people:
        made.add(member, own.get(member.nip, []))
    made.earn()
    rows = tuple(made.rows())
    pending = [*made.pending, *_office_lacks(tx, opd, month, people)]
    pending += unowned.lacks(tx, month, made.counted)
    counted = sorted(made.counted, key=lambda one: (one.nip, one.workdate))
    found = Sheet(
        opd=opd,
        month=month,
        rows=rows,
        pending=tuple(
            sorted(pending, key=lambda one: (one.workdate, one.nip, one.code, one.detail))
        ),
        owed=tuple(_owed(tx, opd, month)),
        rulesets=tuple(_rulebooks(tx, rows, draft)),
        facts_sha256=counting.digest(counted),
    )
    return Made(found, tuple(counted))


class _Making:
    """Rows, lacks and counted facts while members are gone through."""

    def __init__(self, tx: Connection, opd: str, month: str, rules_on: Rules) -> None:
        self._tx, self._opd, self._month, self._rules_on = tx, opd, month, rules_on
        self._first, self._last = localtime.month_days(month)
        self._priceable: list[tuple[Member, counting.Priceable]] = []
        self._earned: dict[str, int] = {}
        self.pending: list[Waiting] = []
        self.counted: list[Fact] = []

    def add(self, member: Member, own: list[Fact]) -> None:
        """Take one member's facts. `own`: those in this office; those of others are fetched."""
        if member.elsewhere:
            own = book.of_person(self._tx, member.nip, self._first, self._last)
        found = counting.once(own)
        days = counting.ruled(found, self._rules_on)
        self.counted.extend(found)
        self.pending.extend(counting.lacks(member, found, days))
        if days.days:
            self._priceable.append((member, days))

    def earn(self) -> None:
        """Take e-kinerja's shares, read by the rule set of the month's last day, as imports are."""
        rules = self._rules_on(self._last)
        if rules is None:
            return
        named = {member.nip: member.name for member, _ in self._priceable}
        found = earning.of_month(self._tx, named.keys(), self._month, rules)
        self._earned = {nip: one.bp for nip, one in found.earned.items()}
        for nip in found.unread:
            self.pending.append(Waiting("KINERJA_UNREADABLE", nip, named[nip], "", rules.decree))

    def rows(self) -> Iterator[Row]:
        """Everybody's row, by NIP."""
        for member, days in self._priceable:
            before = tuple(self._before(member.nip, days))
            beside = counting.Beside(self._earned.get(member.nip), before)
            yield counting.row(member, self._opd, self._month, days, beside)

    def _before(self, nip: str, days: counting.Priceable) -> list[Fact]:
        if not counting.looks_back(days.days):
            return []
        since, until = self._first - _LOOK_BACK, self._first - timedelta(days=1)
        return counting.once(book.of_person(self._tx, nip, since, until))


def _by_nip(found: Iterable[Fact]) -> dict[str, list[Fact]]:
    out: dict[str, list[Fact]] = {}
    for one in found:
        out.setdefault(one.nip, []).append(one)
    return out


def _office_lacks(tx: Connection, opd: str, month: str, people: list[Member]) -> Iterable[Waiting]:
    if not people:
        yield Waiting("NO_PEOPLE", "", "", "")
    names = {member.nip: member.name for member in people}
    asked = {one.no: one for one in corrections.waiting(tx, opd, month)}
    offices = sorted({opd}.union(*(member.elsewhere for member in people)))
    for office in offices:
        if office != opd:  # an outage there concerns whoever has moved here since
            outages = corrections.waiting(tx, office, month)
            asked |= {one.no: one for one in outages if not one.nip}
        for day in _dirty(tx, office, month):
            yield Waiting("UNMADE", "", "", day, office)
    for one in asked.values():
        name = names.get(one.nip, "")
        yield Waiting("CORRECTION", one.nip, name, str(one.workdate), str(one.no))


def _dirty(tx: Connection, opd: str, month: str) -> Iterable[str]:
    first, last = localtime.month_days(month)
    its = schema.dirty.c
    within = (its.workdate >= first.isoformat(), its.workdate <= last.isoformat())
    return tx.execute(select(its.workdate).where(its.opd == opd, *within)).scalars()


def _owed(tx: Connection, opd: str, month: str) -> Iterable[Owed]:
    its = schema.susulan.c
    query = select(schema.susulan).where(its.opd == opd, its.paid_in == month)
    rows = tx.execute(query.order_by(its.no)).all()
    names = roster.names(tx, [row.nip for row in rows])  # also of who has moved away since
    for row in rows:
        yield Owed(
            no=row.no,
            opd=row.opd,
            month=row.month,
            nip=row.nip,
            name=names.get(row.nip, ""),
            was=row.was,
            became=row.became,
            reason=row.reason,
        )


def _rulebooks(tx: Connection, rows: Iterable[Row], draft: Ruleset | None) -> Iterable[Rulebook]:
    used = {one.id: one.decree for row in rows for one in row.record.rulesets}
    its = schema.ruling.c
    query = select(its.name, its.text).where(its.kind == "rules", its.name.in_(used))
    texts = {name: text for name, text in tx.execute(query.order_by(its.no))}
    for id_ in sorted(used):
        text = "" if draft else texts[id_]
        yield Rulebook(id_, used[id_], hashlib.sha256(text.encode()).hexdigest() if text else "")
