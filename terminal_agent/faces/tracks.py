"""Which box of this frame is whose of the frames before. Pure; times are seconds of a monotonic clock
and CLOCK_BOOTTIME seconds.

A track's time is its first sight; how much of it belongs to whom is for the visit to tell.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec

from terminal_agent.faces.face import Box

MOST = 4  # as many as the screen has room for; the nearest, which are the largest, come first
LOST_AFTER = 1.0
_OVERLAP = 0.25
_STRIDE = 0.75  # of its own width: as far as a face moves between two frames of a slow camera
_GROWTH = 1.6


class Track(msgspec.Struct, frozen=True):
    """One face for as long as it stays before the camera. `since` and `t`: its first sight on the
    monotonic clock and in CLOCK_BOOTTIME; `at`: its newest sight."""

    number: int
    box: Box
    since: float
    t: int
    at: float


class Tracks(msgspec.Struct, frozen=True):
    """All faces followed just now. `present`: numbers of those in the newest frame, largest first;
    `ended`: of those given up with it; `crowd`: more faces stand there than are followed."""

    all: tuple[Track, ...] = ()
    present: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    crowd: bool = False
    last_number: int = 0

    def of(self, number: int) -> Track:
        """The track of that number, which is in `all`."""
        return next(track for track in self.all if track.number == number)


def followed(tracks: Tracks, boxes: Sequence[Box], now: float, t: int) -> Tracks:
    """The tracks after a frame in which the detector found `boxes`, largest first."""
    held = {track.number: track for track in tracks.all}
    mine = _pairs(tracks.all, boxes)
    number, room = tracks.last_number, MOST - len(mine)
    present: list[int] = []
    for index, box in enumerate(boxes):
        if index in mine and len(present) < MOST:
            old = held[mine[index]]
            track = msgspec.structs.replace(old, box=box, at=now)
        elif index not in mine and room > 0 and not _shadows(box, boxes[:index]):
            number, room = number + 1, room - 1
            track = Track(number, box, now, t, now)
        else:
            continue
        held[track.number] = track
        present.append(track.number)
    kept = tuple(track for track in held.values() if now - track.at <= LOST_AFTER)
    return Tracks(
        all=kept,
        present=tuple(present),
        ended=tuple(sorted(held.keys() - {track.number for track in kept})),
        crowd=len(boxes) > MOST,
        last_number=number,
    )


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0..1."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    shared = max(wide, 0.0) * max(high, 0.0)
    whole = _area(one) + _area(other) - shared
    return shared / whole if whole > 0 else 0.0


def _pairs(tracks: Iterable[Track], boxes: Sequence[Box]) -> dict[int, int]:
    """Track numbers by index of box: the best pair first, each used once."""
    scored = [
        (likeness, -index, track.number)
        for track in tracks
        for index, box in enumerate(boxes)
        if (likeness := _likeness(track.box, box)) > 0
    ]
    found: dict[int, int] = {}
    for _, index, number in sorted(scored, reverse=True):
        if -index not in found and number not in found.values():
            found[-index] = number
    return found


def _likeness(before: Box, after: Box) -> float:
    """Above 0 where both may be the same face: they overlap, or lie a stride apart at one size."""
    shared = overlap(before, after)
    if shared >= _OVERLAP:
        return 1 + shared
    small, large = sorted((before.width, after.width))
    if small <= 0 or large / small > _GROWTH:
        return 0.0
    (x0, y0), (x1, y1) = before.middle, after.middle
    apart = math.hypot(x1 - x0, y1 - y0) / large
    return max(0.0, _STRIDE - apart)


def _shadows(box: Box, larger: Sequence[Box]) -> bool:
    """Whether the detector found one face twice."""
    return any(overlap(box, other) >= _OVERLAP for other in larger)


def _area(box: Box) -> float:
    return max(box.width, 0.0) * max(box.y1 - box.y0, 0.0)
