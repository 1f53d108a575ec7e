"""Ed25519 signatures: the centre's own, and whether one that came from elsewhere holds."""

from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Signer(msgspec.Struct, frozen=True):
    """What signs for the centre, with its 32-byte public key, which every invitation holds."""

    key: bytes
    sign: Callable[[bytes], bytes]


def holds(key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the owner of this public key signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):  # ValueError: no key at all
        return False
    return True
