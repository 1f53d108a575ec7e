"""Files that people import, one kind at a time: what a file would change, and taking it over.

Commands and pages ask here, so that both say the same and leave the same traces: the office's log, and
the days whose facts are to be made anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from sync_server import (
    absences,
    dirt,
    edits,
    localtime,
    oddities,
    office_log,
    post_files,
    posts,
    reaching_back,
    roster,
    rulings,
    schema,
    tables,
)
from sync_server.ekinerja import totals
from sync_server.errors import BadFile
from sync_server.posts import Office, Post
from sync_server.roster import Person, Turn

Kind = Literal["office", "person", "post", "roster", "absence", "productivity"]
KINDS: tuple[Kind, ...] = ("office", "person", "post", "roster", "absence", "productivity")
_DATED = ("person", "post", "roster")
_KEPT = ("post", "roster")  # a person's rows before the first day that the file names stay


class Upload(msgspec.Struct, frozen=True):
    """A file, who brings it and when (server UTC seconds), and for which offices he may (None: all)."""

    file: str
    data: bytes | str
    who: str
    now: float
    reach: frozenset[str] | None = None


class Table(msgspec.Struct, frozen=True):
    """What a file's rows say, with their lines where they matter, or what is wrong with them. To read
    them takes seconds: whoever writes has them read before he begins."""

    kind: Kind
    upload: Upload
    rows: Sequence[Any] = ()
    problems: tuple[BadFile, ...] = ()


class Preview(msgspec.Struct, frozen=True):
    """What a file changes: counts of rows, what is wrong (then nothing is taken), what is odd."""

    kind: Kind
    rows: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    problems: tuple[BadFile, ...] = ()
    oddities: tuple[BadFile, ...] = ()
    listed: tuple[edits.Edit, ...] = ()


Agreed = Callable[[Preview], bool]


class _Change(msgspec.Struct, frozen=True):
    """Rows by their keys: as they stand, and as they become by the file."""

    before: Mapping[Any, Any]
    after: Mapping[Any, Any]

    @property
    def touched(self) -> list[Any]:
        """Rows that are new, gone, or changed, then as they were and as they become."""
        pairs = ((self.before.get(k), self.after.get(k)) for k in self.before.keys() | self.after)
        return [row for was, becomes in pairs if was != becomes for row in (was, becomes) if row]

    def preview(self, kind: Kind, rows: int, odd: Sequence[BadFile]) -> Preview:
        both = self.before.keys() & self.after.keys()
        changed = sum(self.before[key] != self.after[key] for key in both)
        return Preview(
            kind=kind,
            rows=rows,
            new=len(self.after.keys() - both),
            changed=changed,
            gone=len(self.before.keys() - both),
            same=len(both) - changed,
            oddities=tuple(odd),
            listed=edits.edits(self.before, self.after),
        )


class _Room(msgspec.Struct, frozen=True):
    """How a kind is read, what stands now, how it is kept, what is odd about it."""

    form: Callable[[Connection], tables.Form[Any]]
    key: Callable[[Any], object]
    before: Callable[[Connection, Sequence[Any]], Iterable[Any]]
    store: Callable[[Connection, Sequence[Any], Upload], object]
    odd: Callable[[Connection, Sequence[Any], str], list[BadFile]]


def read(tx: Connection, kind: Kind, upload: Upload) -> Table:
    """What a file says. Nothing is written; what is wrong is in the answer."""
    if kind == "absence":
        return _read_absences(upload)
    rows, problems = tables.every(_ROOMS[kind].form(tx), upload.data, upload.file)
    return Table(kind, upload, rows, tuple(problems))


def preview(tx: Connection, table: Table) -> Preview:
    """What taking a file would change. Nothing is written; what is wrong is in the answer."""
    if table.problems:
        return Preview(table.kind, 0, problems=table.problems)
    try:
        if table.kind == "absence":
            return _absence_preview(tx, table)
        change = _compared(tx, table)
    except BadFile as bad:
        return Preview(table.kind, 0, problems=(bad,))
    return change.preview(table.kind, len(table.rows), _odd(tx, table, change))


def take(tx: Connection, table: Table, agreed: Agreed = lambda _: True) -> Preview:
    """Take a file over where what it changes is agreed to; returns what that is. Raises BadFile where
    something is wrong."""
    kind, upload, rows = table.kind, table.upload, table.rows
    for bad in table.problems:
        raise bad
    if kind == "absence":
        return _take_absences(tx, table, agreed)
    room = _ROOMS[kind]
    change = _compared(tx, table)
    done = change.preview(kind, len(rows), _odd(tx, table, change))
    if not agreed(done):
        return done
    if change.touched:
        room.store(tx, rows, upload)
        said = f"{upload.file}: +{done.new} ~{done.changed} -{done.gone}"
        office_log.note(tx, upload.now, upload.who, f"{kind}_import", detail=said)
    since = min(row.mulai for row in rows) if rows and kind in _KEPT else date.min
    _mark(tx, change.touched, since, upload.now)
    return done


def _odd(tx: Connection, table: Table, change: _Change) -> list[BadFile]:
    found = _ROOMS[table.kind].odd(tx, table.rows, table.upload.file)
    before, after = list(change.before.values()), list(change.after.values())
    if table.kind == "person":
        found = [*found, *edits.odd_people(tx, before, after, table.upload.file)]
    if table.kind in _DATED:
        found = [*found, *reaching_back.odd(tx, before, after, table.upload.file)]
    return found


def _compared(tx: Connection, table: Table) -> _Change:
    room, rows = _ROOMS[table.kind], table.rows
    if table.upload.reach is not None:
        _within(tx, rows, table.upload)
    before = {room.key(one): one for one in room.before(tx, rows)}
    kept = tables.earlier(before.values(), rows) if table.kind in _KEPT else []
    return _Change(before, {room.key(one): one for one in (*kept, *rows)})


def _within(tx: Connection, rows: Sequence[Any], upload: Upload) -> None:
    if strange := roster.outside(tx, map(_days, rows), upload.reach or ()):
        raise BadFile(upload.file, "", "not_your_people", nip=strange[0], count=len(strange))


def _days(row: Turn | Post | totals.Total) -> tuple[str, date, date]:
    """Whose row it is, and what days it is about."""
    if isinstance(row, totals.Total):
        return row.nip, *localtime.month_days(row.month)
    return row.nip, row.mulai, row.selesai


def _mark(tx: Connection, touched: Sequence[Any], since: date, now: float) -> None:
    """Facts rest on people, turns and posts that free from being recorded; other posts and offices
    price and show them only."""
    freed = [row for row in touched if isinstance(row, Post) and row.exempt]
    dirt.mark_people(tx, [(row.nip, max(since, row.mulai), row.selesai) for row in freed], now)
    days = [row for row in touched if isinstance(row, Person | Turn)]
    if not days:
        return
    first = max(since, min(row.mulai for row in days))
    last = max(row.selesai for row in days)
    offices = {row.opd for row in days if isinstance(row, Person)}
    nips = {row.nip for row in days if isinstance(row, Turn)}
    its = schema.person.c
    rows = tx.execute(select(its.nip, its.opd)) if nips else ()
    offices.update(opd for nip, opd in rows if nip in nips)
    for opd in sorted(offices):
        dirt.mark(tx, opd, first, last, now)


def _read_absences(upload: Upload) -> Table:
    try:
        return Table("absence", upload, absences.read(upload.data, upload.file))
    except BadFile as bad:
        return Table("absence", upload, problems=(bad,))


def _absence_preview(tx: Connection, table: Table) -> Preview:
    odd = absences.check(tx, table.rows, table.upload.file)
    entries = [entry for _, entry in table.rows]
    _absences_within(tx, entries, table.upload)
    found = absences.of_documents(tx, {entry.document for entry in entries})
    kept = (one for every in found.values() for one in every)
    before = {one.key: one.said for one in kept if not one.withdrawn}
    after = {one.key: one.said for one in entries}
    return _Change(before, after).preview("absence", len(after), odd)


def _take_absences(tx: Connection, table: Table, agreed: Agreed) -> Preview:
    done = _absence_preview(tx, table)
    entries = [entry for _, entry in table.rows]
    if agreed(done):
        absences.store(tx, entries, table.upload.who, table.upload.now)
    return done


def _absences_within(tx: Connection, entries: Sequence[absences.Entry], upload: Upload) -> None:
    if strange := absences.outside(tx, entries, upload.reach):
        raise BadFile(upload.file, "", "not_your_people", nip=strange[0], count=len(strange))


def _people_before(tx: Connection, rows: Sequence[Person]) -> Iterable[Person]:
    return [one for opd in {row.opd for row in rows} for one in roster.people(tx, opd)]


def _turns_before(tx: Connection, rows: Sequence[Turn]) -> Iterable[Turn]:
    known = roster.rota(tx)
    return [turn for nip in {row.nip for row in rows} for turn in known.get(nip, ())]


def _posts_before(tx: Connection, rows: Sequence[Post]) -> Iterable[Post]:
    nips = {row.nip for row in rows}
    return [one for held in posts.histories(tx, nips).values() for one in held]


def _offices_before(tx: Connection, rows: Sequence[Office]) -> Iterable[Office]:
    codes = {row.opd for row in rows}
    return [one for one in posts.offices(tx) if one.opd in codes]


def _totals_before(tx: Connection, rows: Sequence[totals.Total]) -> Iterable[totals.Total]:
    keys = {(row.nip, row.month) for row in rows}
    found = (totals.kept(tx, month) for month in {row.month for row in rows})
    every = (kept.total for by_nip in found for kept in by_nip.values())
    return [one for one in every if (one.nip, one.month) in keys]


_ROOMS: dict[str, _Room] = {
    "office": _Room(
        form=lambda tx: post_files.offices_form(posts.offices(tx)),
        key=lambda one: one.opd,
        before=_offices_before,
        store=lambda tx, rows, _: posts.store_offices(tx, rows),
        odd=lambda _tx, _rows, _file: [],
    ),
    "person": _Room(
        form=lambda _: roster.EMPLOYEES,
        key=lambda one: (one.opd, one.pin, one.mulai),
        before=_people_before,
        store=lambda tx, rows, _: roster.store_people(tx, rows),
        odd=oddities.pins_odd,
    ),
    "post": _Room(
        form=lambda _: post_files.POSTS,
        key=lambda one: (one.nip, one.mulai),
        before=_posts_before,
        store=lambda tx, rows, _: posts.store_posts(tx, rows),
        odd=oddities.posts_odd,
    ),
    "roster": _Room(
        form=lambda tx: roster.turns(rulings.shift_table(tx)),
        key=lambda one: (one.nip, one.mulai),
        before=_turns_before,
        store=lambda tx, rows, _: roster.store_rota(tx, rows),
        odd=oddities.turns_odd,
    ),
    "productivity": _Room(
        form=lambda tx: totals.form(rulings.rulesets(tx)),
        key=lambda one: (one.nip, one.month),
        before=_totals_before,
        store=lambda tx, rows, up: totals.store_productivity(tx, rows, up.who, up.now),
        odd=oddities.totals_odd,
    ),
}
