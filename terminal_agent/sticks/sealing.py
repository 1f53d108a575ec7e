"""Seals what leaves on a stick or a screen, so that only the centre can read it."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contract import stick
from contract.invitation import Invitation


def seal(to: Invitation, plain: bytes, outside: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
    """The bytes outside the ciphertext, and the ciphertext that only the centre of `to` opens.

    `outside` makes the former from the ephemeral public key that this message alone uses.
    """
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(to.seal_key))
    salt, info = stick.salt(public, to.seal_key), stick.info(to.kid)
    key = HKDF(SHA256(), 32, salt, info).derive(secret)
    head = outside(public)
    return head, AESGCM(key).encrypt(stick.NONCE, plain, head)


def stick_file(
    to: Invitation, epoch: int, frames: tuple[bytes, ...], span: range, by: Ed25519PrivateKey
) -> bytes:
    """A whole stick file with these frames, which hold the events in `span`."""
    plain, event_key = stick.pack(frames), by.public_key().public_bytes_raw()

    def outside(ephemeral: bytes) -> bytes:
        first, last = span.start, span.stop - 1
        head = stick.Head(to.kid, epoch, first, last, event_key, ephemeral)
        return stick.outside(head, len(plain))

    signed = b"".join(seal(to, plain, outside))
    return signed + by.sign(signed)


def slip(to: Invitation, frame: bytes, number: int, of: int) -> str:
    """The text of one QR code. Without a signature: 64 bytes more would make it a size larger, and
    the frame's MAC already proves to the centre whose it is."""
    outside, sealed = seal(to, frame, lambda ephemeral: stick.slip_outside(to.kid, ephemeral))
    return stick.spoken(outside, sealed, number, of)
