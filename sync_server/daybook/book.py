"""The facts of every office as they stand, made anew where something changed, and proven on demand.

A fact is made once its window is over; until then the day has none. Functions that read take the
caller's transaction, those that write take the database.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sync_server import dirt, fact, plain, schema
from sync_server.database import Database
from sync_server.daybook import days, duties, reader, sources
from sync_server.daybook.days import Days
from sync_server.daybook.duties import Duties, Duty
from sync_server.daybook.reader import Source
from sync_server.errors import BadFile
from sync_server.fact import Fact, Status
from sync_server.folded import Columns, unfold
from sync_server.pairing import PersonDay

_EPOCH = date(1970, 1, 1).toordinal()
AT_ONCE = 4_000  # person-days in one transaction: whoever takes batches waits for it
_NEXT = (
    "INSERT INTO edition (opd, rev) VALUES (?, 1) "
    "ON CONFLICT (opd) DO UPDATE SET rev = edition.rev + 1 RETURNING rev"
)
_Of = tuple[str, str]  # NIP, workdate
_Made = tuple[str, date, Status, bytes]
_Kept = tuple[Status, bytes]
_Side = dict[_Of, _Kept]
_Change = tuple[str, _Of, _Kept | None, _Kept | None]  # office, of whom and when, was, became


class Difference(msgspec.Struct, frozen=True):
    """A fact that the book had otherwise than the events say; "" where there was or is none. `rows`:
    so many punches and claims of the office's chains were otherwise; it is of no person's day."""

    opd: str
    nip: str
    workdate: date
    was: str
    became: str
    rows: int = 0


def facts(tx: Connection, opd: str, first: date, last: date) -> list[Fact]:
    """The facts of an office's people as they are in the book, by NIP and date.

    Raises BadFile where an editor of the ledger left what is no fact.
    """
    return list(map(unfold, plain.rows(tx, _OF_OFFICE, opd, f"{first}", f"{last}")))


def of_person(tx: Connection, nip: str, first: date, last: date) -> list[Fact]:
    """Somebody's facts in every office, by date. Raises BadFile as `facts` does."""
    return list(map(unfold, plain.rows(tx, _OF_PERSON, nip, f"{first}", f"{last}")))


def person_days(
    tx: Connection, opd: str, first: date, last: date, nips: Collection[str] | None = None
) -> Iterator[PersonDay]:
    """What the days of an office's people rest on, by date and NIP; days to come too.

    Raises BadFile where something that they rest on was never imported.
    """
    return days.load(tx, duties.load(tx, opd, nips), duties.days(first, last)).each()


def revision(tx: Connection, opd: str) -> int:
    """A number that changes whenever a fact of the office does; 0: it has none yet."""
    its = schema.edition.c
    return tx.execute(select(its.rev).where(its.opd == opd)).scalar() or 0


def renew(database: Database, opd: str, first: date, last: date, now: float) -> int:
    """Read an office's chains on, and make its dirty and missing days from `first` to `last`.

    Days whose windows are not over at `now` (server UTC seconds) have no fact. Returns how many
    facts changed. Raises BadFile where a file lacks.
    """
    with database.writing() as tx:
        sources.read_on(tx, opd, now)
    with database.reading() as tx:
        its = schema.day.c
        made = set(
            tx.execute(
                select(its.workdate).where(its.opd == opd, *_between(first, last)).distinct()
            ).scalars()
        )
        dirty = schema.dirty.c
        marked = tx.execute(
            select(dirty.workdate).where(dirty.opd == opd, *_on(dirty.workdate, first, last))
        )
        due = set(marked.scalars())
    wanted = [day for day in duties.days(first, last) if day.isoformat() not in made - due]
    return make(database, opd, wanted, now)


def make(database: Database, opd: str, on: Collection[date], now: float) -> int:
    """Make these days of an office anew; how many facts changed. Raises BadFile."""
    return sum(map(len, _in_turns(database, opd, on, now)))


