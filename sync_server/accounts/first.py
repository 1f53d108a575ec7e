"""The first administrator: a code that is printed while nobody may log in, good once and for a day.

The code's digest lives in `state`, so that no backup of the database carries it, and it dies with the
first account.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

import msgspec

_LIFE = 24 * 3600  # seconds
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else
_GROUPS, _LETTERS = 4, 5  # 31^20: 99 bits


class _Kept(msgspec.Struct, frozen=True):
    digest: str
    until: int


def invite(state: Path, now: float) -> str:
    """A new code, in the place of any before it. `now`: server UTC seconds."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_GROUPS * _LETTERS)]
    groups = ["".join(letters[i : i + _LETTERS]) for i in range(0, len(letters), _LETTERS)]
    code = "-".join(groups)
    kept = _Kept(_digest(code), int(now) + _LIFE)
    file = _file(state)
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(kept))
    return code


def fits(state: Path, code: str, now: float) -> bool:
    """Whether this is the code, and still good."""
    try:
        kept = msgspec.json.decode(_file(state).read_bytes(), type=_Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return False
    return now < kept.until and hmac.compare_digest(kept.digest, _digest(code))


def used(state: Path) -> None:
    """There is an account: the code is good for nothing any more."""
    _file(state).unlink(missing_ok=True)


def _file(state: Path) -> Path:
    return state / "first-administrator.json"


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
