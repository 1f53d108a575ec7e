"""Hours at which a link is switched on, as a technician writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent import windows

HOUR = 3_600
DAY = 24 * HOUR
TWICE = windows.read(["05:30-06:30", "16:00-17:00"])


@pytest.mark.parametrize(
    ("at", "wait"),
    [
        (5.5 * HOUR - 1, 1),
        (5.5 * HOUR, 0),
        (6.5 * HOUR - 1, 0),
        (6.5 * HOUR, 9.5 * HOUR),
        (16 * HOUR, 0),
        (17 * HOUR, 12.5 * HOUR),
        (0, 5.5 * HOUR),
    ],
)
@pytest.mark.parametrize("day", [0, 1, 20_000])
def test_a_link_that_is_on_twice_a_day(at, wait, day):
    assert windows.opens_in(TWICE, day * DAY + at) == wait


def test_without_windows_a_link_is_always_on():
    assert windows.opens_in((), 12.0) == 0


@pytest.mark.parametrize(("at", "wait"), [(22, 0), (23.5, 0), (0.5, 0), (1, 21), (21, 1)])
def test_a_window_goes_over_midnight(at, wait):
    assert windows.opens_in(windows.read(["22:00-01:00"]), at * HOUR) == wait * HOUR


minutes = st.integers(0, 24 * 60 - 1)


@given(minutes, minutes, st.integers(0, 3 * DAY), st.integers(0, 40))
def test_waiting_as_long_as_it_says_ends_inside_a_window(begin, end, at, late):
    """Also where each kiosk of a region comes a little later than the others."""
    if begin == end:
        return
    text = f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"
    window = windows.later(windows.read([text])[0], late)
    wait = windows.opens_in([window], at)
    assert 0 <= wait < DAY
    assert windows.opens_in([window], at + wait) == 0


def test_a_kiosk_comes_late_by_a_tenth_of_its_window_at_most():
    [short] = windows.read(["05:30-05:31"])
    late = windows.later(short, 30)
    assert (late.begin, late.length) == (5.5 * HOUR + 6, 54)
