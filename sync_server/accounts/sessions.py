"""Logins that last: 32 random bytes in a cookie, their digest in the database.

A login that was not used for 8 hours is over, and any after 24 (NIST SP 800-63B, AAL2: 1 h and 24 h;
8 because an office's day is one login).
"""

import hashlib
import secrets

import msgspec
from sqlalchemy import Connection, delete, insert, or_, select, update

from sync_server import schema

IDLE, LIFE = 8 * 3600, 24 * 3600  # seconds
_MOST = 20  # logins of one account at once; each may hold open pages
_SEEN_EVERY = 60  # seconds; a write for every click would be for nothing
_TABLE = schema.session


class Session(msgspec.Struct, frozen=True):
    """A login: whose, and the word that its forms carry."""

    digest: str
    account: str
    csrf: str


def begin(tx: Connection, account: str, now: float) -> str:
    """A new login; the cookie's value, which is kept nowhere."""
    _sweep(tx, now)
    secret = secrets.token_urlsafe(32)
    row = {
        "digest": _digest(secret),
        "account": account,
        "csrf": secrets.token_urlsafe(32),
        "made": int(now),
        "seen": int(now),
    }
    tx.execute(insert(_TABLE).values(**row))
    return secret


def find(tx: Connection, secret: str, now: float) -> tuple[Session, bool] | None:
    """The login that a cookie means, and whether `touch` is due; None where there is none, or none
    any more."""
    row = tx.execute(select(_TABLE).where(_TABLE.c.digest == _digest(secret))).first()
    if row is None or now - row.seen >= IDLE or now - row.made >= LIFE:
        return None
    return Session(row.digest, row.account, row.csrf), now - row.seen >= _SEEN_EVERY


def touch(tx: Connection, digest: str, now: float) -> None:
    """The login was used."""
    tx.execute(update(_TABLE).where(_TABLE.c.digest == digest).values(seen=int(now)))


def end(tx: Connection, digest: str) -> None:
    """Log out."""
    tx.execute(delete(_TABLE).where(_TABLE.c.digest == digest))


def end_all(tx: Connection, account: str) -> None:
    """End every login of an account: another password, another role, or disabled."""
    tx.execute(delete(_TABLE).where(_TABLE.c.account == account))


def end_oldest(tx: Connection, account: str) -> None:
    """Leave room for one more login of an account: of too many, those least used end."""
    its = _TABLE.c
    newest = select(its.digest).where(its.account == account).order_by(its.seen.desc())
    over = list(tx.execute(newest.offset(_MOST - 1)).scalars())
    tx.execute(delete(_TABLE).where(its.digest.in_(over)))


def _sweep(tx: Connection, now: float) -> None:
    over = or_(_TABLE.c.seen <= now - IDLE, _TABLE.c.made <= now - LIFE)
    tx.execute(delete(_TABLE).where(over))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
