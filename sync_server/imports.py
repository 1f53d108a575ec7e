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
    office_log,
    post_files,
    posts,
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
_FAR = (date.min, date.max)


class Upload(msgspec.Struct, frozen=True):
    """A file, who brings it and when (server UTC seconds), and for which offices he may (None: all)."""

    file: str
    data: bytes | str
    who: str
    now: float
    reach: frozenset[str] | None = None


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


class _Change(msgspec.Struct, frozen=True):
    """Rows by their keys: as they stand, and as the file has them."""

    before: Mapping[Any, Any]
    after: Mapping[Any, Any]

    @property
    def touched(self) -> list[Any]:
        """Rows that are new, gone, or changed, then as they were and as they become."""
        pairs = ((self.before.get(k), self.after.get(k)) for k in self.before.keys() | self.after)
        return [row for was, becomes in pairs if was != becomes for row in (was, becomes) if row]

    def preview(self, kind: Kind, odd: Sequence[BadFile]) -> Preview:
        both = self.before.keys() & self.after.keys()
        changed = sum(self.before[key] != self.after[key] for key in both)
        return Preview(
            kind=kind,
            rows=len(self.after),
            new=len(self.after.keys() - both),
            changed=changed,
            gone=len(self.before.keys() - both),
            same=len(both) - changed,
            oddities=tuple(odd),
        )


class _Room(msgspec.Struct, frozen=True):
    """How a kind is read, what stands now, how it is kept, what is odd about it."""

    form: Callable[[Connection], tables.Form[Any]]
    key: Callable[[Any], object]
    before: Callable[[Connection, Sequence[Any]], Iterable[Any]]
    store: Callable[[Connection, Sequence[Any], Upload], object]
    odd: Callable[[Connection, Sequence[Any], str], list[BadFile]]


def preview(tx: Connection, kind: Kind, upload: Upload) -> Preview:
    """What taking a file would change. Nothing is written; what is wrong is in the answer."""
    if kind == "absence":
        return _absence_preview(tx, upload)
    room = _ROOMS[kind]
    form = room.form(tx)
    if problems := tables.problems(form, upload.data, upload.file):
        return Preview(kind, 0, problems=tuple(problems))
    try:
        rows, change = _read(tx, kind, upload)
    except BadFile as bad:
        return Preview(kind, 0, problems=(bad,))
    return change.preview(kind, room.odd(tx, rows, upload.file))


def take(tx: Connection, kind: Kind, upload: Upload) -> Preview:
    """Take a file over; returns what it changed. Raises BadFile where something is wrong."""
    if kind == "absence":
        return _take_absences(tx, upload)
    room = _ROOMS[kind]
    rows, change = _read(tx, kind, upload)
    done = change.preview(kind, room.odd(tx, rows, upload.file))
    if change.touched:
        room.store(tx, rows, upload)
        said = f"{upload.file}: +{done.new} ~{done.changed} -{done.gone}"
        office_log.note(tx, upload.now, upload.who, f"{kind}_import", detail=said)
    _mark(tx, change.touched, upload.now)
    return done


def _read(tx: Connection, kind: Kind, upload: Upload) -> tuple[list[Any], _Change]:
    room = _ROOMS[kind]
    rows = tables.read(room.form(tx), upload.data, upload.file)
    if upload.reach is not None:
        _within(tx, {row.nip for row in rows}, upload)
    before = {room.key(one): one for one in room.before(tx, rows)}
    return rows, _Change(before, {room.key(one): one for one in rows})


def _within(tx: Connection, nips: set[str], upload: Upload) -> None:
    its = schema.person.c
    query = select(its.nip).where(its.opd.in_(upload.reach or ()))
    if strange := sorted(nips - set(tx.execute(query).scalars())):
        raise BadFile(upload.file, "", "not_your_people", nip=strange[0], count=len(strange))


