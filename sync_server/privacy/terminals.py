"""What terminals still hold of a person: told by their own newest look, and unknown where nobody looked.

Nothing is written to a terminal by an erasure: somebody removes its user there or by `kiosk send`.
"""

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection, select

from contract.roll import Roll
from sync_server import schema
from sync_server.erasures import Post
from sync_server.reports import noted


class Held(msgspec.Struct, frozen=True):
    """A terminal of an office that still holds a PIN; `known` False where none of its looks came."""

    opd: str
    pin: str
    serial: str
    known: bool


def held(tx: Connection, posts: Sequence[Post], now: int) -> Iterator[Held]:
    """Every terminal that holds one of the PINs, or may. `now` in server UTC seconds."""
    for opd in sorted({opd for opd, _ in posts}):
        rolls = _rolls(tx, opd, now)
        for pin in sorted(pin for office, pin in posts if office == opd):
            for serial, seen in sorted(rolls.items()):
                if seen is None or any(key[0] == pin for key in seen):
                    yield Held(opd, pin, serial, seen is not None)


def _rolls(tx: Connection, opd: str, now: int) -> dict[str, Roll | None]:
    """By serial number; of a terminal that two kiosks saw, the newest look."""
    device, kiosk = schema.device.c, schema.kiosk.c
    kids = select(kiosk.kid).where(kiosk.opd == opd)
    serials = tx.execute(select(device.serial).where(device.kid.in_(kids)).distinct()).scalars()
    found: dict[str, Roll | None] = dict.fromkeys(serials)
    looks = [one for one in noted.terminals(noted.notes(tx, [opd], now + 1)) if one.snapshot]
    for one in sorted(looks, key=lambda one: one.snapshot.received if one.snapshot else 0):
        found[one.serial] = one.roll
    return found
