"""Image files of faces, whole frames or tight crops."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from terminal_agent.faces.face import Box, Image

SUFFIXES = (".jpg", ".jpeg", ".png", ".pgm", ".ppm", ".bmp", ".webp", ".tif", ".tiff")
_MARGIN = 0.5  # of the longer side, round a crop in which the detector sees no face


class Finder(Protocol):
    """What finds faces."""

    def find(self, image: Image) -> list[Box]:
        """Largest first."""


def listed(folder: Path) -> Iterator[Path]:
    """The image files right in this folder, by name; not those that begin with a dot."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file():
            yield path


def read(path: Path) -> Image | None:
    """The image, turned as its EXIF says, BGR; None where it is damaged. Raises OSError."""
    data = np.frombuffer(path.read_bytes(), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    return None if image is None else np.asarray(image, np.uint8)


def framed(finder: Finder, image: Image) -> tuple[Image, list[Box]]:
    """The image and its faces; a tight crop gets a margin first, which detectors expect."""
    boxes = finder.find(image)
    if boxes:
        return image, boxes
    margin = round(max(image.shape[:2]) * _MARGIN)
    sides = (margin,) * 4
    wider = np.asarray(cv2.copyMakeBorder(image, *sides, cv2.BORDER_REPLICATE), np.uint8)
    return wider, finder.find(wider)
