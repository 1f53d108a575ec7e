"""A receipt that a person can type: XXXX-XXXX-XXXX, for an office that only a telephone reaches.

Twelve Crockford base32 characters: 3 for the lowest 15 bits of `acked`, 8 for 40 bits of a MAC over
kid, epoch and acked, and a check character that tells a slip of the finger from a forgery. It can
only say "stored up to here": no hole, no fork, no time.
"""

import hmac
from collections.abc import Iterable

import msgspec

from contract.batch import mac
from contract.errors import BatchError
from contract.topics import KID_ALPHABET

LOW_BITS = 15
MAC_BITS = 40
_LETTERS = 12
_MISREAD = str.maketrans("OIL", "011", " -")


class Typed(msgspec.Struct, frozen=True):
    """A code without a slip of the finger: `low` is acked modulo 2^15; nothing is proven yet."""

    low: int
    mac: bytes


def encode(kid: str, epoch: int, acked: int, key: bytes) -> str:
    """The code that says "everything up to `acked` of this epoch is stored"."""
    low = acked % (1 << LOW_BITS)
    number = low << MAC_BITS | int.from_bytes(_mac(kid, epoch, acked, key), "big")
    shifts = range(LOW_BITS + MAC_BITS - 5, -1, -5)
    digits = [number >> shift & 31 for shift in shifts]
    text = "".join(KID_ALPHABET[digit] for digit in (*digits, _check(digits)))
    return "-".join((text[:4], text[4:8], text[8:]))


def read(text: str) -> Typed:
    """The code as it was typed; O counts as 0, I and L as 1, small letters as capitals. Raises
    BatchError where a character is wrong, missing or too many."""
    letters = text.upper().translate(_MISREAD)
    if len(letters) != _LETTERS or not all(letter in KID_ALPHABET for letter in letters):
        raise BatchError("a code has 12 letters and digits")
    *digits, check = (KID_ALPHABET.index(letter) for letter in letters)
    if check != _check(digits):
        raise BatchError("a character of the code is wrong")
    number = 0
    for digit in digits:
        number = number << 5 | digit
    mac_part = number & (1 << MAC_BITS) - 1
    return Typed(number >> MAC_BITS, mac_part.to_bytes(MAC_BITS // 8, "big"))


def acked(kid: str, epoch: int, typed: Typed, last: int, key: bytes) -> int | None:
    """What a code acknowledges in a journal that ends in `last`, also where that is a little more
    than it holds (rows are gone); None where this kiosk's centre did not make it for this epoch."""
    for seq in _candidates(typed.low, last):
        if hmac.compare_digest(_mac(kid, epoch, seq, key), typed.mac):
            return seq
    return None


def _candidates(low: int, last: int) -> Iterable[int]:
    return range(low, last + (1 << LOW_BITS) + 1, 1 << LOW_BITS)


def _mac(kid: str, epoch: int, acked: int, key: bytes) -> bytes:
    data = epoch.to_bytes(4, "little") + acked.to_bytes(8, "little")
    return mac(b"typed", kid, data, key)[: MAC_BITS // 8]


def _check(digits: Iterable[int]) -> int:
    """Sum of digits times powers of a primitive element of GF(32): every single wrong character and
    every two neighbours exchanged change it."""
    total = 0
    for digit in digits:
        total = _doubled(total) ^ digit
    return _doubled(total)


def _doubled(value: int) -> int:
    return (value << 1) ^ (0b100101 if value & 16 else 0)
