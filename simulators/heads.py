"""The people of a made-up office: four portraits, and further people computed from them.

Whose portraits these are: portraits/ORIGIN.md. Nobody here has anything to do with Hadir.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from simulators import face_warp
from simulators.face_warp import Floats, Image, bent

FOLDER = Path(__file__).parent / "portraits"
WIDTH, HEIGHT = 320, 400  # of the sheet on which each head lies, eyes level
FACE = 150.0  # pixels from ear to ear on it
_EYES = (160.0, 190.0)
_PARTS = {  # of the face, and how many points each has in points.json
    "oval": 36,
    "right_upper": 9,
    "right_lower": 9,
    "left_upper": 9,
    "left_lower": 9,
    "right_brow": 5,
    "left_brow": 5,
    "nose": 14,
    "lips": 14,
    "cheeks": 12,
}


class Head(NamedTuple):
    """A person's head on its sheet: BGR, how much of each pixel is the person (0..1), the points on
    the face by name, and how the head was turned (degrees, above 0 = to the person's own left)."""

    image: Image
    matte: Floats
    points: dict[str, Floats]
    yaw: float

    def all_points(self) -> Floats:
        """The points of all parts, in the same order for everybody."""
        return np.vstack([self.points[part] for part in _PARTS])


class Recipe(NamedTuple):
    """A further person: the portrait that gives hair and skin, the one whose shape and, in part,
    face is mixed in, how much of each (0..1), and how the result is bent: wider (+) or narrower,
    jaw, eyes' size, eyes apart, nose's length, mouth's width, each as a share; then the skin's
    brightness (1 = as it is)."""

    base: str
    other: str
    shape: float = 0.0
    skin: float = 0.0
    bends: tuple[float, float, float, float, float, float] = (0, 0, 0, 0, 0, 0)
    light: float = 1.0


@cache
def portrait(name: str) -> Head:
    """The head of portraits/NAME.jpg."""
    image = cv2.imread(str(FOLDER / f"{name}.jpg"))
    if image is None:
        raise FileNotFoundError(f"{FOLDER / name}.jpg")
    table = json.loads((FOLDER / "points.json").read_text())[name]
    points = {part: np.array(table[part], np.float32) for part in _PARTS}
    onto = _levelled(points)
    flags = cv2.INTER_AREA
    sheet = cv2.warpAffine(
        image, onto, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpAffine(np.full(image.shape[:2], 255, np.uint8), onto, (WIDTH, HEIGHT))
    moved = {part: _moved(rows, onto) for part, rows in points.items()}
    matte = _cut_out(np.asarray(sheet, np.uint8), moved["oval"], np.asarray(inside, np.uint8))
    return Head(np.asarray(sheet, np.uint8), matte, moved, float(table["yaw"]))


def made(recipe: Recipe) -> Head:
    """The person of a recipe."""
    base, other = portrait(recipe.base), portrait(recipe.other)
    ours, theirs = base.all_points(), other.all_points()
    goal = ours + (theirs - ours) * recipe.shape
    goal[:, :2] = _reshaped(goal[:, :2], recipe.bends)
    image = bent(base.image, ours, goal)
    if recipe.skin:
        image = _skinned(image, bent(other.image, theirs, goal), goal, recipe.skin)
    image = np.asarray(cv2.convertScaleAbs(image, alpha=recipe.light), np.uint8)
    solid = bent((base.matte * 255).astype(np.uint8), ours, goal)
    yaw = base.yaw + (other.yaw - base.yaw) * recipe.shape
    return Head(image, np.asarray(solid / 255, np.float32), _parted(goal, base), yaw)


def posed(head: Head, deep: Floats, yaw: float, openness: float) -> tuple[Image, Image]:
    """The head's picture and matte (0..255) when it is turned to `yaw` degrees with its eyes so far
    open (1 = as on the portrait, 0 = shut). `deep`: its `face_warp.depth`."""
    image = head.image
    for side in ("right", "left") if openness < 1 else ():
        lids = (head.points[f"{side}_upper"], head.points[f"{side}_lower"])
        image = face_warp.lidded(image, lids, openness)
    source = face_warp.turning(head.all_points(), deep, yaw - head.yaw)
    solid = (head.matte * 255).astype(np.uint8)
    return face_warp.drawn(image, source), face_warp.drawn(solid, source)


def _levelled(points: dict[str, Floats]) -> Floats:
    """Where the photograph goes on the sheet: eyes level, the face of one size."""
    right = np.vstack([points["right_upper"], points["right_lower"]])[:, :2].mean(0)
    left = np.vstack([points["left_upper"], points["left_lower"]])[:, :2].mean(0)
    across = float(np.ptp(points["oval"][:, 0]))
    middle, tilt = (right + left) / 2, np.degrees(np.arctan2(*(left - right)[::-1]))
    turn = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), float(tilt), FACE / across)
    turn[:, 2] += np.array(_EYES) - middle
    return turn.astype(np.float32)


