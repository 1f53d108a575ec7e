"""One face before the camera, from first frame to scan; embeddings are drawn, no model runs."""

import numpy as np
import pytest

from contract.event import BLINKED, NOT_ASKED, TURNED_LEFT, VERIFY_FACE, VERIFY_NIP_AND_FACE
from contract.faces import Template
from terminal_agent.door.words import Face, Seen, Unmet
from terminal_agent.faces import match
from terminal_agent.faces.gathering import Glance
from terminal_agent.faces.hall import LONG, Hall
from terminal_agent.faces.liveness import Pose
from terminal_agent.faces.visit import Visit

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
        self.visit = Visit(self.hall, 1, self.t, self.now)
        self.said = []

    @property
    def up(self):
        """Seconds since the boot."""
        return self.t + int(self.now - 100)

    def show(self, pin, frames=1, yaw=0.0, openness=None, faults=(), worth=80):
        for _ in range(frames):
            self.now += 0.1
            pose = Pose(self.now, yaw, 0.0, 60.0, openness)
            glance = Glance(self.up, 50, pose, faults, worth, chip_of(pin))
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

    def another_track(self, after=0.0):
        self.said += self.visit.gone(self.now)
        self.now += after
        self.visit = Visit(self.hall, self.visit.number + 1, self.up, self.now)
        return self

    def typed(self, pin):
        self.hall.expect(pin, self.now)
        self.said += self.visit.claimed(pin, self.now)
        return self

    def heard(self, kind):
        return [word for word in self.said if isinstance(word, kind)]

    @property
    def progress(self):
        return [word.progress for word in self.heard(Face)]


def test_a_person_who_turns_as_asked_is_recorded_with_the_time_of_first_sight_and_only_once():
    room = Room().show(3, 5).turn(3).show(3, 60)
    assert room.heard(Seen) == [
        Seen(0, "3", 5000, VERIFY_FACE, room.heard(Seen)[0].score, TURNED_LEFT, 4, track=1)
    ]
    assert room.heard(Seen)[0].score > 50
    assert list(dict.fromkeys(room.progress)) == ["hold", "ask", "idle"]
    assert room.heard(Face)[-1] == Face("idle", 1), "the card has taken the challenge's place"


def test_a_person_who_blinks_twice_as_asked_is_recorded():
    room = Room(chance=BLINK).show(3, 5).blink(3)
    assert [word.liveness for word in room.heard(Seen)] == [BLINKED]


def test_the_same_person_on_a_new_track_is_not_announced_again_within_ten_seconds():
    room = Room().show(3, 5).turn(3).another_track().show(3, 50)
    assert [(word.track, word.again) for word in room.heard(Seen)] == [(1, False), (2, True)]
    room.another_track(after=11)
    room.show(3, 5).turn(3)
    assert [word.again for word in room.heard(Seen)] == [False, True, False]


def test_whoever_comes_back_at_once_is_told_that_they_are_recorded_once_for_each_time():
    room = Room().show(3, 5).turn(3)
    for _ in range(2):
        room.another_track(after=5).show(3, 60)
    words = room.heard(Seen)[1:]
    assert [(word.pin, word.track, word.liveness, word.again) for word in words] == [
        ("3", 2, NOT_ASKED, True),
        ("3", 3, NOT_ASKED, True),
    ]
    assert "idle" not in room.progress[-2:-1], "and the screen asks nothing of them"


def test_two_who_change_places_on_one_track_are_told_once_each():
    room = Room(policy="never").show(3, 10).show(5, 60).show(3, 60).show(5, 60)
    assert [word.pin for word in room.heard(Seen)] == ["3", "5"]


def test_who_works_before_the_camera_is_recorded_when_they_go():
    """The receptionist is in view all day: leaving for a moment, or their NIP, is enough."""
    room = Room().show(3, 5).turn(3)
    while room.now < 100 + LONG + 20:
        room.show(3, 50)
    room.another_track(after=1.5).show(3, 20)
    assert room.heard(Seen)[-1].again
    gone = room.another_track(after=4).up
    room.show(3, 5).turn(3)
    assert (room.heard(Seen)[-1].again, room.heard(Seen)[-1].t) == (False, gone)
    room.show(3, 600)
    typed = room.typed("3").up
    room.show(3, 5).turn(3)
    last = room.heard(Seen)[-1]
    assert (last.again, last.verify) == (False, VERIFY_NIP_AND_FACE)
    assert last.t - typed in (0, 1), "not the morning's time"


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
    room = Room(chance=RIGHT).show(3, 75)
    assert [w.outcome for w in room.heard(Unmet)] == ["timeout"]
    assert room.progress[-1] == "failed"
    room.hall.chance = lambda: LEFT
    room.show(3, 60)
    asked = [word.asked for word in room.heard(Face) if word.progress == "ask"]
    assert set(asked) == {"turn_right"}
    assert room.progress[-1] == "ask"


