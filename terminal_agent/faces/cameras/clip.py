"""A recorded clip in place of a camera, at the speed at which it was taken."""

import threading
from pathlib import Path

import cv2
import numpy as np

from terminal_agent.clock import Clock
from terminal_agent.faces.cameras.grabbing import gone
from terminal_agent.faces.cameras.pacing import Pace
from terminal_agent.faces.face import Image

_USUAL_FPS = 10.0
_MOST_FPS = 60.0  # more is a file without a rate


class Clip:
    """A video file. At its end it is a camera that was unplugged, unless it `loops`."""

    def __init__(self, path: Path, clock: Clock, *, loops: bool = False) -> None:
        """Raises SourceUnavailable("camera_gone")."""
        self._path, self._loops = path, loops
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            self._capture.release()
            raise gone(f"{path} is no clip that can be read")
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self._pace = Pace(fps if 0 < fps <= _MOST_FPS else _USUAL_FPS, clock)

    def read(self, stop: threading.Event) -> Image | None:
        """The next frame at its time. Raises SourceUnavailable."""
        if not self._pace.wait(stop):
            return None
        there, image = self._capture.read()
        if not there and self._loops:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            there, image = self._capture.read()
        if not there:
            raise gone(f"{self._path} ended")
        return np.asarray(image, np.uint8)

    def close(self) -> None:
        """Close the file."""
        self._capture.release()
