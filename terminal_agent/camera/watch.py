"""The camera's process: composition root and main loop.

Frames go through the pipeline, its words to the agent. Crash-only: whatever nobody awaited ends the
process, and systemd starts it again; a camera, a gallery or a model that is not there is told to the
agent, and tried again.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import cv2

from terminal_agent import safe_mode
from terminal_agent.camera.gaze import Gaze, Kit
from terminal_agent.camera.outlook import light
from terminal_agent.camera.preview import Preview
from terminal_agent.camera.telling import Telling
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.door.words import Light, Sight
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import models, vault
from terminal_agent.faces.cameras.grabbing import Camera
from terminal_agent.faces.cameras.opening import opened
from terminal_agent.faces.gallery import Gallery
from terminal_agent.watchdog import Pulse, Watchdog, notify

log = logging.getLogger(__name__)

_THREADS = 2  # of OpenCV: half a Raspberry Pi is the screen's
_TURN = 0.2  # seconds: the longest that the agent's words wait
_IDLE, _AWAKE = 1 / 5, 1 / 15  # seconds between frames: with nobody there; a blink lasts 0.15
_SIGHT_EVERY = 10.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_TELLING_ALLOWANCE = 30.0  # seconds; the agent has five for each answer
_GOOD_RUN = 60.0  # a camera that stayed so long is tried again at once

Made = TypeVar("Made")
Failed = SourceUnavailable | SourceMisconfigured


def run(config: Config, clock: Clock, stop: threading.Event) -> None:
    """Look until `stop` is set. Raises SourceMisconfigured where no camera is configured."""
    if not config.camera.source:
        raise SourceMisconfigured("no_camera_source", "camera.source is empty")
    cv2.setNumThreads(_THREADS)
    pulse = Pulse(clock.monotonic)
    beat = pulse.beater("telling", _TELLING_ALLOWANCE)
    telling = Telling(Path(config.kiosk.socket), beat)
    try:
        Watch(config, clock, stop, (telling, Watchdog(pulse, clock.monotonic))).run()
    finally:
        notify("STOPPING=1")
        telling.close()


class Watch:
    """One camera, from the loading of the models to the end of the process. It is ready when it has
    said what it sees, or why it sees nothing."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        stop: threading.Event,
        told: tuple[Telling, Watchdog],
    ) -> None:
        self._config, self._clock, self._stop = config, clock, stop
        self._telling, self._watchdog = told
        self._preview = Preview(Path(config.kiosk.socket).parent)
        self._said: tuple[float, Sight, int] | None = None
        self._light: Light = "ok"

    def run(self) -> None:
        """Load what is needed, then look, as often as the camera comes back."""
        kit = self._patiently(self._load)
        if kit is None:
            return
        gaze = Gaze(kit, self._config.camera.challenge, self._clock, self._telling)
        wait = _FIRST_WAIT
        while not self._stop.is_set():
            began = self._clock.monotonic()
            try:
                self._watch(gaze)
            except (SourceUnavailable, SourceMisconfigured) as problem:
                if self._clock.monotonic() - began > _GOOD_RUN:
                    wait = _FIRST_WAIT
                self._blind(wait, problem, gaze)
                wait = min(_LONGEST_WAIT, wait * 2)

    def _load(self) -> Kit:
        self._check_mode()
        state, camera = Path(self._config.kiosk.state), self._config.camera
        found = models.load(state / "models", camera.recogniser, camera.model)
        return Kit(found, Gallery(state / "faces.db", vault.key(state)))

    def _watch(self, gaze: Gaze) -> None:
        """Open the camera and look, until the process ends. Raises what ends it before."""
        self._check_mode()
        gaze.renew()
        camera = opened(self._config.camera.source, self._clock)
        log.info("camera.there")
        try:
            self._look(camera, gaze)
        finally:
            gaze.shut()
            camera.close()
            self._preview.blank()

    def _look(self, camera: Camera, gaze: Gaze) -> None:
        while not self._stop.is_set():
            began = self._clock.monotonic()
            self._check_mode()
            gaze.hear()
            frame = camera.newest(_TURN)
            self._watchdog.feed()
            if frame is None:
                gaze.rest()
                continue
            image, at = frame
            gaze.take(image, at)
            self._preview.show(image, at, moving=gaze.awake(at))
            if self._is_due():
                self._light = light(image)
            self._see(self._sight(gaze))
            gap = _AWAKE if gaze.awake(at) else _IDLE
            self._stop.wait(max(0.0, began + gap - self._clock.monotonic()))

    def _check_mode(self) -> None:
        """Raises SourceUnavailable while a technician wants fingers only."""
        if safe_mode.is_on(Path(self._config.kiosk.state)):
            raise SourceUnavailable("safe_mode", "safe mode: fingers only")

    def _patiently(self, make: Callable[[], Made]) -> Made | None:
        """What `make` gives when it can; None where the process is to end before."""
        wait = _FIRST_WAIT
        while not self._stop.is_set():
            try:
                return make()
            except (SourceUnavailable, SourceMisconfigured) as problem:
                self._blind(wait, problem)
                wait = min(_LONGEST_WAIT, wait * 2)
        return None

    def _blind(self, seconds: float, problem: Failed, gaze: Gaze | None = None) -> None:
        """Wait, and say meanwhile why nothing is seen."""
        log.warning("camera.blind code=%s %s", problem.code, problem)
        until = self._clock.monotonic() + seconds
        while not self._stop.is_set() and self._clock.monotonic() < until:
            self._telling.news()  # what is asked of a blind camera is not done
            self._see(Sight(up=False, code=problem.code))
            if gaze is not None:
                gaze.rest()
            self._watchdog.feed()
            self._stop.wait(_TURN)

    def _sight(self, gaze: Gaze) -> Sight:
        is_alone = gaze.roster.threshold is None
        is_asked = self._config.camera.challenge != "never"
        return Sight(True, "", self._light, len(gaze.roster.pins), is_alone, is_asked)

    def _is_due(self) -> bool:
        return self._said is None or self._clock.monotonic() - self._said[0] >= _SIGHT_EVERY

    def _see(self, sight: Sight) -> None:
        """Say how well the camera sees: on every change, every 10 s, and to an agent that is new."""
        self._watchdog.ready()
        connections = self._telling.connections
        if self._said and self._said[1:] == (sight, connections) and not self._is_due():
            return
        self._said = (self._clock.monotonic(), sight, connections)
        self._telling.say(sight)
