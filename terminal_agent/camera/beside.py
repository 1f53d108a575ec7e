"""Whose face stood before the camera when a finger punched beside it. It records and never blocks.

What accuses, that nobody or somebody else stood there, is said only where the camera watched all the
time: whoever came while it was away may have been the right one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

import msgspec

from terminal_agent.door.words import Compared, Punched
from terminal_agent.faces import match
from terminal_agent.faces.face import Floats
from terminal_agent.faces.match import Roster

AROUND = 10  # seconds before and after the punch
_REMEMBERED = 15  # seconds that the pipeline keeps faces: a punch told later has nothing to compare

Outcome = Literal["match", "mismatch", "no_face", "no_template"]


class Rememberer(Protocol):
    """Who knows which faces were there."""

    def seen_between(self, start: int, end: int) -> list[Floats]:
        """The embeddings, (n, size) in order, of every face seen; CLOCK_BOOTTIME seconds, both
        included."""


class _Open(msgspec.Struct, eq=False):
    """A punch whose ten seconds are not over. `faces`: those seen before it, until `through`."""

    punched: Punched
    faces: list[Floats]
    through: int


class Beside:
    """Finger punches of the last seconds. Times are CLOCK_BOOTTIME seconds; `covers` tells whether
    the camera has watched from then on."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def punched(self, word: Punched, memory: Rememberer, up: int) -> None:
        """A finger punched; one that is told too late, or stamped ahead of us, is left alone."""
        if abs(up - word.t) > _REMEMBERED:
            return
        through = min(word.t, up - 1)  # this second is not over
        seen = memory.seen_between(word.t - AROUND, through)
        self._open.append(_Open(word, seen, through))

    def due(
        self, memory: Rememberer, roster: Roster, up: int, covers: Callable[[int], bool]
    ) -> list[Compared]:
        """The punches whose time is over, compared."""
        over = [one for one in self._open if up > one.punched.t + AROUND]
        self._open = [one for one in self._open if one not in over]
        found = [(one.punched, _outcome(one, memory, roster)) for one in over]
        return [
            Compared(0, punched.epoch, punched.seq, what)
            for punched, what in found
            if what in ("match", "no_template") or covers(punched.t - AROUND)
        ]


def _outcome(one: _Open, memory: Rememberer, roster: Roster) -> Outcome:
    punched = one.punched
    before = one.faces + memory.seen_between(one.through + 1, punched.t)
    after = memory.seen_between(punched.t + 1, punched.t + AROUND)
    return outcome(roster, punched.pin, before, after)


def outcome(roster: Roster, pin: str, before: Sequence[Floats], after: Sequence[Floats]) -> Outcome:
    """What the faces before and after a punch, (n, size) embeddings each, say about who punched.
    Another face accuses only where it stood there before: after it, the next one of a queue comes."""
    if pin not in roster.pins:
        return "no_template"
    is_there = any(
        match.confirm(roster, pin, match.probe(rows)) is not None
        for face in (*before, *after)
        for rows in _windows(face)
    )
    if is_there:
        return "match"
    return "mismatch" if before else "no_face"


def _windows(face: Floats) -> Iterator[Floats]:
    """As many rows as make a probe, from each on: not all of them need be of who came first."""
    for first in range(max(1, len(face) - match.MOST_FRAMES + 1)):
        yield face[first : first + match.MOST_FRAMES]
