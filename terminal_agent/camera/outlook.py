"""How well the camera sees, and since when without a break."""

import cv2
import numpy as np

from terminal_agent.door.words import Light, Watched
from terminal_agent.faces.face import Image

_DARK = 40.0  # mean grey level
_WHITE, _MOST_WHITE = 250.0, 0.25  # a window or a lamp in the lens: so much of the picture is white
_TOLD_EVERY = 60.0
_GAP = 2.0  # seconds between two frames: in more somebody may have come and gone


def light(image: Image) -> Light:
    """Whether faces can be seen in this light."""
    grey = cv2.cvtColor(
        cv2.resize(image, (80, 60), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY
    )
    if float(np.mean(grey)) < _DARK:
        return "dark"
    return "glare" if float(np.mean(grey >= _WHITE)) > _MOST_WHITE else "ok"


class Coverage:
    """The spans in which frames came without a break. Times are CLOCK_BOOTTIME seconds."""

    def __init__(self) -> None:
        self._since: float | None = None  # as the span that is not told yet began
        self._through = 0.0
        self._unbroken = 0.0

    def frame(self, up: float) -> Watched | None:
        """A frame came; once a minute, and after a gap, what to tell."""
        told = self.broken() if up - self._through > _GAP else None
        if self._since is None:
            self._since = self._unbroken = up
        self._through = up
        return told or (self._told() if up - self._since >= _TOLD_EVERY else None)

    def broken(self) -> Watched | None:
        """No more frames; what is left to tell."""
        told = self._told()
        self._since = None
        return told

    def covers(self, up: int) -> bool:
        """Whether frames came from `up` until the newest one."""
        return self._since is not None and self._unbroken <= up

    def _told(self) -> Watched | None:
        if self._since is None:
            return None
        since, through = int(self._since), int(self._through)
        self._since = self._through
        return Watched(0, since, through) if through > since else None
