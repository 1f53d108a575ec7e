"""What a file does to months that are over: frozen ones that it changes, and people with facts whom it
drops. Said before it is taken, because it may be a mistake and becomes susulan otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from sync_server import localtime, roster, schema
from sync_server.errors import BadFile
from sync_server.posts import Post
from sync_server.roster import Person, Turn

Row = Person | Turn | Post
_NAMED = 5  # people in one sentence


def odd(
    tx: Connection, before: Sequence[Row], after: Sequence[Row], file: str
) -> Iterator[BadFile]:  # fmt: skip
    """One line for each, with names and months. `before` and `after`: all rows of whom the file is of."""
    was, becomes = _by_nip(before), _by_nip(after)
    changed = sorted(nip for nip in was.keys() | becomes if was.get(nip) != becomes.get(nip))
    if not changed:
        return
    names = {one.nip: one.nama for one in (*before, *after) if isinstance(one, Person)}
    names = roster.names(tx, changed) | names
    for code, months in (
        ("months_touched", _frozen(tx, changed, was, becomes)),
        ("people_gone", _gone(tx, before, after)),
    ):
        if months:
            said = [f"{names.get(nip, nip)} ({spent})" for nip, spent in months.items()]
            more = " …" * (len(said) > _NAMED)
            yield BadFile(file, "", code, count=len(said), who=", ".join(said[:_NAMED]) + more)


def _frozen(
    tx: Connection,
    changed: Sequence[str],
    was: Mapping[str, list[Row]],
    becomes: Mapping[str, list[Row]],
) -> dict[str, str]:
    """Whose frozen months, by NIP: those of an office of his in which the rows say something else."""
    its = schema.closing.c
    months: dict[str, list[str]] = defaultdict(list)
    frozen = select(its.opd, its.month).where(its.state == "frozen").order_by(its.month)
    for opd, month in tx.execute(frozen):
        months[opd].append(month)
    if not months:
        return {}
    homes = _homes(tx, changed, (*was.values(), *becomes.values()))
    found: dict[str, str] = {}
    for nip in changed:
        his = sorted({month for opd in homes[nip] for month in months.get(opd, ())})
        both = was.get(nip, []), becomes.get(nip, [])
        if other := [month for month in his if _differ(*both, month)]:
            found[nip] = ", ".join(other)
    return found


def _gone(tx: Connection, before: Sequence[Row], after: Sequence[Row]) -> dict[str, str]:
    """People with facts whom no office knows any more, and the months of their facts."""
    offices = {one.opd for one in after if isinstance(one, Person)}
    here = {one.nip for one in before if isinstance(one, Person)}
    here -= {one.nip for one in after if isinstance(one, Person)}
    if not here:
        return {}
    its, day = schema.person.c, schema.day.c
    elsewhere = select(its.nip, its.opd)
    here -= {nip for nip, opd in tx.execute(elsewhere) if opd not in offices}
    spans = select(day.nip, func.min(day.workdate), func.max(day.workdate)).group_by(day.nip)
    rows = tx.execute(spans.order_by(day.nip))
    return {nip: f"{first[:7]} – {last[:7]}" for nip, first, last in rows if nip in here}


def _homes(
    tx: Connection, nips: Iterable[str], rows: Iterable[list[Row]]
) -> Mapping[str, set[str]]:  # fmt: skip
    wanted, homes = set(nips), defaultdict(set)
    its = schema.person.c
    for nip, opd in tx.execute(select(its.nip, its.opd).distinct()):
        if nip in wanted:
            homes[nip].add(opd)
    for one in (one for held in rows for one in held if isinstance(one, Person)):
        homes[one.nip].add(one.opd)
    return homes


def _by_nip(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for one in sorted(rows, key=lambda one: (one.nip, one.mulai)):
        found.setdefault(one.nip, []).append(one)
    return found


def _differ(was: Iterable[Row], becomes: Iterable[Row], month: str) -> bool:
    """Whether the rows say something else of a day of the month that facts or money rest on."""
    before, after = _within(was, month), _within(becomes, month)
    return before != after and _by_day(before) != _by_day(after)


def _within(rows: Iterable[Row], month: str) -> set[tuple[date, date, object]]:
    first, last = localtime.month_days(month)
    return {
        (max(one.mulai, first), min(one.selesai, last), _counts(one))
        for one in rows
        if one.mulai <= last and one.selesai >= first
    }


def _by_day(spans: Iterable[tuple[date, date, object]]) -> set[tuple[int, object]]:
    return {
        (day, said)
        for first, last, said in spans
        for day in range(first.toordinal(), last.toordinal() + 1)
    }


def _counts(one: Row) -> object:
    if isinstance(one, Person):
        return one.opd, one.pin, one.zona
    return one.shift if isinstance(one, Turn) else (one.base, one.exempt)
