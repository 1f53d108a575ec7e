"""A month's totals for another application: imported ones as they are, points of our own counted."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from sync_server import localtime, rulings, schema
from sync_server.ekinerja import earning
from sync_server.ekinerja.totals import Total, kept


def of_month(tx: Connection, month: str, offices: Collection[str] | None) -> list[Total]:
    """By NIP; of the people of these offices (None: all). Raises BadFile for what is no month."""
    first, last = localtime.month_days(month)
    nips = _people(tx, first, last, offices)
    totals = {nip: one.total for nip, one in kept(tx, month, nips).items()}
    rules = rulings.in_force(tx, last)
    found = earning.earned_by(tx, nips - totals.keys(), month, rules) if rules else {}
    own = {
        nip: Total(nip, month, "points", str(one.points), one.source) for nip, one in found.items()
    }
    return [one for _, one in sorted((totals | own).items())]


def _people(tx: Connection, first: date, last: date, offices: Collection[str] | None) -> set[str]:
    its = schema.person.c
    query = select(its.nip).where(
        its.valid_from <= last.isoformat(), its.valid_to >= first.isoformat()
    )
    if offices is not None:
        query = query.where(its.opd.in_(offices))
    return set(tx.execute(query).scalars())
