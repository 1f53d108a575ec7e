"""Until when something may be asked: so many workdays after the day, so many after the month was
closed (masa sanggah); of a frozen month only by BKPSDM.
"""

from datetime import date

import msgspec
from sqlalchemy import Connection, select

from sync_server import posts, roster, rulings, schema
from sync_server.corrections import hours, record
from sync_server.corrections.record import Correction
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.roster import Person
from sync_server.tukin.ruleset import Regularise

_WHAT = "koreksi"


class MonthState(msgspec.Struct, frozen=True):
    """When an office's month was closed and frozen for the last time (server UTC seconds, 0: not)."""

    closed: int
    frozen: int


def check(tx: Connection, one: Correction, kind: Regularise, viewer: Viewer, now: float) -> None:
    """Raise BadFile where it is too late for it."""
    person = _person(tx, one)
    today = record.local_day(now, roster.zone(tx, one.opd) or 0)
    end = one.workdate if one.nip else record.local_day(one.until, roster.zone(tx, one.opd) or 0)
    standing = month_state(tx, home(tx, one), f"{one.workdate:%Y-%m}")
    if standing.frozen:
        if viewer.role != "bkpsdm":
            raise BadFile(_WHAT, "", "correction_frozen", month=f"{one.workdate:%Y-%m}")
        return
    if kind.deadline_workdays:
        gone = hours.workdays(tx, person, end, today)
        if gone > kind.deadline_workdays:
            told = {"gone": gone, "most": kind.deadline_workdays}
            raise BadFile(_WHAT, "", "correction_late", day=end, kind=one.kind, **told)
    _check_dispute(tx, one, person, today, standing)


def _check_dispute(
    tx: Connection, one: Correction, person: Person | None, today: date, standing: MonthState
) -> None:
    rules = rulings.in_force(tx, one.workdate)
    if not standing.closed or rules is None:
        return
    closed = record.local_day(standing.closed, roster.zone(tx, one.opd) or 0)
    if hours.workdays(tx, person, closed, today) > rules.dispute_workdays:
        told = {"most": rules.dispute_workdays, "month": f"{one.workdate:%Y-%m}"}
        raise BadFile(_WHAT, "", "correction_dispute", closed=closed, **told)


def is_late(tx: Connection, one: Correction) -> bool:
    """Whether it was asked after its month was frozen: what it changes is paid as susulan."""
    standing = month_state(tx, home(tx, one), f"{one.workdate:%Y-%m}")
    return bool(standing.frozen) and one.asked >= standing.frozen


def month_state(tx: Connection, opd: str, month: str) -> MonthState:
    """What became of an office's month (yyyy-mm) so far."""
    its = schema.closing.c
    rows = tx.execute(
        select(its.closed, its.frozen)
        .where(its.opd == opd, its.month == month)
        .order_by(its.rev.desc())
    ).all()
    frozen = [row.frozen for row in rows if row.frozen]
    return MonthState(rows[0].closed if rows else 0, min(frozen, default=0))


def home(tx: Connection, one: Correction) -> str:
    """The office that closes the month: where the person is on the month's last day."""
    if one.is_outage:
        return one.opd
    last = record.month_days(f"{one.workdate:%Y-%m}")[1]
    return posts.office_of(tx, one.nip, last) or one.opd


def _person(tx: Connection, one: Correction) -> Person | None:
    known = [person for person in roster.people(tx, one.opd) if person.nip == one.nip]
    return known[0] if known else None
