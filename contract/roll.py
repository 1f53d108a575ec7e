"""Who and what is enrolled on a device, and how one look at it differs from the one before. Pure.

Kiosk and centre fold the same `Enrolment` records into the same roll. A template itself never leaves
the kiosk's memory: only 64 bits of an HMAC under a key of the office travel. Without a key anybody
with a copy of somebody's template (another terminal, another employer) could look its plain digest up
in a ledger and learn who that is; between offices digests cannot be compared either. The same bytes
under two PINs are a copied template. One finger that is enrolled twice gives two templates of
different bytes, so it is not found this way.
"""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Literal

USER = "user"  # its value is the privilege that the person has there
_FINGER = "finger"

How = Literal["found", "added", "changed", "removed"]
_HOWS: tuple[How, ...] = ("found", "added", "changed", "removed")
# (PIN, "user" or "finger6") to the privilege in digits, or the template's digest.
Roll = dict[tuple[str, str], str]


def finger(number: int) -> str:
    """What a roll calls a finger, 0 to 9 as the device counts them."""
    return f"{_FINGER}{number}"


def is_finger(what: str) -> bool:
    """Whether it is a finger's template."""
    return what.startswith(_FINGER)


def template_digest(salt: bytes, template: bytes) -> str:
    """What is told of a template, 16 hex digits."""
    return hmac.digest(salt, template, "sha256")[:8].hex()


def own_salt(mac_key: bytes) -> bytes:
    """The salt of a kiosk whose invitation brings none: its digests compare with nobody else's."""
    return hmac.digest(mac_key, b"hadir/1 template digests", "sha256")


def salt_mark(salt: bytes) -> str:
    """Tells two salts apart, and nothing else of them."""
    return sha256(b"hadir/1 salt\0" + salt).hexdigest()[:8]


def changes(before: Roll | None, now: Roll) -> Iterator[tuple[str, str, str]]:
    """PIN, change and digest for a record of each difference; all is "found" by the first look."""
    gone = [] if before is None else [key for key in before if key not in now]
    for key in sorted([*now, *gone]):
        how = _how(before, now, key)
        if how is not None:
            pin, what = key
            yield pin, f"{what}_{how}", now[key] if key in now else (before or {})[key]


def _how(before: Roll | None, now: Roll, key: tuple[str, str]) -> How | None:
    if before is None:
        return "found"
    if key not in now:
        return "removed"
    if key not in before:
        return "added"
    return None if before[key] == now[key] else "changed"


def parted(change: str) -> tuple[str, How] | None:
    """What changed and how; None for a change of a kiosk's own gallery, or one of tomorrow."""
    what, _, said = change.partition("_")
    how = next((one for one in _HOWS if one == said), None)
    return None if how is None or not (what == USER or is_finger(what)) else (what, how)


class Folded:
    """A device's roll out of its records in their order. `salt`: the mark of the newest snapshot's,
    None before the first. A look that "found" everybody, as after a new card, begins anew."""

    def __init__(self) -> None:
        self.roll: Roll = {}
        self.salt: str | None = None
        self._whole = False

    def enrolment(self, pin: str, change: str, digest: str) -> bool:
        """Put a record's change in; whether it says something new (a record can come twice)."""
        told = parted(change)
        if told is None:
            return False
        what, how = told
        if how == "found" and self._whole:
            self.roll, self._whole = {}, False
        before = self.roll.pop((pin, what), None)
        if how != "removed":
            self.roll[pin, what] = digest
        return before != self.roll.get((pin, what))

    def snapshot(self, salt: str) -> None:
        """The look is whole."""
        self.salt, self._whole = salt, True


def digest(roll: Roll) -> str:
    """SHA-256 in hex over all lines, in order."""
    lines = (f"{pin}\0{what}\0{value}\n" for (pin, what), value in sorted(roll.items()))
    return sha256("".join(lines).encode()).hexdigest()


def privileged(roll: Roll) -> list[tuple[str, int]]:
    """PIN and privilege of everybody who may do more on the device than scan."""
    found = ((pin, int(value)) for (pin, what), value in roll.items() if what == USER)
    return sorted((pin, privilege) for pin, privilege in found if privilege)
