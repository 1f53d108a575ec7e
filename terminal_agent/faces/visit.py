"""One face before the camera, from its first good frame to a scan: gathered, matched, challenged.

No model is called here but through the hall; what a frame shows comes as a Glance.
"""

from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

from contract.event import NOT_ASKED
from terminal_agent.door.words import Face, Progress, Seen, Unmet, Word
from terminal_agent.faces import attempts, liveness
from terminal_agent.faces.attempts import Outcome
from terminal_agent.faces.face import Floats, Image
from terminal_agent.faces.hall import Hall, Known
from terminal_agent.faces.liveness import Challenge, Pose
from terminal_agent.faces.quality import Fault

GOOD_FRAMES = 3
_STRIKES = 3  # frames at the end of a turn that must all be another's: one may be blurred
_QUICK_TRIES, _SOON, _LATER = 3, 1.0, 4.0  # seconds between attempts to recognise one face
_CHECKED = 1.5  # seconds between looks at whether it is still the same face
_CHANGES = 2  # of those looks that must say it is not
_MOVED = 5  # percent of the frame's width that the screen follows


class Glance(msgspec.Struct, frozen=True, eq=False):
    """What one frame shows of a face. `x` as in words.Face; `worth` 0..100 of a probe without
    `faults`; `chip` is what the embedder takes."""

    t: int
    x: int
    pose: Pose
    faults: Sequence[Fault]
    worth: int
    chip: Image


