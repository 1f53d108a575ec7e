"""How well the camera sees, and since when without a break."""

import cv2
import numpy as np

from terminal_agent.door.words import Light, Watched
from terminal_agent.faces.face import Image

_DARK = 40.0  # mean grey level
_WHITE, _MOST_WHITE = 250.0, 0.25  # a window or a lamp in the lens: so much of the picture is white
_TOLD_EVERY = 60.0
_LEAP = 2.0  # seconds by which the wall clock may differ from the time that went by


def light(image: Image) -> Light:
    """Whether faces can be seen in this light."""
    grey = cv2.cvtColor(
        cv2.resize(image, (80, 60), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY
    )
    if float(np.mean(grey)) < _DARK:
        return "dark"
    return "glare" if float(np.mean(grey >= _WHITE)) > _MOST_WHITE else "ok"


class Coverage:
    """The spans in which frames came without a break. `now`: monotonic seconds, `wall`: UTC."""

    def __init__(self) -> None:
        self._since: tuple[float, float] | None = None  # as the span that is not told yet began
        self._through = (0.0, 0.0)
        self._unbroken = 0.0

    def frame(self, now: float, wall: float) -> Watched | None:
        """A frame came; once a minute, what to tell."""
        if self._since is not None and abs((wall - now) - self._ahead()) > _LEAP:
            self._since = None  # somebody set the clock: nobody knows when the span began
        if self._since is None:
            self._since, self._unbroken = (now, wall), wall
        self._through = (now, wall)
        return self._told() if now - self._since[0] >= _TOLD_EVERY else None

    def broken(self) -> Watched | None:
        """No more frames; what is left to tell."""
        told = self._told() if self._since is not None else None
        self._since = None
        return told

    def covers(self, t: int) -> bool:
        """Whether frames came from `t` (UTC seconds) until now."""
        return self._since is not None and self._unbroken <= t

    def _ahead(self) -> float:
        now, wall = self._through
        return wall - now

    def _told(self) -> Watched | None:
        if self._since is None:
            return None
        since, through = int(self._since[1]), int(self._through[1])
        self._since = self._through
        return Watched(0, since, through) if through > since else None
