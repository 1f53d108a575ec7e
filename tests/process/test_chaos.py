"""Kills of each part, cuts, bursty loss, packets twice and late, a full card, a rolled-back card."""

import random

import pytest

from simulators import link
from tests.process import chaos
from tests.process.office import Mosquitto

pytestmark = pytest.mark.all_only("takes minutes and needs root and mosquitto")

SEEDS = (1, 2, random.SystemRandom().randrange(10**9))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bad_day_loses_and_doubles_nothing(tmp_path, seed):
    """The seed that is not fixed is printed where the day fails; `./run bench chaos` plays more."""
    if why := link.missing():
        pytest.skip(why)
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    assert chaos.play(tmp_path, seed, 25, print) == []
