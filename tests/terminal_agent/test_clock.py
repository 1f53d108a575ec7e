"""The kiosk's best clock: what it knows, what it keeps over a restart, and who may not move it."""

import pytest

from contract.event import Clock as ClockRecord
from contract.receipt import Receipt
from terminal_agent.clock import Clock, Look, Machine
from terminal_agent.clock_trust import Fix, server_fix
from terminal_agent.journal import Journal

NOON_MS = 1_795_000_000_000
DAY_MS = 86_400_000


class Kernel:
    """What a kernel tells; the test says what that is."""

    boot = "boot-2"

    def __init__(self, wall_ms=0, rtc=False):
        self.up, self.wall, self.rtc, self.vouched = 60_000, wall_ms, rtc, None

    def up_ms(self):
        return self.up

    def wall_ms(self):
        return self.wall

    def vouched_ms(self):
        return self.vouched

    def set_by_rtc(self):
        return self.rtc

    def later(self, ms):
        self.up += ms
        self.wall += ms


def record(boot="boot-1", wall_ms=NOON_MS, trust=3, up=1_000):
    return ClockRecord(boot, up, wall_ms // 1000, trust, 40)


def test_nothing_known_is_level_0_and_the_systems_own_time():
    kernel = Kernel(wall_ms=5_000)
    look = Clock(machine=kernel).look()
    assert (look.trust, look.wall, look.up, look.ahead_ms) == (0, 5, 60, -55_000)


def test_server_time_is_the_wall_clock_from_then_on_whoever_sets_the_systems():
    kernel = Kernel()
    clock = Clock(machine=kernel)
    receipt = Receipt(1, 1, NOON_MS, NOON_MS + 50)
    clock.learn(server_fix(kernel.up - 650, kernel.up, receipt))
    assert (clock.look().trust, clock.look().error_ms) == (2, 302)
    assert clock.wall() == (NOON_MS + 350) / 1000
    kernel.later(10_000)
    kernel.wall -= 2_700_000
    assert clock.wall() == (NOON_MS + 10_350) / 1000
    assert clock.look().error_ms == 303


def test_the_kernels_word_is_kept_when_it_is_lost_and_ages():
    kernel = Kernel(wall_ms=NOON_MS)
    clock = Clock(machine=kernel)
    kernel.vouched = 20
    assert clock.look().trust == 3
    kernel.vouched = None
    kernel.later(DAY_MS)
    kernel.wall = 0
    look = clock.look()
    assert (look.trust, look.wall) == (2, (NOON_MS + DAY_MS) // 1000)
    assert look.error_ms == 20 + 4_320


def test_a_restart_of_the_agent_in_the_same_boot_keeps_the_time():
    kernel = Kernel()
    kernel.boot = "boot-1"
    clock = Clock(machine=kernel)
    clock.recall(record(up=50))
    look = clock.look()
    assert (look.trust, look.wall) == (2, NOON_MS // 1000 + 10)
    assert look.error_ms >= 1_040


@pytest.mark.parametrize(
    ("rtc", "wall_ms", "trust"),
    [
        (True, NOON_MS + DAY_MS, 1),
        (False, NOON_MS + DAY_MS, 0),
        (True, NOON_MS - 1_000, 0),
        (True, 946_684_800_000, 0),
    ],
    ids=["a battery clock", "none", "before what was known", "a flat battery"],
)
def test_a_battery_clock_is_level_1_where_nothing_contradicts_it(rtc, wall_ms, trust):
    clock = Clock(machine=Kernel(wall_ms, rtc))
    clock.recall(record())
    assert clock.look().trust == trust


def test_a_battery_clock_that_no_trusted_clock_ever_saw_is_worth_nothing():
    clock = Clock(machine=Kernel(NOON_MS, rtc=True))
    clock.recall(None)
    assert clock.look().trust == 0


@pytest.mark.parametrize("by_ms", [600_000, -2_000 * DAY_MS], ids=["ahead", "years back"])
def test_a_restart_in_the_same_boot_believes_the_battery_and_not_the_hand_that_set_the_clock(
    by_ms, tmp_path
):
    """kill -9 after somebody set the system clock: a camera that repeats a scan repeats its second."""
    kernel = Kernel(NOON_MS + DAY_MS, rtc=True)
    clock, journal = started(kernel, tmp_path)
    before = clock.look()
    assert before.trust == 1
    journal.close()
    kernel.wall += by_ms
    for _ in range(3):
        clock, journal = started(kernel, tmp_path)
        journal.close()
        look = clock.look()
        assert (look.trust, abs(look.wall - before.wall) <= 1) == (1, True)
        assert look.error_ms <= before.error_ms + 1_000


def test_a_battery_clock_that_was_wrong_at_boot_is_not_believed_once_a_hand_has_set_it(tmp_path):
    kernel = Kernel(NOON_MS - DAY_MS, rtc=True)
    clock, journal = started(kernel, tmp_path)
    assert clock.look().trust == 0
    journal.close()
    kernel.wall += 3 * DAY_MS
    clock, journal = started(kernel, tmp_path)
    journal.close()
    assert clock.look().trust == 0


def started(kernel, folder):
    """An agent of this boot begins, on a card whose newest trusted record is of the boot before."""
    if not (folder / "journal.db").exists():
        first = Journal(folder / "journal.db", "T07A", Look("boot-1", 1, NOON_MS // 1000, 3, 40))
        first.close()
    clock = Clock(machine=kernel)
    journal = Journal(folder / "journal.db", "T07A", clock.look())
    clock.recall(journal.past.trusted_clock(), journal.past.clock_in(clock.look().boot))
    journal.keep_clock(clock.look())
    return clock, journal


def test_a_clock_that_the_host_keeps_is_level_1_until_somebody_knows_better():
    clock = Clock("host", machine=Kernel(NOON_MS))
    assert (clock.look().trust, clock.look().error_ms) == (1, 2_000)
    clock.learn(Fix(60_000, NOON_MS, 30, 2))
    assert clock.look().trust == 2


def test_this_machines_own_clocks_can_be_read():
    machine = Machine("boot-x")
    first = machine.up_ms()
    assert machine.up_ms() >= first
    assert machine.wall_ms() > 1_700_000_000_000
    assert machine.vouched_ms() is None or machine.vouched_ms() >= 0
    assert machine.set_by_rtc() in (True, False)