class Visit:
    """The track `number`, first seen at `t` (UTC seconds)."""

    def __init__(self, hall: Hall, number: int, t: int) -> None:
        self.number = number
        self._hall = hall
        self._t = t
        self._stage: Literal["gather", "asked", "failed", "done"] = "gather"
        self._good: list[Glance] = []
        self._tries = 0
        self._rest_until = 0.0
        self._embedded_at = 0.0
        self._known: Known | None = None
        self._challenge: Challenge | None = None
        self._strikes = 0
        self._face: Floats | None = None
        self._said: Face | None = None
        self._expected = ""

    @property
    def blink_asked(self) -> bool:
        """Whether the next glance has to tell how open the eyes are."""
        return self._challenge is not None and self._challenge.asked == "blink"

    @property
    def pin(self) -> str:
        """Whom the face is taken for, "" while nobody is."""
        return self._known.found.pin if self._known else ""

    @property
    def challenged(self) -> bool:
        """Whether something is asked of the face."""
        return self._challenge is not None

    @property
    def dealt_with(self) -> bool:
        """Whether another roster changes nothing: announced, or in the middle of a challenge."""
        return self._stage in ("done", "asked")

    def again(self, now: float) -> list[Word]:
        """Start over: somebody said who they are, or the roster is another one."""
        words = self.gone(now)
        self._begin()
        return words

    def gone(self, now: float) -> list[Word]:
        """The face left."""
        return self._unmet("left", now) if self._challenge else []

    def seen(self, glance: Glance | None, x: int, now: float, nearest: bool) -> list[Word]:
        """One more frame in which the face is; no glance where it is too small or not a whole one.
        `nearest`: a NIP that was typed means this face."""
        self._expected = self._hall.expected(now) if nearest else ""
        if self._stage == "failed" and attempts.waits(self._hall.attempts, self.pin, now) <= 0:
            self._begin()
        if self._stage == "done":
            self._hall.here(self.pin, now)
        words = self._looked(glance) if glance is not None else []
        if self._challenge is not None and now - self._challenge.since > liveness.SECONDS:
            words = self._unmet("timeout", now)
        return words + self._shown(glance, x, now)

    def _looked(self, glance: Glance) -> list[Word]:
        if self._challenge is not None:
            return self._answer(glance, self._challenge)
        if self._stage == "gather":
            return self._gather(glance)
        self._check(glance)
        return []

    # --- recognising -----------------------------------------------------------------------------

    def _begin(self) -> None:
        self._stage, self._known, self._challenge = "gather", None, None
        self._good, self._tries, self._rest_until = [], 0, 0.0
        self._strikes = 0

    def _gather(self, glance: Glance) -> list[Word]:
        now = glance.pose.at
        if glance.faults or now < self._rest_until:
            return []
        self._good.append(glance)
        if len(self._good) < GOOD_FRAMES:
            return []
        best = sorted(self._good, key=lambda one: -one.worth)
        rows = self._embed(best)
        if self._face is not None and not self._hall.alike(self._face, rows):
            self._t = self._good[0].t  # somebody else has taken the place of who stood here
        self._face, self._good = rows, []
        self._known = self._hall.recognised(rows, self._expected)
        if self._known is not None:
            return self._recognised(self._known, best)
        if self._expected or self._hall.knows_all:
            self._tries += 1
        self._rest_until = now + (_SOON if 0 < self._tries < _QUICK_TRIES else _LATER)
        return []

    def _recognised(self, known: Known, best: Sequence[Glance]) -> list[Word]:
        hall, now = self._hall, max(one.pose.at for one in best)
        pin = known.found.pin
        if not self._expected and hall.was_here(pin, now):
            self._stage = "done"
            return []
        if not hall.asks(known.found.score):
            return self._announce(known, NOT_ASKED, now)
        if attempts.waits(hall.attempts, pin, now) > 0:
            self._stage = "failed"
            return []
        asked = attempts.choose(hall.attempts, pin, best[0].x, now, hall.chance)
        poses = [one.pose for one in best]
        straight = Pose(
            at=now,
            yaw=median(pose.yaw for pose in poses),
            pitch=median(pose.pitch for pose in poses),
            span=median(pose.span for pose in poses),
        )
        self._stage, self._strikes = "asked", 0
        self._challenge = liveness.ask(asked, straight)
        return []

    def _announce(self, known: Known, liveness_code: int, now: float) -> list[Word]:
        pin, score = known.found.pin, known.found.score
        self._stage, self._challenge, self._strikes = "done", None, 0
        self._hall.here(pin, now)
        self._hall.attempts = attempts.met(self._hall.attempts, pin, now)
        self._hall.expect("", now)
        return [Seen(0, pin, self._t, known.verify, score, liveness_code, known.gallery)]

    # --- the challenge ---------------------------------------------------------------------------

    def _answer(self, glance: Glance, challenge: Challenge) -> list[Word]:
        now, known = glance.pose.at, self._known
        self._challenge, step = liveness.judged(challenge, glance.pose)
        if step == "timeout" or step == "wrong":
            return self._unmet(step, now)
        if step == "wait" or known is None:
            return []
        if not self._hall.is_same(self._embed([glance]), known.found.pin):
            self._strikes += 1
            over = challenge.asked == "blink" or self._strikes >= _STRIKES
            return self._unmet("other_face", now) if over else []
        if step == "witness":
            return []
        return self._announce(known, liveness.CODES[challenge.asked], now)

    def _unmet(self, outcome: Outcome, now: float) -> list[Word]:
        known, challenge, hall = self._known, self._challenge, self._hall
        if known is None or challenge is None:
            return []
        note = attempts.walked_off if outcome == "left" else attempts.failed
        x = self._said.x if self._said else 50
        pin, asked = known.found.pin, challenge.asked
        hall.attempts = note(hall.attempts, pin, asked, now, x)
        self._stage, self._challenge, self._strikes = "failed", None, 0
        return [Unmet(0, self._t, asked, outcome, pin, known.found.score, known.gallery)]

    # --- what is kept, what is shown -------------------------------------------------------------

    def _embed(self, glances: Sequence[Glance]) -> Floats:
        self._embedded_at = glances[0].pose.at
        return self._hall.embedded([one.chip for one in glances], glances[0].t, self.number)

    def _check(self, glance: Glance) -> None:
        """Whether the next person has stepped into the place of one who is dealt with. This also keeps
        embeddings fresh: a finger may be laid on long after the face was recognised."""
        if glance.faults or glance.pose.at - self._embedded_at < _CHECKED:
            return
        same = self._hall.is_same(self._embed([glance]), self.pin)
        self._strikes = 0 if same else self._strikes + 1
        if self._strikes >= _CHANGES:
            self._t, self._face = glance.t, None
            self._begin()

    def _shown(self, glance: Glance | None, x: int, now: float) -> list[Word]:
        """A word for the screen where something changed; who was announced has a card instead."""
        if self._stage == "done":
            return []
        face = Face(self._progress(glance), self.number, x, pin=self.pin)
        if self._challenge is not None:
            left = liveness.left(self._challenge, now)
            face = msgspec.structs.replace(face, asked=self._challenge.asked, left_s=left)
        before = self._said
        if before and abs(before.x - x) < _MOVED:
            face = msgspec.structs.replace(face, x=before.x)
        self._said = face
        return [] if face == before else [face]

    def _progress(self, glance: Glance | None) -> Progress:
        if self._challenge is not None:
            return "ask"
        if self._stage == "failed":
            return "failed"
        if self._tries:
            return "unknown"
        nobody_to_find = not (self._expected or self._hall.knows_all)
        return "look" if nobody_to_find or glance is None or glance.faults else "hold"
