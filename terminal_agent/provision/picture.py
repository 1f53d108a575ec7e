"""What the kiosk's camera shows while it is set up: one picture with its light, and a QR code."""

from collections.abc import Callable, Iterator
from contextlib import closing

import cv2
import msgspec

from terminal_agent.camera.outlook import light
from terminal_agent.clock import Clock
from terminal_agent.door.words import Light
from terminal_agent.errors import SourceUnavailable
from terminal_agent.faces.cameras import opening
from terminal_agent.faces.cameras.grabbing import gone
from terminal_agent.faces.face import Image

_SETTLING = 1.5  # seconds: a camera finds its exposure after it was opened
_PATIENCE = 10.0  # for the first picture
_WAIT = 1.0


class Picture(msgspec.Struct, frozen=True):
    """A JPEG, and whether faces could be seen in its light."""

    jpeg: bytes
    light: Light


def taken(source: str, clock: Clock) -> Picture:
    """A picture of the camera that `source` names. Raises SourceUnavailable("camera_gone") and
    SourceMisconfigured."""
    newest = None
    for newest in _frames(source, clock, _SETTLING):  # noqa: B007 - the last one counts
        pass
    if newest is None:
        raise gone("it gave no picture")
    return _shown(newest)


def read_code(
    source: str, clock: Clock, seconds: float, show: Callable[[Picture], None]
) -> str | None:
    """The text of the first QR code that is held before the camera, None where none was within so
    many seconds; `show` is given what the camera sees meanwhile. Raises as `taken`."""
    detector = cv2.QRCodeDetector()
    for image in _frames(source, clock, seconds):
        show(_shown(image))
        try:
            text, _, _ = detector.detectAndDecode(image)
        except (cv2.error, UnicodeDecodeError):  # half a code, or none of text
            continue
        if text:
            return str(text)
    return None


def _frames(source: str, clock: Clock, seconds: float) -> Iterator[Image]:
    """Every new frame until so many seconds after the first one."""
    # What a person is told of a camera that does not open is ours to say.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    with closing(opening.opened(source, clock)) as camera:
        until = clock.monotonic() + _PATIENCE
        first = True
        while clock.monotonic() < until:
            try:
                newest = camera.newest(_WAIT)
            except SourceUnavailable:
                if first:
                    raise
                return  # a clip ends; what it showed counts
            if newest is None:
                continue
            if first:
                first, until = False, clock.monotonic() + seconds
            yield newest[0]


def _shown(image: Image) -> Picture:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return Picture(data.tobytes(), light(image))
