"""What a draft rule set would have made of a month: everybody's percent and rupiah, nothing stored.

The draft prices every day of the month, whatever date it names: the question is what the decree
would do, not from when.
"""

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from sync_server import posts
from sync_server import sheet as sheets
from sync_server.sheet import Row, Sheet
from sync_server.tukin.ruleset import Ruleset


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """One person before and after: the month's cut and what e-kinerja earns in basis points, the
    gross in whole rupiah. `productivity` is None while nobody has brought e-kinerja."""

    nip: str
    name: str
    opd: str
    cut_was: int
    cut_becomes: int
    productivity_was: int | None
    productivity_becomes: int | None
    was: int
    becomes: int
    difference: int


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """A month under a draft. Rupiah; people by office and NIP. `pending` counts what waits in the
    month as it is: figures of a month that waits are not its last ones."""

    month: str
    ruleset: str
    decree: str
    people: tuple[Changed, ...]
    was: int
    becomes: int
    difference: int
    better: int
    worse: int
    pending: int


def compare(tx: Connection, draft: Ruleset, month: str, offices: Sequence[str] = ()) -> WhatIf:
    """The month of some offices (of all where none is named) as it is and as the draft would have
    it. Raises BadFile for what is no month."""
    people: list[Changed] = []
    pending = 0
    for opd in offices or [one.opd for one in posts.offices(tx)]:
        now = sheets.sheet(tx, opd, month)
        people.extend(_compared(now, sheets.sheet(tx, opd, month, draft)))
        pending += len([one for one in now.pending if one.nip])
    was, becomes = sum(one.was for one in people), sum(one.becomes for one in people)
    return WhatIf(
        month=month,
        ruleset=draft.id,
        decree=draft.decree,
        people=tuple(people),
        was=was,
        becomes=becomes,
        difference=becomes - was,
        better=sum(one.difference > 0 for one in people),
        worse=sum(one.difference < 0 for one in people),
        pending=pending,
    )


def _compared(now: Sheet, then: Sheet) -> Iterator[Changed]:
    """Everybody of either; a month that no rule set prices yet is nothing under the present."""
    old = {row.record.nip: row for row in now.rows}
    for row in then.rows:
        yield _changed(old.get(row.record.nip), row)


def _changed(old: Row | None, new: Row) -> Changed:
    was, becomes = old.record if old else None, new.record
    return Changed(
        nip=becomes.nip,
        name=new.name,
        opd=becomes.opd,
        cut_was=was.cut_bp if was else 0,
        cut_becomes=becomes.cut_bp,
        productivity_was=was.productivity_bp if was else None,
        productivity_becomes=becomes.productivity_bp,
        was=was.gross if was else 0,
        becomes=becomes.gross,
        difference=becomes.gross - (was.gross if was else 0),
    )
