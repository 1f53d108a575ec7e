"""Keys for programs: shown once, kept as their digest, each works as its account until it ends."""

import hashlib
import secrets

import msgspec
from sqlalchemy import Connection, insert, select, update

from sync_server import schema

PREFIX = "hadir_"  # so that a key in a text is recognised as one
_TABLE = schema.token


class Token(msgspec.Struct, frozen=True):
    """A key as its owner may see it. `expires` and `revoked`: server UTC seconds, revoked 0 = not."""

    digest: str
    account: str
    label: str
    made: int
    expires: int
    revoked: int


def make(tx: Connection, account: str, label: str, now: float, days: int) -> str:
    """A new key, which is kept nowhere."""
    key = PREFIX + secrets.token_urlsafe(32)
    row = {
        "digest": _digest(key),
        "account": account,
        "label": label,
        "made": int(now),
        "expires": int(now) + days * 86400,
    }
    tx.execute(insert(_TABLE).values(**row))
    return key


def account(tx: Connection, key: str, now: float) -> str:
    """Whose key this is; "" where it is nobody's, ended or revoked."""
    its = _TABLE.c
    query = select(its.account).where(
        its.digest == _digest(key), its.revoked == 0, its.expires > int(now)
    )
    return tx.execute(query).scalar() or ""


def of(tx: Connection, account: str) -> list[Token]:
    """An account's keys, newest first."""
    query = select(_TABLE).where(_TABLE.c.account == account).order_by(_TABLE.c.made.desc())
    return [msgspec.convert(row._mapping, Token) for row in tx.execute(query)]


def revoke(tx: Connection, account: str, digest: str, now: float) -> bool:
    """End a key of an account; whether it was there and in use."""
    its = _TABLE.c
    mine = (its.account == account, its.digest == digest, its.revoked == 0)
    return bool(tx.execute(update(_TABLE).where(*mine).values(revoked=int(now))).rowcount)


def revoke_all(tx: Connection, account: str, now: float) -> None:
    """End every key of an account."""
    its = _TABLE.c
    tx.execute(
        update(_TABLE).where(its.account == account, its.revoked == 0).values(revoked=int(now))
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
