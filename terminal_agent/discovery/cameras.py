"""Cameras at this machine, by the path that stays theirs. None is opened: another program may use
it. Network cameras (RTSP, ONVIF) are not sought; their address has to be typed."""

from contextlib import suppress
from pathlib import Path

from terminal_agent.discovery.found import FoundCamera

_BY_ID = Path("/dev/v4l/by-id")
_CLASS = Path("/sys/class/video4linux")
_PICTURES = "-video-index0"  # the others of one camera carry metadata (kernel, uvcvideo)


def cameras(by_id: Path = _BY_ID, classes: Path = _CLASS) -> list[FoundCamera]:
    """USB cameras; none where there is no such folder."""
    if not by_id.is_dir():
        return []
    paths = sorted(path for path in by_id.iterdir() if path.name.endswith(_PICTURES))
    return [FoundCamera(str(path), _title(path, classes)) for path in paths]


def _title(path: Path, classes: Path) -> str:
    with suppress(OSError):
        return (classes / path.resolve().name / "name").read_text("utf-8", "replace").strip()
    return ""
