"""A camera being read: only its newest frame is kept, whatever the rest of the process does."""

import threading
from typing import Protocol

import cv2
import numpy as np

from terminal_agent.clock import Clock
from terminal_agent.errors import SourceUnavailable
from terminal_agent.faces.face import Image

_MOST_SIDE = 640  # pixels: what stands before a kiosk is near, and every step costs by the pixel
_SILENCE = 10.0  # seconds without a frame: a camera that answers but shows nothing is gone, too
_FAREWELL = 5.0


class Reader(Protocol):
    """One kind of camera, already open."""

    def read(self, stop: threading.Event) -> Image | None:
        """The next frame, BGR, when it is there; None where `stop` was set meanwhile.

        Raises SourceUnavailable("camera_gone").
        """

    def close(self) -> None:
        """Let go of it. Called once, by the thread that read."""


class Camera:
    """Reads a Reader in a thread of its own until `close`."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader, self._clock = reader, clock
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._frame: tuple[Image, float] | None = None
        self._problem: SourceUnavailable | None = None
        self._heard = clock.monotonic()
        self._thread = threading.Thread(target=self._grab, name="grabbing", daemon=True)
        self._thread.start()

    def newest(self, timeout: float) -> tuple[Image, float] | None:
        """The newest frame that was not given yet, and its second of the monotonic clock; None where
        none comes in `timeout` seconds. Raises SourceUnavailable("camera_gone")."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame or self._problem, timeout)
            found, self._frame = self._frame, None
            if found is None and self._problem is not None:
                raise self._problem
        if found is None and self._clock.monotonic() - self._heard > _SILENCE:
            raise gone(f"no frame for {_SILENCE:.0f} s")
        return found

    def close(self) -> None:
        """Let go of the camera."""
        self._stop.set()
        self._thread.join(_FAREWELL)

    def _grab(self) -> None:
        try:
            while (image := self._reader.read(self._stop)) is not None:
                self._show(_small(image))
        except SourceUnavailable as problem:
            with self._changed:
                self._problem = problem
                self._changed.notify_all()
        finally:
            self._reader.close()

    def _show(self, image: Image) -> None:
        with self._changed:
            self._heard = self._clock.monotonic()
            self._frame = (image, self._heard)
            self._changed.notify_all()


def gone(sentence: str) -> SourceUnavailable:
    """The camera is not there, or not any more."""
    return SourceUnavailable("camera_gone", sentence)


def _small(image: Image) -> Image:
    scale = _MOST_SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    shrunk = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.uint8)
