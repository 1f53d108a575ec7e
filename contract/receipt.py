"""What the centre has stored: the only thing that lets a kiosk forget.

Wire form: version and flags (2 bytes), epoch (u32 LE), acked (varint), want and slow (varints, where
flagged), received and sent (server time, u48 LE milliseconds since 1970 and varint milliseconds
later), head and signature (32 and 64 bytes, where flagged), 12-byte MAC.

A kiosk of before signed receipts refuses one, so a centre signs some and not all.
"""

import msgspec

from contract.batch import MAC_BYTES, mac, read_varint, sealed, varint
from contract.chain import HEAD_BYTES
from contract.errors import BatchError
from contract.vouched import SIGNATURE_BYTES

VERSION = 1
_WANT, _FORK, _REFUSED, _SLOW, _SIGNED = 1, 2, 4, 8, 16
_VOUCHED = HEAD_BYTES + SIGNATURE_BYTES


class Receipt(msgspec.Struct, frozen=True):
    """`acked` is cumulative and given after COMMIT.

    `want` asks for everything from that seq (a hole). `fork`: this epoch contradicts what the
    centre holds; draw a new one. `refused`: a frame could not be taken; send it smaller. `slow`:
    seconds to wait before the next frame. `received_ms`, `sent_ms`: server UTC milliseconds.
    `head`: the one that the centre holds at `acked`, with its Ed25519 `signature` (see
    contract.vouched); neither travels in a receipt that is not signed.
    """

    epoch: int
    acked: int
    received_ms: int
    sent_ms: int
    want: int = 0
    fork: bool = False
    refused: bool = False
    slow: int = 0
    head: bytes = b""
    signature: bytes = b""


def encode(kid: str, receipt: Receipt, key: bytes) -> bytes:
    """The receipt as sent on a/<kid>."""
    flags = (
        (_WANT if receipt.want else 0)
        | (_FORK if receipt.fork else 0)
        | (_REFUSED if receipt.refused else 0)
        | (_SLOW if receipt.slow else 0)
        | (_SIGNED if receipt.signature else 0)
    )
    data = b"".join(
        (
            bytes([VERSION, flags]),
            receipt.epoch.to_bytes(4, "little"),
            varint(receipt.acked),
            varint(receipt.want) if receipt.want else b"",
            varint(receipt.slow) if receipt.slow else b"",
            receipt.received_ms.to_bytes(6, "little"),
            varint(receipt.sent_ms - receipt.received_ms),
            receipt.head + receipt.signature if receipt.signature else b"",
        )
    )
    return data + mac(b"receipt", kid, data, key)


def is_for(kid: str, data: bytes, key: bytes) -> bool:
    """Whether it was made with this kiosk's key."""
    return len(data) >= 6 + MAC_BYTES and sealed(b"receipt", kid, data, key)


def decode(kid: str, data: bytes, key: bytes) -> Receipt:
    """The receipt, if it is genuine. Raises BatchError with the reason."""
    if len(data) < 6 + MAC_BYTES or data[0] != VERSION:
        raise BatchError("not a receipt of a version that is known")
    if not is_for(kid, data, key):
        raise BatchError("the receipt was not made with this kiosk's key")
    flags = data[1]
    if flags & ~(_WANT | _FORK | _REFUSED | _SLOW | _SIGNED):
        raise BatchError("the receipt has flags that are not known")
    acked, at = read_varint(data, 6)
    want, at = read_varint(data, at) if flags & _WANT else (0, at)
    slow, at = read_varint(data, at) if flags & _SLOW else (0, at)
    received = int.from_bytes(data[at : at + 6], "little")
    took, at = read_varint(data, at + 6)
    vouched = data[at : at + _VOUCHED] if flags & _SIGNED else b""
    at += _VOUCHED if flags & _SIGNED else 0
    if at != len(data) - MAC_BYTES:
        raise BatchError("the receipt is longer than it says")
    return Receipt(
        epoch=int.from_bytes(data[2:6], "little"),
        acked=acked,
        received_ms=received,
        sent_ms=received + took,
        want=want,
        fork=bool(flags & _FORK),
        refused=bool(flags & _REFUSED),
        slow=slow,
        head=vouched[:HEAD_BYTES],
        signature=vouched[HEAD_BYTES:],
    )
