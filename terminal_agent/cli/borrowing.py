"""Terminals borrowed from the running agent, so that a command can speak to them alone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from terminal_agent.door.client import Door
from terminal_agent.door.words import Lend, Pushed, Told
from terminal_agent.errors import SourceUnavailable

_LEASE = 120  # seconds; a command that is killed leaves a terminal unread for no longer
_RENEW = 20  # beats, of a second each
_TRIES = 45  # each waits two seconds in the agent: a full read of a large log takes a minute
_MOST = 400  # changes in one word


class Borrower:
    """Lends from `with` to its end. Where no agent runs nobody reads the terminals, and nothing has
    to be borrowed; `has_agent` tells."""

    def __init__(self, socket: Path) -> None:
        self._door = Door(socket, "command")
        self.has_agent = False

    def __enter__(self) -> "Borrower":
        try:
            self._door.connect()
            self.has_agent = True
        except SourceUnavailable:
            self.has_agent = False
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    @contextmanager
    def lend(self, device: str) -> Iterator[Callable[[], None]]:
        """The terminal of this name to oneself; what is given is to be called each second. Raises
        SourceUnavailable: it is not free, or out of reach."""
        if not self.has_agent:
            yield lambda: None
            return
        self._borrow(device)
        beats = iter(range(1, 10**9))
        try:
            yield lambda: self._renew(device, next(beats))
        finally:
            self._door.ask(Lend(0, device, 0))

    def journal(self, serial: str, changes: Sequence[tuple[str, str, str]]) -> bool:
        """Have the agent write changes into its chain; whether it did. Raises SourceUnavailable."""
        runs = [tuple(changes[at : at + _MOST]) for at in range(0, len(changes), _MOST)]
        return all(self._door.ask(Pushed(0, serial, run)).ok for run in runs)

    def _borrow(self, device: str) -> None:
        for _ in range(_TRIES):
            told = self._asked(device)
            if told.ok or told.code == "unknown_device":  # the agent does not read such a one
                return
            if told.code != "busy":
                raise SourceUnavailable(told.code, f"the agent could not lend {device}")
        raise SourceUnavailable("busy", f"{device} is still being read")

    def _renew(self, device: str, beat: int) -> None:
        if beat % _RENEW == 0:
            self._asked(device)

    def _asked(self, device: str) -> Told:
        return self._door.ask(Lend(0, device, _LEASE))
