"""Whose face stood before the camera when a finger punched beside it. It records and never blocks."""

from collections.abc import Sequence
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
        """The embeddings, (n, size) each, of every face seen; UTC seconds, both included."""


class _Open(msgspec.Struct, eq=False):
    """A punch whose ten seconds are not over. `faces`: those seen until `through`."""

    punched: Punched
    faces: list[Floats]
    through: int


class Beside:
    """Finger punches of the last seconds. Times are UTC seconds by the system's clock."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def punched(self, word: Punched, memory: Rememberer, wall: int) -> None:
        """A finger punched; one that is told too late, or stamped ahead of us, is left alone."""
        if abs(wall - word.t) > _REMEMBERED:
            return
        seen = memory.seen_between(word.t - AROUND, wall)
        self._open.append(_Open(word, seen, wall))

    def due(self, memory: Rememberer, roster: Roster, wall: int) -> list[Compared]:
        """The punches whose time is over, compared."""
        over = [one for one in self._open if wall > one.punched.t + AROUND]
        self._open = [one for one in self._open if one not in over]
        return [_compared(one, memory, roster) for one in over]

    def interrupted(self) -> None:
        """The camera saw nothing for a while: what was open cannot be compared."""
        self._open.clear()


def _compared(one: _Open, memory: Rememberer, roster: Roster) -> Compared:
    punched = one.punched
    later = memory.seen_between(one.through + 1, punched.t + AROUND)
    found = outcome(roster, punched.pin, one.faces + later)
    return Compared(0, punched.epoch, punched.seq, found)


def outcome(roster: Roster, pin: str, faces: Sequence[Floats]) -> Outcome:
    """What the faces, (n, size) embeddings each, say about the person who punched."""
    if pin not in roster.pins:
        return "no_template"
    if not faces:
        return "no_face"
    probes = [match.probe(rows) for rows in faces]
    is_there = any(match.confirm(roster, pin, probe) is not None for probe in probes)
    return "match" if is_there else "mismatch"
