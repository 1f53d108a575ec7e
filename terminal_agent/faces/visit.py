"""One face before the camera, from its first good frame to a scan: gathered, matched, challenged.

No model is called here but through the hall; what a frame shows comes as a Glance. A visit keeps
state, and is pure as its hall is: times are arguments, chance is the hall's.
"""

import math
from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

from contract.event import NOT_ASKED, VERIFY_NIP_AND_FACE
from terminal_agent.door.words import Face, Progress, Seen, Unmet, Word
from terminal_agent.faces import attempts, liveness
from terminal_agent.faces.attempts import Outcome, Spot
from terminal_agent.faces.gathering import Gathering, Glance
from terminal_agent.faces.hall import Hall, Known
from terminal_agent.faces.liveness import Challenge, Pose
from terminal_agent.faces.prompt import Prompt

_STRIKES = 3  # frames at the end of a turn that must all be another's: one may be blurred
_QUICK_TRIES, _SOON, _LATER = 3, 1.0, 4.0  # seconds between attempts to recognise one face
_CHECKED = 1.5  # seconds between looks at whether it is still the same face
_CHANGES = 2  # of those looks that must say it is not


class Visit:
    """The track `number`, first seen at `t` (CLOCK_BOOTTIME seconds) and `at` (monotonic)."""

    def __init__(self, hall: Hall, number: int, t: int, at: float) -> None:
        self.number = number
        self._hall = hall
        self._gathering = Gathering(hall, number, t, at)
        self._prompt = Prompt()
        self._stage: Literal["gather", "asked", "failed", "done"] = "gather"
        self._tries = 0
        self._rest_until = 0.0
        self._known: Known | None = None
        self._challenge: Challenge | None = None
        self._strikes: list[Glance] = []
        self._told: set[str] = set()
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
    def dealt_with(self) -> bool:
        """Whether another roster changes nothing: announced, or in the middle of a challenge."""
        return self._stage in ("done", "asked")

    def claimed(self, pin: str, now: float) -> list[Word]:
        """Somebody said that this face is theirs. Where it is being asked as that person's already,
        by the face alone, which takes more, the challenge goes on."""
        if self._challenge is None or self._known is None or self.pin != pin:
            return self.again(now)
        self._known = msgspec.structs.replace(self._known, verify=VERIFY_NIP_AND_FACE)
        return []

    def again(self, now: float) -> list[Word]:
        """Start over: somebody is said to be there, or the roster is another one."""
        words = self.gone(now)
        if self._stage == "done":
            self._gathering.another(None)
        self._gathering.doubt()  # who stood there for long and then types has come to type
        self._begin()
        return words

    def gone(self, now: float) -> list[Word]:
        """The face left."""
        return self._unmet("left", now) if self._challenge else []

    def seen(self, glance: Glance | None, x: int, now: float, nearest: bool) -> list[Word]:
        """One more frame in which the face is; no glance where it is too small or not a whole one.
        `nearest`: a NIP that was typed means this face."""
        self._expected = self._hall.expected(now) if nearest else ""
        if self._stage == "failed" and self._waits(self.pin, now) <= 0:
            self._begin()
        if self._stage == "done":
            self._hall.here(self.pin, now)
        words = self._looked(glance) if glance is not None else []
        if self._challenge is not None and now - self._challenge.since > liveness.SECONDS:
            words = self._unmet("timeout", now)
        return [*words, *self._prompt.told(self._face(glance, x, now), now)]

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
        self._tries, self._rest_until = 0, 0.0
        self._strikes = []
        self._gathering.anew()

    def _gather(self, glance: Glance) -> list[Word]:
        now = glance.pose.at
        if glance.faults or now < self._rest_until:
            return []
        probe = self._gathering.more(glance)
        if probe is None:
            return []
        self._known = self._hall.recognised(probe.rows, self._expected)
        if self._known is not None:
            return self._recognised(self._known, probe.glances, now)
        if self._expected or self._hall.knows_all:
            self._tries += 1
        self._rest_until = now + (_SOON if 0 < self._tries < _QUICK_TRIES else _LATER)
        return []

    def _recognised(self, known: Known, best: Sequence[Glance], now: float) -> list[Word]:
        hall, pin = self._hall, known.found.pin
        if not self._expected and hall.was_here(pin, now):
            return self._still(known, now)
        if not hall.asks(known.found.score):
            return self._announce(known, NOT_ASKED, now)
        if self._waits(pin, now) > 0:
            self._stage = "failed"
            return []
        spot = Spot(self.number, best[0].x, now)
        asked = attempts.choose(hall.attempts, pin, spot, hall.chance)
        poses = [one.pose for one in best]
        straight = Pose(
            at=now,
            yaw=median(pose.yaw for pose in poses),
            pitch=median(pose.pitch for pose in poses),
            span=median(pose.span for pose in poses),
        )
        self._stage, self._strikes = "asked", []
        self._challenge = liveness.ask(asked, straight)
        return []

    def _announce(self, known: Known, liveness_code: int, now: float) -> list[Word]:
        pin = known.found.pin
        self._stage, self._challenge, self._strikes = "done", None, []
        self._hall.announced(pin, now)
        self._hall.attempts = attempts.met(self._hall.attempts, pin)
        self._told.add(pin)
        return [self._word(known, liveness_code, now)]

    def _still(self, known: Known, now: float) -> list[Word]:
        """Somebody who was announced a moment ago: told that they are recorded, once here."""
        pin = known.found.pin
        self._stage = "done"
        self._hall.here(pin, now)
        if pin in self._told:
            return []
        self._told.add(pin)
        return [msgspec.structs.replace(self._word(known, NOT_ASKED, now), again=True)]

    def _word(self, known: Known, liveness_code: int, now: float) -> Seen:
        found, t = known.found, self._gathering.first_sight(now)
        which = (liveness_code, known.gallery, self.number)
        return Seen(0, found.pin, t, known.verify, found.score, *which)

    # --- the challenge ---------------------------------------------------------------------------

    def _answer(self, glance: Glance, challenge: Challenge) -> list[Word]:
        now, known = glance.pose.at, self._known
        self._challenge, step = liveness.judged(challenge, glance.pose)
        if step == "timeout" or step == "wrong":
            return self._unmet(step, now)
        if step == "wait" or known is None:
            return []
        if not self._hall.is_same(self._gathering.embed([glance]), known.found.pin):
            self._strikes.append(glance)
            over = challenge.asked == "blink" or len(self._strikes) >= _STRIKES
            return self._unmet("other_face", now) if over else []
        if step == "witness":
            return []
        return self._announce(known, liveness.CODES[challenge.asked], now)

    def _unmet(self, outcome: Outcome, now: float) -> list[Word]:
        known, challenge, hall = self._known, self._challenge, self._hall
        if known is None or challenge is None:
            return []
        note = attempts.walked_off if outcome == "left" else attempts.failed
        pin, asked = known.found.pin, challenge.asked
        hall.attempts = note(hall.attempts, pin, asked, Spot(self.number, self._prompt.x, now))
        self._stage, self._challenge, self._strikes = "failed", None, []
        ended = (asked, outcome, pin, known.found.score, known.gallery)
        if outcome != "left":
            self._gathering.doubt()
        return [Unmet(0, self._gathering.moment(now), *ended)]

    def _waits(self, pin: str, now: float) -> float:
        return attempts.waits(self._hall.attempts, pin, Spot(self.number, self._prompt.x, now))

    # --- what is kept, what is shown -------------------------------------------------------------

    def _check(self, glance: Glance) -> None:
        """Whether the next person has stepped into the place of one who is dealt with. This also keeps
        embeddings fresh: a finger may be laid on long after the face was recognised."""
        if glance.faults or glance.pose.at - self._gathering.embedded_at < _CHECKED:
            return
        is_same = self._hall.is_same(self._gathering.embed([glance]), self.pin)
        self._strikes = [] if is_same else [*self._strikes, glance]
        if len(self._strikes) >= _CHANGES:
            self._gathering.another(self._strikes[0])
            self._begin()

    def _face(self, glance: Glance | None, x: int, now: float) -> Face:
        """How it stands, for the screen; who was announced has a card instead."""
        if self._challenge is not None:
            left = liveness.left(self._challenge, now)
            return Face("ask", self.number, x, self._challenge.asked, left, self.pin)
        if self._stage == "done":
            return Face("idle", self.number)
        if self._stage == "failed":
            left = max(0, math.ceil(self._waits(self.pin, now)))
            return Face("failed", self.number, x, left_s=left, pin=self.pin)
        return Face(self._progress(glance), self.number, x, pin=self.pin)

    def _progress(self, glance: Glance | None) -> Progress:
        if self._tries:
            return "unknown"
        if not (self._expected or self._hall.knows_all):
            return "nip"
        return "look" if glance is None or glance.faults else "hold"
