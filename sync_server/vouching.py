"""What kiosks vouch for in their chains, looked at when it arrives: seals, receipts and checkpoints that
they noted, and the hardware that they run on.

An event that proves nothing is kept as every other: it is evidence too. But it is listed, a person has
to look, and no time is ever derived from it.
"""

import logging
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from contract import vouched
from contract.event import CheckpointNoted, Hardware, ReceiptNoted, Seal
from sync_server import bulk, ledger, restored, schema, signatures
from sync_server.boards import Boards
from sync_server.clockmark import CENTRE_S

log = logging.getLogger(__name__)

Rare = Seal | ReceiptNoted | CheckpointNoted | Hardware
RARE = (Seal, ReceiptNoted, CheckpointNoted, Hardware)
_COUNT = 1 << 53  # an order holds no higher number (contract/command.py)


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
    firsts: dict[tuple[str, int], int] = {}
    for claim in claims:
        firsts.setdefault((claim.kid, claim.epoch), claim.seq)
    look = _Look(tx, centre, now, Boards(tx, firsts))
    for claim in claims:
        if reason := _wrong(look, claim):
            log.error("event.distrusted kid=%s seq=%d reason=%s", claim.kid, claim.seq, reason)
            row = {"kid": claim.kid, "epoch": claim.epoch, "seq": claim.seq}
            dialect = postgresql if bulk.is_postgres(tx) else sqlite
            listed = dialect.insert(schema.distrusted).values(**row, reason=reason, seen=now)
            # It may stand there from before, where somebody took the events out of the ledger.
            tx.execute(listed.on_conflict_do_nothing())


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
    """Why a receipt that a kiosk noted proves nothing here; "" where this centre signed it."""
    head = ledger.head(tx, claim.kid, claim.epoch, record.acked)
    if head is None or record.acked >= claim.seq or record.server_time < 0:
        return "receipt_false"
    if not centre:
        return "receipt_unchecked"
    signed = vouched.receipt_bytes(claim.kid, claim.epoch, record.acked, head, record.server_time)
    return "" if signatures.holds(centre, record.signature, signed) else "receipt_false"


def checkpoint_wrong(tx: Connection, record: CheckpointNoted) -> str:
    """Why a checkpoint that a kiosk saw is none of this ledger; "" where it is."""
    its = schema.checkpoint.c
    # A number that no database holds is nobody's either.
    known = 0 <= record.no < _COUNT
    held = tx.execute(select(its.digest).where(its.no == record.no)).scalar() if known else None
    if held is None and any(record.no in numbers for numbers in restored.lost(tx)):
        return ""
    return "" if held == record.digest else "checkpoint_unknown"


class _Look(msgspec.Struct, frozen=True):
    """What claims are looked at with; `now` is server UTC seconds."""

    tx: Connection
    centre: bytes
    now: int
    boards: Boards


def _wrong(look: _Look, claim: Claim) -> str:
    match claim.record:
        case Seal() as seal:
            return seal_wrong(claim, seal) or _stranger(look.tx, claim, seal)
        case ReceiptNoted() as noted:
            reason = receipt_wrong(look.tx, claim, noted, look.centre)
            return reason or _note(look, claim.kid, noted.server_time)
        case CheckpointNoted() as noted:
            return checkpoint_wrong(look.tx, noted)
        case Hardware() as hardware:
            return look.boards.moved(claim.kid, claim.epoch, hardware)


def _stranger(tx: Connection, claim: Claim, seal: Seal) -> str:
    """A kiosk's first key is its own from then on, until its card is replaced."""
    kiosk, key = schema.kiosk, vouched.key_of(seal.key)
    mine = kiosk.c.kid == claim.kid
    held = tx.execute(select(kiosk.c.event_key).where(mine)).scalar()
    if not held:
        tx.execute(update(kiosk).where(mine).values(event_key=key))
    return "" if not held or held == key else "seal_stranger"


def _note(look: _Look, kid: str, server_time: int) -> str:
    """The newest receipt that the kiosk has; see desk.py. One from an hour when the centre's clock was
    ahead is not waited for."""
    its = schema.kiosk.c
    newer = or_(its.noted < server_time, its.noted > look.now + CENTRE_S)
    which = update(schema.kiosk).where(its.kid == kid, newer)
    look.tx.execute(which.values(noted=server_time))
    return ""
