"""Offices for the tests with real processes; everything that was started is ended."""

import pytest

from tests.process.office import EmbeddedBroker, Mosquitto, Office


@pytest.fixture
def office(tmp_path):
    """Its server runs the embedded broker."""
    with Office(tmp_path) as office:
        yield office


@pytest.fixture(
    params=[
        EmbeddedBroker,
        pytest.param(Mosquitto, marks=pytest.mark.all_only("needs mosquitto")),
    ],
    ids=lambda kind: kind.name,
)
def broker_kind(request):
    """Each broker that a centre may use."""
    if request.param is Mosquitto and not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    return request.param


@pytest.fixture
def brokered(tmp_path, broker_kind):
    """An office and a broker of its own, both started by the test."""
    with Office(tmp_path, own_broker=False) as office:
        broker = broker_kind(office.port, tmp_path)
        broker.start()
        yield office, broker
        office.agent.stop()
        office.server.stop()
        broker.stop()
