"""When the kiosk must say anew what its clock is worth, and what a told time is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.event import Clock
from contract.receipt import Receipt
from terminal_agent import clock_trust
from terminal_agent.clock_trust import Fix, due, metres, rtc_fix, server_fix, told

NOON = 1_795_000_000
FIRST = Clock(
    "boot-1", up=1_000, wall=NOON, trust=3, error_ms=5, offsets=((1, 25_200_000),), position=None
)
AHEAD = (NOON - 1_000) * 1000
TOLD = told(None, FIRST, AHEAD)
OFFICE = (-7_285_000, 112_565_000)


def later(seconds=60, **changes) -> Clock:
    fields = {name: getattr(FIRST, name) for name in FIRST.__struct_fields__}
    moved = {"up": FIRST.up + seconds, "wall": FIRST.wall + seconds, "offsets": ()}
    return Clock(**{**fields, **moved, **changes})


@pytest.mark.parametrize(
    ("now", "step_ms", "expected"),
    [
        (later(86_399), 0, False),
        (later(86_400), 0, True),
        (later(86_400, trust=3, boot="boot-1", error_ms=900), 0, True),
        (later(error_ms=900), 0, False),
        (later(), 500, False),
        (later(), 501, True),
        (later(), -501, True),
        (later(), -900_000_000_000, True),
        (later(boot="boot-2"), 0, True),
        (later(trust=1), 0, True),
        (later(trust=4), 0, True),
        (later(offsets=((1, 25_201_000),)), 0, False),
        (later(offsets=((1, 25_201_001),)), 0, True),
        (later(offsets=((1, 25_198_999),)), 0, True),
        (later(offsets=((2, 0),)), 0, True),
        (later(offsets=()), 0, False),
        (later(position=OFFICE), 0, True),
    ],
    ids=[
        "almost a day",
        "a day: between two records only the boot-time clock carries the time",
        "a day, whatever the error",
        "another error bound alone",
        "slewing",
        "a step forward",
        "a step back",
        "a flat battery",
        "a new boot",
        "trust lost",
        "GNSS found",
        "a device within a second",
        "a device more than a second ahead",
        "a device more than a second behind",
        "a device that was not told in this boot",
        "a device that was not asked",
        "the first position",
    ],
)
def test_a_clock_record_is_due_at_a_boot_a_step_a_level_a_day_or_a_device_that_moved(
    now, step_ms, expected
):
    assert due(TOLD, now, AHEAD + step_ms) is expected


def test_the_first_clock_record_is_always_due():
    assert due(None, FIRST, AHEAD)


def test_an_untrusted_clock_has_nothing_to_say_daily():
    blind = told(None, later(0, trust=0), AHEAD)
    assert not due(blind, later(10 * 86_400, trust=0), AHEAD)


def test_slow_drift_is_told_once_it_adds_up_to_more_than_half_a_second():
    """Compared with the record, not with the look before: small steps cannot hide for ever."""
    steps = [step for step in range(0, 2000, 100) if due(TOLD, later(), AHEAD + step)]
    assert steps[0] == 600


def test_a_step_of_the_wall_clock_does_not_move_a_device():
    """The record says its offset from the wall clock; told again it would be the same device."""
    stepped = told(TOLD, later(), AHEAD + 40_000)
    same = later(120, offsets=((1, 25_200_000 - 40_000),))
    assert not due(stepped, same, AHEAD + 40_000)
    assert due(stepped, later(120, offsets=((1, 25_200_000),)), AHEAD + 40_000)


def test_every_device_is_told_anew_in_every_boot():
    """Somebody may have set it while the kiosk was off."""
    rebooted = told(TOLD, later(boot="boot-2"), AHEAD)
    assert due(rebooted, later(boot="boot-2", offsets=((1, 25_200_000),)), AHEAD)


@pytest.mark.parametrize(("north", "due_"), [(1_700, False), (1_900, True)])
def test_a_kiosk_that_was_carried_200_metres_away_says_so(north, due_):
    there = told(TOLD, later(position=OFFICE), AHEAD)
    moved = later(position=(OFFICE[0] + north, OFFICE[1]))
    assert due(there, moved, AHEAD) is due_


def test_distances_are_right_to_a_per_cent_anywhere_also_across_the_date_line():
    assert metres(OFFICE, OFFICE) == 0
    assert metres((0, 0), (0, 1_000_000)) == pytest.approx(111_195, rel=0.01)
    assert metres((60_000_000, 0), (60_000_000, 1_000_000)) == pytest.approx(55_597, rel=0.01)
    assert metres((0, 179_999_500), (0, -179_999_500)) == pytest.approx(111, rel=0.01)


# Server time


def receipt(received_ms, sent_ms) -> Receipt:
    return Receipt(1, 7, received_ms, sent_ms)


@given(
    there=st.integers(0, 6_000),
    took=st.integers(0, 60_000),
    back=st.integers(0, 6_000),
    booted=st.integers(0, 10**9),
)
def test_server_time_is_never_wrong_by_more_than_it_says(there, took, back, booted):
    """However the way there and back differ; `booted`: when this machine's boot-time clock began."""
    sent_up = 5_000
    true_ms = NOON * 1000 + booted
    told_by = receipt(true_ms + there, true_ms + there + took)
    back_up = sent_up + there + took + back
    fix = server_fix(sent_up, back_up, told_by)
    if there + back > 10_000:
        assert fix is None
        return
    assert abs(fix.utc_at(back_up) - (true_ms + there + took + back)) <= fix.error_ms
    assert fix.error_ms <= (there + back + 1) // 2 + 2
    assert fix.trust == 2