def _mark(tx: Connection, touched: Sequence[Any], now: float) -> None:
    """Facts rest on people and turns; posts and offices price and show them only."""
    days = [row for row in touched if isinstance(row, Person | Turn)]
    if not days:
        return
    first, last = min(row.mulai for row in days), max(row.selesai for row in days)
    offices = {row.opd for row in days if isinstance(row, Person)}
    nips = {row.nip for row in days if isinstance(row, Turn)}
    its = schema.person.c
    rows = tx.execute(select(its.nip, its.opd)) if nips else ()
    offices.update(opd for nip, opd in rows if nip in nips)
    for opd in sorted(offices):
        dirt.mark(tx, opd, first, last, now)


def _absence_preview(tx: Connection, upload: Upload) -> Preview:
    try:
        lines = absences.read(upload.data, upload.file)
        odd = absences.check(tx, lines, upload.file)
        entries = [entry for _, entry in lines]
        _absences_within(tx, entries, upload)
    except BadFile as bad:
        return Preview("absence", 0, problems=(bad,))
    documents = {entry.document for entry in entries}
    kept = [one for document in documents for one in absences.of_document(tx, document)]
    before = {one.key: one.said for one in kept if not one.withdrawn}
    after = {one.key: one.said for one in entries}
    return _Change(before, after).preview("absence", odd)


def _take_absences(tx: Connection, upload: Upload) -> Preview:
    done = _absence_preview(tx, upload)
    for bad in done.problems:
        raise bad
    entries = [entry for _, entry in absences.read(upload.data, upload.file)]
    absences.store(tx, entries, upload.who, upload.now)
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


def _pins_odd(_tx: Connection, rows: Sequence[Person], file: str) -> list[BadFile]:
    risky = roster.nips_used_as_pins(rows)
    return [BadFile(file, "", "nip_as_pin", count=len(risky), pin=risky[0])] if risky else []


def _turns_odd(tx: Connection, rows: Sequence[Turn], file: str) -> list[BadFile]:
    strange = roster.strangers(tx, rows)
    return [BadFile(file, "", "nip_unknown", count=len(strange), nip=strange[0])] if strange else []


def _posts_odd(tx: Connection, rows: Sequence[Post], file: str) -> list[BadFile]:
    people = set(tx.execute(select(schema.person.c.nip)).scalars()) | {row.nip for row in rows}
    above = dict.fromkeys(row.superior for row in rows if row.superior)
    strange = [nip for nip in above if nip not in people]
    if not strange:
        return []
    return [BadFile(file, "", "superior_unknown", count=len(strange), nip=strange[0])]


def _totals_odd(tx: Connection, rows: Sequence[totals.Total], file: str) -> list[BadFile]:
    people = set(tx.execute(select(schema.person.c.nip)).scalars())
    strange = [row.nip for row in rows if row.nip not in people]
    if not strange:
        return []
    return [BadFile(file, "", "total_stranger", count=len(strange), nip=strange[0])]


_ROOMS: dict[str, _Room] = {
    "office": _Room(
        form=lambda tx: post_files.offices_form(posts.offices(tx)),
        key=lambda one: one.opd,
        before=_offices_before,
        store=lambda tx, rows, _: posts.store_offices(tx, rows),
        odd=lambda _tx, _rows, _file: [],
    ),
    "person": _Room(
        form=lambda _: roster.PEOPLE,
        key=lambda one: (one.opd, one.pin, one.mulai),
        before=_people_before,
        store=lambda tx, rows, _: roster.store_people(tx, rows),
        odd=_pins_odd,
    ),
    "post": _Room(
        form=lambda _: post_files.POSTS,
        key=lambda one: (one.nip, one.mulai),
        before=_posts_before,
        store=lambda tx, rows, _: posts.store_posts(tx, rows),
        odd=_posts_odd,
    ),
    "roster": _Room(
        form=lambda tx: roster.turns(rulings.shift_table(tx)),
        key=lambda one: (one.nip, one.mulai),
        before=_turns_before,
        store=lambda tx, rows, _: roster.store_rota(tx, rows),
        odd=_turns_odd,
    ),
    "productivity": _Room(
        form=lambda tx: totals.form(rulings.rulesets(tx)),
        key=lambda one: (one.nip, one.month),
        before=_totals_before,
        store=lambda tx, rows, up: totals.store_productivity(tx, rows, up.who, up.now),
        odd=_totals_odd,
    ),
}
