"""How far somebody sees who logs in."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from sync_server import posts
from sync_server.accounts import book
from sync_server.accounts.book import Account
from sync_server.roles import EVERYWHERE, TREE, Viewer, has_juniors

_EAST = timedelta(hours=9)  # a post that begins today is in force from the first zone's midnight on


def viewer(tx: Connection, name: str, now: float) -> tuple[Viewer, bool] | None:
    """Whoever an account is on the day of `now` (server UTC seconds), and whether he has to choose
    another password first; None where the account is gone or may not be used."""
    account = book.find(tx, name)
    if account is None or account.disabled:
        return None
    day = (datetime.fromtimestamp(now, UTC) + _EAST).date()
    return of(tx, account, day), account.must_change


def of(tx: Connection, account: Account, day: date) -> Viewer:
    """The viewer that an account is on a day."""
    reach: frozenset[str] | None = frozenset()
    if account.role in EVERYWHERE:
        reach = None
    elif account.role in TREE:
        reach = posts.tree(tx, account.opd)
    is_superior = account.nip and reach is not None and has_juniors(account.role)
    juniors = posts.juniors(tx, account.nip, day) if is_superior else frozenset[str]()
    return Viewer(account.name, account.nip, account.role, account.opd, reach, juniors)
