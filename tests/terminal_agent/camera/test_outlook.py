"""The camera says how well it sees, and for which time nobody can have been missed."""

import numpy as np

from simulators.faces import Pose, frame
from terminal_agent.camera.outlook import Coverage, light
from terminal_agent.door.words import Watched

T = 5_000  # seconds since the boot


def spans(coverage, *frames):
    """What is told after frames at those seconds."""
    return [told for up in frames if (told := coverage.frame(T + up))]


def test_the_time_watched_is_told_each_minute_without_a_hole():
    coverage = Coverage()
    told = spans(coverage, *(n / 2 for n in range(400)))
    assert told == [
        Watched(0, T, T + 60),
        Watched(0, T + 60, T + 120),
        Watched(0, T + 120, T + 180),
    ]
    assert coverage.broken() == Watched(0, T + 180, T + 199)


def test_the_time_without_frames_is_not_watched():
    coverage = Coverage()
    spans(coverage, *range(6))
    assert coverage.broken() == Watched(0, T, T + 5)
    assert coverage.broken() is None
    spans(coverage, *range(100, 104))
    assert coverage.broken() == Watched(0, T + 100, T + 103)


def test_a_gap_between_two_frames_is_a_break_though_the_camera_said_nothing():
    coverage = Coverage()
    assert spans(coverage, *range(20), 21.5, 23.0) == [Watched(0, T, T + 19)]
    assert coverage.covers(T + 22)
    assert not coverage.covers(T + 21)
    assert coverage.broken() == Watched(0, T + 21, T + 23)


def test_only_time_without_a_break_covers_a_punch():
    coverage = Coverage()
    assert not coverage.covers(T)
    spans(coverage, *range(90))
    assert coverage.covers(T + 1)
    assert not coverage.covers(T - 1)
    coverage.broken()
    assert not coverage.covers(T + 1)


def test_light_in_which_nobody_can_be_seen_is_told():
    assert light(frame([Pose("collins")])) == "ok"
    assert light((frame([Pose("collins")]) * 0.15).astype(np.uint8)) == "dark"
    window = frame([Pose("collins", light=0.3)])
    window[:, 400:] = 255
    assert light(window) == "glare"
