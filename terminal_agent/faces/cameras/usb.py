"""A USB camera (UVC) by Video4Linux."""

import threading

import cv2
import numpy as np

from terminal_agent.faces.cameras.grabbing import gone
from terminal_agent.faces.face import Image

_WIDTH, _HEIGHT = 640, 480


class Usb:
    """The camera at /dev/…; by-id names stay the same whatever is plugged in first."""

    def __init__(self, device: str) -> None:
        """Raises SourceUnavailable("camera_gone")."""
        self._device = device
        self._capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            self._capture.release()
            raise gone(f"{device} cannot be opened")
        # MJPG: raw pictures of this size would fill a shared USB 2 bus at 10 a second.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDTH)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self, stop: threading.Event) -> Image | None:
        """The next frame. Raises SourceUnavailable."""
        if stop.is_set():
            return None
        there, image = self._capture.read()
        if not there:
            raise gone(f"{self._device} gave no frame")
        return np.asarray(image, np.uint8)

    def close(self) -> None:
        """Let go of it."""
        self._capture.release()
