"""Finger punches beside the face that a camera saw then: what to look at once a week. A mismatch is a
question to somebody, never a proof: people step back, and a colleague stands in front."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from contract.event import Copresence, Scan, read
from sync_server import schema


class Apart(msgspec.Struct, frozen=True):
    """A finger punch before which another face was seen. `t` is what the terminal showed, local
    wall clock counted as if UTC; 0 and PIN "" where the punch itself is not here."""

    kid: str
    epoch: int
    seq: int
    pin: str
    t: int


class Watch(msgspec.Struct, frozen=True):
    """An office's comparisons: how many of each outcome, and the mismatches."""

    opd: str
    match: int
    mismatch: int
    no_face: int
    no_template: int
    apart: tuple[Apart, ...]


def watches(tx: Connection, opd: str | None, since: int) -> list[Watch]:
    """The comparisons that arrived from server UTC second `since` on, by office."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    apart: dict[str, list[Apart]] = defaultdict(list)
    for office, kid, epoch, told in _told(tx, opd, since):
        counts[office][told.outcome] += 1
        if told.outcome == "mismatch":
            apart[office].append(_apart(tx, kid, epoch, told.seq))
    return [
        Watch(
            office,
            counts[office]["match"],
            counts[office]["mismatch"],
            counts[office]["no_face"],
            counts[office]["no_template"],
            tuple(sorted(apart[office], key=lambda one: (one.t, one.kid, one.seq))),
        )
        for office in sorted(counts)
    ]


def _told(
    tx: Connection, opd: str | None, since: int
) -> Iterator[tuple[str, str, int, Copresence]]:
    event, kiosk = schema.event.c, schema.kiosk.c
    query = (
        select(kiosk.opd, event.kid, event.epoch, event.record)
        .join(schema.kiosk, kiosk.kid == event.kid)
        .where(event.kind == "copresence", event.received >= since)
    )
    if opd is not None:
        query = query.where(kiosk.opd == opd)
    for office, kid, epoch, data in tx.execute(query).all():
        record = read(data)
        if isinstance(record, Copresence):
            yield office, kid, epoch, record


def _apart(tx: Connection, kid: str, epoch: int, seq: int) -> Apart:
    event = schema.event.c
    where = (event.kid == kid, event.epoch == epoch, event.seq == seq)
    data = tx.execute(select(event.record).where(*where)).scalar()
    scan = read(data) if data is not None else None
    if not isinstance(scan, Scan):
        return Apart(kid, epoch, seq, "", 0)
    return Apart(kid, epoch, seq, scan.pin, scan.t)
