"""When a satellite receiver may be believed: its sentences in, a fix out. Pure.

A receiver without satellites goes on talking: with its battery clock, with its last fix, or with a
date 1,024 weeks off. So a time counts only after three sentences that ran as the boot-time clock did.
"""

from statistics import median_low

import msgspec

from terminal_agent.clock_trust import EARLIEST_MS, Fix

Place = tuple[int, int]

_CONSISTENT = 3
_SATELLITES = 4
_GAP_MS = 5_000
_JITTER_MS = 900  # sentences of one second leave a 9600-baud port over most of the next
_ERROR_MS = 1_000
_LATE_MS = 500
_ROLLOVER_MS = 1024 * 7 * 86_400_000
_PLACES = 30


class Heard(msgspec.Struct, frozen=True):
    """One RMC or GGA sentence. `utc_ms`: date and time of an RMC whose status is A, else None;
    `satellites`: those used, of a GGA with a fix (0 without); `place` in microdegrees."""

    up_ms: int
    utc_ms: int | None = None
    satellites: int | None = None
    place: Place | None = None


class Receiver(msgspec.Struct, frozen=True):
    """What was heard lately: times that agree, oldest first, when satellites last sufficed, places."""

    times: tuple[tuple[int, int], ...] = ()
    satellites_ms: int | None = None
    places: tuple[Place, ...] = ()


def hear(receiver: Receiver, heard: Heard) -> Receiver:
    """After one more sentence."""
    if heard.satellites is not None:
        enough = heard.satellites >= _SATELLITES
        return msgspec.structs.replace(receiver, satellites_ms=heard.up_ms if enough else None)
    if heard.utc_ms is None or not EARLIEST_MS <= heard.utc_ms < EARLIEST_MS + _ROLLOVER_MS:
        return msgspec.structs.replace(receiver, times=(), places=())
    new = (heard.up_ms, heard.utc_ms)
    if receiver.times and not _agree(receiver.times[-1], new):
        return Receiver((new,), receiver.satellites_ms)
    places = (*receiver.places, heard.place)[-_PLACES:] if heard.place else receiver.places
    return Receiver(
        (*receiver.times, new)[-_CONSISTENT:],
        receiver.satellites_ms,
        tuple(place for place in places if place),
    )


def fix(receiver: Receiver, up_ms: int) -> Fix | None:
    """The time of the newest sentence, None where it may not be believed or is stale at `up_ms`."""
    if len(receiver.times) < _CONSISTENT or receiver.satellites_ms is None:
        return None
    then_ms, utc_ms = receiver.times[-1]
    if up_ms - min(then_ms, receiver.satellites_ms) > _GAP_MS:
        return None
    return Fix(then_ms, utc_ms + _LATE_MS, _ERROR_MS, 4)


def place(receiver: Receiver) -> Place | None:
    """Where the receiver stands, once it has said so often enough: one bad fix moves nobody."""
    if len(receiver.places) < _PLACES:
        return None
    north = median_low(one[0] for one in receiver.places)
    return north, median_low(one[1] for one in receiver.places)


def _agree(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether both clocks went on by the same, forward and without a long silence."""
    passed, told = now[0] - before[0], now[1] - before[1]
    return told > 0 and passed <= _GAP_MS and abs(told - passed) <= _JITTER_MS
