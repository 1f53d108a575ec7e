"""What all faces before the camera share: whom they are matched with, who was here a moment ago, who
still owes an answer to a challenge, and the embeddings that a finger punch is compared with.

Seconds of a monotonic clock are `now`, whole CLOCK_BOOTTIME seconds `t`. It keeps state, and is pure
in that it reads no clock, draws no chance and does no I/O: embedder and chance are given to it, times
come as arguments.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
import numpy as np

from contract.event import VERIFY_FACE, VERIFY_NIP_AND_FACE
from terminal_agent.faces import match
from terminal_agent.faces.attempts import Attempts
from terminal_agent.faces.face import Floats, Image
from terminal_agent.faces.match import Found, Roster

Policy = Literal["always", "doubtful", "never"]
DOUBTFUL = 40  # scores below: "doubtful" asks these people only
AGAIN = 10.0  # seconds in which a person who was recognised is not asked again on another track
# Who works before the camera is in view all day, and has to be recorded when they go: once they have
# been announced so long ago, it is enough to leave for a moment, or to type a NIP. It is also as long
# as the agent, as it is installed, records nobody twice.
LONG, MOMENT = 300.0, 3.0  # seconds
KEPT = 15  # seconds that embeddings are kept
_EXPECTED = 15.0  # seconds that a typed NIP waits for its face
# The largest distance at which a turned face, or one with shut eyes, is still the person's who was
# recognised a moment ago. Measured at 15 to 25 degrees on a dozen pictures each of three populations:
# 95 % of one's own below .31 to .65, one of a hundred others below .66 to .79. Of a roster too small
# for a centre .07 and .08.
_SAME, _SAME_ALONE = 0.60, 0.07


class Known(msgspec.Struct, frozen=True):
    """Somebody recognised; `verify` as in a scan, `gallery` the version it was matched with."""

    found: Found
    verify: int
    gallery: int


class _Kept(msgspec.Struct, frozen=True, eq=False):
    t: int
    track: int
    face: int
    rows: Floats


class _Here(msgspec.Struct, frozen=True):
    announced: float
    seen: float


class Hall:
    """One for a camera. `embed` gives a row for each chip; `chance` a number 0 <= c < 1."""

    def __init__(
        self,
        embed: Callable[[Sequence[Image]], Floats],
        roster: Roster,
        policy: Policy,
        chance: Callable[[], float],
    ) -> None:
        self._embed = embed
        self.roster = roster
        self.gallery = 0
        self.policy = policy
        self.chance = chance
        self.attempts: Attempts = ()
        self._recent: dict[str, _Here] = {}
        self._expected = ("", 0.0)
        self._kept: deque[_Kept] = deque()

    def replace(self, roster: Roster, gallery: int) -> None:
        """Match with another roster from now on."""
        self.roster, self.gallery = roster, gallery

    def expect(self, pin: str, now: float) -> None:
        """Somebody said who they are; "" = nobody."""
        self._expected = (pin, now + _EXPECTED)

    def expected(self, now: float) -> str:
        """Whom the nearest face has to be, "" where nobody said so."""
        pin, until = self._expected
        return pin if now <= until else ""

    def embedded(self, chips: Sequence[Image], t: int, track: int) -> Floats:
        """A row for each chip, kept for seen_between."""
        rows = self._embed(match.alternating(chips))
        last = next((one for one in reversed(self._kept) if one.track == track), None)
        face = last.face + (0 if self.alike(last.rows, rows) else 1) if last else 0
        self._kept.append(_Kept(t, track, face, rows))
        while self._kept[0].t < t - KEPT:
            self._kept.popleft()
        return rows

    def seen_between(self, start: int, end: int) -> list[Floats]:
        """The embeddings of each face seen from `start` to `end`, both included, in order: (n, size)
        each. Who takes another's place on a track is another face."""
        of_face: dict[tuple[int, int], list[Floats]] = {}
        for one in self._kept:
            if start <= one.t <= end:
                of_face.setdefault((one.track, one.face), []).append(one.rows)
        return [np.concatenate(rows) for rows in of_face.values()]

    def recognised(self, rows: Floats, pin: str) -> Known | None:
        """Whose face the rows (best first) show together; `pin` where somebody said who they are."""
        face = match.probe(rows)
        if pin:
            found, verify = match.confirm(self.roster, pin, face), VERIFY_NIP_AND_FACE
        else:
            found, verify = match.identify(self.roster, face), VERIFY_FACE
        return Known(found, verify, self.gallery) if found else None

    @property
    def knows_all(self) -> bool:
        """Whether the office is large enough for a face alone to tell who it is."""
        return self.roster.threshold is not None

    def alike(self, one: Floats, other: Floats) -> bool:
        """Whether two probes of one track are of one face, enrolled or not."""
        first, second = (
            match.unit(match.probe(rows) - self.roster.centre) for rows in (one, other)
        )
        return 1 - float(first @ second) <= self._same

    def is_same(self, rows: Floats, pin: str) -> bool:
        """Whether one frame of a challenge still shows the person recognised before it."""
        if pin not in self.roster.pins:
            return False
        found = match.nearest(self.roster, match.probe(rows))
        return found.pin == pin and found.distance <= self._same

    @property
    def _same(self) -> float:
        return _SAME if self.knows_all else _SAME_ALONE

    def asks(self, score: int) -> bool:
        """Whether the office wants a challenge of somebody matched with this score."""
        return self.policy == "always" or (self.policy == "doubtful" and score < DOUBTFUL)

    def announced(self, pin: str, now: float) -> None:
        """This person was recognised, and is told of; who was expected has come."""
        self._recent[pin] = _Here(now, now)
        if self.expected(now) == pin:
            self.expect("", now)

    def here(self, pin: str, now: float) -> None:
        """A person who was announced still stands here."""
        if pin in self._recent:
            self._recent[pin] = _Here(self._recent[pin].announced, now)

    def was_here(self, pin: str, now: float) -> bool:
        """Whether this person was announced, and here, so short a while ago that nothing is asked of
        them anew."""
        last = self._recent.get(pin)
        if last is None:
            return False
        return now - last.seen < (AGAIN if now - last.announced < LONG else MOMENT)
