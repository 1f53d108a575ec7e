"""Finding a face, its points, its turn and its lids, on portraits that the project may ship."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators import faces
from terminal_agent.faces import align
from terminal_agent.faces.face import Box

NAMES = ("biden", "collins", "hopper", "obama", "obama-speaking")
LEFT_EYE, RIGHT_EYE, NOSE, CHIN = 263, 33, 1, 152


def seen(models, image):
    """The largest face's landmarks."""
    return models.mesh.landmarks(image, models.detector.find(image)[0])


def leant(image, degrees):
    """The picture turned clockwise about its middle."""
    high, wide = image.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), -degrees, 0.8)
    return cv2.warpAffine(image, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize("name", NAMES)
def test_a_portrait_holds_one_face_with_its_features_in_their_places(models, portraits, name):
    boxes = models.detector.find(portraits[name])
    assert len(boxes) == 1
    assert boxes[0].score > 0.8
    landmarks = models.mesh.landmarks(portraits[name], boxes[0])
    assert landmarks.presence > 0.9
    x, y = landmarks.points[:, 0], landmarks.points[:, 1]
    assert x[RIGHT_EYE] < x[NOSE] < x[LEFT_EYE], "the person's left is the picture's right"
    assert max(y[RIGHT_EYE], y[LEFT_EYE]) < y[NOSE] < y[CHIN]
    inside = (x > boxes[0].x0) & (x < boxes[0].x1) & (y > boxes[0].y0 - 60) & (y < boxes[0].y1 + 60)
    assert inside.mean() > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_the_eyes_of_a_portrait_are_open(models, portraits, name):
    image = portraits[name]
    assert min(models.eyes.openness(image, seen(models, image))) > 0.17


@pytest.mark.parametrize("name", NAMES)
def test_a_mirrored_face_is_turned_the_other_way(models, portraits, name):
    image = portraits[name]
    one, other = seen(models, image), seen(models, cv2.flip(image, 1))
    assert one.yaw + other.yaw == pytest.approx(0, abs=5)
    assert one.roll + other.roll == pytest.approx(0, abs=3)
    assert one.pitch == pytest.approx(other.pitch, abs=4)


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_a_head_turned_to_its_own_left_has_a_yaw_above_0(models, degrees):
    straight = seen(models, faces.turned("collins", 0)).yaw
    assert seen(models, faces.turned("collins", degrees)).yaw - straight == pytest.approx(
        degrees, abs=6
    )


@pytest.mark.parametrize("degrees", [-30, 30])
def test_a_leaning_head_is_set_upright_before_it_is_recognised(models, portraits, degrees):
    """A head that leans to its own left shoulder has a roll above 0."""
    image = portraits["collins"]
    tilted = leant(image, degrees)
    straight, leaning = seen(models, image), seen(models, tilted)
    assert leaning.roll - straight.roll == pytest.approx(degrees, abs=3)
    rows = models.embedder.embed(
        [models.embedder.align(image, straight), models.embedder.align(tilted, leaning)]
    )
    assert np.linalg.norm(rows[0] - rows[1]) < 0.35


def test_eyes_drawn_shut_are_seen_shut_each_for_itself(models):
    image, shut = faces.blinked("collins", 1), faces.blinked("collins", 0)
    landmarks = seen(models, image)
    assert max(models.eyes.openness(shut, seen(models, shut))) < 0.15
    wink = image.copy()
    middle = round(landmarks.points[168, 0])
    wink[:, middle:] = shut[:, middle:]  # the person's left
    left, right = models.eyes.openness(wink, landmarks)
    assert left < 0.15
    assert right > 0.25


def test_the_nearest_of_several_people_comes_first(models):
    pair = faces.frame(
        [faces.Pose("collins", x=180, width=100), faces.Pose("obama", x=460, width=150)]
    )
    boxes = models.detector.find(pair)
    assert len(boxes) == 2
    assert boxes[0].width > boxes[1].width
    assert boxes[0].middle[0] > 320 > boxes[1].middle[0]


def test_there_is_no_face_where_there_is_none(models):
    chance = np.random.default_rng(4)
    noise = chance.integers(0, 256, (480, 640, 3), np.uint8)
    flat = [np.full((480, 640, 3), grey, np.uint8) for grey in (0, 127, 255)]
    for image in (noise, cv2.GaussianBlur(noise, (31, 31), 9), *flat):
        assert models.detector.find(image) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (128, 128), (3, 4)])
def test_a_frame_of_any_size_is_looked_at(models, shape):
    assert models.detector.find(np.full((*shape, 3), 90, np.uint8)) == []


def test_a_face_cut_by_the_frames_edge_still_gives_a_whole_chip(models, portraits):
    image = np.ascontiguousarray(portraits["obama"][:, 90:])
    boxes = models.detector.find(image)
    assert boxes
    assert models.embedder.align(image, models.mesh.landmarks(image, boxes[0])).shape == (
        150,
        150,
        3,
    )


def test_a_box_without_a_size_gives_points_and_no_error(models, portraits):
    landmarks = models.mesh.landmarks(portraits["obama"], Box(5, 5, 5, 5, 0.9))
    assert np.isfinite(landmarks.points).all()
    assert models.embedder.align(portraits["obama"], landmarks).shape == (150, 150, 3)


@settings(max_examples=50)
@given(st.floats(0.1, 8), st.floats(-180, 180), st.floats(-500, 500), st.floats(-500, 500))
def test_a_face_is_brought_to_its_place_from_wherever_it_stands(scale, degrees, right, down):
    places = np.array(align.DLIB.places)
    turn = scale * np.exp(1j * np.radians(degrees))
    moved = turn * (places[:, 0] + 1j * places[:, 1]) + complex(right, down)
    there = np.column_stack([moved.real, moved.imag])
    back = align.similarity(there, places)
    assert there @ back[:, :2].T + back[:, 2] == pytest.approx(places, abs=0.05)
