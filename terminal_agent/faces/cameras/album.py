"""A folder of pictures in place of a camera, in the order of the numbers in their names."""

import re
import threading
from pathlib import Path

from terminal_agent.clock import Clock
from terminal_agent.faces import pictures
from terminal_agent.faces.cameras.grabbing import gone
from terminal_agent.faces.cameras.pacing import Pace
from terminal_agent.faces.face import Image


class Album:
    """The pictures of a folder, `fps` a second. At their end it is a camera that was unplugged,
    unless it `loops`."""

    def __init__(self, folder: Path, fps: float, clock: Clock, *, loops: bool = False) -> None:
        """Raises SourceUnavailable("camera_gone")."""
        self._folder, self._loops, self._pace = folder, loops, Pace(fps, clock)
        self._next = 0
        try:
            self._paths = sorted(pictures.listed(folder), key=_natural)
        except OSError as problem:
            raise gone(f"{folder}: {problem.strerror}") from problem
        if not self._paths:
            raise gone(f"{folder} holds no pictures")

    def read(self, stop: threading.Event) -> Image | None:
        """The next picture at its time; a damaged one is passed over, as a camera drops a frame. Raises SourceUnavailable."""
        while self._pace.wait(stop):
            if self._next == len(self._paths):
                self._start_again()
            path = self._paths[self._next]
            self._next += 1
            try:
                image = pictures.read(path)
            except OSError as problem:
                raise gone(f"{path}: {problem.strerror}") from problem
            if image is not None:
                return image
        return None

    def _start_again(self) -> None:
        if not self._loops:
            raise gone(f"{self._folder} ended")
        self._next = 0

    def close(self) -> None:
        """Nothing is held open."""


def _natural(path: Path) -> list[tuple[int, str]]:
    """2.jpg before 10.jpg."""
    parts = re.split(r"(\d+)", path.name)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
