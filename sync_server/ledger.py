"""The append-only ledger of events: where each (kid, epoch) stands, and what was not taken.

Every function works inside the transaction that its caller holds; `page` adds events to it.

Statements that every batch needs are made once: to build one takes SQLAlchemy four times as long as
to run it.
"""

from hashlib import sha256

import msgspec
from sqlalchemy import Connection, and_, bindparam, func, insert, select, text, update

from contract import batch, chain
from contract.errors import BatchError
from sync_server import bulk, schema
from sync_server.ingest import Known


class Kiosk(msgspec.Struct, frozen=True):
    """A kiosk that was invited. `mac_key` is 32 bytes, `event_key` the key that it seals with, b""
    until it is seen to; `noted` the server UTC second of the newest signed receipt that it has;
    `revoked` when it ceased to count, 0 = it does."""

    kid: str
    opd: str
    mac_key: bytes
    event_key: bytes
    noted: int
    revoked: int = 0


class Chain(msgspec.Struct):
    """What is stored of one (kid, epoch): everything up to `acked`, with the head there. `pins` are
    its PINs in order of first appearance, each with the seq of that; `serials` its devices by index,
    as they are stored. A page moves it on."""

    kid: str
    epoch: int
    acked: int
    head: bytes
    pins: dict[str, int]
    serials: dict[int, str]

    def pins_before(self, first: int) -> list[str]:
        """The PINs before event `first`, in order of first appearance."""
        if first > self.acked:
            return list(self.pins)
        return [pin for pin, seq in self.pins.items() if seq < first]


OF_KIOSK = [schema.kiosk.c[name] for name in Kiosk.__struct_fields__]
_KIOSK = select(*OF_KIOSK).where(schema.kiosk.c.kid == bindparam("kid"))
NOT_ITS_KEY = "the MAC is not this kiosk's"  # why a frame is refused, as it is kept
CARD_CHANGED = ("lost_rows", "fork")  # why an epoch began, where its card was copied or restored
_MOST_REFUSED = 1_000
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
_REFUSE = text(
    "INSERT INTO refused (kid, epoch, first, count, reason, digest, frame, received) "
    "VALUES (:kid, :epoch, :first, :count, :reason, :digest, :frame, :received) "
    "ON CONFLICT (digest) DO UPDATE SET times = refused.times + 1"
)


def kiosk(tx: Connection, kid: str) -> Kiosk | None:
    """The kiosk of that name, None where nobody invited it."""
    row = tx.execute(_KIOSK, {"kid": kid}).first()
    return Kiosk(*row) if row else None


def chain_of(tx: Connection, kid: str, epoch: int) -> Chain:
    """Where an epoch stands; the start of its chain where nothing is stored yet."""
    which = {"kid": kid, "epoch": epoch}
    row = tx.execute(_MARK, which).first()
    if row is None:
        return Chain(kid, epoch, 0, chain.genesis(kid, epoch), {}, {})
    pins = {bulk.stored(tx, pin): seq for pin, seq in tx.execute(_PINS, which)}
    serials: dict[int, str] = dict(tx.execute(_SERIALS, which).all())
    return Chain(kid, epoch, row.acked, row.head, pins, serials)


def mark(tx: Connection, kid: str, epoch: int) -> tuple[int, bytes]:
    """The newest seq that is stored of an epoch and the head there; 0 and its genesis for none."""
    row = tx.execute(_MARK, {"kid": kid, "epoch": epoch}).first()
    return (row.acked, row.head) if row else (0, chain.genesis(kid, epoch))


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
    tx.execute(_REFUSE, row | where)


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
    return mark(tx, kid, epoch)[0]


def head(tx: Connection, kid: str, epoch: int, seq: int) -> bytes | None:
    """The head after event `seq` as it is stored, that of the genesis for 0; None: not stored."""
    if seq == 0:
        return chain.genesis(kid, epoch)
    found: bytes | None = tx.execute(_HEAD, {"kid": kid, "epoch": epoch, "seq": seq}).scalar()
    return found
