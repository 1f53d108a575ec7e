"""What is known of one face in one frame. Pixels are those of the frame, y downwards."""

import msgspec
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # BGR, as OpenCV reads it
Floats = NDArray[np.float32]


class Box(msgspec.Struct, frozen=True):
    """Where a detector found a face, and how sure it is (0..1). `lean`: by how many degrees the line
    from the right eye to the left one falls to the right of the frame."""

    x0: float
    y0: float
    x1: float
    y1: float
    score: float
    lean: float = 0.0

    @property
    def width(self) -> float:
        """In pixels."""
        return self.x1 - self.x0

    @property
    def middle(self) -> tuple[float, float]:
        """The box's centre, x and y."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


class Landmarks(msgspec.Struct, frozen=True):
    """The face mesh: `points` are 468 rows of x, y, z in pixels (MediaPipe's order); `presence` 0..1.

    Degrees: `yaw` is above 0 when the person turns to their own left (the right of an unmirrored
    frame), `pitch` when they look up, `roll` when their head leans to their own left shoulder.
    """

    points: Floats
    presence: float
    yaw: float
    pitch: float
    roll: float
