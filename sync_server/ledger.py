"""The append-only ledger of events, and where each (kid, epoch) stands.

Every function works inside the transaction that its caller holds: a batch, its punches and its
watermark are one commit, and the receipt goes out only after it.

Statements that every batch needs are made once: to build one takes SQLAlchemy four times as long as
to run it.
"""

from hashlib import sha256

import msgspec
from sqlalchemy import Connection, and_, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_unless_there

from contract import batch, chain
from contract.errors import BatchError
from contract.event import Device, Epoch, Scan, kind, read, tag_of
from sync_server import punch, schema
from sync_server.ingest import Known, Verdict


class Kiosk(msgspec.Struct, frozen=True):
    """A kiosk that was invited. `mac_key` is 32 bytes."""

    kid: str
    opd: str
    mac_key: bytes


class Chain(msgspec.Struct, frozen=True):
    """What is stored of one (kid, epoch): everything up to `acked`, with the head there. `pins` are
    its PINs in order of first appearance, each with the seq of that."""

    kid: str
    epoch: int
    acked: int
    head: bytes
    pins: dict[str, int]

    def pins_before(self, first: int) -> list[str]:
        """The PINs before event `first`, in order of first appearance."""
        return [pin for pin, seq in self.pins.items() if seq < first]


_KIOSK = select(schema.kiosk.c.kid, schema.kiosk.c.opd, schema.kiosk.c.mac_key).where(
    schema.kiosk.c.kid == bindparam("kid")
)
# A kiosk says so itself when rows of its card are gone or belong to another history.
_MOST_REFUSED = 1_000
_CARD_CHANGED = ("lost_rows", "fork")
_MARK = select(schema.chain.c.acked, schema.chain.c.head).where(
    schema.chain.c.kid == bindparam("kid"), schema.chain.c.epoch == bindparam("epoch")
)
_PINS = (
    select(schema.pin.c.pin, schema.pin.c.first_seq)
    .where(schema.pin.c.kid == bindparam("kid"), schema.pin.c.epoch == bindparam("epoch"))
    .order_by(schema.pin.c.idx)
)
_HEAD = select(schema.event.c.head).where(
    schema.event.c.kid == bindparam("kid"),
    schema.event.c.epoch == bindparam("epoch"),
    schema.event.c.seq == bindparam("seq"),
)
_SERIALS = select(schema.device.c.idx, schema.device.c.serial).where(
    schema.device.c.kid == bindparam("kid"), schema.device.c.epoch == bindparam("epoch")
)
_INTRODUCE = insert_unless_there(schema.device).on_conflict_do_nothing()
_NEW_MARK = insert_unless_there(schema.chain)
_ADVANCE = _NEW_MARK.on_conflict_do_update(
    index_elements=["kid", "epoch"],
    set_={"acked": _NEW_MARK.excluded.acked, "head": _NEW_MARK.excluded.head},
)
_CLOSE_GAPS = (
    update(schema.gap)
    .where(
        schema.gap.c.kid == bindparam("of_kid"),
        schema.gap.c.epoch == bindparam("of_epoch"),
        schema.gap.c.last <= bindparam("up_to"),
        schema.gap.c.closed == 0,
    )
    .values(closed=bindparam("now"))
)
# A row that is not the punch itself came by another way, or twice in one second.
_REPEATS = """
INSERT OR IGNORE INTO repeat (serial, pin, t, kid, epoch, seq)
SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS (
    SELECT 1 FROM punch WHERE serial = ? AND pin = ? AND t = ?
    AND (kid, epoch, seq) <> (?, ?, ?))
"""


def kiosk(tx: Connection, kid: str) -> Kiosk | None:
    """The kiosk of that name, None where nobody invited it."""
    row = tx.execute(_KIOSK, {"kid": kid}).first()
    return Kiosk(*row) if row else None


def chain_of(tx: Connection, kid: str, epoch: int) -> Chain:
    """Where an epoch stands; the start of its chain where nothing is stored yet."""
    which = {"kid": kid, "epoch": epoch}
    row = tx.execute(_MARK, which).first()
    if row is None:
        return Chain(kid, epoch, 0, chain.genesis(kid, epoch), {})
    pins = tx.execute(_PINS, which).all()
    return Chain(kid, epoch, row.acked, row.head, dict(pins))


def known(tx: Connection, stored: Chain, header: batch.Header) -> Known:
    """What is stored of an epoch, as the judge needs it for the batch of that header."""
    shared = min(stored.acked, header.last)
    head = head_at(tx, stored, shared) or stored.head
    return Known(stored.acked, head, head_at(tx, stored, header.first - 1))


