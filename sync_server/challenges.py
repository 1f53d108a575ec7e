"""Liveness challenges by person: how often each was met, and how one was not. In a pilot this is how
often people who live are refused (BPCER of ISO/IEC 30107-3), and whom the rules serve badly.

Every function works inside its caller's transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, and_, select

from contract.event import NOT_ASKED, Challenge, Scan, read
from sync_server import schema

_MET = "met"


class Tried(msgspec.Struct, frozen=True):
    """A person's challenges in an office: `met` became scans, the others did not. PIN "" is whoever was
    taken for nobody. `refused` is the share that was not met, 0..1."""

    opd: str
    pin: str
    met: int
    timeout: int
    wrong: int
    other_face: int
    left: int
    refused: float


def tried(tx: Connection, opd: str | None, since: int) -> list[Tried]:
    """The challenges that arrived from server UTC second `since` on; whoever failed most is first."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for office, pin, outcome in _told(tx, opd, since):
        counts[office, pin][outcome] += 1
    found = [_tried(office, pin, of) for (office, pin), of in counts.items()]
    return sorted(found, key=lambda one: (one.opd, -one.refused, one.pin))


def _tried(opd: str, pin: str, of: Counter[str]) -> Tried:
    unmet = (of["timeout"], of["wrong"], of["other_face"], of["left"])
    return Tried(opd, pin, of[_MET], *unmet, refused=round(sum(unmet) / of.total(), 4))


def _told(tx: Connection, opd: str | None, since: int) -> Iterator[tuple[str, str, str]]:
    """(office, PIN, outcome) of each; only the epochs of kiosks with a camera are read."""
    event, kiosk, device = schema.event.c, schema.kiosk.c, schema.device.c
    eyes = and_(device.kid == event.kid, device.epoch == event.epoch, device.family == "camera")
    query = (
        select(kiosk.opd, event.record)
        .join(schema.kiosk, kiosk.kid == event.kid)
        .where(event.kind.in_(("scan", "challenge")), event.received >= since)
        .where(select(device.idx).where(eyes).exists())
    )
    if opd is not None:
        query = query.where(kiosk.opd == opd)
    for office, data in tx.execute(query):
        record = read(data)
        if isinstance(record, Challenge):
            yield office, record.pin, record.outcome
        elif isinstance(record, Scan) and (record.liveness or NOT_ASKED) != NOT_ASKED:
            yield office, record.pin, _MET
