"""One face before the camera, from first frame to scan; embeddings are drawn, no model runs."""

import numpy as np
import pytest

from contract.event import BLINKED, NOT_ASKED, TURNED_LEFT, VERIFY_FACE, VERIFY_NIP_AND_FACE
from contract.faces import Template
from terminal_agent.door.words import Face, Seen, Unmet
from terminal_agent.faces import match
from terminal_agent.faces.hall import Hall
from terminal_agent.faces.liveness import Pose
from terminal_agent.faces.visit import Glance, Visit

SIZE = 128
LEFT, RIGHT, BLINK = 0.0, 0.4, 0.8  # what `chance` has to give


def face_of(pin):
    """A direction that is this person's alone, beside one that all faces have in common."""
    own = np.random.default_rng(int(pin)).normal(size=SIZE)
    return (own / np.linalg.norm(own) + 2 * np.ones(SIZE) / np.sqrt(SIZE)).astype(np.float32)


def roster_of(people):
    templates = [
        Template(str(pin), "m", (match.as_look(face_of(pin), 90),) * 3, 0, "") for pin in people
    ]
    return match.calibrate(templates)


def chip_of(pin):
    return np.full((2, 2, 3), int(pin), np.uint8)


LESS_ALIKE = 100  # a chip of 103 is person 3, changed so much that the match is doubtful


def embed(chips):
    values = [int(chip.flat[0]) for chip in chips]
    return np.stack(
        [
            face_of(value % LESS_ALIKE) + (1.8 * face_of(value) if value > LESS_ALIKE else 0)
            for value in values
        ]
    )


class Room:
    """A hall, and one place before the camera at ten frames a second."""

    def __init__(self, people=range(1, 11), policy="always", chance=LEFT):
        self.hall = Hall(embed, roster_of(people), policy, lambda: chance)
        self.hall.gallery = 4
        self.now, self.t = 100.0, 5000
        self.visit = Visit(self.hall, 1, self.t)
        self.said = []

    def show(self, pin, frames=1, yaw=0.0, openness=None, faults=()):
        for _ in range(frames):
            self.now += 0.1
            pose = Pose(self.now, yaw, 0.0, 60.0, openness)
            glance = Glance(self.t + int(self.now - 100), 50, pose, faults, 80, chip_of(pin))
            self.said += self.visit.seen(glance, 50, self.now, True)
        return self

    def turn(self, pin, to=28.0):
        for step in (0.3, 0.6, 0.9, 1.0, 1.0, 1.0):
            self.show(pin, yaw=to * step)
        return self

    def blink(self, pin):
        for openness in (0.36, 0.36, 0.36, 0.36, 0.05, 0.36, 0.36, 0.05, 0.36, 0.36):
            self.show(pin, openness=openness)
        return self

    def another_track(self):
        self.said += self.visit.gone(self.now)
        self.visit = Visit(self.hall, self.visit.number + 1, self.t)
        return self

    def heard(self, kind):
        return [word for word in self.said if isinstance(word, kind)]

    @property
    def progress(self):
        return [word.progress for word in self.heard(Face)]


def test_a_person_who_turns_as_asked_is_recorded_with_the_time_of_first_sight_and_only_once():
    room = Room().show(3, 5).turn(3).show(3, 60)
    assert room.heard(Seen) == [
        Seen(0, "3", 5000, VERIFY_FACE, room.heard(Seen)[0].score, TURNED_LEFT, 4)
    ]
    assert room.heard(Seen)[0].score > 50
    assert list(dict.fromkeys(room.progress)) == ["hold", "ask"]


def test_a_person_who_blinks_twice_as_asked_is_recorded():
    room = Room(chance=BLINK).show(3, 5).blink(3)
    assert [word.liveness for word in room.heard(Seen)] == [BLINKED]


def test_the_same_person_on_a_new_track_is_not_announced_again_within_ten_seconds():
    room = Room().show(3, 5).turn(3).another_track().show(3, 50)
    assert len(room.heard(Seen)) == 1
    room.another_track()
    room.now += 11
    room.show(3, 5).turn(3)
    assert len(room.heard(Seen)) == 2


