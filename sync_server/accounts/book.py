"""The accounts: who may log in as what, for which office's tree."""

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from sync_server import schema
from sync_server.accounts import passwords
from sync_server.errors import BadFile
from sync_server.roles import NAMED, ROLES, Role, is_nip

_TABLE = schema.account


class Account(msgspec.Struct, frozen=True):
    """One who may log in. `subject`: what the region's identity provider calls him, "" where he is
    not linked. `made`: server UTC seconds."""

    name: str
    nip: str
    role: Role
    opd: str
    must_change: bool
    disabled: bool
    subject: str
    made: int


def find(tx: Connection, name: str) -> Account | None:
    """The account of a login name, whatever its letters' case."""
    row = tx.execute(select(_TABLE).where(_TABLE.c.name == name.strip().lower())).first()
    return _account(row._mapping) if row else None


def by_subject(tx: Connection, subject: str) -> Account | None:
    """The account that is linked to somebody at the identity provider."""
    row = tx.execute(select(_TABLE).where(_TABLE.c.subject == subject)).first() if subject else None
    return _account(row._mapping) if row else None


def every(tx: Connection) -> list[Account]:
    """All accounts by name."""
    return [_account(row._mapping) for row in tx.execute(select(_TABLE).order_by(_TABLE.c.name))]


def is_empty(tx: Connection) -> bool:
    """Whether nobody may log in yet."""
    return not tx.execute(select(func.count()).select_from(_TABLE)).scalar_one()


def add(tx: Connection, account: Account, password: str) -> None:
    """A new account; `password` may be "" for one that logs in at the identity provider only. Raises
    BadFile."""
    check(account)
    if find(tx, account.name):
        raise BadFile(account.name, "", "account_taken")
    _alone(tx, account)
    row = msgspec.to_builtins(account) | {"password": password and passwords.digest(password)}
    tx.execute(insert(_TABLE).values(**row))


def change(tx: Connection, account: Account) -> None:
    """Keep an account's role, office, NIP and link. Raises BadFile."""
    check(account)
    _alone(tx, account)
    row = msgspec.to_builtins(account)
    _update(tx, row.pop("name"), row)


def set_disabled(tx: Connection, name: str, *, off: bool) -> None:
    """Let an account in no more, or again, whatever else it lacks."""
    _update(tx, name, {"disabled": off})


def set_password(tx: Connection, name: str, password: str, *, must_change: bool = False) -> None:
    """Give an account another password."""
    _update(tx, name, {"password": passwords.digest(password), "must_change": must_change})


def drop_password(tx: Connection, name: str) -> None:
    """Leave an account without a password: it logs in at the identity provider."""
    _update(tx, name, {"password": "", "must_change": False})


def renew(tx: Connection, name: str, kept: str, password: str) -> None:
    """Keep the same password by today's settings, unless it was changed since it was read."""
    its = _TABLE.c
    fresh = passwords.digest(password)
    tx.execute(update(_TABLE).where(its.name == name, its.password == kept).values(password=fresh))


def holds(tx: Connection, name: str, **proof: str) -> bool:
    """Whether the account still is in use and what was proven still is true of it: columns with their
    values. Nobody changes it before this transaction ends."""
    its = _TABLE.c
    same = [its[column] == value for column, value in proof.items()]
    found = update(_TABLE).where(its.name == name, ~its.disabled, *same).values(disabled=False)
    return tx.execute(found).rowcount == 1


def kept(tx: Connection, name: str) -> str:
    """What is kept of an account's password; "" where there is none or no such account."""
    query = select(_TABLE.c.password).where(_TABLE.c.name == name.strip().lower())
    return tx.execute(query).scalar() or ""


def check(account: Account) -> None:
    """Raises BadFile for what no account can be."""
    plain = account.name.replace(".", "").replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and account.name == account.name.lower()):
        raise BadFile(account.name, "", "account_name")
    if account.role not in ROLES:
        raise BadFile(account.name, "role", "account_role", roles=", ".join(ROLES))
    if account.nip and not is_nip(account.nip):
        raise BadFile(account.name, "nip", "account_nip_digits")
    if account.role in NAMED | {"pegawai"} and not account.nip:
        raise BadFile(account.name, "nip", "account_nip")
    if account.role in ("kepala", "admin_opd") and not account.opd:
        raise BadFile(account.name, "opd", "account_opd")


def _alone(tx: Connection, account: Account) -> None:
    other = by_subject(tx, account.subject)
    if other and other.name != account.name:
        raise BadFile(account.name, "subject", "subject_taken")


def _update(tx: Connection, name: str, values: dict[str, object]) -> None:
    tx.execute(update(_TABLE).where(_TABLE.c.name == name).values(**values))


def _account(row: object) -> Account:
    return msgspec.convert(row, Account, strict=False)
