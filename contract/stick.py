"""What leaves a kiosk without a link, byte by byte: stick files, QR texts, receipts on the way back.

Stick file: "HADIRS" and version (7 bytes), kid (length byte and ASCII), epoch (u32 LE), first and
last seq (varints), the sender's Ed25519 event key (32), an ephemeral X25519 key (32), length of the
ciphertext (u32 LE), ciphertext, Ed25519 signature over everything before it (64). The ciphertext is
AES-256-GCM, its tag at its end, over batch frames, each behind its length (varint).

QR text: "HADIR:", which one of how many ("1/3:"), then base32 of version, kid, ephemeral key and
ciphertext of one frame. Receipt file: "HADIRR" and version, kid, receipts, each behind its length;
as text "HADIR:R:" and its base32. What is outside a ciphertext is authenticated with it.
"""

import base64
import binascii
import re
from collections.abc import Sequence

import msgspec

from contract.batch import read_varint, varint
from contract.errors import BatchError
from contract.topics import valid_kid

KEY_BYTES = 32
TAG_BYTES = 16
SIGNATURE_BYTES = 64
MAX_STICK = 16 << 20  # what either side has to hold in memory at once
NONCE = bytes(12)  # a key is made for one message and never used again
_STICK, _RECEIPTS, _TEXT = b"HADIRS\x01", b"HADIRR\x01", b"\x01"
_SPOKEN = re.compile(r"HADIR:(?:\d{1,3}/\d{1,3}:)?([A-Z2-7]+)", re.ASCII)
_RETURNED = re.compile(r"HADIR:R:([A-Z2-7]+)", re.ASCII)


class Head(msgspec.Struct, frozen=True):
    """What a stick file says of itself outside the ciphertext: whose, and which events."""

    kid: str
    epoch: int
    first: int
    last: int
    event_key: bytes
    ephemeral: bytes


class Stick(msgspec.Struct, frozen=True):
    """A stick file taken apart. `outside` is what is authenticated with the ciphertext `sealed`,
    `signed` what the `signature` covers."""

    head: Head
    outside: bytes
    sealed: bytes
    signed: bytes
    signature: bytes


class Slip(msgspec.Struct, frozen=True):
    """A QR text taken apart; its fields as in a stick."""

    kid: str
    ephemeral: bytes
    outside: bytes
    sealed: bytes


def salt(ephemeral: bytes, seal_key: bytes) -> bytes:
    """Salt of the HKDF-SHA256 that makes the AES key from the X25519 secret."""
    return ephemeral + seal_key


def info(kid: str) -> bytes:
    """Info of that HKDF."""
    return b"hadir/1 stick\0" + kid.encode()


def outside(head: Head, plain_bytes: int) -> bytes:
    """A stick file up to its ciphertext, which seals so many bytes."""
    return b"".join(
        (
            _STICK,
            _named(head.kid),
            head.epoch.to_bytes(4, "little"),
            varint(head.first),
            varint(head.last),
            head.event_key,
            head.ephemeral,
            (plain_bytes + TAG_BYTES).to_bytes(4, "little"),
        )
    )


def decode(data: bytes) -> Stick:
    """A stick file taken apart; nothing in it is proven yet. Raises BatchError with the reason."""
    if not data.startswith(_STICK):
        known = data.startswith(_STICK[:-1]) and len(data) >= len(_STICK)
        raise BatchError("stick version is not known" if known else "not a stick file")
    if len(data) > MAX_STICK + 1024:
        raise BatchError("the stick file is longer than 16 MiB")
    kid, at = _read_kid(data, len(_STICK))
    epoch = int.from_bytes(data[at : at + 4], "little")
    first, at = read_varint(data, at + 4)
    last, at = read_varint(data, at)
    keys, at = data[at : at + 2 * KEY_BYTES], at + 2 * KEY_BYTES
    body_at = at + 4
    end = body_at + int.from_bytes(data[at:body_at], "little")
    if len(data) != end + SIGNATURE_BYTES or end < body_at + TAG_BYTES:
        raise BatchError("the stick file is cut short or longer than it says")
    head = Head(kid, epoch, first, last, keys[:KEY_BYTES], keys[KEY_BYTES:])
    return Stick(head, data[:body_at], data[body_at:end], data[:end], data[end:])


def pack(pieces: Sequence[bytes]) -> bytes:
    """Frames or receipts in one run of bytes, each behind its length."""
    return b"".join(varint(len(piece)) + piece for piece in pieces)


def unpack(data: bytes, at: int = 0) -> list[bytes]:
    """What `pack` was given. Raises BatchError."""
    pieces = []
    while at < len(data):
        size, at = read_varint(data, at)
        if size > len(data) - at:
            raise BatchError("a piece is cut short")
        pieces.append(data[at : at + size])
        at += size
    return pieces


def slip_outside(kid: str, ephemeral: bytes) -> bytes:
    """The bytes of a QR text up to the ciphertext."""
    return _TEXT + _named(kid) + ephemeral


def spoken(outside: bytes, sealed: bytes, number: int, of: int) -> str:
    """The text of a QR code: the letters of its alphanumeric mode that a phone, a chat and a shell
    pass on unchanged."""
    return f"HADIR:{number}/{of}:{_letters(outside + sealed)}"


def read_slip(text: str) -> Slip:
    """A scanned text taken apart; nothing in it is proven yet. Raises BatchError."""
    data = _bytes(_SPOKEN, text)
    if data[:1] != _TEXT:
        raise BatchError("text version is not known")
    kid, at = _read_kid(data, 1)
    body_at = at + KEY_BYTES
    if len(data) <= body_at + TAG_BYTES:
        raise BatchError("the text is cut short")
    return Slip(kid, data[at:body_at], data[:body_at], data[body_at:])


def encode_receipts(kid: str, receipts: Sequence[bytes]) -> bytes:
    """A receipt file."""
    return _RECEIPTS + _named(kid) + pack(receipts)


def decode_receipts(data: bytes) -> tuple[str, list[bytes]]:
    """The kiosk and the receipts in a receipt file, each still to be proven by its MAC. Raises
    BatchError."""
    if not data.startswith(_RECEIPTS):
        raise BatchError("not a receipt file of a version that is known")
    kid, at = _read_kid(data, len(_RECEIPTS))
    return kid, unpack(data, at)


def returned(kid: str, receipts: Sequence[bytes]) -> str:
    """The receipts as text, for a chat or another QR code."""
    return "HADIR:R:" + _letters(encode_receipts(kid, receipts))


def read_returned(text: str) -> tuple[str, list[bytes]]:
    """The kiosk and the receipts in such a text. Raises BatchError."""
    return decode_receipts(_bytes(_RETURNED, text))


def _named(kid: str) -> bytes:
    return bytes([len(kid)]) + kid.encode("ascii")


def _read_kid(data: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + (data[at] if at < len(data) else 0)
    kid = data[at + 1 : end].decode("ascii", "replace")
    if not valid_kid(kid):
        raise BatchError("no kiosk is named")
    return kid, end


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=")


def _bytes(form: re.Pattern[str], text: str) -> bytes:
    found = form.fullmatch("".join(text.split()).upper())
    if not found:
        raise BatchError("not a text of a kiosk")
    letters = found[1]
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        raise BatchError("the text is cut short") from None
