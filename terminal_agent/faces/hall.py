"""What all faces before the camera share: whom they are matched with, who was here a moment ago, who
still owes an answer to a challenge, and the embeddings that a finger punch is compared with.

Seconds of a monotonic clock are `now`, UTC seconds `t`.
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
AGAIN = 10.0  # seconds in which a person who was recognised is not announced on another track
KEPT = 15  # seconds that embeddings are kept
_EXPECTED = 15.0  # seconds that a typed NIP waits for its face
# The largest distance at which a turned face, or one with shut eyes, is still the person's who was
# recognised a moment ago. Measured at 15 to 25 degrees: staff 95 % below .60, one of a hundred others
# below .66; of a roster too small for a centre .07 and .08.
_SAME, _SAME_ALONE = 0.60, 0.07


class Known(msgspec.Struct, frozen=True):
    """Somebody recognised; `verify` as in a scan, `gallery` the version it was matched with."""

    found: Found
    verify: int
    gallery: int


class _Kept(msgspec.Struct, frozen=True, eq=False):
    t: int
    track: int
    rows: Floats


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
        self._recent: dict[str, float] = {}
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
        self._kept.append(_Kept(t, track, rows))
        while self._kept[0].t < t - KEPT:
            self._kept.popleft()
        return rows

    def seen_between(self, start: int, end: int) -> list[Floats]:
        """The embeddings of each face seen from `start` to `end`, both included: (n, size) each."""
        of_track: dict[int, list[Floats]] = {}
        for one in self._kept:
            if start <= one.t <= end:
                of_track.setdefault(one.track, []).append(one.rows)
        return [np.concatenate(rows) for rows in of_track.values()]

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

    def here(self, pin: str, now: float) -> None:
        """A person who was announced still stands here."""
        self._recent[pin] = now

    def was_here(self, pin: str, now: float) -> bool:
        """Whether this person was announced, and here, a moment ago."""
        return now - self._recent.get(pin, -AGAIN) < AGAIN
