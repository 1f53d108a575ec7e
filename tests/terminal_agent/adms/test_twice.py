"""A punch that comes twice is one: after a kill between commit and answer, and by push and pull."""

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

import pytest

from contract.event import Covered, LogEdited, Scan
from simulators.adms.terminal import Pushed, PushTerminal
from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.zk.link import Link
from tests.pushed import SERIAL

ROOT = Path(__file__).parents[3]

# A kiosk that dies, where it is told to, after the commit and before anybody is answered.
CHILD = """
import os, signal, sys, threading
from pathlib import Path
from terminal_agent.clock import Clock
from terminal_agent.config import Adms, PushDevice
from terminal_agent.intake import Intake, Silence
from terminal_agent.journal import Journal
from terminal_agent.sources.adms_push import AdmsPush

folder, serial, dies = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "dies"

class Death(Silence):
    def stored(self, parcel, stored):
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)

clock = Clock("host")
journal = Journal(folder / "journal.db", "T07A", clock.look())
intake = Intake(journal, clock, threading.Event(), lambda: None, lambda code: None)
intake.listener = Death()
settings = Adms(0, "127.0.0.1", (PushDevice("gerbang", serial, "127.0.0.1"),))
source = AdmsPush(settings, 25_200, b"s" * 32, lambda name: lambda code: None)
def told():
    while not source.port:
        pass
    print(source.port, flush=True)
threading.Thread(target=told, daemon=True).start()
source.run(intake)
"""


class Child:
    def __init__(self, folder, serial, how):
        command = [sys.executable, "-c", CHILD, str(folder), serial, how]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def test_a_kill_between_commit_and_answer_loses_and_doubles_nothing(tmp_path):
    terminal = PushTerminal(SERIAL, 0, lambda: datetime(2026, 11, 19, 1, tzinfo=UTC))
    for pin in range(1, 6):
        child = Child(tmp_path, SERIAL, "dies")
        terminal.port = child.port
        with pytest.raises((OSError, HTTPException)):
            terminal.punch(str(pin))
        assert child.process.wait() == -signal.SIGKILL
        child.end()
    assert terminal.sent == 0
    child = Child(tmp_path, SERIAL, "lives")
    terminal.port = child.port
    assert terminal.upload()
    child.end()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        rows = db.execute("SELECT pin, count(*) FROM evidence GROUP BY pin").fetchall()
    db.close()
    assert rows == [(str(pin), 1) for pin in range(1, 6)]


class Both:
    """One terminal that is polled and pushes: two simulators with one log between them."""

    def __init__(self, here):
        self.here = here
        now = lambda: datetime.fromtimestamp(self.here.clock.now, UTC)  # noqa: E731
        self.device = Device(F19, now)
        self.pushing = self.here.terminal
        self.polled = Terminal(self.device, Faults())
        self.polled.__enter__()
        where = ZkDevice(name="gerbang", host="127.0.0.1", port=self.polled.port, live=False)
        self.pull = ZkPull(where, ZONES["WIB"])

    def punch(self, pin, push=True):
        self.here.clock.now += 60
        self.device.punch(pin)
        self.pushing.log.append(self.pushed(pin))
        if push:
            self.pushing.upload()

    def pushed(self, pin):
        return Pushed(pin, self.pushing.clock())

    def poll(self):
        with Link("127.0.0.1", self.polled.port, timeout=5) as link:
            self.pull.poll_once(link, self.here.intake)

    def keys(self):
        return {(one.pin, one.t) for one in self.here.records(Scan)}


@pytest.fixture
def both(office):
    made = Both(office(serial="BWXP204560001"))
    yield made
    made.polled.__exit__(None, None, None)


def test_push_and_pull_agree_on_what_one_punch_is(both):
    """The centre keys punches by serial number, PIN and device second: these are one each."""
    both.pushing.start()
    for pin in "abc":
        both.punch(pin)
    both.poll()
    both.punch("d")
    both.poll()
    assert len(both.keys()) == 4
    assert {one.source for one in both.here.records(Scan)} == {"push", "pull"}


def test_a_punch_that_was_polled_first_is_not_stored_again_when_it_is_pushed(both):
    for pin in "abc":
        both.punch(pin, push=False)
    both.poll()
    both.pushing.upload()
    assert [one.source for one in both.here.records(Scan)] == ["pull"] * 3


def test_the_nightly_audit_of_a_terminal_that_pushed_before_finds_nothing(both):
    for pin in "abc":
        both.punch(pin)
    both.poll()
    both.here.clock.now += 86_400
    both.punch("d")
    both.poll()
    both.poll()
    assert both.here.records(LogEdited) == []


def test_a_terminal_that_is_polled_as_well_is_covered_by_its_log_alone(both):
    both.punch("a")
    both.poll()
    covered = len(both.here.records(Covered))
    assert covered == 1
    both.here.clock.now += 3_600
    told = [command for _ in range(5) for command in both.pushing.call()]
    assert told == ["INFO"]
    assert len(both.here.records(Covered)) == covered
    both.punch("b")
    both.poll()
    assert both.here.alerts == {}
