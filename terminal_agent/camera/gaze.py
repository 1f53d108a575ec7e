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
from terminal_agent.errors import SourceUnavailable
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
_GALLERY_SOON = 5.0  # after somebody else was writing it


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
        self._revision, self._renew_at = -1, float("-inf")
        self._awake_until = float("-inf")

    def awake(self, now: float) -> bool:
        """Whether somebody is there, or was a moment ago (monotonic seconds)."""
        return now < self._awake_until

    def hear(self) -> None:
        """Do what the agent asks. Raises SourceMisconfigured of the gallery."""
        for word in self._telling.news():
            if isinstance(word, Expect):
                self._pass_on(self._pipeline.expect(word.pin, self._clock.monotonic()))
            elif isinstance(word, Punched):
                self._beside.punched(word, self._pipeline, int(self._up()))
            elif isinstance(word, Regallery):
                self._renew_at = float("-inf")
        if self._clock.monotonic() >= self._renew_at:
            self._try_to_renew()

    def take(self, image: Image, at: float) -> None:
        """One frame, taken at `at` (monotonic seconds)."""
        up = self._up() - (self._clock.monotonic() - at)
        is_worth_it = self._motion.worth_a_look(image, at) or self._pipeline.watching
        self._pass_on(self._pipeline.step(image if is_worth_it else None, at, int(up)))
        if self._motion.moving or self._pipeline.watching:
            self._awake_until = at + _STAYS_AWAKE
        if watched := self._coverage.frame(up):
            self._telling.ask(watched)
        covers = self._coverage.covers
        for compared in self._beside.due(self._pipeline, self.roster, int(up), covers):
            self._telling.ask(compared)

    def rest(self) -> None:
        """Time goes on without a frame: who stood there has gone."""
        self._pass_on(self._pipeline.step(None, self._clock.monotonic(), int(self._up())))

    def shut(self) -> None:
        """The camera has gone, or the process ends: tell how long it watched."""
        self._motion = Motion()
        if watched := self._coverage.broken():
            self._telling.ask(watched)

    def renew(self) -> None:
        """Match with the templates as they are now. Raises SourceUnavailable, SourceMisconfigured."""
        gallery, now = self._kit.gallery, self._clock.monotonic()
        self._renew_at = now + _GALLERY_EVERY
        revision = gallery.revision()
        if revision == self._revision:
            return
        model = self._kit.models.embedder.id
        self.roster, version = versions.in_force(gallery, model, int(self._clock.system()))
        self._revision = revision
        people = len(version.roster)
        # Before any Seen that names it: the agent hears words in this order.
        self._telling.ask(
            MadeGallery(0, version.no, version.model, people, version.threshold, version.digest)
        )
        log.info("gallery.in_force version=%d people=%d", version.no, people)
        self._pass_on(self._pipeline.replace(self.roster, version.no, now))

    def _try_to_renew(self) -> None:
        try:
            self.renew()
        except SourceUnavailable as problem:  # somebody is being enrolled at this moment
            log.warning("gallery.busy %s", problem)
            self._renew_at = self._clock.monotonic() + _GALLERY_SOON

    def _up(self) -> float:
        return self._clock.up_ms() / 1000

    def _pass_on(self, words: list[Word]) -> None:
        for word in words:
            if isinstance(word, Seen | Unmet):
                log.info("face.%s gallery=%d", type(word).__name__.lower(), word.gallery)
                self._telling.ask(word)
            elif isinstance(word, Face):
                self._telling.say(word)
