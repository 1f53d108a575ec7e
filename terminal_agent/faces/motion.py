"""Whether anything moves before the camera: half a millisecond that saves the rest of the work."""

import cv2
import numpy as np

from terminal_agent.faces.face import Floats, Image

_WIDTH, _HEIGHT = 160, 120
_GREY = 18.0  # levels: a sensor's noise stays below, also at night
_SHARE = 0.01  # of all pixels
_LEARNS = 0.05  # how much of each frame the background takes over
_HEARTBEAT = 1.0  # seconds: somebody who stands still melts into the background, and is not lost


class Motion:
    """A running average of what stands before the camera, and what differs from it."""

    def __init__(self) -> None:
        self._background: Floats | None = None
        self._looked = float("-inf")
        self.moving = False  # as of the newest frame

    def worth_a_look(self, image: Image, now: float) -> bool:
        """Whether to look for faces in this frame, at `now` (monotonic seconds): something moves, or
        nobody looked for a second."""
        self.moving = self._differs(image)
        if not self.moving and now - self._looked < _HEARTBEAT:
            return False
        self._looked = now
        return True

    def _differs(self, image: Image) -> bool:
        small = cv2.resize(image, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)
        if self._background is None:
            self._background = grey
            return True
        far = np.count_nonzero(np.abs(grey - self._background) > _GREY)
        self._background += _LEARNS * (grey - self._background)
        return int(far) > _SHARE * _WIDTH * _HEIGHT