def test_a_picture_that_stood_there_first_lends_its_owner_a_minute_at_most():
    """Otherwise a colleague holds it up at 07.29 for somebody who comes at 08.10."""
    room = Room().show(3, 900)
    while room.progress[-1] != "ask":
        room.show(3)
    room.turn(3)
    [seen] = room.heard(Seen)
    assert room.up - 61 <= seen.t <= room.up - 59
    ends = [word.t for word in room.heard(Unmet)]
    assert len(set(ends)) == len(ends) > 1, "each failure has its own time, so none is taken twice"


def test_who_failed_sees_the_seconds_until_the_next_try():
    room = Room(chance=RIGHT).show(3, 5).turn(3).show(3, 60)
    left = [word.left_s for word in room.heard(Face) if word.progress == "failed"]
    assert left == [5, 4, 3, 2, 1]


def test_walking_off_from_a_challenge_is_free_once_and_typing_another_nip_is_walking_off():
    room = Room().show(3, 10).typed("5").show(3, 5)
    assert [word.outcome for word in room.heard(Unmet)] == ["left"]
    assert room.progress[-1] != "failed"
    room.hall.expect("", room.now)
    room.another_track(after=20).show(3, 10).another_track().show(3, 10)
    assert [word.outcome for word in room.heard(Unmet)] == ["left", "left"]
    assert (room.progress[-1], room.heard(Face)[-1].left_s) == ("failed", 5)


@pytest.mark.parametrize(
    ("pin", "faults", "progress"), [(77, (), "unknown"), (3, ("too_dark",), "look")]
)
def test_what_holds_is_said_again_before_the_screen_forgets_it(pin, faults, progress):
    room = Room().show(pin, 10, faults=faults)
    before = len(room.said)
    room.show(pin, 100, faults=faults)
    assert 5 <= room.progress[before:].count(progress) <= 7


def test_turning_the_wrong_way_fails_as_wrong_and_walking_off_as_left():
    assert [w.outcome for w in Room().show(3, 5).turn(3, -28).heard(Unmet)] == ["wrong"]
    assert [w.outcome for w in Room().show(3, 5).another_track().heard(Unmet)] == ["left"]


def test_a_stranger_is_told_so_after_half_a_second_and_never_recorded():
    room = Room().show(77, 5)
    assert room.progress == ["hold", "unknown"]
    assert not room.show(77, 100).turn(77).heard(Seen)


@pytest.mark.parametrize("fault", ["too_dark", "too_bright", "too_small", "turned", "too_blurred"])
def test_frames_that_cannot_be_judged_ask_for_a_better_look_and_match_nobody(fault):
    room = Room().show(3, 30, faults=(fault,))
    assert set(room.progress) == {"look"}
    assert room.hall.seen_between(0, 9999) == []


def test_an_office_without_challenge_records_at_the_fifth_good_frame():
    room = Room(policy="never").show(3, 4)
    assert room.heard(Seen) == []
    assert [w.liveness for w in room.show(3).heard(Seen)] == [NOT_ASKED]


def test_a_camera_of_four_frames_a_second_is_content_with_three():
    room = Room(policy="never")
    for _ in range(3):
        room.now += 0.15
        room.show(3)
    assert room.heard(Seen)


def test_the_best_three_of_the_first_half_second_are_matched():
    """A face that is still coming nearer shows less than the same face a moment later."""
    room = Room(policy="never").show(3 + LESS_ALIKE, 2, worth=20).show(3, 3, worth=90)
    assert room.heard(Seen)[0].score > 80


def test_only_doubtful_matches_are_challenged_where_the_office_says_so():
    assert Room(policy="doubtful").show(3, 5).heard(Seen)
    room = Room(policy="doubtful").show(3 + LESS_ALIKE, 5)
    assert room.progress[-1] == "ask"
    assert room.turn(3 + LESS_ALIKE).heard(Seen)[0].score < 40


def test_in_an_office_of_fewer_than_eight_a_face_alone_is_never_matched_but_a_nip_and_a_face_are():
    room = Room(people=range(1, 5)).show(3, 30)
    assert not room.heard(Seen)
    assert set(room.progress) <= {"nip", "hold"}
    room.typed("3").show(3, 5).turn(3)
    assert [(w.pin, w.verify) for w in room.heard(Seen)] == [("3", VERIFY_NIP_AND_FACE)]


