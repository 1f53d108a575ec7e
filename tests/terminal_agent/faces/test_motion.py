"""The motion gate lets nothing pass but what moves, and one look a second."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.faces import Pose, frame
from terminal_agent.faces.motion import Motion


def watching(picture) -> tuple[Motion, float]:
    """A gate that has seen this picture for a while, and the second after it."""
    motion = Motion()
    for number in range(10):
        motion.worth_a_look(picture, number / 10)
    return motion, 1.0


@settings(max_examples=25)
@given(st.integers(0, 1000), st.sampled_from([1.0, 3.0, 4.0]))
def test_a_sensors_noise_is_no_motion(number, noise):
    motion, now = watching(frame([], 0, noise))
    motion.worth_a_look(frame([], number, noise), now)
    assert not motion.moving


@settings(max_examples=25)
@given(st.integers(0, 560), st.integers(0, 400), st.integers(80, 200), st.sampled_from([-1, 1]))
def test_anything_as_large_as_a_face_is_seen_to_come(x, y, side, sign):
    picture = np.full((480, 640, 3), 128, np.uint8)
    motion, now = watching(picture)
    changed = picture.copy()
    changed[y : y + side, x : x + side] = 128 + sign * 25
    motion.worth_a_look(changed, now)
    assert motion.moving


def test_nobody_there_is_looked_at_once_a_second():
    motion, start = watching(frame([]))
    looks = [motion.worth_a_look(frame([], n), start + n / 10) for n in range(50)]
    assert 4 <= sum(looks) <= 6


def test_somebody_who_stands_still_melts_into_the_background_but_is_looked_at_once_a_second():
    motion, start = watching(frame([]))
    still = frame([Pose("collins")])
    looks = [motion.worth_a_look(still, start + n / 10) for n in range(200)]
    assert looks[0]
    assert not motion.moving
    assert 4 <= sum(looks[-50:]) <= 6
