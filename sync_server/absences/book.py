"""The absences that the centre keeps. A document that comes again replaces its own rows; what it no
longer names, and what people withdraw, stays in the book as withdrawn. Nothing is ever deleted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from sync_server import dirt, office_log, plain, posts, schema
from sync_server.absences.entry import Entry
from sync_server.office_log import Deed
from sync_server.pairing import Absence
from sync_server.posts import Ladder

_MANY = 400  # NIPs beyond which reading everybody's is cheaper than naming them


class Stored(msgspec.Struct, frozen=True):
    """What became of documents that were handed in, by their numbers."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


class _By(msgspec.Struct, frozen=True):
    who: str
    now: float


class _Change(msgspec.Struct, frozen=True):
    """What becomes of one document's rows: these end, these are put, of which `live` stood already."""

    fate: str = "same"
    gone: Sequence[Entry] = ()
    put: Sequence[Entry] = ()
    live: Mapping[Any, Entry] = {}

    @property
    def touched(self) -> list[Entry]:
        """Rows as they were and as they become."""
        were = (self.live[one.key] for one in self.put if one.key in self.live)
        return [*self.put, *self.gone, *were]


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
    return of_documents(tx, [document]).get(document, [])


def of_documents(tx: Connection, documents: Collection[str]) -> dict[str, list[Entry]]:
    """Every row that these documents ever had, the withdrawn too, by document."""
    its, wanted = schema.absence.c, sorted(set(documents))
    query = select(schema.absence).order_by(its.nip, its.first, its.scope)
    found: dict[str, list[Entry]] = defaultdict(list)
    for at in range(0, len(wanted), _MANY):
        for row in tx.execute(query.where(its.document.in_(wanted[at : at + _MANY]))):
            found[row.document].append(_read(row))
    return found


def codes(tx: Connection, first: date, last: date) -> dict[str, str]:
    """The codes of everybody's absences in force between two dates, each with a document that has it."""
    its = schema.absence.c
    within = (its.withdrawn == 0, its.first <= f"{last}", its.last >= f"{first}")
    query = select(its.code, func.min(its.document)).where(*within).group_by(its.code)
    return {code: document for code, document in tx.execute(query.order_by(its.code))}


def store(tx: Connection, entries: Sequence[Entry], who: str, now: float) -> Stored:
    """Take documents as they are now. The same again changes nothing; another version replaces the
    document's rows and is logged with what changed. `now`: server UTC seconds."""
    documents: dict[str, dict[object, Entry]] = defaultdict(dict)
    for entry in entries:
        documents[entry.document][entry.key] = entry
    kept = of_documents(tx, documents)
    changes = {
        document: _change(kept.get(document, ()), list(wanted.values()))
        for document, wanted in documents.items()
    }
    _keep(tx, list(changes.values()), _By(who, now))
    fates: dict[str, list[str]] = {"new": [], "changed": [], "same": []}
    for document, change in changes.items():
        fates[change.fate].append(document)
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
    _keep(tx, [_Change(gone=rows)], _By(who, now))
    return len(rows)


def _change(kept: Sequence[Entry], named: Sequence[Entry]) -> _Change:
    """What becomes of a document that has `kept` and now names these."""
    live = {entry.key: entry for entry in kept if not entry.withdrawn}
    wanted = [_with_scan(entry, live.get(entry.key)) for entry in named]
    same = {entry.said for entry in live.values()}
    put = [entry for entry in wanted if entry.said not in same]
    keys = {entry.key for entry in wanted}
    gone = [entry for key, entry in live.items() if key not in keys]
    if not put and not gone:
        return _Change()
    return _Change("changed" if kept else "new", gone, put, live)


def _keep(tx: Connection, changes: Sequence[_Change], by: _By) -> None:
    """Write what changes, in few statements however many rows: whoever takes batches waits."""
    gone = [entry for one in changes for entry in one.gone]
    ended = (int(by.now), by.who)
    plain.each(tx, _END, [(*ended, *_key(entry)) for entry in gone])
    plain.each(tx, _PUT, [_row(entry, by) for one in changes for entry in one.put])
    touched = [entry for one in changes for entry in one.touched]
    ladder = posts.ladder(tx, {entry.nip for entry in touched})
    deeds = [deed for one in changes for deed in _deeds(one, ladder)]
    office_log.note_all(tx, by.now, by.who, deeds)
    dirt.mark_people(tx, [(entry.nip, entry.first, entry.last) for entry in touched], by.now)


def _deeds(change: _Change, ladder: Ladder) -> Iterator[Deed]:
    """What the office's log says of it."""
    for entry in change.gone:
        yield _deed(entry, "absence_withdrawn", ladder)
    for entry in change.put:
        was = change.live.get(entry.key)
        did, before = ("absence_changed", f"{_short(was)} -> ") if was else ("absence_entered", "")
        yield _deed(entry, did, ladder, before)


def _with_scan(entry: Entry, was: Entry | None) -> Entry:
    """A file that comes again has no scan of the letter: the one that is there stays."""
    if was is None or entry.attachment:
        return entry
    return msgspec.structs.replace(entry, attachment=was.attachment)


_PUT = """INSERT INTO absence (document, nip, first, scope, code, last, place, purpose, attachment,
entered, entered_by, withdrawn, withdrawn_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')
ON CONFLICT (document, nip, first, scope) DO UPDATE SET code = excluded.code, last = excluded.last,
place = excluded.place, purpose = excluded.purpose, attachment = excluded.attachment,
entered = excluded.entered, entered_by = excluded.entered_by, withdrawn = 0, withdrawn_by = ''"""
_END = """UPDATE absence SET withdrawn = ?, withdrawn_by = ?
WHERE document = ? AND nip = ? AND first = ? AND scope = ?"""


def _key(entry: Entry) -> tuple[str, ...]:
    return entry.document, entry.nip, entry.first.isoformat(), entry.scope


def _row(entry: Entry, by: _By) -> tuple[object, ...]:
    said = (entry.code, entry.last.isoformat(), entry.place, entry.purpose, entry.attachment)
    return *_key(entry), *said, int(by.now), by.who


def _deed(entry: Entry, did: str, ladder: Ladder, before: str = "") -> Deed:
    opd = ladder.office(entry.nip, entry.first)
    return Deed(did, opd, entry.nip, f"{entry.document}: {before}{_short(entry)}")


def _short(entry: Entry) -> str:
    words = (entry.code, entry.scope, f"{entry.first}..{entry.last}", entry.place, entry.purpose)
    return " ".join(word for word in words if word)


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
