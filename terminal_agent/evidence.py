"""What the kiosk's journal proves: every chain, every seal in it, every receipt that it noted."""

from collections.abc import Sequence

import msgspec

from contract import chain, vouched
from contract.event import ReceiptNoted, Seal, read
from contract.invitation import Invitation
from terminal_agent import identity
from terminal_agent.journal_view import EpochRows, View

_SIGNED = (b'["seal"', b'["receipt_noted"')


class Keys(msgspec.Struct, frozen=True):
    """Whose signatures a kiosk's journal holds: its own event key's public half (b"" where the
    kiosk has lost it) and its centre's invitation."""

    own: bytes
    invited: Invitation


class Proven(msgspec.Struct, frozen=True):
    """One epoch: its number, newest seq, acked mark and newest head, how many seals and noted
    receipts hold; the first event that does not hold and why, 0 and "" where everything does."""

    epoch: int
    last: int
    acked: int
    head: str
    seals: int
    receipts: int
    wrong_at: int
    wrong: str


def proven(view: View, keys: Keys | None) -> list[Proven]:
    """Every epoch, oldest first. Without `keys` (a kiosk that is not enrolled) only the chains and
    what seals prove of themselves. Raises JournalFailed."""
    return [_proven(view.kid, one, keys) for one in view.chains()]


def _proven(kid: str, of: EpochRows, keys: Keys | None) -> Proven:
    heads = [chain.genesis(kid, of.epoch)]
    found = {"seal": 0, "receipt_noted": 0}
    wrong_at, wrong = 0, ""
    for seq, data, stored in of.rows:
        wrong = _wrong(kid, of.epoch, heads, (seq, data, stored), keys)
        if wrong:
            # Of a hole in the numbering the first event that is gone, not its neighbour.
            wrong_at = len(heads) if wrong == "event_missing" else seq
            break
        heads.append(stored)
        if data.startswith(_SIGNED):
            found["seal" if data.startswith(_SIGNED[0]) else "receipt_noted"] += 1
    last, head = (of.rows[-1][0], of.rows[-1][2]) if of.rows else (0, heads[0])
    counts = (found["seal"], found["receipt_noted"])
    return Proven(of.epoch, last, of.acked, head.hex(), *counts, wrong_at, wrong)


def _wrong(
    kid: str,
    epoch: int,
    heads: Sequence[bytes],
    row: tuple[int, bytes, bytes],
    keys: Keys | None,
) -> str:
    """Why an event does not hold, "" where it does; `heads` are those of all before it."""
    seq, data, stored = row
    if seq > len(heads):
        return "event_missing"
    if seq != len(heads) or chain.link(heads[-1], data) != stored:
        return "chain_broken"
    record = read(data) if data.startswith(_SIGNED) else None
    if isinstance(record, Seal):
        return _seal_wrong(vouched.seal_bytes(kid, epoch, seq - 1, heads[-1]), record, keys)
    if isinstance(record, ReceiptNoted) and keys:
        if not 0 <= record.acked < seq:
            return "receipt_false"
        of = (kid, epoch, record.acked, heads[record.acked], record.server_time)
        signed = vouched.receipt_bytes(*of)
        holds = identity.signed_by_centre(keys.invited, signed, record.signature)
        return "" if holds else "receipt_false"
    return ""


def _seal_wrong(signed: bytes, seal: Seal, keys: Keys | None) -> str:
    key = vouched.key_of(seal.key)
    if not identity.signed_by(key, signed, seal.signature):
        return "seal_false"
    return "seal_stranger" if keys and keys.own and keys.own != key else ""
