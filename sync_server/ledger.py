"""The append-only ledger of events, and where each (kid, epoch) stands.

Every function works inside the transaction that its caller holds: a batch, its punches and its
watermark are one commit, and the receipt goes out only after it.
"""

from collections.abc import Sequence
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, Row, and_, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_unless_there

from contract import batch, chain
from contract.errors import BatchError
from contract.event import Device, Scan, kind, read
from sync_server import punch, schema
from sync_server.ingest import Known, Verdict


class Kiosk(msgspec.Struct, frozen=True):
    """A kiosk that was invited. `mac_key` is 32 bytes."""

    kid: str
    opd: str
    mac_key: bytes


def kiosk(tx: Connection, kid: str) -> Kiosk | None:
    """The kiosk of that name, None where nobody invited it."""
    table = schema.kiosk.c
    row = tx.execute(select(table.kid, table.opd, table.mac_key).where(table.kid == kid)).first()
    return Kiosk(*row) if row else None


def known(tx: Connection, kid: str, epoch: int, first: int) -> Known:
    """What is stored of an epoch, as the judge needs it for a batch from `first` on."""
    row = _chain(tx, kid, epoch)
    start = chain.genesis(kid, epoch)
    acked, head = (row.acked, row.head) if row else (0, start)
    if first == 1:
        before: bytes | None = start
    elif first - 1 == acked:
        before = head
    else:
        table = schema.event.c
        before = tx.execute(
            select(table.head).where(table.kid == kid, table.epoch == epoch, table.seq == first - 1)
        ).scalar()
    return Known(acked, head, before)


def pins_before(tx: Connection, kid: str, epoch: int, first: int) -> Sequence[str]:
    """The PINs of an epoch before event `first`, in order of first appearance."""
    table = schema.pin.c
    return (
        tx.execute(
            select(table.pin)
            .where(table.kid == kid, table.epoch == epoch, table.first_seq < first)
            .order_by(table.idx)
        )
        .scalars()
        .all()
    )


def append(tx: Connection, kid: str, epoch: int, verdict: Verdict, now: int) -> None:
    """Store the records that a verdict takes; `now` is server UTC seconds."""
    rows, pins, scans = [], [], []
    for seq, (data, head) in enumerate(
        zip(verdict.records, verdict.heads, strict=True), verdict.first
    ):
        record = read(data)
        tag = kind(data) if record is None else str(record.__struct_config__.tag)
        rows.append((kid, epoch, seq, tag if record else f"unread:{tag}"[:40], data, head, now))
        if isinstance(record, Scan):
            scans.append((seq, record))
            pins.append((seq, record.pin))
        elif isinstance(record, Device):
            _introduce(tx, kid, epoch, record)
    tx.exec_driver_sql("INSERT INTO event VALUES (?,?,?,?,?,?,?)", rows)
    _remember_pins(tx, kid, epoch, pins)
    _store_punches(tx, kid, epoch, scans, now)
    _advance(tx, kid, epoch, verdict, now)


def refuse(tx: Connection, kid: str, frame: bytes, reason: str, now: int) -> None:
    """Keep a frame that was not taken; the same frame again only raises its count."""
    try:
        header = batch.peek(frame)
        where = {"epoch": header.epoch, "first": header.first, "count": header.count}
    except BatchError:
        where = {"epoch": 0, "first": 0, "count": 0}
    digest = sha256(kid.encode() + frame).digest()
    row = {"kid": kid, "reason": reason, "digest": digest, "frame": frame, "received": now}
    again = {"times": schema.refused.c.times + 1}
    tx.execute(
        insert_unless_there(schema.refused)
        .values(**row, **where)
        .on_conflict_do_update(index_elements=["digest"], set_=again)
    )


def note_fork(tx: Connection, kid: str, epoch: int) -> None:
    """From now on the kiosk's days wait until a person has looked (`forks resolve`)."""
    tx.execute(
        update(schema.chain)
        .where(schema.chain.c.kid == kid, schema.chain.c.epoch == epoch)
        .values(forked=True)
    )


