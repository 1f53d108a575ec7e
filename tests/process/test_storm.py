"""Power cuts at any moment, on both sides, while people keep punching."""

import random

import pytest

from tests.process.office import EmbeddedBroker, Office, terminal
from tests.process.storm import (
    NOT_COMMITTED,
    NOT_JOURNALLED,
    NOT_RECEIPTED,
    NOT_SENT,
    Crowd,
    Storm,
)

KILLS = 200
STAGES = {
    ("agent", NOT_JOURNALLED),
    ("agent", NOT_SENT),
    ("agent", NOT_COMMITTED),
    ("agent", NOT_RECEIPTED),
    ("server", NOT_COMMITTED),
    ("server", NOT_RECEIPTED),
}


@pytest.fixture
def stormy(tmp_path):
    """An office with a broker that no kill of ours reaches."""
    with Office(tmp_path, own_broker=False) as office:
        broker = EmbeddedBroker(office.port, tmp_path)
        broker.start()
        office.furnish(terminal())
        office.start()
        yield office
        office.agent.stop()
        office.server.stop()
        broker.stop()


@pytest.mark.all_only("takes minutes")
def test_nothing_is_lost_or_doubled_by_two_hundred_kills(stormy):
    """It goes on until every stage of an event's way was interrupted, on both sides."""
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it where the test fails
    storm = Storm(stormy, seed)
    with Crowd(stormy):
        stormy.server.wait_for("batch.stored")
        while storm.kills.total() < KILLS or not storm.met(STAGES):
            assert storm.kills.total() < 2 * KILLS, f"never interrupted: {storm.interrupted}"
            storm.strike()
    stormy.settle(60)
    stormy.audit()
    print(storm.kills, storm.interrupted)  # noqa: T201
    assert sum(n >= 100 for n in storm.in_flight) >= KILLS / 2, sorted(storm.in_flight)
