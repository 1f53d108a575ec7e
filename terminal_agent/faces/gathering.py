"""The good frames of one face on their way to a probe, and since when that face has been here. No I/O:
frames bring their times, the embedder comes with the hall.

A scan's time is the first sight of the face that was recognised, as far as anybody can know:
- A face that is like the one embedded before on this track has been here as long as that one: who is
  recognised slowly, or types a NIP meanwhile, is not late because of it. After a failed challenge or a
  NIP that holds for a minute only: a picture may have kept somebody's place, or they only talked.
- A face unlike it has been here since the first frame of its own probe; who takes the place of one
  who is dealt with, since the first frame in which that one was missed.
- Where nobody was embedded yet, the frames that could not be judged are taken for the same person's
  for at most 5 s. Who stood there longer may have been anybody: then the probe's first frame counts.
- Who was announced and says by a NIP that they are to be recorded again is there from that moment.
"""

import math
from collections.abc import Sequence

import msgspec

from terminal_agent.faces.face import Floats, Image
from terminal_agent.faces.hall import Hall
from terminal_agent.faces.liveness import Pose
from terminal_agent.faces.match import MOST_FRAMES
from terminal_agent.faces.quality import Fault

MOST = 5  # good frames that are waited for, of which the best three make the probe
_WAITED = 0.5  # seconds after the first of them in which a slow camera's three will do
_STALE = 5.0  # seconds after which a good frame may be somebody else's
_LENT = 60  # seconds that such a face was here already, at most
_UNJUDGED = 5.0  # seconds of frames without a good one that are taken for one person's


class Glance(msgspec.Struct, frozen=True, eq=False):
    """What one frame shows of a face. `t`: CLOCK_BOOTTIME seconds; `x` as in words.Face; `worth`
    0..100 of a probe without `faults`; `chip` is what the embedder takes."""

    t: int
    x: int
    pose: Pose
    faults: Sequence[Fault]
    worth: int
    chip: Image


class Probe(msgspec.Struct, frozen=True, eq=False):
    """Up to three frames, the best first, and a row for each."""

    glances: Sequence[Glance]
    rows: Floats


class Gathering:
    """Of the track `number`, first seen at `t` (CLOCK_BOOTTIME seconds) and `at` (monotonic)."""

    def __init__(self, hall: Hall, number: int, t: int, at: float) -> None:
        self._hall, self._number = hall, number
        self._since = (t, at)
        self._good: list[Glance] = []
        self._face: Floats | None = None
        self._is_doubted = False
        self.embedded_at = 0.0

    def first_sight(self, now: float) -> int:
        """When the face that is here now (monotonic) came, CLOCK_BOOTTIME seconds."""
        since = self._since[0]
        return max(since, self.moment(now) - _LENT) if self._is_doubted else since

    def moment(self, now: float) -> int:
        """A monotonic time in CLOCK_BOOTTIME seconds."""
        t, at = self._since
        return t + math.floor(now - at)

    def doubt(self) -> None:
        """The face failed a challenge, or somebody said by a NIP who it is."""
        self._is_doubted = True

    def anew(self) -> None:
        """What was gathered came before somebody said who they are, or before another roster."""
        self._good = []

    def another(self, since: Glance | None) -> None:
        """The face is another one's, or counts as such: here since that frame, None = since the first
        good one that comes."""
        self._since = (since.t, since.pose.at) if since else (0, -math.inf)
        self._face, self._good, self._is_doubted = None, [], False

    def more(self, glance: Glance) -> Probe | None:
        """One more good frame; a probe where there are enough."""
        now = glance.pose.at
        if self._good and now - self._good[0].pose.at > _STALE:
            self._probe()  # what it shows still tells who has been here
        self._good.append(glance)
        waited = now - self._good[0].pose.at >= _WAITED
        enough = len(self._good) >= (MOST_FRAMES if waited else MOST)
        return self._probe() if enough else None

    def embed(self, glances: Sequence[Glance]) -> Floats:
        """A row for each."""
        self.embedded_at = glances[0].pose.at
        return self._hall.embedded([one.chip for one in glances], glances[0].t, self._number)

    def _probe(self) -> Probe:
        first = self._good[0]
        best = sorted(self._good, key=lambda one: -one.worth)[:MOST_FRAMES]
        rows = self.embed(best)
        if self._face is None:
            is_same = first.pose.at - self._since[1] <= _UNJUDGED
        else:
            is_same = self._hall.alike(self._face, rows)
        if not is_same:
            self._since, self._is_doubted = (first.t, first.pose.at), False
        self._face, self._good = rows, []
        return Probe(best, rows)
