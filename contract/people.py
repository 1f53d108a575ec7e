"""How a kiosk knows the people of its office without holding a NIP or a secret number in clear."""

import hmac
from hashlib import scrypt

SECRET_DIGITS = 6
NIP_DIGITS = 18


def is_nip(text: str) -> bool:
    """Whether it looks like a NIP, with or without spaces. A PIN, which is in every scan, is none."""
    digits = text.replace(" ", "")
    return len(digits) == NIP_DIGITS and digits.isdecimal()


def nip_mark(mac_key: bytes, nip: str) -> str:
    """A NIP as the kiosk with this MAC key knows it, 24 hex digits: without that kiosk's key nobody
    can look it up."""
    return hmac.digest(mac_key, b"hadir/1 nip\0" + nip.encode(), "sha256")[:12].hex()


def secret_mark(nip: str, secret: str) -> str:
    """The secret number of somebody whom a letter allows to type it, as server and kiosk keep it.

    Six digits can be tried out by whoever has the kiosk's card: 16 MiB and some 50 ms each.
    """
    salt = b"hadir/1 secret\0" + nip.encode()
    return scrypt(secret.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=16).hex()
