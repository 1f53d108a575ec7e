"""kill -9 at random moments, and what was in flight at each: read from the disks, not guessed."""

import random
import re
import signal
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from typing import Self

from tests.process.office import Office, Program, until

PEOPLE = 2_000  # so many that nobody punches twice in one second
_SENT = re.compile(rb"batch\.sent first=(\d+) count=(\d+)")

# What a kill may interrupt, seen from the events that were in flight.
NOT_JOURNALLED = "on the device, not in the journal"
NOT_SENT = "in the journal, not sent"
NOT_COMMITTED = "sent, not in the ledger"
NOT_RECEIPTED = "in the ledger, receipt not taken"


class Crowd:
    """People who punch at a terminal from `with` to the end of it: `burst` five times a second."""

    def __init__(self, office: Office, burst: int = 60) -> None:
        self._device = office.terminals[0].device
        self._burst = burst
        self._stop = Event()
        self._thread = Thread(target=self._punch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _punch(self) -> None:
        touched = 0
        while not self._stop.wait(0.2):
            for _ in range(self._burst):
                self._device.punch(str(1_000 + touched % PEOPLE))
                touched += 1


class Storm:
    """Kills agent and server at random moments and counts what each kill interrupted."""

    def __init__(self, office: Office, seed: int) -> None:
        self._office = office
        self._chance = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.interrupted: Counter[tuple[str, str]] = Counter()
        self.in_flight: list[int] = []
        self._began = {"agent": 0, "server": 0}

    def strike(self) -> None:
        """One kill: both sides are frozen, what is on disk is read, the victim dies, life goes on."""
        name = self._chance.choice(("agent", "agent", "agent", "server", "server"))
        victim = getattr(self._office, name)
        self._wait_for_a_moment()
        both = (self._office.agent, self._office.server)
        for program in both:
            assert program.running(), f"it ended by itself: {self._office.report()}"
            freeze(program)
        self._look(name)
        victim.kill()
        for program in both:
            if program is not victim:
                program.signal(signal.SIGCONT)
        self._began[name] = victim.log.stat().st_size
        victim.start()

    def met(self, stages: set[tuple[str, str]]) -> bool:
        """Whether every one of these was interrupted at least once."""
        return stages <= self.interrupted.keys()

    def _wait_for_a_moment(self) -> None:
        """Any time since the last kill, start-up included, or just after one side did something:
        a receipt is on its way for milliseconds only."""
        if self._chance.random() < 0.4:
            time.sleep(self._chance.uniform(0, 1.6))
            return
        log = self._chance.choice((self._office.agent.log, self._office.server.log))
        before = log.stat().st_size
        until(lambda: log.stat().st_size != before, lambda: "somebody does something", step=0.001)
        time.sleep(self._chance.uniform(0, 0.02))

    def _look(self, name: str) -> None:
        held, journalled = len(self._office.held()), self._office.journalled()
        last, acked, stored = self._office.marks()
        self.kills[name] += 1
        if not (journalled and stored):
            return  # a file is still being made, or held by a process that is just opening it
        sent = max(self._sent(), stored)
        self.in_flight.append(last - acked)
        found = {
            NOT_JOURNALLED: held > journalled,
            NOT_SENT: last > sent,
            NOT_COMMITTED: sent > stored,
            NOT_RECEIPTED: stored > acked,
        }
        self.interrupted.update((name, stage) for stage, there in found.items() if there)

    def _sent(self) -> int:
        """The newest seq that this run of the agent says it has sent."""
        with self._office.agent.log.open("rb") as log:
            log.seek(self._began["agent"])
            return max((int(f) + int(n) - 1 for f, n in _SENT.findall(log.read())), default=0)


def freeze(program: Program) -> None:
    """SIGSTOP, and wait until the kernel says that it stands still."""
    program.signal(signal.SIGSTOP)
    stat = Path(f"/proc/{program.process.pid}/stat")
    until(lambda: stat.read_text().rpartition(")")[2].split()[0] in "TZ", lambda: "it stops")
