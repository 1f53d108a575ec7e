"""One raw event with everything that vouches for it: the end of every trace."""

import hashlib
from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from contract import chain
from contract.event import Clock, Scan, read
from sync_server import events, roster, schema
from sync_server.retime import Derived


class ClockSeen(msgspec.Struct, frozen=True):
    """A clock mark near an event: what the kiosk's clock was worth just before or after it.

    `wall` is UTC; `offset_ms` is how far the event's device was ahead of it (None: not measured).
    """

    seq: int
    wall: datetime
    trust: int
    error_ms: int
    offset_ms: int | None


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the ledger holds it. `digest` is SHA-256 of the record's bytes (hex), `holds`
    whether head = link(head before, bytes); `marks` the clock marks that date it; `repeats` the
    event that this one says again. `pin` and `derived` are of scans only."""

    kid: str
    opd: str
    epoch: int
    seq: int
    kind: str
    code: str
    record: str
    digest: str
    before: str
    head: str
    holds: bool
    received: datetime
    serial: str
    family: str
    firmware: str
    pin: str
    derived: Derived | None
    marks: tuple[ClockSeen, ...]
    repeats: str


def trace(tx: Connection, kid: str, epoch: int, seq: int) -> Traced | None:
    """The event of that number, None where the ledger has none."""
    event = schema.event.c
    row = tx.execute(select(schema.event).where(*_at(kid, epoch), event.seq == seq)).one_or_none()
    if row is None:
        return None
    record, opd = read(row.record), _opd(tx, kid)
    scan = record if isinstance(record, Scan) else None
    before = _head_before(tx, kid, epoch, seq)
    device = _device(tx, kid, epoch, scan.device if scan else -1)
    return Traced(
        kid=kid,
        opd=opd,
        epoch=epoch,
        seq=seq,
        kind=row.kind,
        code=chain.evidence_code(kid, seq, row.head),
        record=row.record.decode("utf-8", "replace"),
        digest=hashlib.sha256(row.record).hexdigest(),
        before=before.hex(),
        head=row.head.hex(),
        holds=chain.link(before, row.record) == row.head,
        received=datetime.fromtimestamp(row.received, UTC),
        serial=device.serial if device else "",
        family=device.family if device else "",
        firmware=device.firmware if device else "",
        pin=scan.pin if scan else "",
        derived=_derived(tx, kid, epoch, seq, opd) if scan else None,
        marks=_marks(tx, kid, epoch, seq, scan.device if scan else -1),
        repeats=_repeats(tx, kid, epoch, seq),
    )


def _at(kid: str, epoch: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    event = schema.event.c
    return event.kid == kid, event.epoch == epoch


def _opd(tx: Connection, kid: str) -> str:
    kiosk = schema.kiosk.c
    return tx.execute(select(kiosk.opd).where(kiosk.kid == kid)).scalar() or ""


def _head_before(tx: Connection, kid: str, epoch: int, seq: int) -> bytes:
    event = schema.event.c
    query = select(event.head).where(*_at(kid, epoch), event.seq == seq - 1)
    return tx.execute(query).scalar() or chain.genesis(kid, epoch)


def _device(tx: Connection, kid: str, epoch: int, index: int) -> Row[str, str, str] | None:
    device = schema.device.c
    query = select(device.serial, device.family, device.firmware)
    where = (device.kid == kid, device.epoch == epoch, device.idx == index)
    return tx.execute(query.where(*where)).one_or_none()


def _derived(tx: Connection, kid: str, epoch: int, seq: int, opd: str) -> Derived | None:
    """When it happened, by the whole chain as it is known now."""
    zone = roster.zone(tx, opd)
    return None if zone is None else events.derived(tx, kid, epoch, zone).get(seq)


def _marks(tx: Connection, kid: str, epoch: int, seq: int, device: int) -> tuple[ClockSeen, ...]:
    """The newest clock mark before the event and the first one after it."""
    event = schema.event.c
    clocks = select(event.seq, event.record).where(*_at(kid, epoch), event.kind == "clock")
    before = clocks.where(event.seq < seq).order_by(event.seq.desc()).limit(1)
    after = clocks.where(event.seq > seq).order_by(event.seq).limit(1)
    rows = [*tx.execute(before), *tx.execute(after)]
    found = ((at, read(data)) for at, data in rows)
    return tuple(_seen(at, mark, device) for at, mark in found if isinstance(mark, Clock))


def _seen(seq: int, mark: Clock, device: int) -> ClockSeen:
    wall = datetime.fromtimestamp(mark.wall, UTC)
    return ClockSeen(seq, wall, mark.trust, mark.error_ms, dict(mark.offsets).get(device))


def _repeats(tx: Connection, kid: str, epoch: int, seq: int) -> str:
    """The event that came first with the same punch, "" where this is it."""
    again, punch = schema.repeat, schema.punch
    same = (again.c.serial == punch.c.serial) & (again.c.pin == punch.c.pin)
    query = (
        select(punch.c.kid, punch.c.epoch, punch.c.seq)
        .join(again, same & (again.c.t == punch.c.t))
        .where(again.c.kid == kid, again.c.epoch == epoch, again.c.seq == seq)
    )
    row = tx.execute(query).one_or_none()
    return "" if row is None else f"{row.kid}-{row.epoch:08x}-{row.seq}"
