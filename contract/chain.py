"""The hash chain of one (kid, epoch): every record is bound to all before it.

head 0 = SHA-256("hadir/1 genesis" kid 0 epoch), head n = SHA-256(head n-1, canonical bytes n).
"""

from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256

HEAD_BYTES = 32


def genesis(kid: str, epoch: int) -> bytes:
    """The head before the first record of an epoch."""
    return sha256(b"hadir/1 genesis" + kid.encode() + b"\0" + epoch.to_bytes(4, "little")).digest()


def link(head: bytes, record: bytes) -> bytes:
    """The head after one more record."""
    return sha256(head + record).digest()


def heads(before: bytes, records: Iterable[bytes]) -> list[bytes]:
    """The head after each record in turn."""
    out = []
    for record in records:
        before = sha256(before + record).digest()
        out.append(before)
    return out


def evidence_code(kid: str, seq: int, head: bytes) -> str:
    """What a person may keep of a scan, as "T07A-1234-ABCD2345": kiosk, seq, and 40 bits of the head
    after it, which nobody can know before the scan is in the chain."""
    return f"{kid}-{seq}-{b32encode(head[:5]).decode()}"
