"""What a kiosk's camera sees: people, or papers held out, before an office wall. 640x480 BGR."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators import face_warp, heads
from simulators.face_warp import Floats, Image
from simulators.heads import Head, Recipe

WIDTH, HEIGHT = 640, 480
_FACE_AT = (160.0, 210.0)  # the middle of the face on the sheet, 20 pixels below the eyes
PORTRAITS = ("collins", "hopper", "obama", "biden")
# Found by trying 220 recipes: of all 14 people no two are nearer than 0.49 (Euclidean) by the network
# that the kiosk recognises with, nor than 0.66 (cosine) around the middle of these 14.
FURTHER = {
    "p01": Recipe("obama", "hopper", 0.02, 0.78, (-0.04, 0.07, -0.16, -0.07, 0.17, 0.12), 0.99),
    "p02": Recipe("obama", "hopper", 0.32, 0.47, (-0.04, 0.03, -0.01, 0.05, 0.26, -0.19), 1.0),
    "p03": Recipe("hopper", "obama", 0.03, 0.78, (-0.12, 0.11, -0.2, 0.11, -0.22, -0.13), 0.93),
    "p04": Recipe("collins", "hopper", 0.29, 0.32, (-0.14, -0.07, 0.13, -0.01, -0.18, -0.02), 0.76),
    "p05": Recipe("biden", "hopper", 0.32, 0.58, (0.05, 0.02, 0.0, -0.03, -0.23, 0.13), 1.09),
    "p06": Recipe("hopper", "obama", 0.44, 0.56, (0.06, -0.18, 0.2, -0.02, -0.01, 0.05), 0.86),
    "p07": Recipe("collins", "biden", 0.14, 0.79, (0.1, -0.1, 0.11, 0.06, 0.11, -0.17), 0.77),
    "p08": Recipe("biden", "hopper", 0.69, 0.53, (0.0, -0.14, 0.25, 0.03, 0.1, 0.23), 0.8),
    "p09": Recipe("obama", "collins", 0.41, 0.83, (-0.05, -0.11, 0.24, -0.1, -0.03, 0.25), 1.09),
    "p10": Recipe("biden", "collins", 0.39, 0.6, (0.09, 0.11, -0.16, -0.1, 0.11, 0.11), 0.78),
}
PEOPLE = (*PORTRAITS, *FURTHER)


class Pose(NamedTuple):
    """A person before the camera: the middle of the face (x, y) and its width in pixels, the head's
    yaw in degrees (above 0 = to the person's own left, the picture's right) and roll, how far the
    eyes are open (1 = as on the portrait), and the light on all of it (1 = as it is)."""

    person: str
    x: float = 320
    y: float = 240
    width: float = 170
    yaw: float = 0
    roll: float = 0
    openness: float = 1
    light: float = 1


class Paper(NamedTuple):
    """A flat portrait held before the camera, an attack: as Pose, but `tilt` is how the paper is
    turned (degrees) and `bend` how it is bent, -1..1."""

    person: str
    x: float = 320
    y: float = 240
    width: float = 170
    tilt: float = 0
    roll: float = 0
    bend: float = 0
    light: float = 1


Scene = Sequence[Pose | Paper]


def frame(scene: Scene, number: int = 0, noise: float = 3.0) -> Image:
    """The picture that a camera would take; `number` chooses the sensor's noise (grey levels)."""
    picture = office().copy()
    for one in scene:
        picture = _shown(picture, one)
    if not noise:
        return picture
    grain = np.roll(_grain(), (number * 7919) % (WIDTH * HEIGHT * 3))
    return np.clip(picture + grain * noise, 0, 255).astype(np.uint8)


@cache
def _head(person: str) -> tuple[Head, Floats]:
    head = heads.made(FURTHER[person]) if person in FURTHER else heads.portrait(person)
    return head, face_warp.depth(head.all_points(), (heads.WIDTH, heads.HEIGHT))


@lru_cache(128)
def _posed(person: str, yaw: float, openness: float) -> tuple[Image, Image]:
    return heads.posed(*_head(person), yaw, openness)


