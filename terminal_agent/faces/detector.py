"""Where the faces of a frame are: BlazeFace's short-range network, for faces from about 64 pixels."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from terminal_agent.faces.face import Box, Floats, Image

_SIDE = 128
_SURE = 0.5  # the least score that is a face at all; enrolment and the pipeline ask for more
_SAME = 0.3  # boxes that share this much of what they cover are one face
_GRIDS = ((16, 2), (8, 6))  # cells along a side, anchors in each cell


def _anchors() -> Floats:
    """The middle of every anchor, 0..1, in the order of the network's rows."""
    rows = []
    for cells, each in _GRIDS:
        along = (np.arange(cells) + 0.5) / cells
        down, right = np.meshgrid(along, along, indexing="ij")
        rows.append(np.repeat(np.stack([right, down], -1).reshape(-1, 2), each, axis=0))
    return np.concatenate(rows).astype(np.float32)


class Detector:
    """Frames in, boxes out. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self._net = cv2.dnn.readNetFromTFLite(str(path))
        self._anchors = _anchors()

    def find(self, image: Image) -> list[Box]:
        """Every face of the frame, the largest first; boxes may reach over the frame's edges."""
        high, wide = image.shape[:2]
        side = max(high, wide)
        scale = _SIDE / side
        shrunk = cv2.resize(
            image,
            (max(1, round(wide * scale)), max(1, round(high * scale))),
            interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
        )
        square = np.zeros((_SIDE, _SIDE, 3), np.uint8)
        square[: shrunk.shape[0], : shrunk.shape[1]] = shrunk
        self._net.setInput(cv2.dnn.blobFromImage(square, 1 / 127.5, mean=(127.5,) * 3, swapRB=True))
        raw, logits = self._net.forward(("regressors", "classificators"))
        sure = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -80, 80)))
        return _boxes(raw[0], np.asarray(sure, np.float32), self._anchors, side)


def _boxes(raw: Floats, scores: Floats, anchors: Floats, side: int) -> list[Box]:
    """The network's rows as boxes in pixels. A row: middle, size, then both eyes and four more points
    as x and y, all in 128ths from the anchor."""
    kept = scores >= _SURE
    near, sure = raw[kept, :8] / _SIDE, scores[kept]
    middles, halves = near[:, :2] + anchors[kept], near[:, 2:4] / 2
    eyes = near[:, 6:8] - near[:, 4:6]
    rows = np.asarray(np.hstack([middles - halves, middles + halves, eyes]) * side, np.float32)
    found = [_one(rows[same], sure[same]) for same in _faces(rows, sure)]
    return sorted(found, key=lambda box: -box.width)


def _faces(rows: Floats, scores: Floats) -> list[NDArray[np.int64]]:
    """Which rows are of one face: the surest with all that overlap it, then the surest of the rest."""
    left = np.argsort(-scores)
    faces = []
    while left.size:
        same = _overlaps(rows[left[0]], rows[left]) >= _SAME
        same[0] = True
        faces.append(left[same])
        left = left[~same]
    return faces


def _overlaps(one: Floats, all_: Floats) -> Floats:
    """The area in common over the area of both."""
    low, high = np.maximum(one[:2], all_[:, :2]), np.minimum(one[2:4], all_[:, 2:4])
    common = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(np.maximum(all_[:, 2:4] - all_[:, :2], 0), axis=1)
    area = np.prod(np.maximum(one[2:4] - one[:2], 0))
    return np.asarray(common / np.maximum(areas + area - common, 1e-9), np.float32)


def _one(rows: Floats, scores: Floats) -> Box:
    """The mean of a face's rows, the surer the heavier: steadier from frame to frame than the surest."""
    x0, y0, x1, y1, right, down = (float(value) for value in scores @ rows / scores.sum())
    lean = float(np.degrees(np.arctan2(down, right)))
    return Box(x0, y0, x1, y1, float(scores.max()), lean)
