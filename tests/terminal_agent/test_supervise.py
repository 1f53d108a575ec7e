"""A source that fails is started again after a growing pause; one that cannot work is told of."""

import threading
from itertools import pairwise

import pytest

from terminal_agent import supervise
from terminal_agent.errors import JournalFailed, SourceMisconfigured, SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from tests.halves import TestClock

GONE = SourceUnavailable("unreachable", "no terminal answers")
WRONG = SourceMisconfigured("comm_key", "the key is refused")


class Stop(threading.Event):
    """The agent's stop event whose waiting moves the test's clock instead of lasting."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def wait(self, timeout=None):
        self.clock.now += timeout or 0
        return self.is_set()


class Source:
    """Lives through a script of (seconds it runs, how it ends); then the agent stops."""

    name = "lobi"

    def __init__(self, *lives):
        self.lives, self.started = list(lives), []

    def run(self, intake):
        self.started.append(intake.clock.now)
        if not self.lives:
            intake._stop.set()
            return
        seconds, end = self.lives.pop(0)
        intake.clock.now += seconds
        if end:
            raise end


@pytest.fixture
def site(tmp_path):
    clock, said, beats = TestClock(now=0.0), [], []
    journal = Journal(tmp_path / "journal.db", "T07A", clock.look())
    stop = Stop(clock)
    yield Intake(journal, clock, stop, lambda: beats.append(clock.now), said.append), said, beats
    journal.close()


def pauses(site, *lives):
    """How long each life's end was waited upon."""
    source = Source(*lives)
    supervise.keep_running(source, site[0])
    ends = [at + seconds for at, (seconds, _) in zip(source.started, lives, strict=False)]
    return [round(b - a, 6) for a, b in zip(ends, source.started[1:], strict=True)]


def test_a_terminal_that_is_gone_is_tried_after_pauses_that_double_to_five_minutes(site):
    assert pauses(site, *[(0, GONE)] * 11) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_after_a_minute_of_good_work_the_pauses_start_over(site):
    lives = [(0, GONE)] * 4 + [(61, GONE), (0, GONE)]
    assert pauses(site, *lives) == [1, 2, 4, 8, 1, 2]


def test_half_a_minute_of_work_is_no_reason_to_hurry(site):
    assert pauses(site, (0, GONE), (59, GONE), (0, GONE)) == [1, 2, 4]


def test_what_only_a_person_can_change_is_tried_every_quarter_of_an_hour(site):
    assert pauses(site, (0, WRONG), (0, WRONG), (0, GONE)) == [900, 900, 1]


def test_a_source_that_simply_ends_is_started_again(site):
    assert pauses(site, (5, None), (5, None)) == [0, 0]


def test_a_technician_hears_the_code_of_what_is_wrong(site):
    pauses(site, (0, GONE), (0, WRONG))
    assert site[1] == ["unreachable", "comm_key"]


def test_waiting_keeps_beating_or_systemd_would_end_it(site):
    """A pause of fifteen minutes in slices of ten seconds."""
    pauses(site, (0, WRONG))
    _, _, beats = site
    gaps = [b - a for a, b in pairwise(beats)]
    assert len(beats) >= 90
    assert max(gaps) <= 10


def test_who_never_waits_beats_all_the_same(site):
    """The door to camera and screen looks in and goes on: a kiosk without either is no dead one."""
    intake, _, beats = site
    assert intake.wait(0)
    assert beats == [0.0]


@pytest.mark.parametrize("problem", [JournalFailed("journal", "disk full"), ValueError("a bug")])
def test_anything_else_ends_the_process(site, problem):
    """systemd starts it again; the devices still hold what was not acknowledged."""
    with pytest.raises(type(problem)):
        pauses(site, (0, problem))


def test_a_stop_during_the_pause_goes_home_at_once(site):
    source = Source((0, GONE))
    site[0]._stop.set()
    supervise.keep_running(source, site[0])
    assert len(source.started) == 1
