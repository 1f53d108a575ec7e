"""The real models, loaded once for a whole test run."""

from pathlib import Path

import cv2
import pytest

from terminal_agent.faces import models as face_models

ROOT = Path(__file__).parents[3]
PORTRAITS = sorted((ROOT / "simulators" / "portraits").glob("*.jpg"))


@pytest.fixture(scope="session")
def models():
    """Every network. The converted one is kept between runs, as a kiosk keeps it."""
    cv2.setNumThreads(2)
    return face_models.load(ROOT / ".hadir" / "models")


@pytest.fixture(scope="session")
def portraits():
    """The shipped portraits by name, as OpenCV reads them."""
    return {path.stem: cv2.imread(str(path)) for path in PORTRAITS}
