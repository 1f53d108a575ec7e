"""A rehearsed outage: the real agent works through a cable of this machine that is cut and restored.

The cable is a program of its own (`python -m simulators.relay`), so a technician needs no root and
no second machine. Devices, journal, broker and centre are the real ones.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from contract.event import BOOKKEEPING_KINDS, kind
from terminal_agent import agent, identity
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.errors import JournalFailed, SourceUnavailable
from terminal_agent.journal_view import View

_LOOK = 0.2
_FIRST_PATIENCE = 60.0  # seconds until the link must be up for the first time
_SETTLING = 15.0
_LAST_PATIENCE = 420.0  # the longest backoff, and what the receipts take then


class Mark(msgspec.Struct, frozen=True):
    """Where the journal stands: newest seq, newest one that starts a flush, acked mark."""

    epoch: int
    last: int
    urgent: int
    acked: int


class Outcome(msgspec.Struct, frozen=True):
    """What the rehearsal showed. `stored` and `scans`: events and scans committed while the cable
    was cut; `waiting`: events without a receipt at its end; `receipted`: how many of these have one
    now; `took`: seconds from the restored cable to the last of them."""

    stored: int
    scans: int
    waiting: int
    receipted: int
    took: float

    @property
    def held(self) -> bool:
        """Whether something waited, and all of it has its receipt."""
        return 0 < self.waiting == self.receipted


class Cable:
    """The relay, in words over its pipes."""

    def __init__(self, said: IO[str], told: IO[str]) -> None:
        self._said, self._told = said, told
        self.port = int(said.readline() or 0)

    def make(self, word: str) -> None:
        """`cut` or `restore`; it is done when this returns."""
        self._told.write(f"{word}\n")
        self._told.flush()
        self._said.readline()


class Rehearsal:
    """Cut for `seconds`; `tell(step, **values)` is called as each step of the story comes true."""

    def __init__(
        self, config: Config, clock: Clock, seconds: float, tell: Callable[..., None]
    ) -> None:
        self._config = config
        self._clock = clock
        self._seconds = seconds
        self._tell = tell
        self._journal = Path(config.kiosk.state) / "journal.db"
        self.outcome: Outcome | None = None

    def play(self, stop: threading.Event) -> BaseException | None:
        """Run the agent and the story; what failed in the agent. `outcome` is None where the story
        did not come to its end.

        Raises SourceMisconfigured as the agent does, SourceUnavailable without a cable.
        """
        invited = identity.load(Path(self._config.kiosk.state))
        with _cable(invited.broker_host, invited.broker_port) as cable:
            story = threading.Thread(target=self._story, args=(cable, stop), name="rehearsal")
            story.start()
            try:
                via = ("127.0.0.1", cable.port)
                return agent.run(self._config, self._clock, stop, via)
            finally:
                stop.set()
                story.join()

    def _story(self, cable: Cable, stop: threading.Event) -> None:
        with _hearing() as connected:
            self._until(connected.is_set, _FIRST_PATIENCE, stop)
        if not connected.is_set() or stop.is_set():
            stop.set()
            return
        self._tell("rehearsal_up")
        self._until(self._settled, _SETTLING, stop)  # what is older is not the rehearsal's
        before = self._mark()
        cable.make("cut")
        self._tell("rehearsal_cut", seconds=round(self._seconds))
        if not stop.wait(self._seconds):
            self._restore(cable, stop, before)
        stop.set()

    def _restore(self, cable: Cable, stop: threading.Event, before: Mark) -> None:
        kinds = self._kinds(before.last)
        then = self._mark()
        waiting = max(0, then.urgent - then.acked)
        outcome = Outcome(len(kinds), kinds.count("scan"), waiting, 0, 0.0)
        self._tell("rehearsal_waiting", **msgspec.structs.asdict(outcome))
        began = self._clock.monotonic()
        cable.make("restore")
        self._tell("rehearsal_restored")
        self._until(lambda: self._received(then) == waiting, _LAST_PATIENCE, stop)
        took = self._clock.monotonic() - began
        received = self._received(then)
        self.outcome = msgspec.structs.replace(outcome, receipted=received, took=took)

    def _settled(self) -> bool:
        now = self._mark()
        return now.acked >= now.urgent

    def _received(self, then: Mark) -> int:
        """How many of the events that waited then have their receipt now."""
        now = self._mark()
        if now.epoch != then.epoch:
            return 0
        return max(0, min(now.acked, then.urgent) - then.acked)

    def _until(self, true: Callable[[], bool], patience: float, stop: threading.Event) -> None:
        until = self._clock.monotonic() + patience
        while not true() and self._clock.monotonic() < until and not stop.wait(_LOOK):
            pass

    def _mark(self) -> Mark:
        view = View(self._journal)
        try:
            seen = view.waiting()
            waiting = view.events(seen.acked)
        finally:
            view.close()
        worth = [seq for seq, record, _ in waiting if kind(record) not in BOOKKEEPING_KINDS]
        return Mark(seen.epoch, seen.last, max(worth, default=seen.acked), seen.acked)

    def _kinds(self, after: int) -> list[str]:
        view = View(self._journal)
        try:
            return [kind(record) for _, record, _ in view.events(after)]
        finally:
            view.close()


@contextmanager
def _cable(host: str, port: int) -> Iterator[Cable]:
    """A cable to the broker; it goes when this process goes. Raises SourceUnavailable."""
    words = [sys.executable, "-m", "simulators.relay", host, str(port)]
    with subprocess.Popen(  # noqa: S603 - our own module
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        said, told = child.stdout, child.stdin
        if said is None or told is None:
            raise JournalFailed("no_cable", "the rehearsal's cable has no pipes")
        cable = Cable(said, told)
        if not cable.port:
            raise SourceUnavailable("no_cable", "python -m simulators.relay did not start")
        yield cable


@contextmanager
def _hearing() -> Iterator[threading.Event]:
    """Set when the uplink logs that it is connected; the log is quiet otherwise."""
    connected = threading.Event()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if str(record.msg).startswith("uplink.connected"):
                connected.set()

    ear, said_by = Ear(), logging.getLogger("terminal_agent.uplink")
    level = said_by.level
    said_by.addHandler(ear)
    said_by.setLevel(logging.INFO)
    try:
        yield connected
    finally:
        said_by.removeHandler(ear)
        said_by.setLevel(level)