def note_hole(tx: Connection, kid: str, epoch: int, hole: range, now: int) -> None:
    """Remember that the events in `hole` were announced by what came after them."""
    first, last = hole.start, hole.stop - 1
    table = schema.gap.c
    where = and_(table.kid == kid, table.epoch == epoch, table.closed == 0)
    widest = tx.execute(select(table.last).where(where)).scalar()
    if widest is None:
        row = {"kid": kid, "epoch": epoch, "first": first, "last": last, "seen": now}
        tx.execute(insert(schema.gap).values(**row))
    elif widest < last:
        tx.execute(update(schema.gap).where(where).values(last=last))


def note_birth(tx: Connection, kid: str, birth: bytes, now: int) -> None:
    """Keep what a kiosk says of itself."""
    values = {"birth": birth, "seen": now}
    tx.execute(update(schema.kiosk).where(schema.kiosk.c.kid == kid).values(**values))


def acked(tx: Connection, kid: str, epoch: int) -> int:
    """The newest seq that is stored of an epoch, 0 where there is none."""
    row = _chain(tx, kid, epoch)
    return int(row.acked) if row else 0


def _chain(tx: Connection, kid: str, epoch: int) -> Row[int, bytes] | None:
    table = schema.chain.c
    return tx.execute(
        select(table.acked, table.head).where(table.kid == kid, table.epoch == epoch)
    ).first()


def _introduce(tx: Connection, kid: str, epoch: int, device: Device) -> None:
    row = {
        "kid": kid,
        "epoch": epoch,
        "idx": device.index,
        "serial": device.serial,
        "family": device.family,
        "firmware": device.firmware,
    }
    tx.execute(insert_unless_there(schema.device).values(**row).on_conflict_do_nothing())


def _remember_pins(tx: Connection, kid: str, epoch: int, pins: list[tuple[int, str]]) -> None:
    table = schema.pin.c
    there = set(
        tx.execute(select(table.pin).where(table.kid == kid, table.epoch == epoch)).scalars()
    )
    rows = []
    for seq, pin in pins:
        if pin not in there:
            rows.append((kid, epoch, len(there), pin, seq))
            there.add(pin)
    if rows:
        tx.exec_driver_sql("INSERT INTO pin VALUES (?,?,?,?,?)", rows)


def _store_punches(
    tx: Connection, kid: str, epoch: int, scans: list[tuple[int, Scan]], now: int
) -> None:
    table = schema.device.c
    found = tx.execute(
        select(table.idx, table.serial).where(table.kid == kid, table.epoch == epoch)
    )
    serials = {idx: serial for idx, serial in found}
    keyed = [(seq, punch.key(scan, serials, now)) for seq, scan in scans]
    rows = [(key.serial, key.pin, key.t, kid, epoch, seq) for seq, key in keyed if key]
    if not rows:
        return
    stored = tx.exec_driver_sql("INSERT OR IGNORE INTO punch VALUES (?,?,?,?,?,?)", rows)
    if stored.rowcount != len(rows):
        tx.exec_driver_sql(_REPEATS, [(*row, *row[:3], *row[3:]) for row in rows])


# A row that is not the punch itself came by another way, or twice in one second.
_REPEATS = """
INSERT OR IGNORE INTO repeat (serial, pin, t, kid, epoch, seq)
SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS (
    SELECT 1 FROM punch WHERE serial = ? AND pin = ? AND t = ?
    AND (kid, epoch, seq) <> (?, ?, ?))
"""


def _advance(tx: Connection, kid: str, epoch: int, verdict: Verdict, now: int) -> None:
    last = verdict.first + len(verdict.records) - 1
    mark = {"acked": last, "head": verdict.heads[-1]}
    tx.execute(
        insert_unless_there(schema.chain)
        .values(kid=kid, epoch=epoch, opened=now, **mark)
        .on_conflict_do_update(index_elements=["kid", "epoch"], set_=mark)
    )
    table = schema.gap.c
    tx.execute(
        update(schema.gap)
        .where(table.kid == kid, table.epoch == epoch, table.last <= last, table.closed == 0)
        .values(closed=now)
    )
