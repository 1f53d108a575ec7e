"""What a figure of somebody's month is the sum of, line by line, each with the link to its own parts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from sync_server import closing, rulings
from sync_server.explain import reckoning
from sync_server.explain.reckoning import Reckoned
from sync_server.fact import Fact
from sync_server.reports import known
from sync_server.tukin import money
from sync_server.tukin.month import MonthRecord
from sync_server.wording import reasons, say

MONEY = ("discipline", "gross")
Unit = str  # "days", "minutes", "bp" or "rupiah"


class Part(msgspec.Struct, frozen=True):
    """A line: its date (None where it has none), a plain integer of the unit, where its own parts are ("" :
    nowhere), and what it is. `sums`: the link leads to parts that add up to this value."""

    date: date | None
    value: int
    link: str
    what: str = ""
    sums: bool = False


class Parts(msgspec.Struct, frozen=True):
    """Lines that add up to `total`."""

    unit: Unit
    total: int
    lines: tuple[Part, ...]


def of(tx: Connection, nip: str, month: str, what: str, lang: str) -> Parts | None:
    """The parts of a figure of a month: workdays, present, late, early, cut, discipline, gross, absent
    (of the year up to the month's end) or code-X; None for another word."""
    if what == "absent":
        return _absent(tx, nip, month)
    found = closing.counted(tx, nip, month).month
    if found.record is None:
        return None
    if what in _OF_DAYS:
        unit, value = _OF_DAYS[what]
        return _parts(unit, _days(nip, found.facts, value))
    if what.startswith("code-"):
        return _parts("days", _codes(nip, found.record, what.removeprefix("code-")))
    if what == "cut":
        return _parts("bp", _cuts(nip, found.record, lang))
    if what == "discipline":
        return _parts("rupiah", _discipline(tx, found, found.record, lang))
    return _parts("rupiah", _gross(found, found.record, lang)) if what == "gross" else None


def _parts(unit: Unit, lines: Iterator[Part]) -> Parts:
    every = tuple(lines)
    return Parts(unit, sum(line.value for line in every), every)


def _is_due(fact: Fact) -> int:
    off = ("LIBUR_JADWAL", "LIBUR_NASIONAL", "CUTI_BERSAMA", "DIKECUALIKAN")
    return int(fact.status not in off)


_OF_DAYS: dict[str, tuple[Unit, Callable[[Fact], int]]] = {
    "workdays": ("days", _is_due),
    "present": ("days", lambda fact: int(fact.status == "HADIR")),
    "late": ("minutes", lambda fact: fact.late_min),
    "early": ("minutes", lambda fact: fact.early_min),
}


def _days(nip: str, facts: Sequence[Fact], value: Callable[[Fact], int]) -> Iterator[Part]:
    for fact in facts:
        if value(fact):
            link = f"/explain/{nip}/{fact.workdate}"
            yield Part(fact.workdate, value(fact), link, fact.status)


def _codes(nip: str, record: MonthRecord, code: str) -> Iterator[Part]:
    for day in record.days:
        if times := day.codes.count(code):
            yield Part(day.workdate, times, f"/explain/{nip}/{day.workdate}", code)


def _cuts(nip: str, record: MonthRecord, lang: str) -> Iterator[Part]:
    for day in record.days:
        if day.cut_bp:
            link = f"/explain/{nip}/{day.workdate}"
            codes = " ".join(filter(None, day.codes))
            yield Part(day.workdate, day.cut_bp, link, codes, sums=True)
    for jump in record.jumps:
        yield Part(None, jump.cut_bp, "", reasons.jumped(lang, jump))


def _discipline(tx: Connection, found: Reckoned, record: MonthRecord, lang: str) -> Iterator[Part]:
    """The whole component, less what was cut of it."""
    rules = rulings.in_force(tx, record.rulesets[-1].last)
    if rules is None:
        return
    whole = money.share(rules, record.base, 0, 0).discipline
    yield Part(None, whole, "", say(lang, "part_share"))
    if whole != record.discipline:
        link = f"/people/{found.nip}/{found.month}/parts/cut"
        yield Part(None, record.discipline - whole, link, say(lang, "part_cut"))


def _gross(found: Reckoned, record: MonthRecord, lang: str) -> Iterator[Part]:
    to = f"/people/{found.nip}/{found.month}/parts/discipline"
    yield Part(None, record.discipline, to, say(lang, "part_discipline"), sums=True)
    yield Part(
        None,
        record.productivity,
        f"/ekinerja/of/{found.nip}?month={found.month}",
        say(lang, "part_productivity"),
    )


def _absent(tx: Connection, nip: str, month: str) -> Parts:
    facts = reckoning.of_year(tx, nip, known.month(month).last)
    return _parts("days", _days(nip, facts, lambda fact: int(fact.status == "TK")))
