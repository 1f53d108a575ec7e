"""Which faces can be used: each fault has its name, so that the screen can say what to do."""

import msgspec
import numpy as np
import pytest

from terminal_agent.faces import quality
from terminal_agent.faces.face import Box, Landmarks
from terminal_agent.faces.quality import ENROLMENT, PROBE, Measured

GOOD = Measured(width=160, sharpness=200, light=115, yaw=0, roll=0, openness=0.35, sure=0.95)


@pytest.mark.parametrize(
    ("change", "enrolment", "probe"),
    [
        ({}, [], []),
        ({"width": 90}, ["too_small"], []),
        ({"width": 50}, ["too_small"], ["too_small"]),
        ({"sharpness": 30}, ["too_blurred"], []),
        ({"sharpness": 8}, ["too_blurred"], ["too_blurred"]),
        ({"light": 40}, ["too_dark"], []),
        ({"light": 15}, ["too_dark"], ["too_dark"]),
        ({"light": 190}, ["too_bright"], []),
        ({"light": 220}, ["too_bright"], ["too_bright"]),
        ({"yaw": -18}, ["turned"], []),
        ({"yaw": 25}, ["turned"], ["turned"]),
        ({"roll": -18}, ["tilted"], []),
        ({"openness": 0.1}, ["eyes_closed"], []),
        ({"sure": 0.6}, ["unsure"], []),
        ({"width": 50, "light": 220}, ["too_small", "too_bright"], ["too_small", "too_bright"]),
    ],
)
def test_a_face_that_cannot_be_used_says_why(change, enrolment, probe):
    measured = msgspec.structs.replace(GOOD, **change)
    assert quality.judge(measured, ENROLMENT) == enrolment
    assert quality.judge(measured, PROBE) == probe


def test_nobody_and_a_crowd_are_faults_of_their_own():
    assert [quality.count(faces) for faces in (0, 1, 2)] == [["none"], [], ["several"]]


def chip_of(contrast, light=115):
    """A chessboard of 10-pixel squares round a mean grey."""
    board = np.indices((150, 150)).sum(axis=0) // 10 % 2
    return np.repeat((light + contrast * (board - 0.5))[:, :, None], 3, axis=2).astype(np.uint8)


def test_light_and_sharpness_are_those_of_the_aligned_face():
    box = Box(10, 20, 170, 200, 0.9)
    landmarks = Landmarks(np.zeros((468, 3), np.float32), 1.0, 12.0, 3.0, -4.0)
    sharp = quality.measure(box, landmarks, chip_of(80), (0.4, 0.3))
    flat = quality.measure(box, landmarks, chip_of(4, light=60), (0.4, 0.3))
    assert (sharp.width, sharp.yaw, sharp.roll, sharp.openness) == (160, 12.0, -4.0, 0.3)
    assert sharp.light == pytest.approx(115, abs=1)
    assert flat.light == pytest.approx(60, abs=1)
    assert sharp.sharpness > 60 > 20 > flat.sharpness
    assert quality.worth(sharp) > quality.worth(flat)
