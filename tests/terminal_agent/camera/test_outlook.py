"""The camera says how well it sees, and for which time nobody can have been missed."""

import numpy as np
import pytest

from simulators.faces import Pose, frame
from terminal_agent.camera.outlook import Coverage, light
from terminal_agent.door.words import Watched

T = 1_764_000_000.0


def spans(coverage, *frames):
    """What is told after frames at (monotonic, wall)."""
    return [told for now, wall in frames if (told := coverage.frame(now, wall))]


def test_the_time_watched_is_told_each_minute_without_a_hole():
    coverage = Coverage()
    told = spans(coverage, *((n / 2, T + n / 2) for n in range(400)))
    assert told == [
        Watched(0, int(T), int(T) + 60),
        Watched(0, int(T) + 60, int(T) + 120),
        Watched(0, int(T) + 120, int(T) + 180),
    ]
    assert coverage.broken() == Watched(0, int(T) + 180, int(T) + 199)


def test_the_time_without_frames_is_not_watched():
    coverage = Coverage()
    spans(coverage, (0, T), (5, T + 5))
    assert coverage.broken() == Watched(0, int(T), int(T) + 5)
    assert coverage.broken() is None
    spans(coverage, (100, T + 100), (103, T + 103))
    assert coverage.broken() == Watched(0, int(T) + 100, int(T) + 103)


@pytest.mark.parametrize("leap", [-7200, -5, 5, 86_400])
def test_a_clock_that_was_set_in_between_makes_no_span(leap):
    coverage = Coverage()
    spans(coverage, (0, T), (5, T + 5), (6, T + 6 + leap), (9, T + 9 + leap))
    assert coverage.broken() == Watched(0, int(T) + 6 + leap, int(T) + 9 + leap)


def test_only_time_without_a_break_covers_a_punch():
    coverage = Coverage()
    assert not coverage.covers(int(T))
    spans(coverage, *((n, T + n) for n in range(90)))
    assert coverage.covers(int(T) + 1)
    assert not coverage.covers(int(T) - 1)
    coverage.broken()
    assert not coverage.covers(int(T) + 1)


def test_light_in_which_nobody_can_be_seen_is_told():
    assert light(frame([Pose("collins")])) == "ok"
    assert light((frame([Pose("collins")]) * 0.15).astype(np.uint8)) == "dark"
    window = frame([Pose("collins", light=0.3)])
    window[:, 400:] = 255
    assert light(window) == "glare"