def _in_turns(
    database: Database, opd: str, on: Collection[date], now: float
) -> Iterator[list[_Change]]:
    """What changed, some days after the others."""
    left = sorted(on)
    while left:
        with database.writing() as tx:
            sources.hold(tx, opd)
            who = duties.load(tx, opd)
            many = max(1, AT_ONCE // max(1, len(who.people)))
            changed = _make(tx, who, left[:many], now)
        left = left[many:]
        yield changed


def rebuild(database: Database, opd: str, first: date, last: date, now: float) -> list[Difference]:
    """Read an office's chains from their first events and make its facts again; what was different
    is repaired and returned. `now` as in `renew`. Raises BadFile where a file lacks."""
    renew(database, opd, first, last, now)
    out: list[Difference] = []
    with database.reading() as tx:
        chains = sources.of_office(tx, opd)
    if changed := sum(_reread(database, source, now) for source in chains):
        out.append(of_rows(opd, first, changed))
    for some in _in_turns(database, opd, duties.days(first, last), now):
        out += map(_difference, sorted(some, key=_of))
    return out


def of_rows(opd: str, first: date, rows: int) -> Difference:
    """So many punches or claims of an office that the book had otherwise than the events say."""
    return Difference(opd, "", first, f"{rows} punches or claims", "", rows)


def differing(tx: Connection, who: Duties, on: list[date], now: float) -> list[Difference]:
    """The facts of these days that are not what the book's punches, the absences and the rules say.
    Writes nothing; days that are not over at `now` are left out. Raises BadFile as `renew` does."""
    found, later = _over(days.load(tx, who, on), now)
    in_these = [day.isoformat() for day in on if day not in later]
    if not in_these:
        return []
    made = (one for one in found.kept() if one[1] not in later)
    old, new = _sides(tx, who.opd, in_these, made)
    return [_difference(one) for one in sorted(_unlike(who.opd, old, new), key=_of)]


def _reread(database: Database, source: Source, now: float) -> int:
    """Make a chain's rows what its events say; how many had said something else. Whoever takes
    batches waits for the writing, not for the reading."""
    with database.reading() as tx:
        found = reader.whole(tx, source)
    with database.writing() as tx:
        sources.hold(tx, source.opd)
        return sum(
            reader.write(tx, its, reader.onward(tx, its, found), now)
            for its in sources.of_office(tx, source.opd)
            if (its.kid, its.epoch) == (source.kid, source.epoch)
        )


def _make(tx: Connection, who: Duties, on: list[date], now: float) -> list[_Change]:
    """Marks are taken away first: who marks meanwhile waits for us, or comes after us."""
    in_these = [day.isoformat() for day in on]
    plain.each(tx, _UNMARK, [(who.opd, day) for day in in_these])
    found, later = _over(days.load(tx, who, on), now)
    changed = _store(tx, who.opd, in_these, found.kept())
    for day, end in later.items():
        dirt.mark_days(tx, who.opd, [day], end + 1)
    return changed


def _over(found: Days, now: float) -> tuple[Days, dict[date, int]]:
    """The days of people that are over, and when each date is over of which some are not."""
    over: list[Duty] = []
    later: dict[date, int] = {}
    for duty in found.duties:
        end = _end(duty)
        if end < now:
            over.append(duty)
        else:
            later[duty.workdate] = min(end, later.get(duty.workdate, end))
    return msgspec.structs.replace(found, duties=over), later


def _end(duty: Duty) -> int:
    """The last UTC second of the day: its window's, or the date's own where it has no hours."""
    if duty.window:
        return duty.window.close
    return (duty.workdate.toordinal() + 1 - _EPOCH) * 86_400 - duty.zone * 60 - 1


def _store(tx: Connection, opd: str, on: list[str], found: Iterable[_Made]) -> list[_Change]:
    """Write what is otherwise than it stands there, and nothing else."""
    old, new = _sides(tx, opd, on, found)
    changes = _unlike(opd, old, new)
    if not changes:
        return []
    rev = _next(tx, opd)
    changed = [of for _, of, _, _ in changes]
    plain.each(tx, _DELETE, [(opd, *of) for of in changed if of in old])
    plain.each(tx, _INSERT, [(opd, *of, *new[of], rev) for of in changed if of in new])
    return changes


def _sides(tx: Connection, opd: str, on: list[str], found: Iterable[_Made]) -> tuple[_Side, _Side]:
    """These days as they stand in the book, and as they were found."""
    texts = {date.fromisoformat(day): day for day in on}
    in_these = set(on)
    old: _Side = {
        (nip, workdate): (status, body if sound else b"text: " + body)
        for nip, _, workdate, status, body, sound in plain.rows(tx, _KEPT, opd, min(on), max(on))
        if workdate in in_these
    }
    new: _Side = {(nip, texts[workdate]): (status, body) for nip, workdate, status, body in found}
    return old, new


def _unlike(opd: str, old: _Side, new: _Side) -> list[_Change]:
    both = {**old, **new}
    return [(opd, of, old.get(of), new.get(of)) for of in both if old.get(of) != new.get(of)]


_UNMARK = "DELETE FROM dirty WHERE opd = ? AND workdate = ?"
_ROW = "SELECT nip, opd, workdate, status, CAST(body AS BLOB)"  # schema.day_row
_IN_OFFICE = "FROM day WHERE opd = ? AND workdate >= ? AND workdate <= ?"
# In SQLite no text equals its bytes: that a row has text where the body was is a difference too.
_KEPT = f"{_ROW}, body = CAST(body AS BLOB) {_IN_OFFICE}"
_OF_OFFICE = f"{_ROW} {_IN_OFFICE} ORDER BY nip, workdate"
_OF_PERSON = (
    f"{_ROW} FROM day WHERE nip = ? AND workdate >= ? AND workdate <= ? ORDER BY workdate, opd"
)
_INSERT = "INSERT INTO day (opd, nip, workdate, status, body, rev) VALUES (?, ?, ?, ?, ?, ?)"
_DELETE = "DELETE FROM day WHERE opd = ? AND nip = ? AND workdate = ?"


def _of(change: _Change) -> _Of:
    return change[1]


def _difference(change: _Change) -> Difference:
    opd, (nip, day), was, became = change
    old, new = (_said((nip, opd, day, *kept)) if kept else "" for kept in (was, became))
    return Difference(opd, nip, date.fromisoformat(day), old, new)


def _said(row: Columns) -> str:
    """The JSON of a row; an editor of the file may have put there what is no fact."""
    try:
        return fact.to_json(unfold(row)).decode()
    except BadFile:
        return repr(row[-2:])


def _next(tx: Connection, opd: str) -> int:
    return int(plain.rows(tx, _NEXT, opd)[0][0])


def _between(first: date, last: date) -> tuple[Any, ...]:
    return _on(schema.day.c.workdate, first, last)


def _on(column: Any, first: date, last: date) -> tuple[Any, ...]:  # noqa: ANN401
    return column >= first.isoformat(), column <= last.isoformat()
