"""The upright square in which the recogniser knows a face."""

from typing import NamedTuple

import cv2
import numpy as np

from terminal_agent.faces.face import Floats, Image, Landmarks


class Pose(NamedTuple):
    """How faces stand in a recogniser's chip of `side` pixels: which mesh points (the mean of each
    group) belong in which places."""

    side: int
    groups: tuple[tuple[int, ...], ...]
    places: tuple[tuple[float, float], ...]


# Corners of both eyes, under and at the tip of the nose, corners of the mouth, between the brows;
# where dlib's own alignment puts them, measured on 158 photographs: the network was trained on that.
DLIB = Pose(
    150,
    ((33,), (133,), (362,), (263,), (2,), (1,), (61,), (291,), (168,)),
    (
        (35.0, 45.5),
        (59.0, 47.3),
        (88.3, 47.5),
        (112.5, 45.7),
        (73.8, 86.4),
        (73.3, 82.1),
        (49.0, 100.5),
        (98.8, 100.9),
        (73.7, 43.1),
    ),
)

# What SFace, ArcFace and their kin share: middles of both eyes, tip of the nose, corners of the mouth.
FIVE_POINTS = Pose(
    112,
    ((33, 133), (362, 263), (1,), (61,), (291,)),
    (
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ),
)


def chip(image: Image, landmarks: Landmarks, pose: Pose = DLIB) -> Image:
    """The face upright in a square of `pose.side` pixels, in RGB (the frame is BGR)."""
    points = np.array([landmarks.points[list(group), :2].mean(axis=0) for group in pose.groups])
    turned = similarity(points, np.array(pose.places))
    bgr = cv2.warpAffine(
        image,
        turned,
        (pose.side, pose.side),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def similarity(points: Floats, places: Floats) -> Floats:
    """The turn, scale and shift (2 by 3) that brings the points nearest to their places: least squares
    over complex numbers, in which a turn with a scale is one factor."""
    here = points[:, 0] + 1j * points[:, 1].astype(np.float64)
    there = places[:, 0] + 1j * places[:, 1]
    centre, goal = here.mean(), there.mean()
    spread = np.vdot(here - centre, here - centre).real
    factor = np.vdot(here - centre, there - goal) / max(spread, 1e-9)
    shift = goal - factor * centre
    return np.array(
        [[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]],
        np.float32,
    )
