"""`ledger verify`: everything that can be recomputed, recomputed; the first of each kind that does not
hold is named."""

from sqlalchemy import Connection

from sync_server.verifying import admitted, books, derived, frozen, vouched, witnessed
from sync_server.verifying.chained import chains
from sync_server.verifying.found import Broken, ChainCheck, Check, Tally
from sync_server.verifying.kept import facts
from sync_server.verifying.stored import any_text
from sync_server.verifying.telling import told
from sync_server.verifying.witnessed import against

__all__ = ["Broken", "ChainCheck", "Check", "against", "chains", "everything", "facts", "told"]


def everything(
    tx: Connection, centre: bytes, kid: str | None = None
) -> tuple[list[ChainCheck], list[Check]]:
    """Every chain, and every kind of check; of one kiosk only its own. `centre`: this centre's
    public key, b"" where its folder holds none."""
    with any_text(tx):
        found = chains(tx, kid)
        checks = [_of_chains(found), derived.punches(tx, kid), *vouched.checks(tx, centre, kid)]
        checks += admitted.checks(tx, kid)
        if kid is None:
            checks += [*books.checks(tx), witnessed.check(tx, centre), frozen.check(tx)]
        return found, checks


def _of_chains(found: list[ChainCheck]) -> Check:
    tally = Tally("chains")
    for one in found:
        where = (one.kid, one.epoch, one.broken_at)
        why = "event_missing" if one.missing else "event_broken"
        tally.look(Broken(why, *where) if one.broken_at else None)
    return tally.check()
