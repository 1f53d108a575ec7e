"""Who said what to a correction, an outage or a month, and when. Only ever added to: the database itself
refuses anything else, and each act is bound to all before it (linked.py).
"""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from sync_server import linked, schema
from sync_server.errors import BadFile
from sync_server.roles import Viewer, is_nip

_ASKED = 5_000  # things that one statement names
_COLUMNS = linked.columns("decision")


class Decision(msgspec.Struct, frozen=True):
    """One act. `at` is server UTC seconds; `who` the account, `nip` "" where it is nobody's."""

    no: int
    subject: str
    ref: str
    verdict: str
    who: str
    nip: str
    role: str
    at: int
    note: str

    def is_by(self, viewer: Viewer) -> bool:
        """Whether the same person did it, under this account or another of his."""
        return self.who == viewer.name or (bool(self.nip) and self.nip == viewer.nip)


def decide(  # noqa: PLR0913 - an act is all of these
    tx: Connection,
    subject: str,
    ref: str,
    verdict: str,
    viewer: Viewer,
    at: float,
    note: str = "",
) -> None:  # fmt: skip
    """Add an act, in the transaction of what follows from it. Raises BadFile for an account that is
    nobody's: whether two people act could not be told."""
    if not is_nip(viewer.nip):
        raise BadFile("decision", ref, "decision_unnamed", name=viewer.name)
    row = {"subject": subject, "ref": ref, "verdict": verdict, "at": int(at), "note": note}
    by = {"who": viewer.name, "nip": viewer.nip, "role": viewer.role}
    linked.add(tx, schema.decision, [row | by])


def of(tx: Connection, subject: str, ref: str) -> list[Decision]:
    """Every act about one thing, the oldest first."""
    its = schema.decision.c
    query = select(*_COLUMNS).where(its.subject == subject, its.ref == ref)
    return [_read(row) for row in tx.execute(query.order_by(its.no))]


def of_many(tx: Connection, subject: str, refs: Collection[str]) -> dict[str, list[Decision]]:
    """Every act about each of many things, the oldest first, by its name; without those that have none."""
    its, wanted = schema.decision.c, sorted(set(refs))
    query = select(*_COLUMNS).where(its.subject == subject).order_by(its.no)
    found: dict[str, list[Decision]] = {}
    for at in range(0, len(wanted), _ASKED):
        for row in tx.execute(query.where(its.ref.in_(wanted[at : at + _ASKED]))):
            found.setdefault(row.ref, []).append(_read(row))
    return found


def between(tx: Connection, subject: str, since: float, until: float) -> list[Decision]:
    """Every act about things of a kind from `since` to before `until` (UTC seconds)."""
    its = schema.decision.c
    spans = (its.subject == subject, its.at >= since, its.at < until)
    return [_read(row) for row in tx.execute(select(*_COLUMNS).where(*spans).order_by(its.no))]


def _read(row: Row[Any]) -> Decision:
    return Decision(**row._mapping)
