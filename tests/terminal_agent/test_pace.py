"""Patience with a link: attempts that spread, and a keep-alive that the carrier bears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent import pace
from terminal_agent.pace import Breath


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_between_a_second_and_five_minutes(failures, chance):
    assert 1.0 <= pace.backoff(failures, chance) <= 300.0


def test_the_limit_of_a_wait_doubles():
    longest = [pace.backoff(failures, 1.0) for failures in range(1, 10)]
    assert longest == [4, 8, 16, 32, 64, 128, 256, 300, 300]


def died_idle(breath: Breath, attempts=1) -> Breath:
    """The ping after a whole keep-alive finds nobody; connecting again takes so many attempts."""
    return pace.came_back(pace.broke(breath, breath.keep_alive + 1.0), attempts)


def test_a_connection_that_dies_idle_twice_in_a_row_gets_half_the_keep_alive():
    once = died_idle(Breath(900))
    assert once.keep_alive == 900
    assert died_idle(once) == Breath(450)


def test_the_keep_alive_never_falls_below_a_minute():
    breath, seen = Breath(900), []
    for _ in range(12):
        breath = died_idle(breath)
        seen.append(breath.keep_alive)
    assert seen == [900, 450, 450, 225, 225, 112, 112, 60, 60, 60, 60, 60]


def test_a_bench_with_scaled_time_keeps_its_short_keep_alive():
    assert died_idle(died_idle(Breath(15))).keep_alive == 15


def test_a_whole_keep_alive_of_silence_that_was_survived_clears_the_carrier():
    once = died_idle(Breath(900))
    assert pace.survived(once, 899.0) == once
    assert died_idle(pace.survived(once, 900.2)).keep_alive == 900


def test_a_connection_that_breaks_at_work_says_nothing_about_idle_ones():
    breath = died_idle(Breath(900))
    breath = pace.came_back(pace.broke(breath, 30.0), 1)
    assert breath.keep_alive == 900
    assert died_idle(breath).keep_alive == 450


@pytest.mark.parametrize("attempts", [2, 7])
def test_an_outage_is_not_the_carriers_nat(attempts):
    """Then the first attempt to connect again would have succeeded."""
    breath = Breath(900)
    for _ in range(5):
        breath = died_idle(breath, attempts)
    assert breath == Breath(900)
