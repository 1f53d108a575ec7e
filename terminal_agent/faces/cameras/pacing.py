"""Recorded pictures come as fast as they were taken, not as fast as a disk gives them."""

import threading

from terminal_agent.clock import Clock


class Pace:
    """So many frames a second, whoever is late."""

    def __init__(self, fps: float, clock: Clock) -> None:
        self._gap, self._clock = 1 / fps, clock
        self._due = clock.monotonic()

    def wait(self, stop: threading.Event) -> bool:
        """Wait for the next frame's turn; False where `stop` was set."""
        now = self._clock.monotonic()
        self._due = max(self._due + self._gap, now - self._gap)
        return not stop.wait(max(0.0, self._due - now))
