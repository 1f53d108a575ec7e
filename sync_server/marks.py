"""The clock marks of a chain with what its other records and the ledger prove about them. Pure."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from contract.event import AnyRecord, Clock, Covered, ReceiptNoted, Scan
from sync_server.clockmark import ClockMark, most
from sync_server.clocks import Sight

_FROM_DEVICE = ("pull", "live", "push")


class Mentioned(msgspec.Struct, frozen=True):
    """The clock records as marks, and the looks at devices whose clock had not changed."""

    marks: list[ClockMark]
    sights: list[Sight]
    after: int | None = None  # the server time of the newest receipt noted


def mentioned(
    records: Iterable[tuple[int, int, AnyRecord]], before: Mentioned | None = None
) -> Mentioned:
    """From (seq, received, record) in chain order; `received` is server UTC seconds. `before` is
    what the records before these mentioned.

    A mark comes after every receipt that was noted before it; it was made before it arrived.
    """
    marks: list[ClockMark] = [*before.marks] if before else []
    sights: list[Sight] = [*before.sights] if before else []
    after = before.after if before else None
    for _, received, record in records:
        if isinstance(record, Clock):
            marks.append(_mark(record, after, received))
        elif isinstance(record, ReceiptNoted):
            after = most(after, record.server_time)
        elif marks:
            stored = _stored(record)
            if stored is not None and stored <= received:  # no clock is believed in the future
                marks[-1] = replace(marks[-1], last=most(marks[-1].last, stored))
            if isinstance(record, Covered) and not record.since:
                sights.append(Sight(len(marks) - 1, record.device, record.through))
    return Mentioned(marks, sights, after)


def _mark(record: Clock, after: int | None, received: int) -> ClockMark:
    return ClockMark(
        wall=record.wall,
        trust=record.trust,
        error_ms=max(0, record.error_ms),
        boot=record.boot,
        up=record.up,
        offsets=dict(record.offsets),
        after=after,
        before=received,
    )


def _stored(record: AnyRecord) -> int | None:
    """The kiosk second by which a record was stored at the earliest, where the kiosk stamped it."""
    if isinstance(record, Covered):
        return record.through
    if isinstance(record, Scan) and record.source not in _FROM_DEVICE:
        return record.t
    return None
