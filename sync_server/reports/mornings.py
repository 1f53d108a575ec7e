"""Devices that are out of reach each morning and well again later: cables that somebody unplugs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from contract.event import Covered, read
from sync_server import localtime, schema
from sync_server.reports.known import Span

# A device that is reached is noted once an hour; a morning without a note from 06.15 to 08.45 has a
# hole of more than two of them.
_FROM, _TO = timedelta(hours=6, minutes=15), timedelta(hours=8, minutes=45)
_NIGHT = timedelta(hours=18)
# A device that is read at night only has no mornings at all; whoever plugs it in again does so soon.
_WELL_BY = timedelta(hours=13)
FEWEST = 3


class Morning(msgspec.Struct, frozen=True):
    """A device that was not reached on so many mornings, and was before and after on the same day.
    `events` are the first notes after each hole."""

    opd: str
    kid: str
    serial: str
    days: tuple[date, ...]
    events: tuple[str, ...]


class _Note(msgspec.Struct, frozen=True):
    """When a device was reached: from `since` to `until`, local seconds as if UTC."""

    since: datetime
    until: datetime
    event: str


def mornings(
    tx: Connection, opds: Collection[str], span: Span, zones: Mapping[str, int]
) -> list[Morning]:
    """Devices with at least FEWEST such mornings on weekdays, the most first. `zones`: minutes east
    of UTC by office."""
    found = [
        one
        for opd in sorted(opds)
        for device, notes in _notes(tx, opd, span, zones.get(opd, localtime.WIB)).items()
        if len((one := _morning(opd, device, notes, span)).days) >= FEWEST
    ]
    return sorted(found, key=lambda one: (-len(one.days), one.opd, one.serial))


def _morning(opd: str, device: tuple[str, str], notes: Sequence[_Note], span: Span) -> Morning:
    holes = [
        (day, after)
        for day in span.days()
        if day.weekday() < 5 and (after := _hole(notes, day)) is not None
    ]
    return Morning(opd, *device, tuple(d for d, _ in holes), tuple(n.event for _, n in holes))


def _hole(notes: Sequence[_Note], day: date) -> _Note | None:
    """The note that ends a morning's hole, None where the morning has none."""
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    begin, end = midnight + _FROM, midnight + _TO
    if any(note.until >= begin and note.since <= end for note in notes):
        return None
    before = any(begin - _NIGHT <= note.until < begin for note in notes)
    later = (n for n in notes if end < n.since < midnight + _WELL_BY)
    return min(later, key=lambda note: note.since, default=None) if before else None


def _notes(tx: Connection, opd: str, span: Span, zone: int) -> dict[tuple[str, str], list[_Note]]:
    """When each (kiosk, device) of an office was reached, a day before the span included."""
    event, kiosk, device = schema.event.c, schema.kiosk.c, schema.device.c
    kids = list(tx.execute(select(kiosk.kid).where(kiosk.opd == opd)).scalars())
    rows = tx.execute(select(schema.device).where(device.kid.in_(kids)))
    serials = {(row.kid, row.epoch, row.idx): row.serial for row in rows}
    told = select(event.kid, event.epoch, event.seq, event.record)
    where = (event.kind == "covered", event.kid.in_(kids))
    begin, end = span.utc(zone)
    found: dict[tuple[str, str], list[_Note]] = defaultdict(list)
    for kid, epoch, seq, data in tx.execute(told.where(*where)):
        record = read(data)
        if isinstance(record, Covered) and begin - 86_400 <= record.through < end:
            note = _note(record, zone, f"{kid}-{epoch:08x}-{seq}")
            found[kid, serials.get((kid, epoch, record.device), kid)].append(note)
    return found


def _note(record: Covered, zone: int, event: str) -> _Note:
    since = record.since or record.through
    begin, end = (datetime.fromtimestamp(t + zone * 60, UTC) for t in (since, record.through))
    return _Note(begin, end, event)