def _moved(points: Floats, onto: Floats) -> Floats:
    scale = float(np.hypot(onto[0, 0], onto[0, 1]))
    flat = points[:, :2] @ onto[:, :2].T + onto[:, 2]
    return np.hstack([flat, points[:, 2:] * scale]).astype(np.float32)


def _cut_out(sheet: Image, oval: Floats, inside: Image) -> Floats:
    """The head with its hair and neck, without what stands behind it."""
    low, high = oval[:, :2].min(0), oval[:, :2].max(0)
    middle = ((low + high) / 2).astype(int)
    reach = (high - low).astype(int)
    marks = np.full(sheet.shape[:2], cv2.GC_BGD, np.uint8)
    above = (int(middle[0]), int(middle[1] - 0.12 * reach[1]))
    cv2.ellipse(marks, above, (int(0.78 * reach[0]), int(0.86 * reach[1])), 0, 0, 360, 3, -1)
    neck = (int(middle[0] - 0.42 * reach[0]), int(middle[1]))
    cv2.rectangle(marks, neck, (int(middle[0] + 0.42 * reach[0]), HEIGHT), 3, -1)
    cv2.fillPoly(marks, [oval[:, :2].astype(np.int32)], cv2.GC_FGD)
    top = (int(middle[0]), int(low[1] - 0.02 * reach[1]))
    cv2.ellipse(marks, top, (int(0.35 * reach[0]), int(0.1 * reach[1])), 0, 0, 360, 1, -1)
    marks[inside < 128] = cv2.GC_BGD
    small = cv2.resize(sheet, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    few = np.asarray(marks[::2, ::2], np.uint8).copy()
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(7)
    cv2.grabCut(small, few, (0, 0, 1, 1), *models, 3, cv2.GC_INIT_WITH_MASK)
    solid = np.isin(few, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    clean = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((5, 5)))
    soft = cv2.GaussianBlur(cv2.resize(clean, (WIDTH, HEIGHT)), (7, 7), 0)
    return np.asarray(soft * (inside > 128), np.float32)


def _skinned(image: Image, other: Image, points: Floats, share: float) -> Image:
    """The inner face mixed with the other's, whose colours are first brought to the base's."""
    hull = cv2.convexHull(points[:, :2].astype(np.int32))
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, hull, 255)
    ours, theirs = image.astype(np.float32), other.astype(np.float32)
    mean, spread = ours[mask > 0].mean(0), ours[mask > 0].std(0)
    was, width = theirs[mask > 0].mean(0), theirs[mask > 0].std(0)
    theirs = (theirs - was) * (spread / width) + mean
    soft = cv2.GaussianBlur(cv2.erode(mask, np.ones((9, 9))), (21, 21), 0).astype(np.float32)
    weight = (soft / 255 * share)[..., None]
    return np.asarray(np.clip(ours * (1 - weight) + theirs * weight, 0, 255), np.uint8)


def _reshaped(points: Floats, bends: tuple[float, ...]) -> Floats:
    """The points moved so that the parts of the face grow or shrink by these shares."""
    wide, jaw, eyes, apart, nose, mouth = bends
    start, out = 0, points.copy()
    spans = {}
    for part, count in _PARTS.items():
        spans[part] = slice(start, start + count)
        start += count
    middle = points.mean(0)
    below = np.clip((points[:, 1] - middle[1]) / 90, -1, 1)
    out[:, 0] += (points[:, 0] - middle[0]) * (wide + jaw * np.clip(below, 0, 1))
    for side, sign in (("right", -1), ("left", 1)):
        rows = np.r_[spans[f"{side}_upper"], spans[f"{side}_lower"]]
        centre = out[rows].mean(0)
        out[rows] = centre + (out[rows] - centre) * (1 + eyes)
        both = np.r_[rows, spans[f"{side}_brow"]]
        out[both, 0] += sign * apart * 40
    tip = spans["nose"]
    out[tip, 1] += np.clip((points[tip, 1] - _EYES[1]) / 50, 0, 1.2) * nose * 50
    lips = spans["lips"]
    out[lips, 0] += (points[lips, 0] - points[lips, 0].mean()) * mouth
    return out


def _parted(points: Floats, like: Head) -> dict[str, Floats]:
    ends = np.cumsum([len(like.points[part]) for part in _PARTS])[:-1]
    return dict(zip(_PARTS, np.split(points.astype(np.float32), ends), strict=True))
