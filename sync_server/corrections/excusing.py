"""What approved corrections forgive: checkpoints of people's days, outages spread over an office."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Connection, select

from sync_server import localtime, roster, schema, shifts, touches
from sync_server.corrections import hours, record
from sync_server.corrections.record import POINTS, Correction
from sync_server.fact import Point
from sync_server.retime import MAX_BOUND_S, Derived
from sync_server.roster import Person
from sync_server.shifts import Window
from sync_server.touches import Punch

Excuses = dict[tuple[str, date], tuple[Point, ...]]
_Sets = dict[tuple[str, date], set[Point]]
_DAY_S = 86_400


def excuses(tx: Connection, opd: str, first: date, last: date) -> Excuses:
    """The checkpoints that approved corrections forgive an office's people, by NIP and work date."""
    found: _Sets = {}
    for one in record.approved(tx, opd, first, last):
        if one.is_outage:
            _add(found, spread(tx, one, first, last))
        else:
            _add(found, {(one.nip, one.workdate): one.points})
    return {key: _in_order(points) for key, points in found.items()}


def spread(
    tx: Connection, outage: Correction, first: date = date.min, last: date = date.max
) -> Excuses:
    """Whom an outage forgives what between two dates: everybody of the office whose time for a
    checkpoint it overlaps and who has no usable punch for it."""
    people = roster.people(tx, outage.opd)
    if not people:
        return {}
    earliest, latest = reach(outage, people)
    begin, end = max(first, earliest), min(last, latest)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    punches, on = _punches(tx, outage), hours.worked(tx, {person.nip for person in people})
    found: Excuses = {}
    for nip, entries in groupby(people, key=lambda person: person.nip):
        own = list(entries)
        for day in days:
            known = [person for person in own if person.mulai <= day <= person.selesai]
            window = on(nip, day, shifts.zone(known[0].zona)) if known else None
            if window and (points := tuple(_open(window, _of(known, punches), outage))):
                found[nip, day] = points
    return found


def reach(outage: Correction, people: Iterable[Person]) -> tuple[date, date]:
    """The first and last work date of these people that an outage may concern, each in his zone."""
    zones = {shifts.zone(person.zona) for person in people} or {0}
    # A shift of two days may have begun the day before yesterday.
    begin = localtime.day(outage.since, min(zones)) - timedelta(days=2)
    return begin, localtime.day(outage.until, max(zones))


def _open(window: Window, punches: Iterable[Punch], outage: Correction) -> Iterator[Point]:
    """The checkpoints that the outage overlaps and that no punch meets."""

    def out(begin: int, end: int) -> bool:
        return outage.since < end and begin < outage.until

    seen = touches.look(punches, window)
    if seen.arrival is None and out(window.open, window.split):
        yield "in"
    mids = zip(seen.mid, window.mid, strict=True)
    if any(chosen is None and out(*span) for chosen, span in mids):
        yield "mid"
    if seen.departure is None and out(window.split, window.close + 1):
        yield "out"


def _of(known: Iterable[Person], punches: Mapping[str, list[Punch]]) -> list[Punch]:
    return [punch for person in known for punch in punches.get(person.pin, ())]


def _punches(tx: Connection, outage: Correction) -> dict[str, list[Punch]]:
    """The office's punches around an outage whose time is known well enough to count, by PIN."""
    its = schema.placed.c
    near = (its.hi >= outage.since - 3 * _DAY_S, its.lo <= outage.until + 3 * _DAY_S)
    query = select(its.pin, its.lo, its.hi, its.kid, its.epoch, its.seq)
    found: dict[str, list[Punch]] = {}
    for row in tx.execute(query.where(its.opd == outage.opd, *near)):
        if row.hi - row.lo <= MAX_BOUND_S:
            sure = row.lo if row.lo == row.hi else None
            derived = Derived(sure, row.lo, row.hi, "bounded" if sure is None else "ok", "")
            punch = Punch(f"{row.kid}-{row.epoch}-{row.seq}", "", "", derived)
            found.setdefault(row.pin, []).append(punch)
    return found


def _add(found: _Sets, more: Mapping[tuple[str, date], Iterable[Point]]) -> None:
    for key, points in more.items():
        found.setdefault(key, set()).update(points)


def _in_order(points: set[Point]) -> tuple[Point, ...]:
    return tuple(point for point in POINTS if point in points)
