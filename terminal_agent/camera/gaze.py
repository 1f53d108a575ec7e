"""What the camera's process makes of frames: who is there, and what the agent hears of it."""

import logging
import random

import msgspec

from terminal_agent.camera.beside import Beside
from terminal_agent.camera.outlook import Coverage
from terminal_agent.camera.telling import Telling
from terminal_agent.clock import Clock
from terminal_agent.door.words import (
    Expect,
    Face,
    MadeGallery,
    Punched,
    Regallery,
    Seen,
    Unmet,
    Word,
)
from terminal_agent.faces import versions
from terminal_agent.faces.face import Image
from terminal_agent.faces.gallery import Gallery
from terminal_agent.faces.hall import Policy
from terminal_agent.faces.match import calibrate
from terminal_agent.faces.models import Models
from terminal_agent.faces.motion import Motion
from terminal_agent.faces.pipeline import Pipeline

log = logging.getLogger(__name__)

_STAYS_AWAKE = 3.0  # seconds after the last movement
_GALLERY_EVERY = 60.0  # the agent's word that templates changed may have been lost


class Kit(msgspec.Struct, frozen=True):
    """What faces are recognised with."""

    models: Models
    gallery: Gallery


class Gaze:
    """One for the life of the process, whatever becomes of the camera."""

    def __init__(self, kit: Kit, policy: Policy, clock: Clock, telling: Telling) -> None:
        self._kit, self._clock, self._telling = kit, clock, telling
        self.roster = calibrate(())
        chance = random.SystemRandom().random
        self._pipeline = Pipeline(kit.models, self.roster, policy, chance)
        self._motion, self._coverage, self._beside = Motion(), Coverage(), Beside()
        self._revision, self._checked = -1, float("-inf")
        self._awake_until = float("-inf")

    def awake(self, now: float) -> bool:
        """Whether somebody is there, or was a moment ago (monotonic seconds)."""
        return now < self._awake_until

    def hear(self) -> None:
        """Do what the agent asks. Raises SourceUnavailable, SourceMisconfigured of the gallery."""
        for word in self._telling.news():
            if isinstance(word, Expect):
                self._pass_on(self._pipeline.expect(word.pin, self._clock.monotonic()))
            elif isinstance(word, Punched) and self._coverage.covers(word.t):
                self._beside.punched(word, self._pipeline, self._wall())
            elif isinstance(word, Regallery):
                self.renew()
        if self._clock.monotonic() - self._checked >= _GALLERY_EVERY:
            self.renew()

    def take(self, image: Image, at: float) -> None:
        """One frame, taken at `at` (monotonic seconds)."""
        wall = self._clock.system() - (self._clock.monotonic() - at)
        is_worth_it = self._motion.worth_a_look(image, at) or self._pipeline.watching
        self._pass_on(self._pipeline.step(image if is_worth_it else None, at, int(wall)))
        if self._motion.moving or self._pipeline.watching:
            self._awake_until = at + _STAYS_AWAKE
        if watched := self._coverage.frame(at, wall):
            self._telling.ask(watched)
        for compared in self._beside.due(self._pipeline, self.roster, self._wall()):
            self._telling.ask(compared)

    def rest(self) -> None:
        """Time goes on without a frame: who stood there has gone."""
        self._pass_on(self._pipeline.step(None, self._clock.monotonic(), self._wall()))

    def shut(self) -> None:
        """The camera has gone, or the process ends: tell how long it watched."""
        self._motion = Motion()
        self._beside.interrupted()
        if watched := self._coverage.broken():
            self._telling.ask(watched)

    def renew(self) -> None:
        """Match with the templates as they are now. Raises SourceUnavailable, SourceMisconfigured."""
        gallery, self._checked = self._kit.gallery, self._clock.monotonic()
        revision = gallery.revision()
        if revision == self._revision:
            return
        model = self._kit.models.embedder.id
        self.roster, version = versions.in_force(gallery, model, self._wall())
        self._revision = revision
        people = len(version.roster)
        # Before any Seen that names it: the agent hears words in this order.
        self._telling.ask(
            MadeGallery(0, version.no, version.model, people, version.threshold, version.digest)
        )
        log.info("gallery.in_force version=%d people=%d", version.no, people)
        self._pass_on(self._pipeline.replace(self.roster, version.no, self._checked))

    def _wall(self) -> int:
        return int(self._clock.system())

    def _pass_on(self, words: list[Word]) -> None:
        for word in words:
            if isinstance(word, Seen | Unmet):
                log.info("face.%s gallery=%d", type(word).__name__.lower(), word.gallery)
                self._telling.ask(word)
            elif isinstance(word, Face):
                self._telling.say(word)
