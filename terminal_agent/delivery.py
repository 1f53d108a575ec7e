"""What a source hands to the intake, and what of it is new. Pure.

A device's log is read again and again (new card, replaced log, two ways to one device), so rows are
told apart by the punch key (serial, PIN, device second): the n-th such row in a log is the n-th one
stored. Rows behind a matching tail anchor are new by position and need no key.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from contract.event import (
    Challenge,
    Clock,
    Covered,
    Device,
    Operation,
    Record,
    Scan,
    Unreadable,
    Witnessed,
)
from terminal_agent import clock_trust
from terminal_agent.clock import Look

# Times outside 2010 … tomorrow never merge: a device whose clock was reset repeats its seconds.
_EARLIEST = 1_262_304_000
_DAY = 86_400
_HOUR = 3_600
_NAME = 64  # what a device calls itself must fit a frame, whatever it sends
_OWN_CLOCK = ("camera", "serial", "kiosk")  # sources that the kiosk's own clock stamps


class Reading(msgspec.Struct, frozen=True):
    """One record and the device's own bytes for it; `device`, `lag` and the `seq` of what a colleague
    vouches for (the scan before it) are filled in on storing.

    `placed`: it follows what is stored already (behind a matching anchor), so it is new for sure.
    """

    record: Record
    raw: bytes = b""
    placed: bool = True


class Delivery(msgspec.Struct, frozen=True):
    """What one look at a device brought, committed as a whole with its cursor.

    `offset_ms`: how far the device's wall clock is ahead of ours, just measured. `read_at` (UTC
    seconds) and `count`: the log was read whole up to that moment and holds so many records.
    `up_since`: of what keeps no log (a camera): it was up from then to `read_at`. `cursor`: where
    the next look goes on; `since` the cursor that this one went on from.
    """

    serial: str
    family: str = ""
    firmware: str = ""
    readings: tuple[Reading, ...] = ()
    offset_ms: int | None = None
    read_at: int = 0
    count: int | None = None
    up_since: int = 0
    since: bytes = b""
    cursor: bytes = b""


class Stored(msgspec.Struct, frozen=True):
    """What was new in a delivery, as it was committed at `look`: events `first` and on of `epoch`.
    What the journal wrote beside them (the device, its clock, coverage) is not among them."""

    epoch: int
    first: int
    records: tuple[Record, ...]
    look: Look


def key(reading: Reading) -> tuple[str, int] | None:
    """What tells a row from others on a re-read: (PIN, device second) for a scan, what was done and
    when for an operation, how a challenge ended, the bytes of an unreadable row. None where nothing
    can."""
    record = reading.record
    if isinstance(record, Scan) and not record.impossible:
        return record.pin, record.t
    if isinstance(record, Operation) and not record.impossible:
        return f"\0{record.code} {record.operator} {record.params}", record.t
    if isinstance(record, Challenge):
        return f"\0{record.asked} {record.outcome} {record.pin}", record.t
    if isinstance(record, Unreadable):
        return "\0" + (reading.raw or record.raw).hex(), 0
    return None


def fresh(
    parcel: Delivery, look: Look, stored: Callable[[str, str, int], int]
) -> Sequence[Reading]:
    """The readings that are not stored yet; `stored` counts rows with a serial, PIN and second."""
    latest = look.wall + 2 * _DAY if look.trust else None
    before: dict[tuple[str, int], int] = {}
    seen: Counter[tuple[str, int]] = Counter()
    new = []
    for reading in parcel.readings:
        mark = None if reading.placed else key(reading)
        if mark is None or not _mergeable(reading, latest):
            new.append(reading)
            continue
        if mark not in before:
            before[mark] = stored(parcel.serial, *mark)
        seen[mark] += 1
        if seen[mark] > before[mark]:
            new.append(reading)
    return new


def _mergeable(reading: Reading, latest: int | None) -> bool:
    record = reading.record
    if not isinstance(record, Scan | Operation):
        return True
    if isinstance(record, Scan) and record.source == "push":
        return True  # it comes again until it is answered, whatever its clock shows
    return record.t >= _EARLIEST and (latest is None or record.t <= latest)


def settled(
    readings: Sequence[Reading], first: int, index: int, offset_ms: int | None, wall: int
) -> list[Record]:
    """The records as they are committed at `wall`, numbered from `first` on."""
    out: list[Record] = []
    scan = 0
    for seq, reading in enumerate(readings, first):
        record = reading.record
        if isinstance(record, Scan):
            scan, record = seq, _dated(record, offset_ms, wall)
        elif isinstance(record, Witnessed):
            record = msgspec.structs.replace(record, seq=scan)
        if hasattr(record, "device"):
            record = msgspec.structs.replace(record, device=index)
        out.append(record)
    return out


def _dated(scan: Scan, offset_ms: int | None, wall: int) -> Scan:
    """The scan with its lag. The kiosk's own clock is no seconds ahead of itself."""
    ahead = 0 if scan.source in _OWN_CLOCK else offset_ms
    lag = 0 if scan.impossible else clock_trust.lag(scan.t, ahead, wall)
    return msgspec.structs.replace(scan, lag=lag)


def introduction(index: int, parcel: Delivery) -> Device:
    """The table entry that lets later records name this device by a number."""
    return Device(index, parcel.serial[:_NAME], parcel.family[:_NAME], parcel.firmware[:_NAME])


def clock_record(look: Look, index: int, offset_ms: int | None) -> Clock:
    """What a clock record written now would say; of the devices only the one just measured."""
    offsets = () if offset_ms is None else ((index, offset_ms),)
    return Clock(look.boot, look.up, look.wall, look.trust, look.error_ms, offsets, look.place)


def coverage(parcel: Delivery, index: int, covered: int, look: Look) -> Covered | None:
    """A coverage record with the first whole read after every full hour (shifts close on hours);
    whoever keeps no log says it when it is time (see `watched`).

    A clock that nobody vouches for cannot say up to when.
    """
    if parcel.count is None or not look.trust:
        return None
    if not parcel.up_since and parcel.read_at // _HOUR <= covered // _HOUR:
        return None
    return Covered(index, parcel.up_since, parcel.read_at, parcel.count)
