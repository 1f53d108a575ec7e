"""Which face is whose from frame to frame."""

from hypothesis import given
from hypothesis import strategies as st

from terminal_agent.faces.face import Box
from terminal_agent.faces.tracks import LOST_AFTER, MOST, Tracks, followed


def box(x, y=200.0, width=100.0):
    return Box(x - width / 2, y - width / 2, x + width / 2, y + width / 2, 0.9)


def played(frames, every=0.1):
    tracks = Tracks()
    for number, boxes in enumerate(frames):
        tracks = followed(tracks, boxes, number * every, 1000 + number)
        yield tracks


def test_somebody_who_walks_through_the_frame_is_one_track_with_the_time_of_first_sight():
    last = list(played([[box(100 + 30 * n)] for n in range(15)]))[-1]
    assert [(one.number, one.t, one.since) for one in last.all] == [(1, 1000, 0.0)]


def test_two_people_who_stand_side_by_side_stay_apart_when_the_detector_changes_their_order():
    frames = [[box(100, width=100), box(300, width=101 if n % 2 else 99)] for n in range(10)]
    frames = [sorted(one, key=lambda each: -each.width) for one in frames]
    last = list(played(frames))[-1]
    assert {one.number: one.box.middle[0] for one in last.all} == {1: 100.0, 2: 300.0}


def test_a_face_missed_for_some_frames_is_the_same_and_after_a_second_it_has_left():
    still = list(played([[box(100)], [], [], [box(100)]]))[-1]
    assert still.present == (1,)
    gone = list(played([[box(100)], *[[]] * 12, [box(100)]]))
    assert [tracks.ended for tracks in gone if tracks.ended] == [(1,)]
    assert gone[-1].present == (2,)


def test_four_faces_are_followed_and_a_fifth_is_a_crowd():
    boxes = [box(60 + 130 * n, width=100 - n) for n in range(5)]
    *_, last = played([boxes, boxes])
    assert last.present == (1, 2, 3, 4)
    assert last.crowd


def test_a_larger_face_that_comes_does_not_take_the_place_of_who_is_served():
    four = [box(60 + 130 * n, width=80) for n in range(4)]
    *_, last = played([four, [box(600, width=150), *four]])
    assert last.present == (1, 2, 3, 4)


def test_one_face_found_twice_is_one_track():
    *_, last = played([[box(100, width=100), box(105, width=80)]] * 2)
    assert last.present == (1,)


places = st.lists(
    st.builds(box, st.floats(-50, 700), st.floats(-50, 500), st.floats(20, 300)), max_size=7
)


@given(st.lists(places, max_size=15))
def test_whatever_the_detector_finds_each_face_has_one_track_and_none_outlives_a_second(frames):
    sorted_ = [sorted(one, key=lambda each: -each.width) for one in frames]
    seen = set()
    for number, tracks in enumerate(played(sorted_, 0.3)):
        assert len(set(tracks.present)) == len(tracks.present) <= MOST
        assert all(number * 0.3 - one.at <= LOST_AFTER for one in tracks.all)
        assert not set(tracks.ended) & {one.number for one in tracks.all}
        assert not seen & set(tracks.present), "a track that ended came back"
        seen |= set(tracks.ended)


def test_a_queue_of_fifty_who_stand_for_two_seconds_each_are_fifty_tracks():
    frames = []
    for _ in range(50):
        comes, goes = ([[box(x)] for x in way] for way in (range(40, 320, 55), range(320, 620, 55)))
        frames += [*comes, *[[box(320)]] * 20, *goes]
    numbers = {number for tracks in played(frames) for number in tracks.present}
    assert len(numbers) == 50
