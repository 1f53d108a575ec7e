"""Until when something may be asked: so many workdays after the day, so many after the month was
closed (masa sanggah); of a frozen month only by BKPSDM.
"""

import msgspec
from sqlalchemy import Connection, select

from sync_server import localtime, posts, roster, schema
from sync_server.corrections import hours
from sync_server.corrections.dispute import objections_until
from sync_server.corrections.record import Correction
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.roster import Person
from sync_server.tukin.ruleset import Regularise

_WHAT = "koreksi"


class MonthState(msgspec.Struct, frozen=True):
    """When the closing that stands began, and when the month was frozen first (server UTC seconds, 0:
    not)."""

    closed: int
    frozen: int


def check(tx: Connection, one: Correction, kind: Regularise, viewer: Viewer, now: float) -> None:
    """Raise BadFile where it is too late for it."""
    today = localtime.day(now, roster.zone(tx, one.opd) or 0)
    end = one.workdate if one.nip else localtime.day(one.until, roster.zone(tx, one.opd) or 0)
    office, month = home(tx, one), f"{one.workdate:%Y-%m}"
    standing = month_state(tx, office, month)
    if standing.frozen:
        if viewer.role != "bkpsdm":
            raise BadFile(_WHAT, "", "correction_frozen", month=month)
        return
    if kind.deadline_workdays:
        gone = hours.workdays(tx, _person(tx, one), end, today)
        if gone > kind.deadline_workdays:
            told = {"gone": gone, "most": kind.deadline_workdays}
            raise BadFile(_WHAT, "", "correction_late", day=end, kind=one.kind, **told)
    if standing.closed:
        _check_dispute(tx, office, month, standing.closed, now)


def _check_dispute(tx: Connection, opd: str, month: str, closed: int, now: float) -> None:
    """As long as the month waits for objections, and no longer."""
    until = objections_until(tx, opd, month, closed)
    if localtime.day(now, roster.zone(tx, opd) or 0) > until:
        raise BadFile(_WHAT, "", "correction_dispute", month=month, until=until)


def is_late(tx: Connection, one: Correction) -> bool:
    """Whether it was asked after its month was frozen: what it changes is paid as susulan."""
    standing = month_state(tx, home(tx, one), f"{one.workdate:%Y-%m}")
    return bool(standing.frozen) and one.asked >= standing.frozen


def month_state(tx: Connection, opd: str, month: str) -> MonthState:
    """What became of an office's month (yyyy-mm) so far."""
    its = schema.closing.c
    rows = tx.execute(
        select(its.closed, its.frozen)
        .where(its.opd == opd, its.month == month, its.state != "reopened")
        .order_by(its.rev.desc())
    ).all()
    frozen = [row.frozen for row in rows if row.frozen]
    return MonthState(rows[0].closed if rows else 0, min(frozen, default=0))


def home(tx: Connection, one: Correction) -> str:
    """The office that closes the month: where the person is on the month's last day."""
    if one.is_outage:
        return one.opd
    last = localtime.month_days(f"{one.workdate:%Y-%m}")[1]
    return posts.office_of(tx, one.nip, last) or one.opd


def _person(tx: Connection, one: Correction) -> Person | None:
    known = [person for person in roster.people(tx, one.opd) if person.nip == one.nip]
    return known[0] if known else None
