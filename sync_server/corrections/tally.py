"""Who approved how many for whom, and how much of an office's record people made by hand."""

from collections import Counter
from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, select

from sync_server import decisions, localtime, roster, schema
from sync_server.corrections import record
from sync_server.corrections.record import SUBJECT, Correction
from sync_server.decisions import Decision
from sync_server.fact import Fact
from sync_server.folded import Columns, is_plain, unfold

_BY_HAND = {"in_by_secret", "in_by_witness", "out_by_secret", "out_by_witness"}


class Given(msgspec.Struct, frozen=True):
    """How often one person said yes or no to what concerns another (`nip` "": an office's outage)."""

    who: str
    who_nip: str
    role: str
    verdict: str
    nip: str
    name: str
    opd: str
    count: int


class Share(msgspec.Struct, frozen=True):
    """An office's person-days in a month, those with an excused checkpoint, and those that a number
    or a witness vouched for; `by_hand` counts a day once."""

    opd: str
    days: int
    excused: int
    vouched: int
    by_hand: int

    @property
    def share_bp(self) -> int:
        """The share of days made by hand, in basis points."""
        return self.by_hand * 10_000 // self.days if self.days else 0


Matters = list[tuple[Decision, Correction]]


def matters(tx: Connection, month: str, offices: Collection[str] | None) -> Matters:
    """Every yes and no of a month (yyyy-mm of the work date), with what it was about."""
    first, last = (day.isoformat() for day in localtime.month_days(month))
    its = schema.correction.c
    dates = (its.workdate >= first, its.workdate <= last)
    every = [one for one in record.found(tx, *dates) if offices is None or one.opd in offices]
    acts = decisions.of_many(tx, SUBJECT, [one.ref for one in every])
    return [
        (done, one)
        for one in every
        for done in acts.get(one.ref, ())
        if done.verdict in ("approve", "reject")
    ]


def tally(tx: Connection, found: Matters) -> list[Given]:
    """Who said what how often about whom, the most frequent first."""
    counts = Counter(
        (done.who, done.nip, done.role, done.verdict, one.nip, one.opd) for done, one in found
    )
    names = {
        person.nip: person.nama
        for opd in {one.opd for _, one in found}
        for person in roster.people(tx, opd)
    }
    given = [
        Given(who, own, role, verdict, nip, names.get(nip, ""), opd, count)
        for (who, own, role, verdict, nip, opd), count in counts.items()
    ]
    return sorted(given, key=lambda one: (-one.count, one.who, one.nip))


def share(tx: Connection, opd: str, month: str) -> Share:
    """How much of an office's month was made by hand."""
    every = _worked(tx, opd, month)
    facts = _by_hand(every)
    excused = sum(bool(one.excused) for one in facts)
    vouched = sum(bool(_BY_HAND & set(one.flags)) for one in facts)
    return Share(opd, len(every), excused, vouched, len(facts))


def worked(tx: Connection, opd: str, month: str) -> list[Fact]:
    """The facts of an office's month on which somebody had to be there: the whole of a share."""
    return list(map(unfold, _worked(tx, opd, month)))


def _worked(tx: Connection, opd: str, month: str) -> list[Columns]:
    its = schema.day.c
    first, last = (day.isoformat() for day in localtime.month_days(month))
    where = (its.opd == opd, its.workdate >= first, its.workdate <= last)
    due = its.status.in_(("HADIR", "TK"))
    rows = tx.execute(select(*schema.day_row).where(*where, due).order_by(its.nip, its.workdate))
    return [(row.nip, row.opd, row.workdate, row.status, row.body) for row in rows]


def by_hand(tx: Connection, opd: str, month: str) -> list[Fact]:
    """Those of them that rest on a correction, a number or a witness."""
    return _by_hand(_worked(tx, opd, month))


def _by_hand(rows: Collection[Columns]) -> list[Fact]:
    """Most days have nothing rare: they are never unfolded."""
    rare = (row for row in rows if not is_plain(row[-1]))
    return [fact for fact in map(unfold, rare) if _is_by_hand(fact)]


def _is_by_hand(fact: Fact) -> bool:
    return fact.status == "HADIR" and bool(fact.excused or _BY_HAND & set(fact.flags))
