"""What kiosks vouch for in their chains, looked at when it arrives: seals, receipts and checkpoints that
they noted, and the hardware that they run on.

An event that proves nothing is kept as every other: it is evidence too. But it is listed, a person has
to look, and no time is ever derived from it.
"""

import logging
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection, insert, select, update

from contract import vouched
from contract.event import CheckpointNoted, Hardware, ReceiptNoted, Seal, read
from sync_server import ledger, schema, signatures

log = logging.getLogger(__name__)

Rare = Seal | ReceiptNoted | CheckpointNoted | Hardware
RARE = (Seal, ReceiptNoted, CheckpointNoted, Hardware)


class Claim(msgspec.Struct, frozen=True):
    """Event `seq` of a chain, which is stored, with the head before it."""

    kid: str
    epoch: int
    seq: int
    before: bytes
    record: Rare


def settle(tx: Connection, claims: Sequence[Claim], centre: bytes, now: int) -> None:
    """Take what is proven, list what is not. `centre`: the public key that receipts are signed with,
    b"" where this process has none; `now`: server UTC seconds."""
    for claim in claims:
        if reason := _wrong(tx, claim, centre):
            log.error("event.distrusted kid=%s seq=%d reason=%s", claim.kid, claim.seq, reason)
            row = {"kid": claim.kid, "epoch": claim.epoch, "seq": claim.seq}
            tx.execute(insert(schema.distrusted).values(**row, reason=reason, seen=now))


def of_chain(tx: Connection, kid: str, epoch: int) -> set[int]:
    """The events of a chain that prove nothing, whether somebody has looked or not."""
    its = schema.distrusted.c
    return set(tx.execute(select(its.seq).where(its.kid == kid, its.epoch == epoch)).scalars())


def seal_wrong(claim: Claim, record: Seal) -> str:
    """Why a seal proves nothing, whoever's key it names; "" where it holds."""
    key = vouched.key_of(record.key)
    sealed = vouched.seal_bytes(claim.kid, claim.epoch, claim.seq - 1, claim.before)
    return "" if signatures.holds(key, record.signature, sealed) else "seal_false"


def receipt_wrong(tx: Connection, claim: Claim, record: ReceiptNoted, centre: bytes) -> str:
    """Why a receipt that a kiosk noted proves nothing; "" where this centre signed it."""
    head = ledger.head(tx, claim.kid, claim.epoch, record.acked)
    if head is None or record.acked >= claim.seq or record.server_time < 0:
        return "receipt_false"
    signed = vouched.receipt_bytes(claim.kid, claim.epoch, record.acked, head, record.server_time)
    return "" if signatures.holds(centre, record.signature, signed) else "receipt_false"


def checkpoint_wrong(tx: Connection, record: CheckpointNoted) -> str:
    """Why a checkpoint that a kiosk saw is none of this ledger; "" where it is."""
    its = schema.checkpoint.c
    held = tx.execute(select(its.digest).where(its.no == record.no)).scalar()
    return "" if held == record.digest else "checkpoint_unknown"


def _wrong(tx: Connection, claim: Claim, centre: bytes) -> str:
    match claim.record:
        case Seal() as seal:
            return seal_wrong(claim, seal) or _stranger(tx, claim, seal)
        case ReceiptNoted() as noted:
            reason = receipt_wrong(tx, claim, noted, centre)
            return reason or _note(tx, claim.kid, noted.server_time)
        case CheckpointNoted() as noted:
            return checkpoint_wrong(tx, noted)
        case Hardware() as hardware:
            return _moved(tx, claim, hardware)


def _stranger(tx: Connection, claim: Claim, seal: Seal) -> str:
    """A kiosk's first key is its own from then on, until its card is replaced."""
    kiosk, key = schema.kiosk, vouched.key_of(seal.key)
    mine = kiosk.c.kid == claim.kid
    held = tx.execute(select(kiosk.c.event_key).where(mine)).scalar()
    if not held:
        tx.execute(update(kiosk).where(mine).values(event_key=key))
    return "" if not held or held == key else "seal_stranger"


def _note(tx: Connection, kid: str, server_time: int) -> str:
    """The newest receipt that the kiosk has; see desk.py."""
    its = schema.kiosk.c
    newer = update(schema.kiosk).where(its.kid == kid, its.noted < server_time)
    tx.execute(newer.values(noted=server_time))
    return ""


def _moved(tx: Connection, claim: Claim, now: Hardware) -> str:
    """Another card or board than the kiosk had before, without `kiosk replace`. What is unknown on
    either side says nothing."""
    event, kiosk = schema.event.c, schema.kiosk.c
    bound = select(kiosk.invited).where(kiosk.kid == claim.kid).scalar_subquery()
    rows = tx.execute(
        select(event.epoch, event.seq, event.record)
        .where(event.kind == "hardware", event.kind != "scan")  # the index is of all but scans
        .where(event.kid == claim.kid, event.received >= bound)
        .order_by(event.received.desc(), event.seq.desc())
    ).all()
    before = [read(row.record) for row in rows if (row.epoch, row.seq) != (claim.epoch, claim.seq)]
    known = [one for one in before if isinstance(one, Hardware)]
    if _differs(now, known, lambda one: one.card):
        return "card_changed"
    return "board_changed" if _differs(now, known, lambda one: one.board) else ""


def _differs(now: Hardware, before: Sequence[Hardware], part: Callable[[Hardware], str]) -> bool:
    named = next((part(one) for one in before if part(one)), "")
    return bool(named and part(now)) and named != part(now)
