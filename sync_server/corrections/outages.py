"""Outages that the ledger knows of: holes in what a camera covered while people should have been able to
record there. Somebody still has to say what happened, with evidence.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, select

from sync_server import coverage, roster, schema
from sync_server.corrections import excusing
from sync_server.corrections.record import POINTS, Correction

_DAY_S = 86_400
_MOST = 20
_LONGEST_S = 7 * _DAY_S


class Hole(msgspec.Struct, frozen=True):
    """A device of an office that was away between two UTC seconds, and how many checkpoints of its
    people have no punch because of it."""

    device: str
    since: int
    until: int
    checkpoints: int


def suggested(tx: Connection, opd: str, first: date, last: date) -> list[Hole]:
    """The holes of an office's devices that began between two dates and cost somebody something; the
    newest first, at most 20."""
    zone = (roster.zone(tx, opd) or 0) * 60
    begin = (first - date(1970, 1, 1)).days * _DAY_S - zone
    end = (last - date(1970, 1, 1)).days * _DAY_S - zone + _DAY_S
    found = []
    for device, since, until in _holes(tx, opd, begin, end):
        touched = excusing.spread(tx, _as_outage(opd, device, since, until))
        if count := sum(map(len, touched.values())):
            found.append(Hole(device, since, until, count))
    return sorted(found, key=lambda hole: hole.since, reverse=True)[:_MOST]


def _holes(tx: Connection, opd: str, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    its, kiosk = schema.claim.c, schema.kiosk.c
    query = (
        select(its.serial, its.since, its.through, its.spare)
        .where(its.kid.in_(select(kiosk.kid).where(kiosk.opd == opd)))
        .where(its.through >= begin - _LONGEST_S, its.since <= end + _LONGEST_S)
        .order_by(its.serial, its.since)
    )
    reached: dict[str, int] = defaultdict(int)
    for row in tx.execute(query):
        last = reached[row.serial]
        shortest = max(row.spare, coverage.SHORT_GAP_S)
        if begin <= last < end and shortest <= row.since - last <= _LONGEST_S:
            yield row.serial, last, row.since
        reached[row.serial] = max(last, row.through)


def _as_outage(opd: str, device: str, since: int, until: int) -> Correction:
    """What it would be, if somebody asked."""
    return Correction(
        no=0,
        opd=opd,
        nip="",
        workdate=date(1970, 1, 1) + timedelta(days=since // _DAY_S),
        kind="",
        points=POINTS,
        since=since,
        until=until,
        device=device,
        reason="",
        document="",
        attachment="",
        state="draft",
        asked=0,
        asked_by="",
    )
