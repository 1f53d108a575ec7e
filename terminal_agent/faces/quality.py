"""Whether a face can be used, and why not: limits measured by degrading photographs. Pure.

Overexposure hurts most (a quarter of the matches at 1.8 times the light), then blur and motion; dark
and lit from the side do little. A look that is enrolled serves for years, so its limits are narrower.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from terminal_agent.faces.face import Box, Image, Landmarks

Fault = Literal[
    "none",
    "several",
    "unsure",
    "too_small",
    "too_blurred",
    "too_dark",
    "too_bright",
    "turned",
    "tilted",
    "eyes_closed",
]


class Measured(msgspec.Struct, frozen=True):
    """One face. `width` in pixels of the frame; `sharpness`: variance of the Laplacian of the aligned
    chip; `light`: its mean grey, 0..255; `yaw`, `roll` in degrees; `openness` of the less open eye;
    `sure`: the detector's score, 0..1."""

    width: float
    sharpness: float
    light: float
    yaw: float
    roll: float
    openness: float
    sure: float


class Limits(msgspec.Struct, frozen=True):
    """What a face must hold; units as in Measured."""

    width: float
    sharpness: float
    darkest: float
    brightest: float
    yaw: float
    roll: float
    openness: float
    sure: float


PROBE = Limits(60, 20, 25, 200, 20, 20, 0.0, 0.5)  # closed eyes are a blink, not a fault
# Open eyes begin at .15 and not where most people's are: of 232 portraits and webcam frames with open
# eyes a tenth lay below .25, of some people every second one.
ENROLMENT = Limits(110, 60, 50, 180, 15, 15, 0.15, 0.8)


def measure(box: Box, landmarks: Landmarks, chip: Image, openness: tuple[float, float]) -> Measured:
    """The figures of one face; `chip` is the aligned RGB image, so that size does not count twice."""
    grey = chip.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return Measured(
        width=box.width,
        sharpness=_sharpness(grey),
        light=float(grey.mean()),
        yaw=landmarks.yaw,
        roll=landmarks.roll,
        openness=min(openness),
        sure=box.score,
    )


def judge(measured: Measured, limits: Limits) -> list[Fault]:
    """What is wrong with this face, the most telling first; [] = it can be used."""
    wrong: Sequence[tuple[Fault, bool]] = (
        ("too_small", measured.width < limits.width),
        ("unsure", measured.sure < limits.sure),
        ("too_dark", measured.light < limits.darkest),
        ("too_bright", measured.light > limits.brightest),
        ("turned", abs(measured.yaw) > limits.yaw),
        ("tilted", abs(measured.roll) > limits.roll),
        ("too_blurred", measured.sharpness < limits.sharpness),
        ("eyes_closed", measured.openness < limits.openness),
    )
    return [fault for fault, holds in wrong if holds]


def count(faces: int) -> list[Fault]:
    """What is wrong with this number of faces, where one is wanted."""
    return ["none"] if faces == 0 else ["several"] if faces > 1 else []


def worth(measured: Measured) -> int:
    """0..100: how good a look this is, for choosing among those without fault."""
    parts = (
        min(measured.sharpness / 300, 1.0),
        min(measured.width / 200, 1.0),
        1 - min(abs(measured.light - 115) / 115, 1.0),
        1 - min(abs(measured.yaw) / 45, 1.0),
        measured.sure,
    )
    return round(100 * sum(parts) / len(parts))


def _sharpness(grey: NDArray[np.float32]) -> float:
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * grey[1:-1, 1:-1]).var())
