"""By what each kiosk is known: its certificates and the MAC key that belongs to each.

A kiosk changes over by using a new key; until then, and for frames that were made before (a stick),
the older ones count too, unless they were revoked.
"""

from collections.abc import Callable
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from sync_server import schema
from sync_server.ledger import Kiosk

_ITS = schema.credential.c


class Credential(msgspec.Struct, frozen=True):
    """A certificate (PEM, `serial` in hex, `public` its key as SPKI) and the MAC key that centre and
    kiosk drew from `share`; `issued` and `expires` are server UTC seconds."""

    kid: str
    serial: str
    public: bytes
    certificate: str
    share: bytes
    mac_key: bytes
    issued: int
    expires: int


_COLUMNS = [_ITS[name] for name in Credential.__struct_fields__]
MARK = "sidik:"  # begins the last word of a log line by which something was given
_NOTHING = "-"
_PURPOSE = b"hadir/1 credential\0"


def mark(given: Credential) -> str:
    """By what the office's log knows what was given: 128 bits of SHA-256 over all of it, in hex. The
    MAC key in it is random: nobody finds it by its digest."""
    line = msgspec.json.encode(msgspec.structs.astuple(given))
    return sha256(_PURPOSE + line).hexdigest()[:32]


def marks(*given: Credential) -> str:
    """The last word of the log line of a deed: what was given by it, or that nothing was."""
    return MARK + ("+".join(map(mark, given)) or _NOTHING)


def marked(detail: str) -> list[str] | None:
    """What a log line says was given; None where it was written before lines said so."""
    last = detail.rpartition(" ")[2]
    if not last.startswith(MARK):
        return None
    return [one for one in last.removeprefix(MARK).split("+") if one != _NOTHING]


def keep(tx: Connection, made: Credential) -> None:
    """Remember what a kiosk was given."""
    tx.execute(insert(schema.credential).values(**msgspec.structs.asdict(made)))


def keep_present(tx: Connection, kid: str, now: int) -> list[Credential]:
    """Remember the MAC key in force, where no certificate came with it, before another one is. What
    was kept, if anything."""
    held = tx.execute(
        select(schema.kiosk.c.mac_key, schema.kiosk.c.invited).where(schema.kiosk.c.kid == kid)
    ).one()
    of = (_ITS.kid == kid, _ITS.mac_key == held.mac_key)
    if tx.execute(select(_ITS.no).where(*of).limit(1)).first() is not None:
        return []
    present = Credential(kid, "", b"", "", b"", held.mac_key, min(held.invited, now - 1), 0)
    keep(tx, present)
    return [present]


def given_to(tx: Connection, kid: str, public: bytes) -> Credential | None:
    """What a kiosk was given for this very key: an answer that was lost is given again."""
    query = select(*_COLUMNS).where(_ITS.kid == kid, _ITS.public == public, _ITS.revoked == 0)
    row = tx.execute(query.order_by(_ITS.no.desc()).limit(1)).first()
    return _read(row) if row else None


def in_force(tx: Connection, kid: str) -> list[Credential]:
    """What nobody revoked of a kiosk, newest first."""
    query = select(*_COLUMNS).where(_ITS.kid == kid, _ITS.revoked == 0).order_by(_ITS.no.desc())
    return [_read(row) for row in tx.execute(query)]


def ends(tx: Connection) -> dict[str, int]:
    """By kiosk the server UTC second at which its newest certificate ends."""
    query = select(_ITS.kid, func.max(_ITS.expires)).where(_ITS.revoked == 0, _ITS.serial != "")
    return {kid: ends for kid, ends in tx.execute(query.group_by(_ITS.kid))}


def awaited(tx: Connection) -> set[str]:
    """Kiosks that were given a token and have not used it."""
    its = schema.ticket.c
    waiting = set(tx.execute(select(its.kid).where(its.used == 0, its.replaces == 0)).scalars())
    known = tx.execute(select(_ITS.kid).where(_ITS.kid.in_(waiting))).scalars()
    return waiting - set(known)


def turned(tx: Connection, kiosk: Kiosk, genuine: Callable[[bytes], bool]) -> Kiosk | None:
    """The kiosk, where what it said is genuine by another key than the one in force; a newer one is
    in force from now on. None where it is not the kiosk's at all."""
    known = in_force(tx, kiosk.kid)
    found = next((one for one in known if genuine(one.mac_key)), None)
    if found is None:
        return None
    now = next((one.issued for one in known if one.mac_key == kiosk.mac_key), 0)
    if found.issued < now:
        return kiosk
    tx.execute(
        update(schema.kiosk).where(schema.kiosk.c.kid == kiosk.kid).values(mac_key=found.mac_key)
    )
    return msgspec.structs.replace(kiosk, mac_key=found.mac_key)


def revoke(tx: Connection, kid: str, now: int) -> int:
    """None of what a kiosk was given counts any more; how many certificates that were."""
    mine = (_ITS.kid == kid, _ITS.revoked == 0)
    return tx.execute(update(schema.credential).where(*mine).values(revoked=now)).rowcount


def revoked(tx: Connection, since: int) -> list[tuple[int, int]]:
    """Numbers of revoked certificates that ended after `since`, and when each was revoked (server
    UTC seconds)."""
    query = select(_ITS.serial, _ITS.revoked).where(
        _ITS.revoked > 0, _ITS.serial != "", _ITS.expires > since
    )
    return sorted((int(serial, 16), at) for serial, at in tx.execute(query))


def _read(row: tuple[object, ...]) -> Credential:
    return Credential(*row)  # type: ignore[arg-type]
