"""Opens what kiosks sealed for this centre: stick files and QR texts. It proves who sealed a stick,
not yet whose events they are: that the frames' MAC does."""

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contract import batch, stick
from contract.errors import BatchError
from sync_server.errors import BadFile


class Load(msgspec.Struct, frozen=True):
    """Frames of one kiosk, and what they say of themselves. `event_key` is the Ed25519 key that
    signed the stick; a QR text has none."""

    name: str
    kid: str
    epoch: int
    first: int
    last: int
    frames: tuple[bytes, ...]
    event_key: bytes = b""


def stick_load(name: str, data: bytes, key: X25519PrivateKey) -> Load:
    """What is in a stick file. Raises BadFile: damaged, or sealed for another centre."""
    try:
        taken = stick.decode(data)
        Ed25519PublicKey.from_public_bytes(taken.head.event_key).verify(
            taken.signature, taken.signed
        )
    except (BatchError, InvalidSignature) as problem:
        detail = str(problem) or "the signature is not over these bytes"
        raise BadFile(name, "", "stick_damaged", detail=detail) from problem
    head = taken.head
    plain = _opened(name, head.kid, key, (head.ephemeral, taken.outside, taken.sealed))
    try:
        frames = stick.unpack(plain)
    except BatchError as problem:
        raise BadFile(name, "", "stick_damaged", detail=str(problem)) from problem
    return _load(name, head.kid, frames, head.event_key)


def slip_load(name: str, text: str, key: X25519PrivateKey) -> Load:
    """What is in a scanned QR text. Raises BadFile: damaged, or sealed for another centre."""
    try:
        slip = stick.read_slip(text)
    except BatchError as problem:
        raise BadFile(name, "", "text_damaged", detail=str(problem)) from problem
    plain = _opened(name, slip.kid, key, (slip.ephemeral, slip.outside, slip.sealed))
    return _load(name, slip.kid, [plain], b"")


def _load(name: str, kid: str, frames: list[bytes], event_key: bytes) -> Load:
    try:
        headers = [batch.peek(frame) for frame in frames]
    except BatchError as problem:
        raise BadFile(name, "", "stick_damaged", detail=str(problem)) from problem
    if not headers or len({header.epoch for header in headers}) != 1:
        raise BadFile(name, "", "stick_damaged", detail="not the events of one epoch")
    first, last = min(h.first for h in headers), max(h.last for h in headers)
    return Load(name, kid, headers[0].epoch, first, last, tuple(frames), event_key)


def _opened(name: str, kid: str, key: X25519PrivateKey, parts: tuple[bytes, bytes, bytes]) -> bytes:
    """`parts`: ephemeral key, bytes outside the ciphertext, ciphertext."""
    ephemeral, outside, sealed = parts
    ours = key.public_key().public_bytes_raw()
    try:
        secret = key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        salt = stick.salt(ephemeral, ours)
        derived = HKDF(SHA256(), 32, salt, stick.info(kid)).derive(secret)
        return AESGCM(derived).decrypt(stick.NONCE, sealed, outside)
    except (InvalidTag, ValueError) as problem:  # ValueError: a key that is no point
        raise BadFile(name, "", "stick_unopened") from problem
