"""How far the lids are open, by MediaPipe's iris network: the mesh alone does not see a closed eye."""

from pathlib import Path

import cv2
import numpy as np

from terminal_agent.faces.face import Floats, Image, Landmarks
from terminal_agent.faces.mesh import square

_SIDE = 64
_LARGER = 2.3  # than the eye is wide: how the network was trained
_LEFT, _RIGHT = (362, 263), (33, 133)  # inner and outer corner of the person's left eye; right
# Of the 71 points of a contour: its corners, and pairs of lower and upper lid between them.
_CORNERS = (0, 8)
_LOWER, _UPPER = [3, 4, 5], [11, 12, 13]


class Eyes:
    """A frame and a face's points in, eyelid openings out. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self._net = cv2.dnn.readNetFromTFLite(str(path))

    def openness(self, image: Image, landmarks: Landmarks) -> tuple[float, float]:
        """Height over width of the person's left and right eye: open .20 to .40 (a broad smile less),
        closed up to .14."""
        crops: list[Image] = [
            _crop(image, landmarks.points[list(corners), :2]) for corners in (_LEFT, _RIGHT)
        ]
        # The network was trained on the eye that is left in the picture, the person's right one.
        crops[0] = np.ascontiguousarray(crops[0][:, ::-1])
        self._net.setInput(cv2.dnn.blobFromImages(crops, 1 / 255, swapRB=True))
        contours = self._net.forward("output_eyes_contours_and_brows").reshape(2, 71, 3)
        return _opening(contours[0]), _opening(contours[1])


def _crop(image: Image, corners: Floats) -> Image:
    along = corners[1] - corners[0]
    lean = float(np.degrees(np.arctan2(along[1], along[0])))
    middle = (float(corners[:, 0].mean()), float(corners[:, 1].mean()))
    back = square(middle, max(float(np.hypot(*along)), 1.0) * _LARGER, lean, _SIDE)
    crop = cv2.warpAffine(
        image, back, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(crop, np.uint8)


def _opening(contour: Floats) -> float:
    width = np.hypot(*(contour[_CORNERS[1], :2] - contour[_CORNERS[0], :2]))
    heights = np.hypot(*(contour[_LOWER, :2] - contour[_UPPER, :2]).T)
    return float(heights.mean() / max(width, 1e-6))
