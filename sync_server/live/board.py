"""An office at this moment: who came, who is on duty or on leave, who has not come yet, and of whom
there is no data."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection

from sync_server import absences, localtime, posts, roster, rulings
from sync_server.daybook import book
from sync_server.live import person
from sync_server.live.machines import reach
from sync_server.live.person import Row, State
from sync_server.live.reach import Machine, Reach
from sync_server.pairing import PersonDay

# Who is to be in the office: what the curve climbs to.
EXPECTED: tuple[State, ...] = ("here", "late", "not_yet", "no_data", "missed", "held")
CAME: tuple[State, ...] = ("here", "late")


class Board(msgspec.Struct, frozen=True):
    """An office as it stood at `now` (UTC seconds); `zone` minutes east of UTC, `today` its local
    date. `newest`: up to where all its devices were read, None: one of them never."""

    opd: str
    name: str
    zone: int
    now: int
    today: date
    rows: tuple[Row, ...]
    machines: tuple[Machine, ...]
    newest: int | None
    forked: bool

    @property
    def counts(self) -> Counter[State]:
        """How many people stand how."""
        return Counter(one.state for one in self.rows)

    @property
    def expected(self) -> int:
        """How many are to be in the office."""
        return sum(self.counts[state] for state in EXPECTED)

    def of(self, *states: State) -> list[Row]:
        """The people who stand like this, by name."""
        return sorted((one for one in self.rows if one.state in states), key=_by_name)


def board(tx: Connection, opd: str, now: int, nips: Collection[str] | None = None) -> Board:
    """An office's board at `now` (server UTC seconds), of these people (None: of all). Raises BadFile
    where the shifts or the year's calendar were never imported."""
    office = posts.office(tx, opd)
    zone = roster.zone(tx, opd) or localtime.WIB
    today = localtime.day(now, zone)
    told = reach(tx, opd)
    days = book.person_days(tx, opd, today - timedelta(days=1), today, nips)
    return Board(
        opd=opd,
        name=office.name if office else opd,
        zone=zone,
        now=now,
        today=today,
        rows=tuple(_rows(tx, opd, days, told, now)),
        machines=told.machines,
        newest=told.newest,
        forked=told.forked,
    )


def _rows(
    tx: Connection, opd: str, days: Iterable[PersonDay], told: Reach, now: int
) -> Iterator[Row]:
    names = {one.nip: one.nama for one in roster.people(tx, opd)}
    by_nip: dict[str, list[PersonDay]] = defaultdict(list)
    for day in days:
        by_nip[day.nip].append(day)
    grace: dict[date, int] = {}
    for nip, own in by_nip.items():
        on = person.on_now(own, now)
        if on.workdate not in grace:
            grace[on.workdate] = _grace(tx, on.workdate)
        if on.workdate == localtime.day(now, on.zone) or _still_on(on, now):
            row = person.row(on, names.get(nip, nip), told, now, grace[on.workdate])
            yield _with_document(tx, row)


def _still_on(day: PersonDay, now: int) -> bool:
    """Whether a day of yesterday is not over: who has no today here (he moved) is not shown."""
    return day.window is not None and day.window.open <= now <= day.window.close


def _grace(tx: Connection, day: date) -> int:
    """Minutes of flexible hours that the decree in force gives."""
    found = rulings.in_force(tx, day)
    return found.flex_max if found else 0


def _with_document(tx: Connection, row: Row) -> Row:
    """The letter that sends somebody elsewhere, and where."""
    if row.state not in ("duty", "leave"):
        return row
    entries = absences.with_documents(tx, row.nip, row.workdate)
    found = next((one for one in entries if one.code == row.code), None)
    if found is None:
        return row
    return msgspec.structs.replace(row, document=found.document, place=found.place)


def _by_name(row: Row) -> tuple[str, str]:
    return row.name.casefold(), row.nip


def arrivals(rows: Sequence[Row]) -> list[int]:
    """When those who came arrived (UTC seconds), in order."""
    return sorted(one.arrived for one in rows if one.arrived is not None and one.state in CAME)
