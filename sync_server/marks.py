"""The clock marks of a chain with what its other records and the ledger prove about them. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from contract.event import AnyRecord, Clock, Covered, ReceiptNoted, Scan
from sync_server.clocks import ANCHOR, ClockMark, Sight, error_s, most

_FROM_DEVICE = ("pull", "live", "push")


class Mentioned(msgspec.Struct, frozen=True):
    """The clock records as marks, and the looks at devices whose clock had not changed."""

    marks: list[ClockMark]
    sights: list[Sight]


def mentioned(records: Iterable[tuple[int, int, AnyRecord]]) -> Mentioned:
    """From (seq, received, record) in chain order; `received` is server UTC seconds.

    A mark comes after whatever a trusted clock dated before it, and after every receipt that was
    noted before it; it was made before it arrived.
    """
    marks: list[ClockMark] = []
    sights: list[Sight] = []
    after: int | None = None
    for _, received, record in records:
        if isinstance(record, Clock):
            marks.append(_mark(record, after, received))
        elif isinstance(record, ReceiptNoted):
            after = most(after, record.server_time)
        elif marks:
            after = most(after, _dated(record, marks))
            if isinstance(record, Covered) and not record.since:
                sights.append(Sight(len(marks) - 1, record.device, record.through))
    return Mentioned(marks, sights)


def _mark(record: Clock, after: int | None, received: int) -> ClockMark:
    return ClockMark(
        wall=record.wall,
        trust=record.trust,
        error_ms=record.error_ms,
        boot=record.boot,
        up=record.up,
        offsets=dict(record.offsets),
        after=after,
        before=received,
    )


def _dated(record: AnyRecord, marks: Sequence[ClockMark]) -> int | None:
    """The earliest UTC second at which the kiosk stored a record, if its clock was an anchor's.

    GNSS alone proves nothing here: whether it was spoofed is not known yet.
    """
    newest = marks[-1]
    if not ANCHOR <= newest.trust < 4:
        return None
    if isinstance(record, Covered):
        return record.through - error_s(newest)
    if isinstance(record, Scan) and record.source not in _FROM_DEVICE:
        return record.t - error_s(newest)
    return None
