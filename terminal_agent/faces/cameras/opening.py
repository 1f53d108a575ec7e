"""Which kind of camera a configured source is."""

import re
from pathlib import Path

from terminal_agent.clock import Clock
from terminal_agent.config_shown import shown_source
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces.cameras import ribbon
from terminal_agent.faces.cameras.album import Album
from terminal_agent.faces.cameras.clip import Clip
from terminal_agent.faces.cameras.grabbing import Camera, Reader, gone
from terminal_agent.faces.cameras.network import SCHEMES, Network
from terminal_agent.faces.cameras.ribbon import Ribbon
from terminal_agent.faces.cameras.usb import Usb

_FOLDER_FPS = 10.0
_RECORDED = re.compile(r"(?P<path>.+?)(#(?P<fps>\d+(\.\d+)?))?(?P<loop>\?loop)?")


def opened(source: str, clock: Clock) -> Camera:
    """The camera that `source` of the configuration names, giving frames.

    "/dev/…" USB; "rtsp://…", "http://…"; "picamera2"; else a clip, or a folder of pictures, which
    end like a camera that is unplugged, or with "?loop" begin again. "FOLDER#5": five a second.
    Raises SourceUnavailable("camera_gone") and SourceMisconfigured.
    """
    return Camera(_reader(source, clock), clock)


def _reader(source: str, clock: Clock) -> Reader:
    if not source:
        raise SourceMisconfigured("no_camera_source", "camera.source is empty")
    if source == ribbon.NAME:
        return Ribbon()
    if source.startswith(SCHEMES):
        return Network(source)
    if source.startswith("/dev/"):
        return Usb(source)
    return _recorded(source, clock)


def _recorded(source: str, clock: Clock) -> Reader:
    whole = _RECORDED.fullmatch(source)
    path, loops = Path(whole["path"] if whole else source), bool(whole and whole["loop"])
    if path.is_dir():
        fps = float(whole["fps"]) if whole and whole["fps"] else _FOLDER_FPS
        if not 0 < fps <= 100:
            raise SourceMisconfigured("camera_unknown", f"{fps:g} pictures a second in {source}")
        return Album(path, fps, clock, loops=loops)
    if path.is_file():
        return Clip(path, clock, loops=loops)
    if not path.is_absolute():
        raise SourceMisconfigured("camera_unknown", f"no camera is called {shown_source(source)!r}")
    raise gone(f"{path} is not there")
