"""What the screen was last told of one track, and when to tell it more. Pure of I/O: it keeps what was
said, and the time (monotonic seconds) comes as an argument.
"""

import msgspec

from terminal_agent.door.words import Face

REPEATED = 1.8  # seconds: a screen forgets a track of which it hears nothing
_MOVED = 5  # percent of the frame's width that the screen follows


class Prompt:
    """For one track. `x` is where the screen has it."""

    def __init__(self) -> None:
        self._said: Face | None = None
        self._at = 0.0

    @property
    def x(self) -> int:
        """As in words.Face; the middle where nothing was said yet."""
        return self._said.x if self._said else 50

    def told(self, face: Face, now: float) -> list[Face]:
        """The word, where it is another than the last one, or was said long enough ago. A track of
        which nothing was said needs no "idle", and none is repeated."""
        before = self._said
        if before is None and face.progress == "idle":
            return []
        if before and face.progress != "idle" and abs(before.x - face.x) < _MOVED:
            face = msgspec.structs.replace(face, x=before.x)
        if face == before and (face.progress == "idle" or now - self._at < REPEATED):
            return []
        self._said, self._at = face, now
        return [face]
