"""A kiosk that terminals push to: one listener on an ephemeral port, a real journal behind it."""

import threading
from datetime import UTC, datetime

from contract.event import Scan, read
from simulators.adms.terminal import PushTerminal
from terminal_agent.config import ZONES, Adms, PushDevice
from terminal_agent.errors import JournalFailed
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.sources.adms_push import AdmsPush
from tests.halves import TestClock

MORNING = 1_795_046_400 - 25_200 + 8 * 3_600  # Thursday 19 November 2026, 08:00 in WIB
SERIAL, ADDRESS = "CJ4L201260011", "127.0.0.1"
SECRET = bytes(range(32))


class Office:
    """One listener on an ephemeral port, its journal, and a terminal on the list."""

    def __init__(self, folder, trust=3, address=ADDRESS, serial=SERIAL, **terminal):
        self.clock = TestClock(now=float(MORNING), trust=trust)
        self.journal = Journal(folder / "journal.db", "T07A", self.clock.look())
        self.alerts: dict[str, str] = {}
        self.stop = threading.Event()
        self.intake = Intake(self.journal, self.clock, self.stop, lambda: None, self.tell("adms"))
        device = PushDevice("gerbang", serial, address)
        self.settings = Adms(port=0, address="127.0.0.1", device=(device,))
        self.failures: list[BaseException] = []
        self.begin()
        self.terminal = self.another(serial, **terminal)

    def tell(self, name):
        def told(code):
            self.alerts.pop(name, None)
            if code:
                self.alerts[name] = code

        return told

    def begin(self):
        self.source = AdmsPush(self.settings, ZONES["WIB"], SECRET, self.tell)
        self.stop.clear()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        while not self.source.port:
            assert self.thread.is_alive()

    def _run(self):
        try:
            self.source.run(self.intake)
        except JournalFailed as problem:
            self.failures.append(problem)

    def end(self):
        self.stop.set()
        self.thread.join()
        self.journal.close()

    def another(self, serial, **more):
        now = lambda: datetime.fromtimestamp(self.clock.now, UTC)  # noqa: E731
        return PushTerminal(serial, self.source.port, now, **more)

    def calls(self, times=2, every=10):
        """The terminal calls, as it does every ten seconds; what it was told to do."""
        told = []
        for _ in range(times):
            self.clock.now += every
            told += self.terminal.call()
        return told

    def records(self, *kinds):
        last = self.journal.standing().last
        found = map(read, self.journal.run(1, last).records)
        return [one for one in found if isinstance(one, kinds)]

    def seen(self):
        return [(scan.pin, scan.t) for scan in self.records(Scan)]
