"""What the golden files of sticks, QR texts, receipt files and codes hold; make_golden adds them.

Real sticks draw an ephemeral key; here it stands still, so that the bytes are the same each time.
"""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contract import receipt, stick, typed
from contract.receipt import Receipt

KID, EPOCH, KEY = "T07A", 0x5EED0042, bytes(range(32))
SEAL = X25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
EPHEMERAL = X25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
EVENT = Ed25519PrivateKey.from_private_bytes(bytes(range(96, 128)))
# Events 121 to 126 in three frames of version 1, codec 0.
FRAMES = (
    bytes.fromhex(
        "104200ed5e790366726f6d7570746f5b5b22636f7665726564222c312c302c313739353034363430"
        "302c3831325d2c5b22636f7665726564222c312c302c313739353034363430302c3831325d2c5b22"
        "636f7665726564222c312c302c313739353034363430302c3831325d5dc94a5b1382ef0f3566122d"
        "92"
    ),
    bytes.fromhex("104200ed5e7c0166726f6d7570746f5b5b227365616c222c315d5d1fb6f09373f22b58cd7b202e"),
    bytes.fromhex("104200ed5e7d0266726f6d7570746f5b5b315d2c5b325d5dfd07e1087d0a1983b3e71677"),
)
RECEIPTS = (
    Receipt(EPOCH, 480, 1_795_021_200_123, 1_795_021_200_140),
    Receipt(EPOCH, 480, 1_795_021_200_123, 1_795_021_200_140, want=481),
)


def _sealed(plain: bytes, outside: bytes) -> bytes:
    ours, theirs = EPHEMERAL.public_key(), SEAL.public_key()
    salt = stick.salt(ours.public_bytes_raw(), theirs.public_bytes_raw())
    key = HKDF(SHA256(), 32, salt, stick.info(KID)).derive(EPHEMERAL.exchange(theirs))
    return AESGCM(key).encrypt(stick.NONCE, plain, outside)


def stick_bytes() -> bytes:
    """A stick file of events 121 to 126."""
    plain = stick.pack(FRAMES)
    ours = EPHEMERAL.public_key().public_bytes_raw()
    head = stick.Head(KID, EPOCH, 121, 126, EVENT.public_key().public_bytes_raw(), ours)
    outside = stick.outside(head, len(plain))
    signed = outside + _sealed(plain, outside)
    return signed + EVENT.sign(signed)


def text() -> str:
    """The second of three QR texts."""
    outside = stick.slip_outside(KID, EPHEMERAL.public_key().public_bytes_raw())
    return stick.spoken(outside, _sealed(FRAMES[1], outside), 2, 3)


def files() -> dict[str, bytes]:
    """Every golden file by name."""
    sealed = {
        "kid": KID,
        "epoch": EPOCH,
        "first": 121,
        "last": 126,
        "seal_private_key": SEAL.private_bytes_raw().hex(),
        "event_key": EVENT.public_key().public_bytes_raw().hex(),
        "frames": [frame.hex() for frame in FRAMES],
        "stick": stick_bytes().hex(),
        "text": text(),
    }
    receipts = [receipt.encode(KID, one, KEY) for one in RECEIPTS]
    back = {
        "kid": KID,
        "epoch": EPOCH,
        "key": KEY.hex(),
        "receipts": [data.hex() for data in receipts],
        "file": stick.encode_receipts(KID, receipts).hex(),
        "text": stick.returned(KID, receipts),
        "codes": {
            str(acked): typed.encode(KID, EPOCH, acked, KEY) for acked in (0, 1, 480, 32_768, 2**40)
        },
    }
    made = {"stick-01-three-frames.json": sealed, "stick-02-receipts-and-codes.json": back}
    return {name: (json.dumps(held, indent=1) + "\n").encode() for name, held in made.items()}