def head_at(tx: Connection, stored: Chain, seq: int) -> bytes | None:
    """The head after event `seq`, None where that is not stored."""
    if seq == stored.acked:
        return stored.head
    if seq == 0:
        return chain.genesis(stored.kid, stored.epoch)
    where = {"kid": stored.kid, "epoch": stored.epoch, "seq": seq}
    return tx.execute(_HEAD, where).scalar()


def append(tx: Connection, stored: Chain, verdict: Verdict, now: int) -> None:
    """Store the records that a verdict takes; `now` is server UTC seconds."""
    kid, epoch = stored.kid, stored.epoch
    serials: dict[int, str] = dict(tx.execute(_SERIALS, {"kid": kid, "epoch": epoch}).all())
    rows, scans, punches = [], [], []
    numbered = enumerate(zip(verdict.records, verdict.heads, strict=True), verdict.first)
    for seq, (data, head) in numbered:
        record = read(data)
        tag = f"unread:{kind(data)}"[:40] if record is None else tag_of(record)
        rows.append((kid, epoch, seq, tag, data, head, now))
        if isinstance(record, Scan):
            scans.append((seq, record))
            if key := punch.key(record, serials, now):
                punches.append((key.serial, key.pin, key.t, kid, epoch, seq))
        elif isinstance(record, Device):
            _introduce(tx, stored, record)
            serials.setdefault(record.index, record.serial)
        elif isinstance(record, Epoch):
            _close_epoch(tx, kid, record, now)
    tx.exec_driver_sql("INSERT INTO event VALUES (?,?,?,?,?,?,?)", rows)
    _remember_pins(tx, stored, scans)
    _store_punches(tx, punches)
    _advance(tx, stored, verdict, now)


def refuse(tx: Connection, kid: str, frame: bytes, reason: str, now: int) -> None:
    """Keep a frame that was not taken; the same frame again only raises its count.

    Anybody who reaches the broker can send frames: beyond a thousand of one kiosk the newest one
    kept stands for the rest, or they would fill the disk.
    """
    table = schema.refused.c
    last, kept = tx.execute(
        select(func.max(table.no), func.count()).where(table.kid == kid, table.resolved == "")
    ).one()
    if kept >= _MOST_REFUSED and reason != "fork":
        more = update(schema.refused).where(table.no == last).values(times=table.times + 1)
        tx.execute(more)
        return
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
    row = tx.execute(_MARK, {"kid": kid, "epoch": epoch}).first()
    return int(row.acked) if row else 0


def _close_epoch(tx: Connection, kid: str, begun: Epoch, now: int) -> None:
    """What a new epoch says of the one before: that its card changed, and up to where it was
    receipted. A ledger that holds less was restored from a backup: a hole, declared."""
    if begun.reason in _CARD_CHANGED:
        note_fork(tx, kid, begun.previous)
    held = acked(tx, kid, begun.previous)
    if held < begun.acked:
        note_hole(tx, kid, begun.previous, range(held + 1, begun.acked + 1), now)


def _introduce(tx: Connection, stored: Chain, device: Device) -> None:
    row = {
        "kid": stored.kid,
        "epoch": stored.epoch,
        "idx": device.index,
        "serial": device.serial,
        "family": device.family,
        "firmware": device.firmware,
    }
    tx.execute(_INTRODUCE, row)


def _remember_pins(tx: Connection, stored: Chain, scans: list[tuple[int, Scan]]) -> None:
    first_seen: dict[str, int] = {}
    for seq, scan in scans:
        if scan.pin not in stored.pins:
            first_seen.setdefault(scan.pin, seq)
    if first_seen:
        numbered = enumerate(first_seen.items(), len(stored.pins))
        rows = [(stored.kid, stored.epoch, idx, pin, seq) for idx, (pin, seq) in numbered]
        tx.exec_driver_sql("INSERT INTO pin VALUES (?,?,?,?,?)", rows)


def _store_punches(tx: Connection, rows: list[tuple[str, str, int, str, int, int]]) -> None:
    if not rows:
        return
    done = tx.exec_driver_sql("INSERT OR IGNORE INTO punch VALUES (?,?,?,?,?,?)", rows)
    if done.rowcount != len(rows):
        tx.exec_driver_sql(_REPEATS, [(*row, *row[:3], *row[3:]) for row in rows])


def _advance(tx: Connection, stored: Chain, verdict: Verdict, now: int) -> None:
    kid, epoch = stored.kid, stored.epoch
    last = verdict.first + len(verdict.records) - 1
    mark = {"kid": kid, "epoch": epoch, "acked": last, "head": verdict.heads[-1], "opened": now}
    tx.execute(_ADVANCE, mark)
    tx.execute(_CLOSE_GAPS, {"of_kid": kid, "of_epoch": epoch, "up_to": last, "now": now})
