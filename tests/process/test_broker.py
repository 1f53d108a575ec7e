"""The broker dies with everything it held; only what has a receipt was ever forgotten by anybody."""

import os
import signal

import pytest

from tests.process.office import children, crowd, terminal
from tests.process.storm import freeze


@pytest.mark.all_only("takes its time")
def test_a_broker_killed_with_events_in_flight_costs_nothing(brokered):
    """The centre stands still, so what the broker took from the kiosk has no receipt."""
    office, broker = brokered
    device = terminal()
    office.furnish(device)
    office.start()
    crowd(device, 1000)
    office.settle()
    freeze(office.server)
    crowd(device, 2000)
    office.agent.wait_for("batch.sent", 1 + office.agent.said().count("batch.sent"))
    broker.kill()
    last, acked, stored = office.marks()
    assert last - acked >= 250
    assert acked == stored
    office.server.signal(signal.SIGCONT)
    crowd(device, 3000)
    broker.start()
    office.settle()
    office.audit()
    assert office.kiosk()["online"]


def test_the_embedded_broker_comes_back_when_it_dies(office):
    device = terminal()
    office.furnish(device)
    office.start()
    crowd(device, 1000)
    office.settle()
    [child] = children(office.server)
    os.kill(child, signal.SIGKILL)
    crowd(device, 2000)
    office.settle()
    office.audit()


@pytest.mark.all_only("takes its time")
def test_a_centre_killed_with_its_broker_starts_again_at_once(office):
    device = terminal()
    office.furnish(device)
    office.start()
    crowd(device, 1000)
    office.settle()
    office.server.kill()
    crowd(device, 2000)
    office.server.start()
    office.settle()
    office.audit()
