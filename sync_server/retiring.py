"""A kiosk counts no more, or begins anew on another card: its keys, certificates and tokens end together.

Every function works inside its caller's transaction; times are server UTC seconds.
"""

import secrets

from sqlalchemy import Connection, select, update

from sync_server import applicants, credentials, ledger, office_log, schema
from sync_server.authority import Registrar
from sync_server.errors import BadFile


def revoke(tx: Connection, by: Registrar, kid: str, reason: str, who: str) -> None:
    """A kiosk counts no more: what it sends is kept apart, it is asked for nothing and receipted
    nothing. `revocation.publish` then tells the brokers. Of one that counted no more already, moment
    and reason stay: the office's log has the later word. Raises BadFile."""
    known = ledger.kiosk(tx, kid)
    if known is None:
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    if not reason.strip():
        raise BadFile("--reason", "", "reason_empty")
    retire(tx, kid, by.now)
    its, marks = schema.kiosk.c, {"revoked": by.now, "revoked_why": reason.strip()}
    tx.execute(update(schema.kiosk).where(its.kid == kid, its.revoked == 0).values(marks))
    office_log.note(tx, by.now, who, "kiosk_revoked", known.opd, kid, reason.strip())


def revoked_since(tx: Connection, kid: str) -> int:
    """Since when (server UTC seconds) a kiosk is revoked; 0: it is not, or nobody knows it."""
    return tx.scalar(select(schema.kiosk.c.revoked).where(schema.kiosk.c.kid == kid)) or 0


def retire(tx: Connection, kid: str, now: int) -> None:
    """None of the certificates, keys and tokens that a kiosk was given counts from now on."""
    credentials.revoke(tx, kid, now)
    applicants.withdraw(tx, kid)
    marks = {"mac_key": secrets.token_bytes(32), "event_key": b""}
    tx.execute(update(schema.kiosk).where(schema.kiosk.c.kid == kid).values(marks))


def begin_anew(tx: Connection, kid: str, now: int) -> None:
    """The card before is worth nothing, and whatever it was revoked for is its own."""
    retire(tx, kid, now)
    its = schema.kiosk.c
    fresh = {"revoked": 0, "revoked_why": "", "noted": 0, "replaced": its.replaced + 1}
    tx.execute(update(schema.kiosk).where(its.kid == kid).values(fresh))