def _shown(picture: Image, one: Pose | Paper) -> Image:
    if isinstance(one, Paper):
        return _held_out(picture, one)
    image, matte = _posed(one.person, round(one.yaw, 1), round(one.openness, 2))
    onto = _placing(one)
    _torso(picture, one)
    face = cv2.warpAffine(image, onto, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    solid = cv2.warpAffine(matte, onto, (WIDTH, HEIGHT))
    return _over(picture, np.asarray(face, np.uint8), np.asarray(solid, np.uint8), one.light)


def _placing(one: Pose) -> Floats:
    """Where the sheet with a head goes in the picture."""
    turn = cv2.getRotationMatrix2D(_FACE_AT, -one.roll, one.width / heads.FACE)
    return _led(turn, one, _FACE_AT)


def _led(turn: NDArray[Any], one: Pose | Paper, place: tuple[float, float]) -> Floats:
    """The map `turn`, with the sheet's `place` brought to where the pose has its face."""
    out = turn.astype(np.float32)
    out[0, 2] += one.x - place[0]
    out[1, 2] += one.y - place[1]
    return out


def _over(picture: Image, face: Image, solid: Image, light: float) -> Image:
    weight = solid.astype(np.float32)[..., None] / 255
    mixed = picture * (1 - weight) + face * (weight * light)
    return np.clip(mixed, 0, 255).astype(np.uint8)


def _torso(picture: Image, one: Pose) -> None:
    """Shoulders in the khaki of an office, so that no head floats."""
    khaki = tuple(float(c * one.light) for c in (92, 138, 165))
    neck = (round(one.x), round(one.y + 1.5 * one.width))
    cv2.ellipse(
        picture, neck, (round(1.05 * one.width), round(0.93 * one.width)), 0, 180, 360, khaki, -1
    )
    cv2.rectangle(
        picture,
        (round(one.x - 1.05 * one.width), neck[1]),
        (round(one.x + 1.05 * one.width), HEIGHT),
        khaki,
        -1,
    )


def _held_out(picture: Image, one: Paper) -> Image:
    """The whole sheet, white border and all, bent as a part of a cylinder and seen from aside."""
    head, _ = _head(one.person)
    paper = cv2.copyMakeBorder(head.image, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(245,) * 3)
    high, wide = paper.shape[:2]
    scale, angle = one.width / heads.FACE, np.radians(one.tilt)
    xs = np.linspace(-1, 1, wide)
    out = one.bend * 0.25 * (1 - xs**2)  # how far the paper stands out, in half widths
    across = xs * np.cos(angle) * np.sqrt(1 - 0.15 * one.bend**2) + out * np.sin(angle)
    nearer = 1 + 0.25 * (xs * np.sin(angle) + out)
    columns = np.interp(np.linspace(-1, 1, wide), across, np.arange(wide), left=-9, right=-9)
    sizes = np.interp(columns, np.arange(wide), nearer)
    ys = (np.arange(high)[:, None] - high / 2) / sizes[None] + high / 2
    grid_x = np.broadcast_to(columns, ys.shape).astype(np.float32)
    flat = cv2.remap(paper, grid_x, ys.astype(np.float32), cv2.INTER_LINEAR)
    solid = cv2.remap(np.full((high, wide), 255, np.uint8), grid_x, ys.astype(np.float32), 1)
    turn = cv2.getRotationMatrix2D((172.0, 222.0), -one.roll, scale)
    onto = _led(turn, one, (172.0, 222.0))
    face = cv2.warpAffine(flat, onto, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    mask = cv2.warpAffine(solid, onto, (WIDTH, HEIGHT))
    return _over(picture, np.asarray(face, np.uint8), np.asarray(mask, np.uint8), one.light)


@cache
def office() -> Image:
    """The empty room: a wall, a door, a board with papers, a shelf."""
    fall = np.linspace(1.05, 0.85, WIDTH, dtype=np.float32)[None, :, None]
    wall = np.full((HEIGHT, WIDTH, 3), (176, 188, 190), np.float32) * fall
    room = np.ascontiguousarray(wall.astype(np.uint8))
    cv2.rectangle(room, (0, 420), (WIDTH, HEIGHT), (120, 128, 132), -1)
    cv2.rectangle(room, (470, 70), (600, 420), (96, 120, 142), -1)
    cv2.rectangle(room, (482, 84), (588, 420), (112, 138, 160), -1)
    cv2.circle(room, (494, 270), 6, (60, 70, 80), -1)
    cv2.rectangle(room, (40, 60), (210, 180), (70, 96, 120), -1)
    for x, y in ((52, 72), (104, 70), (158, 76), (60, 126), (120, 130)):
        cv2.rectangle(room, (x, y), (x + 40, y + 44), (225, 228, 230), -1)
    cv2.rectangle(room, (250, 40), (430, 56), (90, 104, 118), -1)
    for number, x in enumerate(range(258, 420, 18)):
        colour = ((60, 70, 150), (130, 90, 50), (60, 120, 70), (150, 150, 150))[number % 4]
        cv2.rectangle(room, (x, 10), (x + 12, 40), colour, -1)
    return np.asarray(cv2.GaussianBlur(room, (7, 7), 0), np.uint8)


@cache
def _grain() -> Floats:
    chance = np.random.default_rng(4)
    return chance.standard_normal((HEIGHT, WIDTH, 3)).astype(np.float32)
