"""A network camera: RTSP, or MJPEG over HTTP, by OpenCV's FFmpeg."""

import threading
from urllib.parse import urlsplit

import cv2
import numpy as np

from terminal_agent.faces.cameras.grabbing import gone
from terminal_agent.faces.face import Image

SCHEMES = ("rtsp://", "rtsps://", "http://", "https://")
_OPEN_MS, _READ_MS = 5_000, 5_000  # a peer that accepts and says nothing would hold us for 30 s


class Network:
    """The stream at a URL. The log never shows its user and password."""

    def __init__(self, url: str) -> None:
        """Raises SourceUnavailable("camera_gone")."""
        self._shown = urlsplit(url).hostname or url.partition(":")[0]
        limits = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            _OPEN_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            _READ_MS,
        ]
        self._capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
        if not self._capture.isOpened():
            self._capture.release()
            raise gone(f"no stream from {self._shown}")

    def read(self, stop: threading.Event) -> Image | None:
        """The next frame. Raises SourceUnavailable."""
        if stop.is_set():
            return None
        there, image = self._capture.read()
        if not there:
            raise gone(f"the stream from {self._shown} ended")
        return np.asarray(image, np.uint8)

    def close(self) -> None:
        """Hang up."""
        self._capture.release()
