"""What a kiosk and its centre sign of a chain: the exact bytes, kept apart by their first words.

The signatures are Ed25519 and are made and checked by whoever holds the keys: this is the contract,
which knows no cryptography.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64

KEY_BYTES = 32
SIGNATURE_BYTES = 64


def seal_bytes(kid: str, epoch: int, seq: int, head: bytes) -> bytes:
    """What a kiosk signs in a Seal: `seq` is the last event before it, `head` the chain's head there
    (that of the genesis where `seq` is 0)."""
    return _bound(b"hadir/1 seal\0", kid, epoch, seq) + head


def receipt_bytes(kid: str, epoch: int, acked: int, head: bytes, server_time: int) -> bytes:
    """What a centre signs in a receipt: `head` is the one that it holds at event `acked`,
    `server_time` its UTC second of arrival (`received_ms // 1000`)."""
    return _bound(b"hadir/1 signed receipt\0", kid, epoch, acked) + head + _number(server_time)


def key_text(key: bytes) -> str:
    """A public key as a Seal names it."""
    return b64encode(key).decode()


def key_of(text: str) -> bytes:
    """The 32 bytes of a key that a Seal names; none where it names no key."""
    try:
        key = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""
    return key if len(key) == KEY_BYTES else b""


def _bound(purpose: bytes, kid: str, epoch: int, seq: int) -> bytes:
    return purpose + kid.encode() + b"\0" + epoch.to_bytes(4, "little") + _number(seq)


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little", signed=True)
