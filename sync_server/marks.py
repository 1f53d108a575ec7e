"""The clock marks of a chain with what its other records and the ledger prove about them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import msgspec
from msgspec.structs import replace

from contract.event import AnyRecord, Clock, Covered, ReceiptNoted, Scan
from sync_server.clockmark import CENTRE_S, ClockMark, most
from sync_server.clocks import Sight

_FROM_DEVICE = ("pull", "live", "push")


class Mentioned(msgspec.Struct, frozen=True):
    """The clock records as marks, and the looks at devices whose clock had not changed. `notes`: the
    receipts noted that nothing belies, as (marks before it, server time)."""

    marks: list[ClockMark]
    sights: list[Sight]
    notes: tuple[tuple[int, int], ...] = ()

    def holds(self, after: int | None) -> bool:
        """Whether what was derived from the newest receipt, of this server time, still stands."""
        return after is None or any(told == after for _, told in self.notes)


def mentioned(
    records: Iterable[tuple[int, int, AnyRecord]], before: Mentioned | None = None
) -> Mentioned:
    """From (seq, received, record) in chain order; `received` is server UTC seconds. `before` is
    what the records before these mentioned.

    A mark comes after every receipt that was noted before it; it was made before it arrived.
    """
    marks: list[ClockMark] = [*before.marks] if before else []
    sights: list[Sight] = [*before.sights] if before else []
    records = [*records]
    belied = belied_notes(records)
    notes = [*_standing(before.notes if before else (), records)]
    if before and len(notes) < len(before.notes):
        marks = [*_bounded(marks, notes)]
    after = max((time for _, time in notes), default=None)
    for seq, received, record in records:
        if isinstance(record, Clock):
            marks.append(_mark(record, after, received))
        elif isinstance(record, ReceiptNoted) and seq not in belied:
            notes.append((len(marks), record.server_time))
            after = most(after, record.server_time)
        elif marks:
            marks[-1] = _reaching(marks[-1], received, record)
            if isinstance(record, Covered) and not record.since:
                sights.append(Sight(len(marks) - 1, record.device, record.through))
    return Mentioned(marks, sights, tuple(notes))


def _reaching(mark: ClockMark, received: int, record: AnyRecord) -> ClockMark:
    """The mark, which a record after it says was in force until then."""
    stored = _stored(record)
    if stored is None or stored > received:  # no clock is believed in the future
        return mark
    return replace(mark, last=most(mark.last, stored))


def belied_notes(records: Sequence[tuple[int, int, AnyRecord]]) -> set[int]:
    """The receipts noted (seq) from an hour when the centre's clock was ahead: they, or something after
    them in the chain, arrived before they say that they were signed. Scans are not asked: a chain
    that is read on does not read them again."""
    belied: set[int] = set()
    upto: int | None = None
    for seq, received, record in reversed(records):
        if isinstance(record, Scan):
            continue
        upto = received if upto is None else min(upto, received)
        if isinstance(record, ReceiptNoted) and record.server_time > upto + CENTRE_S:
            belied.add(seq)
    return belied


def _standing(
    notes: Sequence[tuple[int, int]], later: Sequence[tuple[int, int, AnyRecord]]
) -> Iterator[tuple[int, int]]:
    """Those that records after them do not belie."""
    arrived = [received for _, received, record in later if not isinstance(record, Scan)]
    upto = min(arrived, default=None)
    return (note for note in notes if upto is None or note[1] <= upto + CENTRE_S)


def _bounded(
    marks: Sequence[ClockMark], notes: Sequence[tuple[int, int]]
) -> Iterator[ClockMark]:  # fmt: skip
    """The marks with what these receipts prove of them."""
    newest: dict[int, int] = {}
    for position, told in notes:
        newest[position] = max(told, newest.get(position, told))
    after = accumulate((newest.get(at) for at in range(len(marks))), most)
    return (replace(mark, after=one) for mark, one in zip(marks, after, strict=True))


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
