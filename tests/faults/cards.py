"""A kiosk's card in its machine: the agent's own journal, dispatch and clock, with nothing else real.

The card's folder stands in memory, where syncing costs nothing: what a power cut leaves of pages that
were not synced is enumerated elsewhere. Here a crash leaves what was committed: the files are copied
as they are at some statement, and life goes on from the copy.
"""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from contract.event import Scan, read
from contract.invitation import Invitation
from terminal_agent.clock import Clock
from terminal_agent.delivery import Delivery, Reading, Stored
from terminal_agent.dispatch import Dispatch
from terminal_agent.journal import Journal
from terminal_agent.lately import Lately
from terminal_agent.pace import Pace
from tests.process.check import Copy
from tests.sync_server import clock_life
from tests.sync_server.clock_life import Machine, S

_FILES = ("journal.db", "journal.db-wal")
AGAIN = 10  # seconds in which a camera's touches of one person are one; at a kiosk, minutes


class Terminal(clock_life.Terminal):
    """A terminal keeps its own log, whoever has read it."""

    def punch(self, pin: str, number: int) -> None:
        """Somebody's finger; the work code is the number of this touch."""
        self.log.append(Scan(0, pin, self.shows(), False, 0, 1, 0, number, "pull"))


class _WorldClock(Clock):
    """Waiting passes as the world's time does."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine=machine)
        self._own = machine

    def monotonic(self) -> float:
        return self._own.up_ms() / 1000


class Card:
    """One card and the machine that it is in. `serves` are the terminals that it reads; `draw` is the
    chance of its jitter. Off until `boot`."""

    def __init__(
        self, world: Any, folder: Path, invited: Invitation, serves: Sequence[Terminal]
    ) -> None:
        self._world, self.folder, self.invited = world, folder, invited
        self.serves = serves
        self.camera = f"CAM-{invited.kid}"
        self._draw = Random(world.draw.random())
        self._boots = 0
        self.journal: Journal | None = None
        self.online = self.ticking = False
        self.silent_until, self.gap = 0, S
        self.machine: Machine | None = None
        self.rtc, self.ppm = "none", 0
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def kid(self) -> str:
        """Whose card it is; a copy of it says the same."""
        return self.invited.kid

    def boot(self, wall_ms: int, ppm: int, *, rtc: bool) -> None:
        """Power comes; the system clock begins at `wall_ms`, from a battery clock if `rtc`."""
        self._boots += 1
        boot = f"{self.folder.name}-{self._boots}"
        self.machine = Machine(self._world, boot, wall_ms, ppm, rtc)
        self.start()

    def start(self) -> None:
        """The agent begins, as its composition root does."""
        self.clock = _WorldClock(self.machine)
        self.journal = Journal(self.folder / "journal.db", self.kid, self.clock.look())
        past, boot = self.journal.past, self.machine.boot
        self.clock.recall(past.trusted_clock(), past.clock_in(boot))
        self.dispatch = Dispatch(
            self.invited, self.journal, self.clock, Pace(patience=5.0), self._draw.random
        )
        self.journal.keep_clock(self.clock.look())

    def stop(self) -> None:
        """The agent ends, however: what is not committed is gone."""
        self.online = False
        if self.journal:
            self.journal.close()
            self.journal = None

    def camera_sees(self, pin: str, number: int) -> Callable[[], Stored]:
        """Somebody before the camera, at this boot-time second: storing it, as often as its process
        has to say it. Nothing new is stored where it was recorded (terminal_agent.lobby)."""
        up_ms = self.machine.up_ms()

        def store() -> Stored:
            ago = (self.machine.up_ms() - up_ms) / 1000
            scan = Scan(0, pin, int(self.clock.wall() - ago), False, 0, 15, 0, number, "camera")
            before = Lately(self.clock, self.journal.past, AGAIN).before(self.camera, pin, scan.t)
            readings = () if before else (Reading(scan, b"%d" % number, placed=False),)
            parcel = Delivery(self.camera, "camera", "", readings)
            return self.journal.store(parcel, self.clock.look())

        return store

    def poll(self, terminal: Terminal, noise_ms: int = 0) -> Stored:
        """The terminal's clock, its new rows, and that its log was read whole."""
        look = self.clock.look()
        known = self.journal.device(terminal.serial)
        since = known.cursor if known else b""
        start = int(since or 0)
        readings = tuple(
            Reading(scan, b"%d" % scan.work, placed=start > 0) for scan in terminal.log[start:]
        )
        offset_ms = terminal.shows() * S + 500 - round(self.clock.wall() * S) + noise_ms
        return self.journal.store(
            Delivery(
                serial=terminal.serial,
                family="ZKTeco",
                firmware="6.60",
                readings=readings,
                offset_ms=offset_ms,
                read_at=look.wall,
                count=len(terminal.log),
                since=since,
                cursor=b"%d" % len(terminal.log),
            ),
            look,
        )

    def dies_during(self, act: Callable[[], object], statement: int) -> None:
        """kill -9 while something is done: at this statement of it, or after its last one, but before
        anybody was told."""
        left = self.folder / "left"
        said = [0]

        def hear(_: str) -> None:
            said[0] += 1
            if said[0] == statement:
                self.copy_to(left)

        database = self.journal._db
        database.set_trace_callback(hear)
        try:
            act()
        finally:
            database.set_trace_callback(None)
        if said[0] < statement:
            self.copy_to(left)
        self.become(left)

    def copy_to(self, folder: Path) -> None:
        """An image of the card as its files are now."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
            if (self.folder / name).exists():
                shutil.copyfile(self.folder / name, folder / name)

    def become(self, image: Path) -> None:
        """The card is as the image says, and the agent is down."""
        self.stop()
        for name in (*_FILES, "journal.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for name in _FILES:
            if (image / name).exists():
                shutil.copyfile(image / name, self.folder / name)

    def scan(self, number: int) -> Scan:
        """The scan of that touch, looked for from the newest on: its file says that it is there."""
        newest = "SELECT record FROM event WHERE kind = 'scan' ORDER BY epoch DESC, seq DESC"
        with closing(sqlite3.connect(f"file:{self.folder / 'journal.db'}?mode=ro", uri=True)) as db:
            for (record,) in db.execute(newest):
                scan = read(record)
                if isinstance(scan, Scan) and scan.work == number:
                    return scan
        raise AssertionError(f"touch {number} was answered and is not in the journal")

    def held(self) -> Copy:
        """Everything that the card's file says."""
        database = sqlite3.connect(f"file:{self.folder / 'journal.db'}?mode=ro", uri=True)
        try:
            events = database.execute(
                "SELECT epoch.epoch, seq, record, head FROM event JOIN epoch ON no = event.epoch"
            ).fetchall()
            acked = database.execute("SELECT epoch, acked FROM epoch ORDER BY no").fetchall()
        finally:
            database.close()
        return Copy(self.kid, {(e, s): (data, head) for e, s, data, head in events}, dict(acked))
