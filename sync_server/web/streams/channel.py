"""What all who look at the same thing see: its panels, each with the turn at which it changed last."""

from collections.abc import Callable, Mapping
from typing import Protocol

BEAT = b": still here\n\n"


class Listener(Protocol):
    """Whoever is woken when there is something to send."""

    def wake(self) -> None:
        """There is something new."""


Part = Callable[[str, bytes], bytes]


class Channel:
    """Lives in the event loop alone. `part`: how a panel of a name is written into an event."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.turn = 0
        self.listeners: set[Listener] = set()
        self._panels: dict[str, tuple[int, bytes]] = {}
        self._joined: dict[int, bytes] = {}

    def put(self, drawn: Mapping[str, bytes]) -> None:
        """The panels as they are now; whoever listens is told what differs."""
        fresh = {
            name: html
            for name, html in drawn.items()
            if self._panels.get(name, (0, b""))[1] != html
        }
        if not fresh:
            return
        self.turn += 1
        self._joined = {}
        self._panels |= {name: (self.turn, html) for name, html in fresh.items()}
        for one in tuple(self.listeners):
            one.wake()

    def since(self, turn: int) -> bytes:
        """One server-sent event with every panel that changed after a turn; b"" where none did. Who
        was too slow for a turn gets the newest state, never a queue of old ones."""
        if turn not in self._joined:
            html = b"".join(self._part(n, h) for n, (at, h) in self._panels.items() if at > turn)
            event = b"id: %d\ndata: %s\n\n" % (self.turn, html)
            self._joined[turn] = event if html else b""
        return self._joined[turn]


def partial(name: str, html: bytes) -> bytes:
    """A panel as htmx takes it: the element with this id is morphed, so that focus stays. One line:
    an event's data ends with one."""
    lines = b" ".join(html.split(b"\n")).replace(b"\r", b"")
    return b'<hx-partial id="%s" hx-swap="outerMorph">%s</hx-partial>' % (name.encode(), lines)
