"""Finger punches beside the face that a camera saw then: what to look at once a week. A mismatch is a
question to somebody, never a proof: people step back, and a colleague stands in front."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

import msgspec
from sqlalchemy import Connection, select

from contract.event import Copresence, Epoch, Scan, read
from sync_server import events, roster, schema
from sync_server.retime import Derived


class Apart(msgspec.Struct, frozen=True):
    """A finger punch before which another face was seen. `t` is what the terminal showed, local
    wall clock counted as if UTC; 0 and PIN "" where the punch itself is not here. `seq` 0: the kiosk
    could not say which event of an epoch long ago it was. `happened`: derived UTC seconds, None where
    they are not known; `zone`: minutes east of UTC there."""

    kid: str
    epoch: int
    seq: int
    pin: str
    t: int
    happened: int | None = None
    zone: int = 0


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
    zone_of = cache(partial(roster.zone, tx))
    read_of = cache(partial(events.derived, tx))
    for office, kid, epoch, told in _told(tx, opd, since):
        counts[office][told.outcome] += 1
        if told.outcome == "mismatch":
            apart[office].append(_timed(_apart(tx, kid, epoch, told.seq), zone_of(office), read_of))
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
    if seq < 0:  # see contract.event.Copresence
        epoch, seq = _before(tx, kid, epoch), -seq
    event = schema.event.c
    where = (event.kid == kid, event.epoch == epoch, event.seq == seq)
    data = tx.execute(select(event.record).where(*where)).scalar()
    scan = read(data) if data is not None else None
    if not isinstance(scan, Scan):
        return Apart(kid, epoch, seq, "", 0)
    return Apart(kid, epoch, seq, scan.pin, scan.t)


def _timed(
    one: Apart, zone: int | None, read_of: Callable[[str, int, int], Mapping[int, Derived]]
) -> Apart:
    """With its derived time, where the office's zone and the terminal's clock are known."""
    if not one.pin or zone is None:
        return one
    derived = read_of(one.kid, one.epoch, zone).get(one.seq)
    return msgspec.structs.replace(one, happened=derived.t if derived else None, zone=zone)


def _before(tx: Connection, kid: str, epoch: int) -> int:
    """The epoch before this one, 0 where its first record is not here."""
    event = schema.event.c
    where = (event.kid == kid, event.epoch == epoch, event.seq == 1)
    data = tx.execute(select(event.record).where(*where)).scalar()
    first = read(data) if data is not None else None
    return first.previous if isinstance(first, Epoch) else 0