def test_a_swap_in_the_middle_of_a_turn_ends_in_other_face_even_if_both_are_staff():
    room = Room().show(3, 5).turn(4)
    assert [(w.outcome, w.pin, w.asked) for w in room.heard(Unmet)] == [
        ("other_face", "3", "turn_left")
    ]
    assert not room.heard(Seen)


def test_a_stranger_who_blinks_in_the_place_of_a_photo_ends_in_other_face():
    room = Room(chance=BLINK).show(3, 5).show(3, 4, openness=0.36).show(77, 1, openness=0.05)
    room.show(3, 3, openness=0.36)
    assert [w.outcome for w in room.heard(Unmet)] == ["other_face"]


def test_a_photo_that_keeps_still_times_out_waits_and_is_asked_the_same_again():
    room = Room(chance=RIGHT).show(3, 70)
    assert [w.outcome for w in room.heard(Unmet)] == ["timeout"]
    assert room.progress[-1] == "failed"
    room.hall.chance = lambda: LEFT
    room.show(3, 60)
    asked = [word.asked for word in room.heard(Face) if word.progress == "ask"]
    assert set(asked) == {"turn_right"}
    assert room.progress[-1] == "ask"


def test_turning_the_wrong_way_fails_as_wrong_and_walking_off_as_left():
    assert [w.outcome for w in Room().show(3, 5).turn(3, -28).heard(Unmet)] == ["wrong"]
    assert [w.outcome for w in Room().show(3, 5).another_track().heard(Unmet)] == ["left"]


def test_a_stranger_is_told_so_after_three_good_frames_and_never_recorded():
    room = Room().show(77, 3)
    assert room.progress == ["hold", "unknown"]
    assert not room.show(77, 100).turn(77).heard(Seen)


@pytest.mark.parametrize("fault", ["too_dark", "too_bright", "too_small", "turned", "too_blurred"])
def test_frames_that_cannot_be_judged_ask_for_a_better_look_and_match_nobody(fault):
    room = Room().show(3, 30, faults=(fault,))
    assert room.progress == ["look"]
    assert room.hall.seen_between(0, 9999) == []


def test_an_office_without_challenge_records_at_the_third_good_frame():
    room = Room(policy="never").show(3, 3)
    assert [w.liveness for w in room.heard(Seen)] == [NOT_ASKED]


def test_only_doubtful_matches_are_challenged_where_the_office_says_so():
    assert Room(policy="doubtful").show(3, 3).heard(Seen)
    room = Room(policy="doubtful").show(3 + LESS_ALIKE, 5)
    assert room.progress[-1] == "ask"
    assert room.turn(3 + LESS_ALIKE).heard(Seen)[0].score < 40


def test_in_an_office_of_fewer_than_eight_a_face_alone_is_never_matched_but_a_nip_and_a_face_are():
    room = Room(people=range(1, 5)).show(3, 30)
    assert not room.heard(Seen)
    assert set(room.progress) <= {"look", "hold"}
    room.hall.expect("3", room.now)
    room.said += room.visit.again(room.now)
    room.show(3, 5).turn(3)
    assert [(w.pin, w.verify) for w in room.heard(Seen)] == [("3", VERIFY_NIP_AND_FACE)]


def test_a_kiosk_where_nobody_is_enrolled_yet_keeps_looking():
    assert Room(people=()).show(3, 100).progress == ["look"]


def test_a_nip_typed_before_anothers_face_is_answered_with_unknown():
    room = Room(people=range(1, 5))
    room.hall.expect("3", room.now)
    room.show(4, 12)
    assert not room.heard(Seen)
    assert room.progress[-1] == "unknown"


def test_the_next_in_the_queue_who_steps_into_the_same_place_is_recorded_with_their_own_time():
    room = Room(policy="never").show(3, 10).show(5, 60)
    assert [word.pin for word in room.heard(Seen)] == ["3", "5"]
    assert room.heard(Seen)[1].t > 5000


def test_embeddings_of_the_last_seconds_are_kept_for_a_finger_punch():
    room = Room(policy="never").show(3, 200)
    kept = room.hall.seen_between(room.t + 10, room.t + 20)
    assert len(kept) == 1
    assert match.confirm(room.hall.roster, "3", match.probe(kept[0])).pin == "3"
    assert room.hall.seen_between(room.t, room.t + 2) == []
