"""One person's month and day as they count: frozen where the month is, and what has changed since."""

from datetime import date

import msgspec
from sqlalchemy import Connection

from sync_server import explain, roster
from sync_server import sheet as sheets
from sync_server.closing import late, stored
from sync_server.closing.stored import Revision
from sync_server.explain import Explained, reckoning
from sync_server.explain.reckoning import Reckoned


class Counted(msgspec.Struct, frozen=True):
    """Somebody's month. `frozen` is the revision that it is of (None: as things stand), `changed` what
    the present would pay more than that and its susulan (or less, below zero), in whole rupiah."""

    month: Reckoned
    frozen: Revision | None = None
    changed: int = 0


def counted(tx: Connection, nip: str, month: str) -> Counted:
    """The month "YYYY-MM" of one person. Raises BadFile for what is no month."""
    now = reckoning.reckon(tx, nip, month)
    then = _frozen(tx, nip, month)
    if then is None or then.month.record is None or then.frozen is None:
        return Counted(now)
    noted = late.noted_of(tx, then.frozen.opd, month)
    paid = then.month.record.gross + sum(one.amount for one in noted if one.nip == nip)
    gross = now.record.gross if now.record and now.opd == then.month.opd else 0
    return msgspec.structs.replace(then, changed=gross - paid)


def explained(tx: Connection, nip: str, day: date, opd: str = "") -> Explained | None:
    """A person's day as explain.explain tells it; of a frozen month, as it was counted."""
    then = _frozen(tx, nip, f"{day:%Y-%m}")
    return explain.explain(tx, nip, day, opd, then.month if then else None)


def _frozen(tx: Connection, nip: str, month: str) -> Counted | None:
    """His month in the frozen sheet of an office of his that has him."""
    closed = stored.of_month(tx, month)
    for opd in dict.fromkeys(opd for opd, _ in roster.posts(tx, nip)):
        revision = closed.get(opd)
        if revision is None or revision.state != "frozen":
            continue
        rows = sheets.decode(stored.body(tx, revision)).rows
        row = next((one for one in rows if one.record.nip == nip), None)
        if row is not None:
            facts = tuple(one for one in stored.facts(tx, revision) if one.nip == nip)
            return Counted(Reckoned(nip, month, opd, facts, row.record), revision)
    return None
