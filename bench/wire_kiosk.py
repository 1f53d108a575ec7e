"""Our kiosk for `bench wire` and `drain`: the agent's journal, dispatch and uplink with an office's
records in the place of devices. It is told what to do by lines, and answers each with a line.

Its pace is an argument, so that a day can be played faster; timeouts that follow the round trip
are not scaled.
"""

import json
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from bench.stage import KID, Office, Paced
from contract.event import Record
from simulators import staff
from terminal_agent import identity
from terminal_agent.clock import Clock
from terminal_agent.dispatch import Dispatch
from terminal_agent.journal import Journal
from terminal_agent.line import Line
from terminal_agent.pace import Pace
from terminal_agent.timetable import Timetable
from terminal_agent.uplink import Uplink
from terminal_agent.usage import Meter

log = logging.getLogger(__name__)

_LOOK = 0.002


class Silent:
    """No orders from the centre."""

    def take(self, envelope: bytes) -> None:
        """Nothing is asked on the stage."""

    def answers(self) -> list[bytes]:
        """Nothing to answer."""
        return []


class Moments(logging.Handler):
    """When the broker's CONNACK was there, by the monotonic clock of this machine, and whether the
    TLS session was resumed."""

    def __init__(self) -> None:
        super().__init__()
        self.settled: list[tuple[float, bool]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note the moment."""
        if record.msg.startswith("line.settled"):
            self.settled.append((time.monotonic(), "True" in record.getMessage()))


class Kiosk:
    """Journal and uplink; the uplink's thread begins with `connect` and ends with `hang_up`."""

    def __init__(self, state: Path, invitation: Path, pace: Paced, moments: Moments) -> None:
        self._clock = Clock("host")
        invited = identity.enrol(invitation, state)
        self.journal = Journal(state / "journal.db", KID, self._clock.look())
        paced = Pace(pace.patience, pace.schedule, pace.keep_alive)
        chance = random.Random(11).random  # noqa: S311 - the same jitter in every run
        self._dispatch = Dispatch(invited, self.journal, self._clock, paced, chance)
        meter = Meter(state, self._clock, staff.ZONE, 0, lambda _: None)
        line = Line(invited, state, meter)
        timetable = Timetable(self._clock, paced, chance, (), staff.ZONE)
        self._uplink = Uplink(self._dispatch, timetable, line, Silent(), {})
        self._moments = moments
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def connect(self) -> dict[str, Any]:
        """Connect; when the broker's CONNACK was there (monotonic), and whether TLS resumed."""
        self._stop.clear()
        times = len(self._moments.settled)
        self._thread = threading.Thread(target=self._uplink.run, args=(self._stop, lambda: None))
        self._thread.start()
        while len(self._moments.settled) == times:
            time.sleep(_LOOK)
        up, resumed = self._moments.settled[-1]
        return {"up": up, "resumed": resumed}

    def hang_up(self) -> dict[str, Any]:
        """Disconnect in good order."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        return {}

    def store(self, records: list[Record]) -> None:
        """Commit, as one look at a device does."""
        self.journal.note(records, self._clock.look())

    def receipted(self, *, whole: bool) -> dict[str, Any]:
        """Seconds until everything has its receipt, or all but what only waits for company."""
        began = time.monotonic()
        while (now := self.journal.standing()).acked < (now.last if whole else now.urgent):
            time.sleep(_LOOK)
        return {"seconds": time.monotonic() - began, "acked": now.acked, "last": now.last}

    def play(self, office: Office, speed: float) -> dict[str, Any]:
        """A day at so many times its speed."""
        day = staff.day(KID, office.staff, office.seed)
        began = time.monotonic()
        for at, together in groupby(day, lambda entry: entry[0]):
            time.sleep(max(0.0, began + at / speed - time.monotonic()))
            self.store([record for _, record in together])
        time.sleep(max(0.0, began + 86_400 / speed - time.monotonic()))
        return {"events": len(day), **self.receipted(whole=False)}


def _do(order: dict[str, Any], kiosk: Kiosk, office: Office, records: Iterator[Record]) -> Any:
    match order:
        case {"do": "connect"}:
            return kiosk.connect()
        case {"do": "hang_up"}:
            return kiosk.hang_up()
        case {"do": "play", "speed": speed}:
            return kiosk.play(office, speed)
        case {"do": "store", "count": count}:
            kiosk.store([next(records) for _ in range(count)])
            return kiosk.receipted(whole=True)
        case _:
            raise ValueError(f"not an order: {order}")


def _end(caught: threading.ExceptHookArgs) -> None:
    log.critical("kiosk.failed", exc_info=caught.exc_value)
    os._exit(1)


def main(state: Path, invitation: Path, pace: Paced, office: Office) -> None:
    """Do what each line of stdin says; answer each with a line. A thread's failure ends it all."""
    threading.excepthook = _end
    moments = Moments()
    logging.basicConfig(
        level=logging.INFO, format="%(relativeCreated)d %(message)s", handlers=[moments]
    )
    logging.getLogger().addHandler(logging.StreamHandler())
    kiosk = Kiosk(state, invitation, pace, moments)
    records = staff.records(KID, office.staff, 400, office.seed)
    for line in sys.stdin:
        print(json.dumps(_do(json.loads(line), kiosk, office, records)), flush=True)
    kiosk.hang_up()


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        msgspec.json.decode(sys.argv[3], type=Paced),
        msgspec.json.decode(sys.argv[4], type=Office),
    )
