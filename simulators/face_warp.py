"""A face bent, turned and blinking, computed from one photograph and some points on it.

Images are BGR, points are rows of x, y (pixels, y downwards) and z (pixels towards the camera).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

_GRID = 6  # pixels: faces bend smoothly, so a coarse map is enough
_STEPS = 12  # of the search for where a turned pixel came from; it settles to a tenth of a pixel


class Spline:
    """A thin-plate spline through `values` (rows) at `places` (rows of x, y), a little relaxed."""

    def __init__(self, places: Floats, values: Floats, slack: float = 1.0) -> None:
        self._places = places.astype(np.float64)
        count = len(places)
        full = np.zeros((count + 3, count + 3))
        full[:count, :count] = _bend(self._places, self._places) + slack * np.eye(count)
        full[:count, count], full[:count, count + 1 :] = 1, self._places
        full[count, :count], full[count + 1 :, :count] = 1, self._places.T
        known = np.vstack([values, np.zeros((3, values.shape[1]))])
        self._weights = np.linalg.solve(full, known)

    def over(self, width: int, height: int) -> Floats:
        """The values at every pixel of an image of this size."""
        xs, ys = np.arange(0, width + _GRID, _GRID), np.arange(0, height + _GRID, _GRID)
        at = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2).astype(np.float64)
        count = len(self._places)
        found = _bend(at, self._places) @ self._weights[:count]
        found += self._weights[count] + at @ self._weights[count + 1 :]
        coarse = found.reshape(len(ys), len(xs), -1).astype(np.float32)
        scale = np.array([[1 / _GRID, 0, 0], [0, 1 / _GRID, 0]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        fine = cv2.warpAffine(coarse, scale, (width, height), flags=flags)
        return np.asarray(fine, np.float32).reshape(height, width, -1)


def _bend(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    square = ((a[:, None] - b[None]) ** 2).sum(-1)
    return np.asarray(square * np.log(square + 1e-9) / 200)


def corners(width: int, height: int) -> Floats:
    """Points that hold an image's border still."""
    xs, ys = (0, width / 2, width), (0, height / 2, height)
    rim = [(x, y) for x in xs for y in ys if (x, y) != (width / 2, height / 2)]
    return np.array(rim, np.float32)


def bent(image: Image, before: Floats, after: Floats) -> Image:
    """The image with what was at the points `before` (rows of x, y) moved to `after`."""
    height, width = image.shape[:2]
    rim = corners(width, height)
    places, values = np.vstack([after[:, :2], rim]), np.vstack([before[:, :2], rim])
    return drawn(image, Spline(places, values).over(width, height))


def drawn(image: Image, source: Floats) -> Image:
    """The image with each pixel taken from where `source` (x, y of every pixel) says."""
    xs, ys = cv2.split(source)
    bordered = cv2.remap(image, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(bordered, np.uint8)


def depth(points: Floats, size: tuple[int, int]) -> Floats:
    """How far each pixel of a head's picture (width, height) stands out, in pixels: as the points on
    the face say, and falling back around it as an ellipsoid does."""
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    reach = high - low
    around = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ring = (low + high) / 2 + np.stack([np.cos(around), np.sin(around)], 1) * reach * 0.95
    back = float(np.percentile(points[:, 2], 5))
    deep = np.full((len(ring), 1), back - 0.18 * float(reach[0]), np.float32)
    places = np.vstack([points[:, :2], ring]).astype(np.float32)
    found = Spline(places, np.vstack([points[:, 2:], deep]), slack=8.0).over(*size)[..., 0]
    floor = back - 0.35 * float(reach[0])
    return np.asarray(np.maximum(found, floor) - back + 0.05 * float(reach[0]), np.float32)


def turning(points: Floats, deep: Floats, degrees: float) -> Floats:
    """From where each pixel of the picture of a head turned by `degrees` (above 0: to the person's
    own left) comes. Below the chin the turn fades: shoulders stay. `deep`: its `depth`."""
    height, width = deep.shape
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    middle, reach, angle = (low + high) / 2, high - low, np.radians(degrees)
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    fade = np.clip((high[1] - ys) / (0.35 * reach[1]) + 1, 0, 1)
    away = np.clip(np.abs(xs - middle[0]) / (1.1 * reach[0]), 0, 1)
    moved = (xs - middle[0]) * (np.cos(angle) - 1) + deep * np.sin(angle)
    moved = (moved * fade * (1 - away**3)).astype(np.float32)
    source = xs.copy()
    for _ in range(_STEPS):
        source = xs - _taken(moved, source, ys)
    return np.dstack([source, ys]).astype(np.float32)


def still(width: int, height: int) -> Floats:
    """Each pixel comes from where it is."""
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.dstack([xs, ys])


def _taken(values: Floats, xs: Floats, ys: Floats) -> Floats:
    found = cv2.remap(values, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)


def lidded(image: Image, eye: tuple[Floats, Floats], openness: float) -> Image:
    """The picture with an eyelid drawn down: 1 = as it was, 0 = shut. `eye`: points of the upper and
    the lower lid. Skin as around the eye covers it, and lashes lie on the lid's edge."""
    height, width = image.shape[:2]
    upper, lower = eye
    here = still(width, height)
    xs, ys = here[0, :, 0], here[..., 1]
    lid, floor = _curve(xs, upper), _curve(xs, lower)
    inside = (xs >= upper[0, 0] - 3) & (xs <= upper[-1, 0] + 3)
    edge = np.where(inside, floor + 2.5 - openness * (floor + 2.5 - lid), lid)
    whole = (ys > lid - 5) & (ys < floor + 4) & inside
    skin = cv2.inpaint(image, whole.astype(np.uint8), 4, cv2.INPAINT_TELEA)
    skin = cv2.GaussianBlur(skin, (5, 5), 0)
    covered = whole & ((ys <= edge) | (ys > floor - 1)) if openness else whole
    soft = cv2.GaussianBlur(covered.astype(np.float32), (5, 5), 0)[..., None] * (1 - openness)
    out = image * (1 - soft) + skin * soft
    firm = (ys > lid - 2) & (ys <= (edge if openness else floor + 2)) & inside
    out = np.where(firm[..., None], skin, out)
    lashes = np.exp(-(((ys - edge) / 2.2) ** 2)) * (1 - openness) * inside
    return np.asarray(np.clip(out * (1 - 0.7 * lashes[..., None]), 0, 255), np.uint8)


def _curve(xs: Floats, points: Floats) -> Floats:
    order = np.argsort(points[:, 0])
    return np.asarray(np.interp(xs, points[order, 0], points[order, 1]), np.float32)
