"""What the camera sees, as a mirror, for the screen: one file that is always whole and never kept."""

import logging
import os
from pathlib import Path

import cv2

from terminal_agent.faces.face import Image

log = logging.getLogger(__name__)

FILE = "preview.jpg"
_MOVING, _STILL = 0.1, 1.0  # seconds between two pictures
_QUALITY = 75
_MODE = 0o640  # the screen's user shares the agent's group


class Preview:
    """Writes `preview.jpg` in a folder that is memory, not a card (/run), for people before the
    kiosk to see themselves. Nothing is drawn in it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._shown = float("-inf")
        self._failed = False

    def show(self, image: Image, now: float, *, moving: bool) -> None:
        """Show this frame, if the last one was long enough ago; `now`: monotonic seconds."""
        if now - self._shown < (_MOVING if moving else _STILL):
            return
        self._shown = now
        jpeg = cv2.imencode(".jpg", cv2.flip(image, 1), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
        self._attempt(jpeg.tobytes())

    def blank(self) -> None:
        """The camera is away: nobody is shown the past."""
        self._path.unlink(missing_ok=True)

    def _attempt(self, data: bytes) -> None:
        beside = self._path.with_name(FILE + ".new")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, _MODE)
                file.write(data)
            beside.replace(self._path)
        except OSError as problem:
            if not self._failed:  # a screen without a preview still works
                log.warning("preview.not_written %s", problem)
            self._failed = True
