"""A Raspberry Pi's ribbon camera, by Picamera2, which comes with Raspberry Pi OS and not from PyPI."""

import importlib
import threading
from typing import Any

import numpy as np

from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces.cameras.grabbing import gone
from terminal_agent.faces.face import Image

NAME = "picamera2"
_SIZE = (640, 480)


class Ribbon:
    """The first ribbon camera. Never run on a Raspberry Pi by us: see docs/limits.md."""

    def __init__(self) -> None:
        """Raises SourceUnavailable("camera_gone"), SourceMisconfigured("no_picamera2")."""
        try:
            library: Any = importlib.import_module(NAME)
        except ImportError as problem:
            raise SourceMisconfigured("no_picamera2", str(problem)) from problem
        try:
            self._camera = library.Picamera2()
            # What libcamera calls RGB888 lies in memory as B, G, R.
            main = {"format": "RGB888", "size": _SIZE}
            self._camera.configure(self._camera.create_video_configuration(main=main))
            self._camera.start()
        except (RuntimeError, IndexError, OSError) as problem:
            raise gone(f"the ribbon camera does not start: {problem}") from problem

    def read(self, stop: threading.Event) -> Image | None:
        """The next frame. Raises SourceUnavailable."""
        if stop.is_set():
            return None
        try:
            return np.asarray(self._camera.capture_array("main"), np.uint8)
        except (RuntimeError, OSError) as problem:
            raise gone(f"the ribbon camera gave no frame: {problem}") from problem

    def close(self) -> None:
        """Let go of it."""
        self._camera.close()
