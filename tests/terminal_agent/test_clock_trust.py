"""When the kiosk must say anew what its clock is worth, and what becomes of the devices' offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.event import Clock
from terminal_agent import clock_trust

LAST = Clock(
    "boot-1", up=1_000, wall=1_795_000_000, trust=3, error_ms=5, offsets=((1, 25_200_000),)
)


def later(seconds=0, step=0, **changes) -> Clock:
    """The same clocks `seconds` later, the wall clock set forward by `step` meanwhile."""
    fields = {name: getattr(LAST, name) for name in LAST.__struct_fields__}
    moved = {"up": LAST.up + seconds, "wall": LAST.wall + seconds + step}
    return Clock(**{**fields, **moved, **changes})


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (later(86_400), False),
        (later(86_400, error_ms=900), False),
        (later(60, step=1), False),
        (later(60, step=-1), False),
        (later(60, step=2), True),
        (later(60, step=-2), True),
        (later(60, step=-900_000_000), True),
        (later(60, boot="boot-2"), True),
        (later(60, trust=1), True),
        (later(60, trust=4), True),
        (later(60, offsets=((1, 25_201_000),)), False),
        (later(60, offsets=((1, 25_201_001),)), True),
        (later(60, offsets=((1, 25_198_999),)), True),
        (later(60, offsets=((1, 25_200_000), (2, 0))), True),
        (later(60, offsets=()), False),
    ],
    ids=[
        "a quiet day",
        "another error bound alone",
        "a second of slewing forward",
        "a second of slewing back",
        "a step forward",
        "a step back",
        "a flat battery",
        "a new boot",
        "trust lost",
        "GNSS found",
        "a device within a second",
        "a device more than a second ahead",
        "a device more than a second behind",
        "a new device",
        "a device that was not asked",
    ],
)
def test_a_clock_record_is_due_at_a_boot_a_step_a_level_or_a_device_that_moved(now, due):
    assert clock_trust.due(LAST, now) is due


def test_the_first_clock_record_is_always_due():
    assert clock_trust.due(None, LAST)


def test_slow_drift_is_told_once_it_adds_up_to_more_than_a_second():
    """Compared with the record, not with the look before: half seconds cannot hide for ever."""
    told = [
        seconds
        for seconds in range(0, 3600, 10)
        if clock_trust.due(LAST, later(seconds, seconds // 600))
    ]
    assert told[0] == 1200


@pytest.mark.parametrize(
    ("boot", "up", "step", "trust", "last_trust", "offsets"),
    [
        ("boot-1", 1_060, 0, 3, 3, {1: 25_200_000}),
        ("boot-1", 1_060, 1, 3, 3, {1: 25_200_000}),
        ("boot-1", 1_060, 40, 3, 3, {1: 25_160_000}),
        ("boot-1", 1_060, -40, 3, 3, {1: 25_240_000}),
        ("boot-1", 1_060, 40, 3, 0, {1: 25_160_000}),
        ("boot-2", 20, 0, 3, 3, {1: 25_200_000}),
        ("boot-2", 20, 0, 0, 3, {}),
        ("boot-2", 20, 0, 3, 0, {}),
    ],
    ids=[
        "nothing happened",
        "slewing is not a step",
        "our clock went forward, so the device is less ahead",
        "our clock went back, so the device is more ahead",
        "an untrusted clock that is put right takes the devices along",
        "a reboot between two trusted clocks",
        "a reboot into an untrusted clock: nothing is known of the device",
        "a reboot out of an untrusted clock: nothing is known of the device",
    ],
)
def test_offsets_are_carried_over_steps_and_over_trusted_reboots_only(
    boot, up, step, trust, last_trust, offsets
):
    last = later(trust=last_trust)
    wall = last.wall + 60 + step
    assert clock_trust.carried(last, boot, up, wall, trust) == offsets


def test_without_a_record_no_device_is_known():
    assert clock_trust.carried(None, "boot-1", 5, 1_795_000_000, 3) == {}


@given(
    st.integers(0, 10**6),
    st.integers(-(10**6), 10**6),
    st.dictionaries(st.integers(1, 9), st.integers(-(10**8), 10**8), max_size=4),
)
def test_a_step_of_our_clock_never_moves_a_device_by_more_than_a_second(seconds, step, offsets):
    """Device time = our wall clock + offset must read the same before and after the step."""
    last = later(offsets=tuple(sorted(offsets.items())))
    now = later(seconds, step)
    carried = clock_trust.carried(last, now.boot, now.up, now.wall, now.trust)
    assert carried.keys() == offsets.keys()
    for device, offset in carried.items():
        shown = now.wall * 1000 + offset
        expected = (last.wall + seconds) * 1000 + offsets[device]
        assert abs(shown - expected) <= 1000


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
