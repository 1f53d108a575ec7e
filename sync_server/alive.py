"""Whether every part of the centre still turns, and the word to systemd that it does.

A part is alive that looks whether it should stop: its own view of `stop` counts each look as a beat.
So no part has to know of systemd, and one that hangs in the midst of its work is found.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

# A month that is frozen, or an import of a year, keeps SQLite's one place to write for minutes, and
# all who write wait behind it.
AT_THE_LEDGER = 900.0
_EACH_S = 1.0
_PIECE = 5.0  # seconds: whoever waits for longer has not fallen silent
_LOOKS = 2  # a part that looks again has got through its beginning


class Part(threading.Event):
    """`stop` as one part sees it."""

    def __init__(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        super().__init__()
        self._stop = stop
        self._beat = beat

    def is_set(self) -> bool:
        """As threading.Event's."""
        self._beat()
        return self._stop.is_set()

    def set(self) -> None:
        """As threading.Event's: everybody stops."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """As threading.Event's; a long wait beats too."""
        left = timeout
        while left is None or left > _PIECE:
            self._beat()
            if self._stop.wait(_PIECE):
                return True
            left = None if left is None else left - _PIECE
        self._beat()
        return self._stop.wait(left)


class Alive:
    """The parts of one process that ends when `stop` is set; `monotonic` gives seconds."""

    def __init__(self, stop: threading.Event, monotonic: Callable[[], float]) -> None:
        self._stop = stop
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._parts: dict[str, tuple[float, float, int]] = {}  # last look, allowance, looks

    def part(self, name: str, allowance: float = AT_THE_LEDGER) -> Part:
        """`stop` for a part that looks at it at least every `allowance` seconds."""
        with self._lock:
            self._parts[name] = (self._monotonic(), allowance, 0)
        return Part(self._stop, lambda: self._beat(name))

    def _beat(self, name: str) -> None:
        with self._lock:
            _, allowance, looks = self._parts[name]
            self._parts[name] = (self._monotonic(), allowance, looks + 1)

    def is_ready(self) -> bool:
        """Whether every part has got through its beginning."""
        with self._lock:
            return all(looks >= _LOOKS for _, _, looks in self._parts.values())

    def silent(self) -> list[str]:
        """The names of the parts that have not looked within their allowance."""
        now = self._monotonic()
        with self._lock:
            return [name for name, (at, most, _) in self._parts.items() if now - at > most]

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell systemd as long as this lasts: when the centre is ready, and that all is well."""
        ended = threading.Event()
        thread = threading.Thread(target=self._tell, args=(ended,), name="alive", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            tell_systemd("STOPPING=1")

    def _tell(self, ended: threading.Event) -> None:
        ready = False
        while not ended.wait(_EACH_S if ready else _EACH_S / 10):
            if not ready:
                ready = self.is_ready()
                if ready:
                    log.info("server.ready parts=%d", len(self._parts))
                    tell_systemd("READY=1")
            if silent := self.silent():
                log.error("server.silent parts=%s", ",".join(silent))
            else:
                tell_systemd("WATCHDOG=1")


def tell_systemd(word: str) -> None:
    """One word by sd_notify(3); nothing happens where systemd did not start us."""
    # The kiosk has the same few lines: the two sides share nothing but the contract, which is pure.
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        name = "\0" + address[1:] if address.startswith("@") else address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
            wire.sendto(word.encode(), name)
