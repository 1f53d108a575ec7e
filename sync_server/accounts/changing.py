"""Making accounts and changing them, each with its line in the office's log: the same from the
command line and from the page. `who` does it; `now` is server UTC seconds."""

import secrets

from msgspec.structs import replace
from sqlalchemy import Connection

from sync_server import office_log
from sync_server.accounts import book, passwords, sessions, tokens
from sync_server.accounts.book import Account
from sync_server.errors import BadFile


def known(tx: Connection, name: str) -> Account:
    """The account of a login name. Raises BadFile where there is none."""
    account = book.find(tx, name)
    if account is None:
        raise BadFile(name, "", "account_unknown")
    return account


def add(tx: Connection, who: str, account: Account, now: float) -> str:
    """A new account; its password for one login, "" where it logs in at the identity provider. Raises
    BadFile."""
    password = "" if account.subject else _one_time()
    book.add(tx, replace(account, must_change=bool(password)), password)
    _note(tx, who, "account_added", account, now)
    return password


def alter(tx: Connection, who: str, account: Account, now: float) -> None:
    """Another role, office, NIP or link; the logins end. Who is linked needs the password for one login
    no more. Raises BadFile."""
    book.change(tx, account)
    if account.subject and account.must_change:
        book.drop_password(tx, account.name)
    sessions.end_all(tx, account.name)
    _note(tx, who, "account_role", account, now)


def reset(tx: Connection, who: str, account: Account, now: float) -> str:
    """A new password for one login; the logins end and the keys are revoked."""
    password = _one_time()
    book.set_password(tx, account.name, password, must_change=True)
    _end(tx, account, now)
    _note(tx, who, "account_reset", account, now)
    return password


def disable(tx: Connection, who: str, account: Account, now: float, *, off: bool) -> None:
    """Let somebody in no more, or again; the logins end and the keys are revoked."""
    book.set_disabled(tx, account.name, off=off)
    _end(tx, account, now)
    _note(tx, who, "account_disabled" if off else "account_enabled", account, now)


def _one_time() -> str:
    """Good for one login: whoever has it must choose another."""
    while True:
        password = secrets.token_urlsafe(12)
        if not passwords.weakness(password, "", ""):
            return password


def _end(tx: Connection, account: Account, now: float) -> None:
    sessions.end_all(tx, account.name)
    tokens.revoke_all(tx, account.name, now)


def _note(tx: Connection, who: str, did: str, account: Account, now: float) -> None:
    said = " ".join(part for part in (account.role, account.nip, account.subject) if part)
    office_log.note(tx, now, who, did, account.opd, account.name, said)
