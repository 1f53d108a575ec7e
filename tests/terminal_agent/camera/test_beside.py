"""Whose face stood before the camera when a finger punched: compared, never blocked."""

import numpy as np
import pytest

from contract.faces import Template
from terminal_agent.camera.beside import Beside, outcome
from terminal_agent.door.words import Compared, Punched
from terminal_agent.faces import match
from terminal_agent.faces.hall import Hall

T = 5_000  # seconds since the boot
_CHANCE = np.random.default_rng(5)
FACES = {f"{pin}": _CHANCE.standard_normal(128).astype(np.float32) for pin in range(101, 113)}


def roster():
    templates = [Template(p, "m", (match.as_look(v, 90),), 0, "x") for p, v in FACES.items()]
    return match.calibrate(templates)


class Camera:
    """A hall that remembers, and the comparing beside it; seconds are counted from the punch."""

    def __init__(self):
        self.hall = Hall(lambda chips: np.stack(list(chips)), roster(), "never", lambda: 0.5)
        self.beside = Beside()

    def sees(self, pin, second, track=1):
        rows = np.stack([FACES.get(pin, -FACES["101"])] * 3)
        self.hall._embed = lambda _chips: rows
        self.hall.embedded([np.zeros((2, 2, 3), np.uint8)] * 3, T + second, track)

    def punched(self, pin, heard=0):
        self.beside.punched(Punched(1, 77, pin, T), self.hall, T + heard)

    def outcomes(self, second, watched_since=-3600):
        def covers(up):
            return T + watched_since <= up

        found = self.beside.due(self.hall, self.hall.roster, T + second, covers)
        assert all((one.epoch, one.seq) == (1, 77) for one in found)
        return [one.outcome for one in found]


@pytest.fixture
def camera():
    return Camera()


def test_the_face_of_who_punched_is_a_match(camera):
    camera.sees("101", -3)
    camera.punched("101")
    assert camera.outcomes(11) == ["match"]


def test_a_face_that_came_nine_seconds_before_is_not_forgotten_meanwhile(camera):
    camera.sees("101", -9)
    camera.punched("101")
    camera.sees("102", 8, track=2)
    assert camera.outcomes(11) == ["match"]


def test_a_face_that_comes_after_the_punch_counts_too(camera):
    camera.punched("101")
    camera.sees("101", 9)
    assert camera.outcomes(11) == ["match"]


def test_another_face_is_a_mismatch(camera):
    camera.sees("102", -1)
    camera.punched("101")
    assert camera.outcomes(11) == ["mismatch"]


def test_one_of_two_faces_is_enough(camera):
    camera.sees("102", -1, track=1)
    camera.sees("101", -1, track=2)
    camera.punched("101")
    assert camera.outcomes(11) == ["match"]


def test_faces_farther_than_ten_seconds_from_the_punch_say_nothing(camera):
    camera.sees("102", -11)
    camera.punched("101")
    camera.sees("102", 11)
    assert camera.outcomes(12) == ["no_face"]


def test_nobody_there_and_nobody_enrolled_are_told_apart(camera):
    camera.punched("101")
    camera.punched("999")
    assert camera.outcomes(11) == ["no_face", "no_template"]


def test_nothing_is_said_before_the_ten_seconds_are_over_and_then_once(camera):
    camera.sees("101", 0)
    camera.punched("101")
    assert camera.outcomes(10) == []
    assert camera.outcomes(11) == ["match"]
    assert camera.outcomes(12) == []


@pytest.mark.parametrize("heard", [16, 3600, -60])
def test_a_punch_that_is_told_too_late_is_not_called_faceless(camera, heard):
    camera.punched("101", heard)
    assert camera.outcomes(heard + 30) == []


@pytest.mark.parametrize("there", [[], ["102"]])
def test_a_camera_that_did_not_watch_all_the_time_accuses_nobody(camera, there):
    for pin in there:
        camera.sees(pin, -1)
    camera.punched("101")
    assert camera.outcomes(11, watched_since=-9) == []


def test_a_camera_that_did_not_watch_all_the_time_may_have_seen_who_it_was(camera):
    camera.sees("101", 1)
    camera.punched("101")
    assert camera.outcomes(11, watched_since=0) == ["match"]


def test_who_steps_into_anothers_place_and_punches_is_found_there(camera):
    """Both on one track: the second one's own finger is no mismatch."""
    camera.sees("102", -6)
    camera.sees("102", -4)
    camera.sees("101", -1)
    camera.punched("101")
    assert camera.outcomes(11) == ["match"]


def test_any_three_rows_in_succession_may_be_of_who_punched():
    """Also where nobody noticed that another face had come."""
    mixed = np.stack([FACES["102"]] * 4 + [FACES["101"]] * 3)
    assert outcome(roster(), "101", [mixed], []) == "match"
    assert outcome(roster(), "103", [mixed], []) == "mismatch"


def test_the_next_one_of_a_queue_accuses_nobody(camera):
    """Who punches and goes; whoever comes after is no sign of anything."""
    camera.punched("101")
    camera.sees("102", 3)
    assert camera.outcomes(11) == ["no_face"]


def test_a_face_in_the_very_second_of_the_question_is_not_lost(camera):
    camera.punched("101")
    camera.sees("101", 0)
    assert camera.outcomes(11) == ["match"]


def test_what_is_told_is_a_word_of_the_camera():
    camera = Camera()
    camera.punched("101")
    assert camera.beside.due(camera.hall, camera.hall.roster, T + 11, lambda _: True) == [
        Compared(0, 1, 77, "no_face")
    ]
