"""Choosing a password: at the first login, after a reset, at will."""

from sqlalchemy import Connection

from sync_server import office_log
from sync_server.accounts import book, passwords, sessions
from sync_server.roles import Viewer


def unfit(viewer: Viewer, kept: str, old: str, new: str, again: str) -> str:
    """Why this change of a password cannot be, as a code of wording; "" where it can."""
    if not passwords.fits(kept, old):
        return "password_old_wrong"
    if new != again:
        return "password_twice"
    if new == old:
        return "password_as_before"
    return passwords.weakness(new, viewer.name, viewer.nip)


def change(tx: Connection, viewer: Viewer, new: str, now: float) -> str:
    """Keep the new password and end every login of the account; the secret of a new one."""
    book.set_password(tx, viewer.name, new)
    sessions.end_all(tx, viewer.name)
    office_log.note(tx, now, viewer.name, "password_changed", viewer.opd, viewer.name)
    return sessions.begin(tx, viewer.name, now)
