"""When the line may be open, and how long it stays shut after a failure."""

import logging

import pytest

from terminal_agent import windows
from terminal_agent.pace import Pace
from terminal_agent.timetable import Timetable
from tests.halves import TestClock

WIB = 25_200
MIDNIGHT = 1_795_000_000 - (1_795_000_000 + WIB) % 86_400  # in WIB
DAWN = windows.read(["05:30-06:30"])


def timetable(clock, chance=0.0, hours=DAWN, keep_alive=900):
    return Timetable(clock, Pace(60.0, keep_alive=keep_alive), lambda: chance, hours, WIB)


def test_windows_are_hours_of_the_kiosks_own_zone():
    assert timetable(TestClock(now=MIDNIGHT)).opens_in() == 5.5 * 3_600


def test_a_thousand_kiosks_with_one_window_do_not_come_in_its_first_second():
    clock = TestClock(now=MIDNIGHT)
    waits = {timetable(clock, chance / 1000).opens_in() for chance in range(1000)}
    assert (min(waits), max(waits), len(waits)) == (5.5 * 3_600, 5.5 * 3_600 + 29, 30)


def test_the_spread_closes_no_window_later():
    clock = TestClock(now=MIDNIGHT + 6.5 * 3_600)
    assert timetable(clock, 0.999).opens_in() > 0


def test_a_clock_that_nobody_vouches_for_waits_for_no_window():
    clock = TestClock(now=MIDNIGHT, trust=0)
    waiting = timetable(clock)
    assert waiting.opens_in() == 0
    clock.trust = 1
    assert waiting.opens_in() == 5.5 * 3_600


def test_only_a_connection_that_lasted_a_minute_starts_the_waiting_over():
    """Two cards with one name throw each other out: every turn costs 3 kB."""
    waiting = timetable(TestClock(), chance=1.0, hours=())
    waits = []
    for _ in range(3):
        waits.append(waiting.backoff())
        waiting.came_up(now=100.0)
        waiting.heard(0.0, now=159.0)
    waiting.heard(0.0, now=160.0)
    assert [*waits, waiting.backoff()] == [4, 8, 16, 4]


def test_a_halved_keep_alive_is_said(caplog):
    caplog.set_level(logging.WARNING)
    waiting = timetable(TestClock())
    for _ in range(2):
        waiting.came_up(0.0)
        waiting.heard(0.0, 100.0)
        waiting.broke(901.0)
        waiting.backoff()
    assert not caplog.text
    waiting.came_up(0.0)
    assert waiting.breath.keep_alive == 450
    assert "keep_alive.halved from=900 to=450" in caplog.text


@pytest.mark.parametrize("silence", [0.0, 899.0])
def test_a_connection_that_was_not_idle_halves_nothing(silence):
    waiting = timetable(TestClock())
    for _ in range(5):
        waiting.came_up(0.0)
        waiting.heard(0.0, 100.0)
        waiting.broke(silence)
        waiting.backoff()
    assert waiting.breath.keep_alive == 900
