"""Who has been silent for too long, and the word to systemd that all is well."""

import logging
import os
import socket
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two words to systemd


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


class Watchdog:
    """What a process tells systemd of itself: that it is ready, once, and then that all is well, as
    long as nobody is silent. `monotonic` gives seconds."""

    def __init__(self, pulse: Pulse, monotonic: Callable[[], float]) -> None:
        self._pulse = pulse
        self._monotonic = monotonic
        self._ready = False
        self._fed = float("-inf")

    def ready(self) -> None:
        """It works; whoever waits for it may go on. Only the first word counts."""
        if not self._ready:
            self._ready = True
            notify("READY=1")

    def feed(self) -> None:
        """All is well, unless somebody is silent; as often as wanted."""
        now = self._monotonic()
        if now - self._fed < _EVERY:
            return
        self._fed = now
        if silent := self._pulse.silent():
            log.error("watchdog.unfed silent=%s", ",".join(silent))
        else:
            notify("WATCHDOG=1")


def notify(state: str) -> None:
    """Tell systemd (sd_notify(3)); nothing happens where systemd did not start us."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.sendto(state.encode(), address)
