"""What the camera has to tell the agent waits here until the agent has answered.

Recognition never waits for it. Where the agent is away, what has an answer is told when it is back,
in the same order; how a face stood a moment ago is not, for nobody looks at it any more.
"""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from terminal_agent.door.client import Door, Question
from terminal_agent.door.words import FromAgent, FromClient, MadeGallery, Watched
from terminal_agent.errors import SourceUnavailable

log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 5.0
_LOOK = 0.5
_FAREWELL = 3.0  # seconds that the end of the process waits for the last answers


class Telling:
    """The camera's end of the agent's socket at `path`. `beat` is called at least every 15 s."""

    def __init__(self, path: Path, beat: Callable[[], None] = lambda: None) -> None:
        self._beat = beat
        self._door = Door(path, "camera")
        self._waiting: deque[Question] = deque()
        self._changed = threading.Condition()
        self._lost, self._closing = True, False
        self._gallery: MadeGallery | None = None  # the last one that the agent has committed
        self.connections = 0  # grows whenever the agent is there anew: it then knows of no Sight
        self._thread = threading.Thread(target=self._run, name="telling", daemon=True)
        self._thread.start()

    def ask(self, question: Question) -> None:
        """Tell it as soon as the agent is there, after what was to be told before."""
        with self._changed:
            if isinstance(question, Watched):
                question = self._longer(question)
            self._waiting.append(question)
            self._changed.notify_all()

    def _longer(self, watched: Watched) -> Watched:
        """With the span that waits before it in one; the first that waits may be on its way."""
        last = self._waiting[-1] if len(self._waiting) > 1 else None
        if not isinstance(last, Watched) or last.through != watched.since:
            return watched
        self._waiting.pop()
        return msgspec.structs.replace(watched, since=last.since)

    def say(self, word: FromClient) -> None:
        """Say it now or never."""
        with contextlib.suppress(SourceUnavailable):
            self._door.say(word)

    def news(self) -> list[FromAgent]:
        """What the agent said meanwhile; never waits."""
        try:
            return self._door.words(0.0)
        except SourceUnavailable:
            with self._changed:
                self._lost = True
                self._changed.notify_all()
            return []

    def close(self) -> None:
        """Tell what is left, if the agent is there, and hang up."""
        with self._changed:
            self._changed.wait_for(lambda: self._lost or not self._waiting, _FAREWELL)
            self._closing = True
            self._changed.notify_all()
        self._door.close()
        self._thread.join(_FAREWELL)
        if self._waiting:
            log.warning("camera.untold words=%d", len(self._waiting))

    def _run(self) -> None:
        wait = _FIRST_WAIT
        while not self._closing:
            self._beat()
            try:
                self._connect()
                wait = _FIRST_WAIT
                self._tell_all()
            except SourceUnavailable as problem:
                log.warning("agent.away waiting=%d %s", len(self._waiting), problem)
            with self._changed:
                self._lost = True
                self._changed.wait_for(lambda: self._closing, wait)
            wait = min(_LONGEST_WAIT, wait * 2)

    def _connect(self) -> None:
        self._door.connect()
        if self._gallery is not None:  # a new epoch begins without it
            self._door.ask(self._gallery)
        with self._changed:
            self._lost = False
        self.connections += 1
        log.info("agent.there waiting=%d", len(self._waiting))

    def _tell_all(self) -> None:
        while (question := self._next()) is not None:
            self._beat()
            told = self._door.ask(question)
            if told.code == "storage_full":  # it stays here, and is asked again
                raise SourceUnavailable("storage_full", "the kiosk's disk is full")
            if not told.ok:
                log.error("agent.refused code=%s %s", told.code, type(question).__name__)
            if told.ok and isinstance(question, MadeGallery):
                self._gallery = question
            with self._changed:
                self._waiting.popleft()
                self._changed.notify_all()

    def _next(self) -> Question | None:
        """What is to be told next, when there is something; None where the agent has gone."""
        with self._changed:
            while not self._waiting and not self._lost and not self._closing:
                self._beat()
                self._changed.wait(_LOOK)
            return self._waiting[0] if self._waiting and not self._lost else None
