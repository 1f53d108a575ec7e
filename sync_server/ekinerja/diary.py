"""Activities as they are kept: their doer writes, changes and submits them, within the rules' days."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from sync_server import localtime, office_log, posts, schema
from sync_server.ekinerja.activity import OPEN, Activity, Entry, check
from sync_server.ekinerja.deadlines import Deadlines
from sync_server.errors import BadFile
from sync_server.roles import Viewer

_TABLE = schema.activity
_ASKED = 5_000  # people whom one statement names
_COPIED_FROM = timedelta(days=31)  # how far back "as the last time" looks


def write(tx: Connection, entry: Entry, author: Viewer, now: float) -> int:
    """Keep a draft of one's own; returns its number. Raises BadFile."""
    check(entry, localtime.newest_day(now))
    _still(tx, entry.workdate, localtime.newest_day(now))
    row = msgspec.structs.asdict(entry) | {
        "workdate": entry.workdate.isoformat(),
        "nip": author.nip,
        "state": "draft",
        "entered": int(now),
    }
    no: int = tx.execute(insert(_TABLE).values(**row).returning(_TABLE.c.no)).scalar_one()
    _log(tx, now, author, "activity_written", no)
    return no


def change(tx: Connection, no: int, entry: Entry, author: Viewer, now: float) -> None:
    """Change a draft, or what was returned. Raises BadFile."""
    check(entry, localtime.newest_day(now))
    found = _own(tx, no, author)
    _open(tx, found, localtime.newest_day(now))
    if entry.workdate != found.entry.workdate:
        _still(tx, entry.workdate, localtime.newest_day(now))
    row = msgspec.structs.asdict(entry) | {"workdate": entry.workdate.isoformat()}
    _set(tx, found, row)
    _log(tx, now, author, "activity_changed", no)


def remove(tx: Connection, no: int, author: Viewer, now: float) -> None:
    """Throw a draft away, or what was returned. Raises BadFile."""
    found = _own(tx, no, author)
    if found.state not in OPEN:
        raise BadFile("ekinerja", "", "activity_closed")
    tx.execute(delete(_TABLE).where(_TABLE.c.no == no, _TABLE.c.state == found.state))
    _log(tx, now, author, "activity_removed", no)


def submit(tx: Connection, nos: Collection[int], author: Viewer, now: float) -> int:
    """Send drafts, and what was returned, to the superior; returns how many. Raises BadFile."""
    for no in nos:
        found = _own(tx, no, author)
        _open(tx, found, localtime.newest_day(now))
        _set(tx, found, {"state": "submitted", "submitted": int(now)})
        _log(tx, now, author, "activity_submitted", no)
    return len(nos)


def copy(tx: Connection, day: date, author: Viewer, now: float) -> int:
    """Draft for `day` what was written for the last day before it; returns how many. Raises BadFile."""
    its = _TABLE.c
    earlier = (
        select(its.workdate)
        .where(
            its.nip == author.nip,
            its.workdate < day.isoformat(),
            its.workdate >= (day - _COPIED_FROM).isoformat(),
        )
        .order_by(its.workdate.desc())
    )
    last = tx.execute(earlier).scalars().first()
    if last is None:
        raise BadFile("ekinerja", "", "nothing_to_copy")
    entries = [one.entry for one in between(tx, author.nip, last, last)]
    for entry in entries:
        fresh = msgspec.structs.replace(entry, workdate=day, evidence="", attachment="")
        write(tx, fresh, author, now)
    return len(entries)


def month(tx: Connection, nip: str, month: str) -> list[Activity]:
    """Somebody's activities of a month ("2026-01"), by day."""
    return between(tx, nip, f"{month}-01", f"{month}-31")


def between(tx: Connection, nip: str, first: str, last: str) -> list[Activity]:
    """Somebody's activities from a day to a day (ISO dates, both included)."""
    its = _TABLE.c
    query = select(_TABLE).where(its.nip == nip, its.workdate >= first, its.workdate <= last)
    return [read(row) for row in tx.execute(query.order_by(its.workdate, its.no))]


def get(tx: Connection, no: int) -> Activity | None:
    """One activity."""
    row = tx.execute(select(_TABLE).where(_TABLE.c.no == no)).one_or_none()
    return None if row is None else read(row)


def read(row: Row[tuple[object, ...]]) -> Activity:
    """A row of the table `activity`."""
    values = dict(row._mapping)
    values["workdate"] = date.fromisoformat(values["workdate"])
    entry = Entry(**{name: values.pop(name) for name in Entry.__struct_fields__})
    return Activity(entry=entry, **values)


def decide(tx: Connection, found: Activity, verdict: Mapping[str, object]) -> bool:
    """Keep what a superior said; False where somebody else has decided in the meantime."""
    where = (_TABLE.c.no == found.no, _TABLE.c.state == "submitted")
    return tx.execute(update(_TABLE).where(*where).values(**verdict)).rowcount == 1


def waiting(tx: Connection, nips: Collection[str] | None) -> Iterator[Activity]:
    """What these people (None: all) have submitted and nobody has seen, oldest first."""
    its = _TABLE.c
    query = select(_TABLE).where(its.state == "submitted")
    if nips is None:
        return _by_day(tx.execute(query))
    some = sorted(nips)
    chunks = (some[at : at + _ASKED] for at in range(0, len(some), _ASKED))
    return _by_day(row for chunk in chunks for row in tx.execute(query.where(its.nip.in_(chunk))))


def _by_day(rows: Iterable[Row[Any]]) -> Iterator[Activity]:
    return map(read, sorted(rows, key=lambda row: (row.workdate, row.no)))


def _own(tx: Connection, no: int, author: Viewer) -> Activity:
    found = get(tx, no)
    if found is None or not author.nip or found.nip != author.nip:
        raise BadFile("ekinerja", "", "activity_unknown")
    return found


def _open(tx: Connection, found: Activity, today: date) -> None:
    """What was returned may be sent again within the days for entering, counted from its return."""
    if found.state not in OPEN:
        raise BadFile("ekinerja", "", "activity_closed")
    _still(tx, found.entry.workdate, today, localtime.newest_day(found.decided))


def _still(tx: Connection, day: date, today: date, since: date = date.min) -> None:
    until = Deadlines(tx).entering(day, since)
    if today > until:
        raise BadFile("ekinerja", "workdate", "activity_late", day=day, until=until)


def _set(tx: Connection, found: Activity, row: dict[str, object]) -> None:
    where = (_TABLE.c.no == found.no, _TABLE.c.state == found.state)
    if tx.execute(update(_TABLE).where(*where).values(**row)).rowcount != 1:
        raise BadFile("ekinerja", "", "activity_closed")


def _log(tx: Connection, now: float, author: Viewer, did: str, no: int) -> None:
    opd = posts.office_of(tx, author.nip, localtime.newest_day(now)) or author.opd
    office_log.note(tx, now, author.name, did, opd, author.nip, str(no))
