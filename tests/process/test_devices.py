"""Terminals that go away, refuse or cannot serve: a person is told, the others are read on."""

import pytest

from simulators.zk import wire
from simulators.zk.profiles import ACCESS_MODE
from tests.process.office import crowd, terminal, until


@pytest.mark.all_only("takes its time")
def test_a_terminal_that_was_unplugged_is_read_on_from_where_it_stood(office):
    """It kept its punches meanwhile; the alert goes up and comes down again by itself."""
    device = terminal()
    office.furnish(device)
    office.start()
    crowd(device, 1000)
    office.settle()
    device.__exit__()
    crowd(device, 2000)
    until(lambda: office.kiosk()["alerts"] == [["t0", "unreachable"]], office.report)
    device.__enter__()
    office.settle()
    until(lambda: office.kiosk()["alerts"] == [], office.report)
    office.audit()


def test_a_terminal_that_refuses_is_left_alone_and_the_others_are_read(office):
    """Asking again cannot help, so it is asked once; the centre hears the code that says what to do."""
    healthy = terminal(serial="GOOD1")
    locked, doorman = terminal(serial="LOCKED1", comm_key=4711), terminal(ACCESS_MODE, "DOOR1")
    office.furnish(healthy, locked, doorman)
    office.start()
    wanted = [["t1", "comm_key"], ["t2", "no_attlog_mode"]]
    until(lambda: office.kiosk()["alerts"] == wanted, office.report)
    polls = office.agent.said().count("poll.done name=t0")
    crowd(healthy, 1000)
    office.agent.wait_for("poll.done name=t0", polls + 10)
    assert locked.traffic.counts()[wire.CONNECT] == 1
    assert doorman.traffic.counts()[wire.CONNECT] == 1
    assert office.agent.said().count("source.misconfigured") == 2
    office.settle()
    office.audit()
