"""What is in the way of closing, approving or freezing a month, said all at once."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Connection

from sync_server import localtime, rulings
from sync_server.closing import late, stored, windows
from sync_server.closing.stored import Revision
from sync_server.corrections import objections_until
from sync_server.sheet import Sheet, Waiting
from sync_server.tukin import reading

Why = Literal[
    "TUNGGU_DATA",
    "UNREAD",
    "TAHAN_JAM",
    "CORRECTION",
    "NO_BASE",
    "NO_RULES",
    "LEAVE_CODE",
    "KINERJA_UNREADABLE",
    "NO_FACT",
    "NO_PEOPLE",
    "NO_OWNER",
    "UNMADE",
    "PAID_ELSEWHERE",  # the month of this person is frozen in the office `detail`
    "RUNNING",  # the month is not over
    "DISPUTE",  # the masa sanggah is not over; `detail` is its last day
    "CHANGED",  # facts have changed since; `detail` is the digest that now fits
    "DIFFERS",  # made anew from the raw events the day is another; `workdate` says which
]
_IN_TIME = ("TUNGGU_DATA", "UNREAD", "TAHAN_JAM")


class Lack(msgspec.Struct, frozen=True):
    """One thing in the way. `workdate` is ISO or "", `nip` "" where it is not one person's."""

    code: Why
    nip: str = ""
    name: str = ""
    workdate: str = ""
    detail: str = ""


class NotYet(Exception):
    """It cannot be done now; `lacks` says everything that is in the way."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(", ".join(f"{one.code} {one.nip} {one.workdate}" for one in lacks))
        self.lacks = tuple(lacks)


def of_sheet(made: Sheet) -> list[Lack]:
    """What the sheet itself says is waiting."""
    return [_lack(one) for one in made.pending]


def of_time(tx: Connection, revision: Revision, now: float) -> Iterator[Lack]:
    """The masa sanggah, while it lasts."""
    until = objections_until(tx, revision.opd, revision.month, revision.closed)
    if windows.today(tx, revision.opd, now) <= until:
        yield Lack("DISPUTE", detail=until.isoformat())


def running(tx: Connection, opd: str, month: str, now: float) -> Iterator[Lack]:
    """The month, while it lasts."""
    if not windows.is_over(tx, opd, month, now):
        yield Lack("RUNNING", workdate=localtime.month_days(month)[1].isoformat())


def paid_elsewhere(tx: Connection, made: Sheet) -> Iterator[Lack]:
    """Whoever another office's frozen sheet of the month pays, unless susulan took it back."""
    here = {row.record.nip: row.name for row in made.rows}
    for other in stored.of_month(tx, made.month).values():
        if other.opd != made.opd and other.state == "frozen":
            paid = late.paid(tx, other)
            for nip in sorted(here.keys() & paid.keys()):
                if paid[nip]:
                    yield Lack("PAID_ELSEWHERE", nip, here[nip], detail=other.opd)


def long_waiting(tx: Connection, made: Sheet, now: float) -> list[Waiting]:
    """Days that have waited longer than their rule set allows: BKPSDM has to decide about them, by a
    correction. They are never cut for having waited."""
    here = windows.today(tx, made.opd, now)
    rulesets = rulings.rulesets(tx)

    def waited_too_long(one: Waiting) -> bool:
        day = date.fromisoformat(one.workdate)
        rules = reading.in_force(rulesets, day)
        return rules is not None and here > day + timedelta(days=rules.max_wait_days)

    return [one for one in made.pending if one.code in _IN_TIME and waited_too_long(one)]


def _lack(one: Waiting) -> Lack:
    return Lack(one.code, one.nip, one.name, one.workdate, one.detail)
