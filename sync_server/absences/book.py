"""The absences that the centre keeps. A document that comes again replaces its own rows; what it no
longer names, and what people withdraw, stays in the book as withdrawn. Nothing is ever deleted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from sync_server import dirt, office_log, plain, posts, schema
from sync_server.absences.entry import Entry
from sync_server.pairing import Absence

_MANY = 400  # NIPs beyond which reading everybody's is cheaper than naming them


class Stored(msgspec.Struct, frozen=True):
    """What became of documents that were handed in, by their numbers."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


class _By(msgspec.Struct, frozen=True):
    who: str
    now: float


def of_people(
    tx: Connection, nips: Collection[str], first: date, last: date
) -> dict[tuple[str, date], tuple[Absence, ...]]:
    """The absences in force of people from `first` to `last`, by NIP and day."""
    found: dict[tuple[str, date], list[Absence]] = defaultdict(list)
    wanted = sorted(set(nips))
    for at in range(0, len(wanted), _MANY):
        some = wanted[at : at + _MANY]
        sql = f"{_SHORT} AND nip IN ({', '.join('?' * len(some))}) ORDER BY {_ORDER}"
        for nip, code, scope, begins, ends in plain.rows(tx, sql, f"{last}", f"{first}", *some):
            day = max(first, date.fromisoformat(begins))
            while day <= min(last, date.fromisoformat(ends)):
                found[nip, day].append(Absence(code, scope))
                day += _DAY
    return {key: tuple(one) for key, one in found.items()}


_DAY = timedelta(days=1)
_ORDER = "nip, first, document, scope"
# "first" and "last" are no words of SQL that either database keeps for itself.
_SHORT = (
    "SELECT nip, code, scope, first, last FROM absence "
    "WHERE first <= ? AND last >= ? AND withdrawn = 0"
)


def with_documents(tx: Connection, nip: str, day: date) -> list[Entry]:
    """A person's absences of a day that are in force, with their documents."""
    return _in_force(tx, [nip], day, day)


def listed(tx: Connection, nips: Collection[str], first: date, last: date) -> list[Entry]:
    """Everything in the book about people between two dates, the withdrawn too; newest first."""
    entries = _between(tx, nips, first, last)
    return sorted(entries, key=lambda one: (one.first, one.document, one.nip), reverse=True)


def of_document(tx: Connection, document: str) -> list[Entry]:
    """Every row that a document ever had, the withdrawn too."""
    table = schema.absence
    rows = tx.execute(select(table).where(table.c.document == document))
    return sorted(map(_read, rows), key=lambda one: (one.nip, one.first, one.scope))


def store(tx: Connection, entries: Sequence[Entry], who: str, now: float) -> Stored:
    """Take documents as they are now. The same again changes nothing; another version replaces the
    document's rows and is logged with what changed. `now`: server UTC seconds."""
    documents: dict[str, dict[object, Entry]] = defaultdict(dict)
    for entry in entries:
        documents[entry.document][entry.key] = entry
    fates: dict[str, list[str]] = {"new": [], "changed": [], "same": []}
    for document, wanted in documents.items():
        fates[_replace(tx, document, list(wanted.values()), _By(who, now))].append(document)
    return Stored(tuple(fates["new"]), tuple(fates["changed"]), tuple(fates["same"]))


def withdraw(
    tx: Connection, document: str, nips: Collection[str] | None, who: str, now: float
) -> int:
    """Take a document back, for some people or (None) for all; how many rows that were."""
    rows = [
        one
        for one in of_document(tx, document)
        if not one.withdrawn and (nips is None or one.nip in nips)
    ]
    _end(tx, rows, _By(who, now))
    _mark(tx, rows, now)
    return len(rows)


def _replace(tx: Connection, document: str, named: list[Entry], by: _By) -> str:
    """One document's rows; its fate."""
    kept = {entry.key: entry for entry in of_document(tx, document)}
    live = {key: entry for key, entry in kept.items() if not entry.withdrawn}
    wanted = [_with_scan(entry, live.get(entry.key)) for entry in named]
    same = {entry.said for entry in live.values()}
    put = [entry for entry in wanted if entry.said not in same]
    keys = {entry.key for entry in wanted}
    gone = [entry for key, entry in live.items() if key not in keys]
    if not put and not gone:
        return "same"
    _end(tx, gone, by)
    for entry in put:
        _put(tx, entry, entry.key in kept, by)
        was = live.get(entry.key)
        did, before = ("absence_changed", f"{_short(was)} -> ") if was else ("absence_entered", "")
        _log(tx, entry, did, by, before)
    _mark(tx, [*put, *gone, *(live[one.key] for one in put if one.key in live)], by.now)
    return "changed" if kept else "new"


def _with_scan(entry: Entry, was: Entry | None) -> Entry:
    """A file that comes again has no scan of the letter: the one that is there stays."""
    if was is None or entry.attachment:
        return entry
    return msgspec.structs.replace(entry, attachment=was.attachment)


def _put(tx: Connection, entry: Entry, known: bool, by: _By) -> None:
    row = msgspec.structs.asdict(entry) | {
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
        "entered": int(by.now),
        "entered_by": by.who,
        "withdrawn": 0,
        "withdrawn_by": "",
    }
    if known:
        tx.execute(update(schema.absence).where(*_is(entry)).values(**row))
    else:
        tx.execute(insert(schema.absence).values(**row))


def _end(tx: Connection, entries: Iterable[Entry], by: _By) -> None:
    for entry in entries:
        ended = {"withdrawn": int(by.now), "withdrawn_by": by.who}
        tx.execute(update(schema.absence).where(*_is(entry)).values(**ended))
        _log(tx, entry, "absence_withdrawn", by)


def _is(entry: Entry) -> tuple[Any, ...]:
    its = schema.absence.c
    document, nip, first, scope = entry.key
    return (
        its.document == document,
        its.nip == nip,
        its.first == first.isoformat(),
        its.scope == scope,
    )


def _log(tx: Connection, entry: Entry, did: str, by: _By, before: str = "") -> None:
    opd = posts.office_of(tx, entry.nip, entry.first) or ""
    detail = f"{entry.document}: {before}{_short(entry)}"
    office_log.note(tx, by.now, by.who, did, opd, entry.nip, detail)


def _short(entry: Entry) -> str:
    words = (entry.code, entry.scope, f"{entry.first}..{entry.last}", entry.place, entry.purpose)
    return " ".join(word for word in words if word)


def _mark(tx: Connection, entries: Iterable[Entry], now: float) -> None:
    for entry in entries:
        dirt.mark_person(tx, entry.nip, entry.first, entry.last, now)


def _in_force(tx: Connection, nips: Collection[str], first: date, last: date) -> list[Entry]:
    return [entry for entry in _between(tx, nips, first, last) if not entry.withdrawn]


def _between(tx: Connection, nips: Collection[str], first: date, last: date) -> list[Entry]:
    its = schema.absence.c
    query = select(schema.absence).where(
        its.first <= last.isoformat(), its.last >= first.isoformat()
    )
    if len(nips) <= _MANY:
        query = query.where(its.nip.in_(nips))
    wanted = set(nips)
    rows = tx.execute(query.order_by(its.nip, its.first, its.document, its.scope))
    return [_read(row) for row in rows if row.nip in wanted]


def _read(row: Row[Any]) -> Entry:
    values = dict(row._mapping)
    days = {name: date.fromisoformat(values[name]) for name in ("first", "last")}
    return Entry(**values | days)
