"""A touch that a camera says again, because the agent died before it answered, is one touch."""

from contextlib import closing

import pytest

from contract.event import Scan
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.journal import Journal
from terminal_agent.lately import Lately
from tests.halves import TestClock

CAMERA, T, AGAIN = "CAM-T07A", 1_795_000_000, 300


class Agent:
    """One life of the agent, at a clock."""

    def __init__(self, folder, clock):
        self.clock = clock
        self.journal = Journal(folder / "journal.db", "T07A", clock.look())
        self.lately = Lately(clock, self.journal.past, AGAIN)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.journal.close()

    def store(self, pin, t):
        scan = Scan(0, pin, t, False, 0, 15, 0, 0, "camera")
        parcel = Delivery(CAMERA, "camera", "", (Reading(scan, b"%d" % t, placed=False),))
        self.journal.store(parcel, self.clock.look())

    def before(self, pin, t):
        return self.lately.before(CAMERA, pin, t)


@pytest.mark.parametrize("trust", [0, 3])
@pytest.mark.parametrize("off", [-2, -1, 0, 1, 2])
def test_a_touch_said_again_after_the_agent_was_killed_is_known_whatever_its_clock(
    tmp_path, trust, off
):
    with Agent(tmp_path, TestClock(T, trust=trust)) as agent:
        agent.store("17", T)
    with Agent(tmp_path, TestClock(T + 5, trust=trust)) as again:
        assert again.before("17", T + off) == T
        assert again.before("18", T + off) is None


def test_without_a_clock_nobody_is_held_to_have_come_minutes_ago(tmp_path):
    """Somebody may have set it back by hand meanwhile."""
    with Agent(tmp_path, TestClock(T, trust=0)) as agent:
        agent.store("17", T)
    with Agent(tmp_path, TestClock(T + 60, trust=0)) as again:
        assert again.before("17", T + 60) is None
    with Agent(tmp_path, TestClock(T + 60, trust=3)) as again:
        assert again.before("17", T + 60) == T


def test_a_clock_that_goes_on_each_morning_from_where_it_stopped_loses_no_scan(tmp_path):
    with Agent(tmp_path, TestClock(T, boot="monday", trust=0)) as agent:
        agent.store("17", T)
    with Agent(tmp_path, TestClock(T, boot="tuesday", trust=0)) as again:
        assert again.before("17", T) is None
        again.store("18", T + 1)
    with closing(Journal(tmp_path / "journal.db", "T07A", TestClock(T).look())) as journal:
        assert journal.past.began("monday") < journal.past.began("tuesday")
        assert journal.past.began("sunday") is None
