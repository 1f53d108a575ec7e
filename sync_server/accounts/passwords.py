"""Passwords: what is kept of them, and which are too weak.

Argon2id as argon2-cffi has it (RFC 9106's low-memory profile: 64 MiB, 3 passes, 4 lanes), above
OWASP's least (19 MiB, 2 passes, 1 lane); a test holds the library to that.
"""

import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 256  # characters; the upper bound keeps a login from being work without end
# What is tried first, in Indonesian and English: whole, or as a beginning with digits behind it.
_COMMON = (
    "password", "passw0rd", "katasandi", "kata sandi", "rahasia", "qwerty", "qwertyuiop",
    "asdfghjkl", "indonesia", "merdeka", "bismillah", "administrator", "admin", "pegawai",
    "absensi", "kehadiran", "bupati", "walikota", "pemerintah", "pancasila", "garuda", "welcome",
    "letmein", "iloveyou", "sayang", "cintaku", "bhinneka", "selamatpagi", "hadir", "tukin",
)  # fmt: skip

_hasher = PasswordHasher()
# Each try takes 64 MiB: a crowd of them has to queue, not to fill the memory.
_turns = threading.BoundedSemaphore(2)


def digest(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether this is the password. Where nothing is kept ("", nobody), it takes as long to say no."""
    with _turns:
        try:
            return _hasher.verify(kept or _nobody(), password[:MOST]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_dated(kept: str) -> bool:
    """Whether it was kept with other settings than today's."""
    return _hasher.check_needs_rehash(kept)


def weakness(password: str, name: str, nip: str) -> str:
    """Why this must not be somebody's password, as a code of wording; "" where it may."""
    plain = password.casefold()
    if len(password) < LEAST:
        return "password_short"
    if len(password) > MOST:
        return "password_long"
    if len(set(plain)) < 5:
        return "password_same"
    if any(own and own.casefold() in plain for own in (name, nip)):
        return "password_own"
    if plain.strip("0123456789 .,!@#$%*-_") in _COMMON or plain.isdigit():
        return "password_common"
    return ""


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