def test_server_time_that_cannot_be_is_none():
    assert server_fix(0, 100, receipt(NOON * 1000, NOON * 1000 + 500)) is None, "faster than light"
    assert server_fix(0, 100, receipt(1_000, 1_050)) is None, "the centre is in 1970"


def test_a_fix_ages_so_that_a_newer_one_that_is_slightly_worse_replaces_it():
    """50 ppm of 100 s are 5 ms."""
    old = Fix(0, NOON * 1000, 20, 2)
    soon, late = Fix(60_000, 0, 24, 2), Fix(100_000, 0, 24, 2)
    assert clock_trust.better(old, soon) is old
    assert clock_trust.better(old, late) is late
    assert clock_trust.better(None, soon) is soon


# The battery clock


def test_a_battery_clock_is_believed_with_three_seconds_a_day():
    fix = rtc_fix(FIRST, 9_000, (NOON + 10 * 86_400) * 1000)
    assert fix == Fix(9_000, (NOON + 10 * 86_400) * 1000, 5 + 1_000 + 30_000, 1)


@pytest.mark.parametrize("wall", [NOON - 1, 0, 946_684_800])
def test_a_battery_clock_that_is_before_the_newest_trusted_record_is_not_believed(wall):
    assert rtc_fix(FIRST, 9_000, wall * 1000) is None


@pytest.mark.parametrize(
    ("t", "offset_ms", "wall", "lag"),
    [
        (1_795_025_200, 25_200_000, 1_795_000_000, 0),
        (1_795_025_170, 25_200_000, 1_795_000_000, 30),
        (1_795_025_205, 25_200_000, 1_795_000_000, -5),
        (1_795_025_170, 25_199_600, 1_795_000_000, 30),
        (1_795_025_170, 25_198_400, 1_795_000_000, 28),
        (946_684_800, 25_200_000, 1_795_000_000, 1_795_000_000 - 946_659_600),
        (1_795_025_170, None, 1_795_000_000, 0),
    ],
    ids=[
        "at once",
        "a poll later",
        "ahead",
        "rounded",
        "behind",
        "a reset clock",
        "offset unknown",
    ],
)
def test_lag_is_the_time_from_the_stamp_to_the_commit_by_our_clock(t, offset_ms, wall, lag):
    assert clock_trust.lag(t, offset_ms, wall) == lag
