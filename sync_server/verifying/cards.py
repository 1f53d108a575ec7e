"""Which kiosks were given another card and so another key, by the office's log: it is linked, and a
kiosk's own row is not."""

from sqlalchemy import Connection, func, select

from sync_server import schema

_NEW_KEY = ("kiosk_replaced", "kiosk_enrolled")
# A kiosk that was revoked, or that another machine is to be, has no key until it enrols.
_NO_KEY = ("kiosk_revoked", "kiosk_approved")
ENDING = (*_NEW_KEY, *_NO_KEY)  # whatever a kiosk was given before such a line counts no more


def renewed(tx: Connection, after: int = 0) -> set[str]:
    """The kiosks whose key may be another than at line `after` of the log."""
    log = schema.access.c
    query = select(log.whom).where(log.did.in_(ENDING), log.no > after)
    return set(tx.execute(query).scalars())


def keys_given(tx: Connection) -> dict[str, int]:
    """How many times each kiosk was given a card with another key."""
    log = schema.access.c
    query = select(log.whom, func.count()).where(log.did.in_(_NEW_KEY)).group_by(log.whom)
    return {kid: times for kid, times in tx.execute(query)}
