"""Who has been silent for too long, and the word to systemd that all is well."""

import os
import socket
import threading
from collections.abc import Callable


class Pulse:
    """Collects the beats of sources and uplink; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._beats: dict[str, tuple[float, float]] = {}

    def beater(self, name: str, allowance: float) -> Callable[[], None]:
        """A function to call at least every `allowance` seconds."""

        def beat() -> None:
            with self._lock:
                self._beats[name] = (self._monotonic(), allowance)

        beat()
        return beat

    def retire(self, name: str) -> None:
        """Whoever has stopped for good is not waited for."""
        with self._lock:
            self._beats.pop(name, None)

    def silent(self) -> list[str]:
        """The names whose last beat is older than their allowance."""
        now = self._monotonic()
        with self._lock:
            return [name for name, (at, most) in self._beats.items() if now - at > most]


def notify(state: str) -> None:
    """Tell systemd (sd_notify(3)); nothing happens where systemd did not start us."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.sendto(state.encode(), address)
