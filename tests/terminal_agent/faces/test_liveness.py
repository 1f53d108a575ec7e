"""What counts as an answer to a challenge, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent.faces import attempts, liveness
from terminal_agent.faces.attempts import Spot
from terminal_agent.faces.liveness import KINDS, SECONDS, Pose

EVERY = 0.1
OPEN, SHUT = 0.36, 0.08


def steps(asked, yaws, openness=None, pitches=None, neutral=0.0, span=60.0):
    """What is said of each frame, up to the end."""
    challenge = liveness.ask(asked, Pose(0.0, neutral, 0.0, 60.0))
    said = []
    for number, yaw in enumerate(yaws):
        lids = openness[number] if openness else None
        pitch = pitches[number] if pitches else 0.0
        challenge, step = liveness.judged(
            challenge, Pose((number + 1) * EVERY, yaw, pitch, span, lids)
        )
        said.append(step)
        if step in ("final", "wrong", "timeout"):
            break
    return said


def turning(to, frames=8):
    return [to * n / frames for n in range(frames + 1)] + [to] * 5


def blinking(times=2, shut=SHUT, wide=OPEN):
    return [wide] * 6 + ([shut] * 2 + [wide] * 4) * times


@given(st.sampled_from(KINDS), st.floats(-30, 30), st.floats(0.0, 0.6), st.floats(-20, 20))
def test_a_picture_that_keeps_still_never_passes(asked, yaw, openness, neutral):
    frames = 70
    said = steps(asked, [yaw] * frames, [openness] * frames, neutral=neutral)
    assert "final" not in said
    assert said[-1] in ("timeout", "wrong")


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.floats(-11, 11), st.floats(0.27, 0.4)), min_size=65, max_size=65),
)
def test_a_print_that_is_moved_and_tilted_as_far_as_prints_were_measured_never_passes(asked, poses):
    said = steps(asked, [yaw for yaw, _ in poses], [lids for _, lids in poses])
    assert said[-1] == "timeout"


@given(st.floats(22, 50), st.floats(-9, 9), st.integers(4, 12))
def test_turning_to_the_side_that_was_asked_passes(degrees, neutral, frames):
    left = [neutral + yaw for yaw in turning(degrees, frames)]
    assert steps("turn_left", left, neutral=neutral)[-1] == "final"
    right = [neutral - yaw for yaw in turning(degrees, frames)]
    assert steps("turn_right", right, neutral=neutral)[-1] == "final"


@given(st.floats(21, 60), st.integers(4, 12))
def test_turning_to_the_other_side_is_wrong_at_once(degrees, frames):
    assert steps("turn_left", turning(-degrees, frames))[-1] == "wrong"
    assert steps("turn_right", turning(degrees, frames))[-1] == "wrong"


def test_a_recording_that_goes_through_every_movement_is_wrong_whatever_is_asked_second():
    both = turning(-28) + turning(28)
    assert steps("turn_left", both)[-1] == "wrong"
    lids = [OPEN] * len(both)
    assert steps("blink", both, lids)[-1] == "wrong"


def test_a_second_photograph_that_takes_the_place_of_the_first_has_not_turned():
    assert "final" not in steps("turn_left", [0.0] * 5 + [28.0] * 20)


def test_one_frame_that_the_mesh_mistook_is_no_turn():
    assert "final" not in steps("turn_left", [0.0, 8.0, 24.0, 8.0, 0.0] * 10)


def test_a_photo_held_askew_that_is_straightened_has_not_turned():
    straightened = [-14 + yaw for yaw in turning(22)]
    assert "final" not in steps("turn_left", straightened, neutral=-14)


def test_a_bent_photo_whose_eyes_draw_together_as_it_tilts_has_not_turned():
    assert steps("turn_left", turning(25), span=45.0)[-1] == "wait"
    assert steps("turn_left", turning(25), span=54.0)[-1] == "final"


def test_a_movement_that_nobody_saw_for_half_a_second_begins_anew():
    challenge = liveness.ask("turn_left", Pose(0.0, 0.0, 0.0, 60.0))
    said = []
    for at, yaw in ((0.1, 5.0), (0.2, 12.0), (1.0, 25.0), (1.1, 26.0), (1.2, 26.0)):
        challenge, step = liveness.judged(challenge, Pose(at, yaw, 0.0, 60.0))
        said.append(step)
    assert said == ["wait"] * 5


@given(st.floats(0.18, 0.5), st.floats(0.0, 0.45))
def test_blinking_twice_passes_for_wide_and_for_narrow_eyes(wide, share):
    lids = blinking(2, wide * share, wide)
    said = steps("blink", [0.0] * len(lids), lids)
    assert said[-1] == "final"
    assert said.count("witness") == 2


def test_a_wink_is_no_blink():
    lids = blinking(4, (OPEN + SHUT) / 2) + [OPEN] * 40
    assert steps("blink", [0.0] * len(lids), lids)[-1] == "timeout"


def test_one_blink_is_not_two_and_eyes_kept_shut_are_no_blink():
    once = blinking(1) + [OPEN] * 60
    assert steps("blink", [0.0] * len(once), once)[-1] == "timeout"
    kept = [OPEN] * 5 + [SHUT] * 60
    assert steps("blink", [0.0] * len(kept), kept)[-1] == "timeout"


def test_lids_that_close_because_the_picture_is_tilted_do_not_count():
    lids = blinking(4) + [OPEN] * 40
    pitches = [25.0 if one == SHUT else 0.0 for one in lids]
    assert steps("blink", [0.0] * len(lids), lids, pitches)[-1] == "timeout"


def test_after_six_seconds_it_is_over_and_the_screen_counts_down_to_nought():
    challenge = liveness.ask("blink", Pose(10.0, 0.0, 0.0, 60.0))
    assert [liveness.left(challenge, 10.0 + s) for s in (0, 0.5, 5.9, 6.0, 9)] == [6, 6, 1, 0, 0]
    assert liveness.judged(challenge, Pose(10.1 + SECONDS, 0, 0, 60.0))[1] == "timeout"


# --- no second draw ------------------------------------------------------------------------------

HERE = Spot(1, 50, 0.0)


@given(st.lists(st.floats(0, 0.999), min_size=2, max_size=10), st.booleans())
def test_who_failed_is_asked_the_same_again_however_often_they_try(chances, walks_off):
    tried, now, first = (), 0.0, None
    for track, chance in enumerate(chances):
        asked = attempts.choose(tried, "7", Spot(track, 50, now), lambda chance=chance: chance)
        first = first or asked
        assert asked == first
        note = attempts.walked_off if walks_off else attempts.failed
        tried = note(tried, "7", asked, Spot(track, 50, now))
        now += max(0.0, attempts.waits(tried, "7", Spot(track, 50, now))) + 1


def test_the_wait_grows_with_every_failure_and_is_over_once_the_challenge_is_met():
    tried, waits = (), []
    for _ in range(5):
        tried = attempts.failed(tried, "7", "blink", HERE)
        waits.append(attempts.waits(tried, "7", HERE))
    assert waits == [5.0, 15.0, 60.0, 300.0, 300.0]
    assert attempts.waits(tried, "8", HERE) == 0.0
    assert attempts.met(tried, "7") == ()


def test_whose_photograph_was_held_up_waits_fifteen_seconds_at_most():
    """The colleague comes on a track of their own; the photograph stays on its own."""
    tried = ()
    for _ in range(4):
        tried = attempts.failed(tried, "7", "blink", HERE)
    assert attempts.waits(tried, "7", Spot(2, 50, 1.0)) == 14.0
    assert attempts.waits(tried, "7", Spot(1, 50, 1.0)) == 299.0
    assert attempts.waits(tried, "7", Spot(2, 50, 16.0)) <= 0


def test_walking_off_costs_nothing_once_and_then_as_much_as_a_failure():
    tried = attempts.walked_off((), "7", "blink", HERE)
    assert attempts.waits(tried, "7", HERE) <= 0
    waits = []
    for track in range(2, 5):
        spot = Spot(track, 50, 100.0 * track)
        tried = attempts.walked_off(tried, "7", "blink", spot)
        waits.append(attempts.waits(tried, "7", spot))
    assert waits == [5.0, 15.0, 60.0]


def test_who_walks_off_with_one_photo_after_the_other_waits_as_well():
    tried = attempts.walked_off((), "7", "blink", HERE)
    next_, far = Spot(2, 55, 5.0), Spot(3, 90, 5.0)
    assert attempts.waits(attempts.walked_off(tried, "8", "blink", next_), "8", next_) == 5.0
    assert attempts.waits(attempts.walked_off(tried, "8", "blink", far), "8", far) <= 0


def test_another_photo_at_the_same_place_does_not_draw_another_challenge():
    tried = attempts.failed((), "7", "blink", HERE)
    assert attempts.choose(tried, "8", Spot(2, 55, 5.0), lambda: 0.0) == "blink"
    assert attempts.choose(tried, "8", Spot(2, 80, 5.0), lambda: 0.0) == "turn_left"
    assert attempts.choose(tried, "8", Spot(2, 55, 11.0), lambda: 0.0) == "turn_left"


@pytest.mark.parametrize("number", range(3))
def test_each_challenge_is_drawn(number):
    assert attempts.choose((), "7", HERE, lambda: number / 3 + 0.1) == KINDS[number]
