"""What the link has cost, by local days and months, and what remains of what was paid for."""

import pytest

from terminal_agent import usage
from terminal_agent.usage import Meter, Usage
from tests.halves import TestClock

WIB = 25_200
NOON = 1_795_000_000 - 1_795_000_000 % 86_400 + 5 * 3_600  # 12:00 in WIB, 2026-11-18
MB = 1_000_000


class Counting:
    """A meter in a folder, a clock, and what it tells."""

    def __init__(self, state, quota_mb=0, trust=3, now=NOON):
        self.state, self.quota_mb = state, quota_mb
        self.clock, self.told = TestClock(now=now, trust=trust), []
        self.start()

    def start(self):
        self.meter = Meter(self.state, self.clock, WIB, self.quota_mb, self.told.append)

    @property
    def seen(self):
        return self.meter.usage.today, self.meter.usage.month


@pytest.fixture
def counting(tmp_path):
    return Counting(tmp_path)


def test_a_day_ends_at_local_midnight_and_a_month_with_its_last_day(counting):
    counting.meter.add(100)
    counting.clock.now += 11.9 * 3_600
    counting.meter.add(10)
    assert counting.seen == (110, 110)
    counting.clock.now += 0.2 * 3_600
    counting.meter.add(5)
    assert counting.seen == (5, 115)
    counting.clock.now += 12 * 86_400
    counting.meter.add(1)
    assert counting.meter.usage == Usage("2026-12-01", 1, 1)


def test_a_clock_that_nobody_vouches_for_ends_no_month(counting):
    """After a power cut it believes in 1970 for a while: the month's bytes must not be forgotten."""
    counting.meter.add(100)
    counting.clock.trust, counting.clock.now = 0, 1_000.0
    counting.meter.add(20)
    counting.clock.trust, counting.clock.now = 3, NOON + 60
    counting.meter.add(3)
    assert counting.seen == (123, 123)


def test_bytes_before_the_first_trusted_time_belong_to_its_month(tmp_path):
    counting = Counting(tmp_path, trust=0, now=1_000.0)
    counting.meter.add(7)
    counting.clock.trust, counting.clock.now = 2, NOON
    counting.meter.add(1)
    assert counting.meter.usage.month == 8


def test_the_figures_are_written_at_the_first_byte_then_every_ten_minutes(counting):
    file = counting.state / usage.FILE
    counting.meter.add(0)
    assert not file.exists()
    counting.meter.add(60)
    counting.meter.add(40)
    assert usage.load(counting.state).month == 60
    counting.clock.now += 600
    counting.meter.add(0)
    assert usage.load(counting.state).month == 100
    written = file.stat().st_mtime_ns
    counting.clock.now += 600
    counting.meter.add(0)
    assert file.stat().st_mtime_ns == written, "nothing new"


def test_a_crash_forgets_what_was_not_written_and_nothing_else(counting):
    counting.meter.add(100)
    counting.meter.keep()
    counting.meter.add(50)
    counting.start()
    assert counting.seen == (100, 100)


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b"\xff", b'{"month":"a"}'])
def test_a_torn_file_counts_from_nothing(counting, torn):
    (counting.state / usage.FILE).write_bytes(torn)
    counting.start()
    assert counting.seen == (0, 0)


def test_a_disk_that_takes_nothing_costs_the_figures_only(counting, caplog):
    (counting.state / f"{usage.FILE}.new").mkdir()
    counting.meter.add(100)
    counting.meter.keep()
    assert "usage.not_kept" in caplog.text
    assert counting.seen == (100, 100)


def test_a_technician_hears_of_80_and_of_100_percent_once_each_and_of_the_new_month(tmp_path):
    counting = Counting(tmp_path, quota_mb=10)
    for _ in range(12):
        counting.meter.add(MB)
    assert counting.told == ["quota_nearly_used", "quota_used"]
    assert (counting.meter.left(), counting.meter.exhausted()) == (0, True)
    counting.clock.now += 14 * 86_400
    counting.meter.add(1)
    assert counting.told[-1] == ""
    assert (counting.meter.left(), counting.meter.exhausted()) == (10 * MB - 1, False)


def test_a_quota_that_was_used_up_is_told_again_after_a_restart(tmp_path):
    counting = Counting(tmp_path, quota_mb=10)
    counting.meter.add(10 * MB)
    counting.meter.keep()
    counting.told.clear()
    counting.start()
    assert counting.told == ["quota_used"]


def test_without_a_quota_nothing_is_ever_used_up(counting):
    counting.meter.add(10**12)
    assert (counting.meter.left(), counting.meter.exhausted(), counting.told) == (None, False, [])
