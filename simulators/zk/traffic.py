"""What passed through a terminal's sockets, counted before a client can see the effect."""

from collections import Counter
from threading import Lock


class Traffic:
    """Exact byte counts (TCP prefix included) and every command, in order of arrival."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        """Start counting from nothing."""
        with self._lock:
            self.bytes_in = 0
            self.bytes_out = 0
            self.event_acks = 0
            self.bad_checksums = 0
            self.commands: list[int] = []
            self.writes: list[int] = []

    def heard(self, size: int) -> None:
        """Bytes arrived."""
        with self._lock:
            self.bytes_in += size

    def asked(self, command: int, *, sound: bool) -> None:
        """A request arrived; a wrong checksum is counted and forgiven."""
        with self._lock:
            self.commands.append(command)
            self.bad_checksums += not sound

    def acknowledged(self) -> None:
        """A client acknowledged a live event."""
        with self._lock:
            self.event_acks += 1

    def said(self, size: int) -> None:
        """A write of this many bytes is about to go out."""
        with self._lock:
            self.bytes_out += size
            self.writes.append(size)

    def counts(self) -> Counter[int]:
        """How often each command was asked."""
        with self._lock:
            return Counter(self.commands)
