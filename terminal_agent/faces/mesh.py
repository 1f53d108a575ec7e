"""The 468 points of a face and how the head is turned, by MediaPipe's face mesh network."""

from pathlib import Path

import cv2
import numpy as np

from terminal_agent.faces.face import Box, Floats, Image, Landmarks

_SIDE = 192
_LARGER = 1.5  # than the detector's box: how the network was trained
_RIGHT_CHEEK, _LEFT_CHEEK, _FOREHEAD, _CHIN = 234, 454, 10, 152


class Mesh:
    """A frame and a box in, the face's points out. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self._net = cv2.dnn.readNetFromTFLite(str(path))

    def landmarks(self, image: Image, box: Box) -> Landmarks:
        """The face in the box, whose `lean` is taken out before the network looks."""
        side = max(box.width, box.y1 - box.y0, 1.0) * _LARGER
        back = square(box.middle, side, box.lean, _SIDE)
        crop = cv2.warpAffine(
            image, back, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1 / 255, swapRB=True))
        points, presence = self._net.forward(("conv2d_20", "conv2d_30"))
        flat = np.ascontiguousarray(points.reshape(468, 3), np.float32)
        in_frame = np.empty_like(flat)
        in_frame[:, :2] = flat[:, :2] @ back[:, :2].T + back[:, 2]
        in_frame[:, 2] = flat[:, 2] * (side / _SIDE)
        sure = 1 / (1 + np.exp(-np.clip(float(presence.ravel()[0]), -80, 80)))
        return Landmarks(in_frame, float(sure), *_turned(in_frame))


def square(middle: tuple[float, float], side: float, lean: float, pixels: int) -> Floats:
    """The 2 by 3 map from a crop of so many pixels a side to the frame: a square of `side` frame
    pixels round `middle`, turned by `lean` degrees."""
    scale = side / pixels
    cos, sin = scale * np.cos(np.radians(lean)), scale * np.sin(np.radians(lean))
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = np.array(middle) - turn @ np.array([pixels / 2, pixels / 2])
    return np.asarray(np.column_stack([turn, shift]), np.float32)


def _turned(points: Floats) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, signs as Landmarks has them; z grows away from the camera."""
    across = points[_LEFT_CHEEK] - points[_RIGHT_CHEEK]
    down = points[_CHIN] - points[_FOREHEAD]
    yaw = np.arctan2(across[2], np.hypot(across[0], across[1]))
    pitch = np.arctan2(-down[2], np.hypot(down[0], down[1]))
    roll = np.arctan2(across[1], across[0])
    return float(np.degrees(yaw)), float(np.degrees(pitch)), float(np.degrees(roll))
