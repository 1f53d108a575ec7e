"""The camera and the networks that see: whether there is a picture, its light and its focus."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.doctor.finding import Finding, Level, Values
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import models
from terminal_agent.faces.cameras.opening import opened
from terminal_agent.faces.face import Image

_PREVIEW = "preview.jpg"
_FRESH_S = 10.0
_SETTLING = 8  # frames until a webcam has found its exposure
_PATIENCE = 10.0
_SHARP = 20.0  # variance of the Laplacian; a wall without anything on it has little as well
_LIGHTS: dict[str, tuple[str, Level]] = {
    "ok": ("camera_light", "ok"),
    "dark": ("camera_dark", "warn"),
    "glare": ("camera_glare", "warn"),
}


def networks(config: Config) -> Iterator[Finding]:
    """Every model file against the manifest; nothing is made."""
    wrong = models.check(Path(config.kiosk.state) / "models", config.camera.model)
    for name, problem in wrong:
        if problem is not None:
            values: Values = {"name": name, "detail": str(problem)}
            yield Finding(problem.code, "fail", "camera", values)
    if not any(problem for _, problem in wrong):
        yield Finding("models_whole", "ok", "camera", {"count": len(wrong)})


def camera(config: Config, clock: Clock, light: Callable[[Image], str]) -> Iterator[Finding]:
    """A picture of the running camera's program if it shows one, else the camera is opened. `light`
    says "ok", "dark" or "glare"."""
    try:
        image = _shown(config, clock)
        if image is None:
            image = _taken(config.camera.source, clock)
    except (SourceUnavailable, SourceMisconfigured) as problem:
        yield Finding(problem.code, "fail", "camera", {"where": "", "detail": str(problem)})
        return
    size: Values = {"width": image.shape[1], "height": image.shape[0]}
    yield Finding(*_LIGHTS[light(image)], "camera", size)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    sharpness = round(float(np.var(cv2.Laplacian(grey, cv2.CV_64F))))
    kind: tuple[str, Level] = (
        ("camera_sharp", "ok") if sharpness >= _SHARP else ("camera_blurred", "warn")
    )
    yield Finding(*kind, "camera", {"sharpness": sharpness})


def _shown(config: Config, clock: Clock) -> Image | None:
    """What the camera's program shows people at this moment."""
    path = Path(config.kiosk.socket).parent / _PREVIEW
    with suppress(OSError):
        if clock.system() - path.stat().st_mtime < _FRESH_S:
            data = np.frombuffer(path.read_bytes(), np.uint8)
            image = cv2.imdecode(data, cv2.IMREAD_COLOR)
            return None if image is None else np.asarray(image, np.uint8)
    return None


def _taken(source: str, clock: Clock) -> Image:
    """Raises SourceUnavailable and SourceMisconfigured."""
    seen = opened(source, clock)
    image: Image | None = None
    try:
        until = clock.monotonic() + _PATIENCE
        for _ in range(_SETTLING):
            frame = seen.newest(max(0.0, until - clock.monotonic()))
            if frame is None:
                break
            image = frame[0]
    except SourceUnavailable:
        if image is None:
            raise
    finally:
        seen.close()
    if image is None:
        raise SourceUnavailable("camera_gone", f"no picture within {_PATIENCE:g} s")
    return image