def test_a_kiosk_where_nobody_is_enrolled_yet_asks_for_a_nip():
    assert set(Room(people=()).show(3, 100).progress) == {"nip"}


def test_a_nip_typed_before_anothers_face_is_answered_with_unknown():
    room = Room(people=range(1, 5))
    room.hall.expect("3", room.now)
    room.show(4, 12)
    assert not room.heard(Seen)
    assert room.progress[-1] == "unknown"


def test_a_nip_typed_in_the_middle_of_ones_own_challenge_is_part_of_it():
    """Who wants to see their own list must not turn their head twice."""
    room = Room().show(3, 6).typed("3").turn(3)
    assert [(w.pin, w.verify) for w in room.heard(Seen)] == [("3", VERIFY_NIP_AND_FACE)]
    assert not room.heard(Unmet)


def test_a_nip_that_was_typed_waits_for_its_owner_though_somebody_else_is_announced_meanwhile():
    room = Room(policy="never")
    room.hall.expect("5", room.now)
    room.visit.seen(None, 50, room.now, nearest=True)
    behind = Visit(room.hall, 9, room.t, room.now)
    for _ in range(6):
        room.now += 0.1
        pose = Pose(room.now, 0.0, 0.0, 60.0)
        glance = Glance(room.up, 80, pose, (), 80, chip_of(3))
        room.said += behind.seen(glance, 80, room.now, nearest=False)
    assert [word.pin for word in room.heard(Seen)] == ["3"]
    assert room.hall.expected(room.now) == "5"
    assert room.show(5, 6).heard(Seen)[-1].verify == VERIFY_NIP_AND_FACE
    assert room.hall.expected(room.now) == ""


# --- the time of a scan --------------------------------------------------------------------------


def test_who_takes_the_place_of_somebody_nobody_could_see_is_not_early():
    room = Room(policy="never").show(77, 6000, faults=("turned",))
    came = room.up
    room.show(3, 6)
    assert room.heard(Seen)[0].t - came in (0, 1)


def test_one_good_frame_of_who_stood_there_before_makes_nobody_early():
    room = Room(policy="never").show(77, 1).show(77, 3000, faults=("turned",))
    came = room.up
    room.show(3, 6)
    assert [(word.pin, word.t - came in (0, 1)) for word in room.heard(Seen)] == [("3", True)]


def test_who_needs_some_seconds_to_look_into_the_camera_keeps_the_first_sight():
    room = Room(policy="never").show(3, 40, faults=("turned",)).show(3, 6)
    assert room.heard(Seen)[0].t == 5000


def test_a_face_that_is_recognised_slowly_keeps_its_first_sight_however_long_it_takes():
    """Three good looks now and then, none of them good enough until the last."""
    room = Room(policy="never", people=range(1, 5))
    for _ in range(4):
        room.show(3, 5).show(3, 100, faults=("turned",))
    room.typed("3").show(3, 6)
    assert [word.t for word in room.heard(Seen)] == [5000]


def test_single_good_frames_tell_too_that_it_has_been_the_same_face_all_the_time():
    room = Room(policy="never")
    for _ in range(4):
        room.show(3, 1).show(3, 60, faults=("too_blurred",))
    assert [word.t for word in room.show(3, 6).heard(Seen)] == [5000]


def test_who_steps_before_the_camera_and_types_a_nip_has_their_own_time():
    room = Room(policy="never", people=range(1, 5)).show(4, 3000)
    came = room.up
    room.typed("3").show(3, 6)
    assert [word.t - came in (0, 1) for word in room.heard(Seen)] == [True]


def test_the_next_in_the_queue_who_steps_into_the_same_place_is_recorded_with_their_own_time():
    room = Room(policy="never").show(3, 10).show(5, 60)
    assert [(word.pin, word.t) for word in room.heard(Seen)] == [("3", 5000), ("5", 5001)]


def test_embeddings_of_the_last_seconds_are_kept_for_a_finger_punch():
    room = Room(policy="never").show(3, 200)
    kept = room.hall.seen_between(room.t + 10, room.t + 20)
    assert len(kept) == 1
    assert match.confirm(room.hall.roster, "3", match.probe(kept[0])).pin == "3"
    assert room.hall.seen_between(room.t, room.t + 2) == []


def test_two_people_on_one_track_are_two_faces_for_a_finger_punch():
    room = Room(policy="never").show(3, 40).show(5, 60)
    kept = room.hall.seen_between(room.t, room.t + 20)
    pins = [match.nearest(room.hall.roster, match.probe(rows)).pin for rows in kept]
    assert pins == ["3", "5"]
