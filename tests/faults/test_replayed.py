"""Whoever recorded what a kiosk said and says it again moves nothing."""

import random
import tempfile
from pathlib import Path

import pytest

from contract import receipt
from tests.halves import Centre, Kiosk, TestClock, talk

NOON = 1_795_000_000 + 25_200
BATCHES = 1_000


@pytest.fixture
def memory():
    """A journal of a thousand commits; whether they survive a power cut is another test."""
    shm = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        yield Path(folder)


def rows(centre):
    """Everything that a batch can add to."""
    tables = ("event", "punch", "repeat", "pin", "device", "chain", "gap", "refused")
    return {table: len(centre.rows(table)) for table in tables}


def test_a_thousand_batches_played_back_in_any_order_add_nothing_and_get_the_same_receipt(memory):
    clock = TestClock()
    centre = Centre(memory / "centre", clock)
    kiosk = Kiosk(memory / "kiosk", centre.invite("T07A"), clock)
    recorded = []
    for number in range(BATCHES):
        kiosk.punch((str(1_000 + number % 50), NOON + number))
        frames = list(kiosk.dispatch.frames(0))
        recorded += frames
        if number % 20 == 19:  # twenty in flight, as over a satellite
            for _, data in centre.desk.take([("T07A", frame) for frame in recorded[-20:]]):
                kiosk.dispatch.take(data)
    talk(kiosk, centre)
    assert len(recorded) >= BATCHES
    before, standing = rows(centre), kiosk.journal.standing()
    seed = random.SystemRandom().randrange(10**9)
    random.Random(seed).shuffle(recorded)
    for at in range(0, len(recorded), 50):
        again = [("T07A", frame) for frame in recorded[at : at + 50]]
        for kid, data in centre.desk.take(again):
            told = receipt.decode(kid, data, kiosk.invited.mac_key)
            said = (told.acked, told.want, told.fork, told.refused)
            assert said == (standing.last, 0, False, False), f"seed {seed}"
            kiosk.dispatch.take(data)
    assert rows(centre) == before, f"seed {seed}"
    assert kiosk.journal.standing() == standing
    centre.close()
    kiosk.journal.close()
