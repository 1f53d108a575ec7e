"""The true time of a scan is never outside what the centre claims, whatever the clocks did.

Everything between the clocks and the derived time is the real thing: the kiosk's clock, journal and
records, the centre's reading of them. Only the machine, the terminals and the truth are played.
"""

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync_server.fact import Fact
from sync_server.pairing import PersonDay, pair
from sync_server.shifts import Window
from terminal_agent.clock_trust import Fix
from tests.sync_server.clock_life import DAY, START, H, Life, M, S, Schedule, Terminal


def outside(seed: int, found: Counter) -> list[tuple]:
    """What a life's claims got wrong; counts qualities in `found`."""
    shm = Path("/dev/shm")  # noqa: S108 a journal that is thrown away; syncing it tests nothing here
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        life = Schedule(Path(folder), seed, liars=seed % 2 == 1).play()
        found["lies"] += life.lies
        wrong = []
        for true_ms, derived in life.derived():
            found[derived.quality] += 1
            low = derived.lo is not None and derived.lo * 1000 > true_ms
            high = derived.hi is not None and derived.hi * 1000 < true_ms
            if low or high:
                wrong.append((seed, true_ms, derived))
    return wrong


def assert_none_outside(seeds: range, enough: int) -> None:
    found: Counter = Counter()
    for seed in seeds:
        wrong = outside(seed, found)
        assert not wrong, f"seed {seed}: {len(wrong)} outside, first {wrong[0]}"
        if found.total() >= enough:
            break
    assert found.total() >= enough, found
    assert found.pop("lies") or not any(seed % 2 for seed in seeds)
    exact = found["ok"] + found["corrected"]
    assert exact > found.total() // 2, f"most lives know their time sooner or later: {found}"
    assert found["bounded"], found
    assert found["unknown"], found


def test_no_scan_of_a_random_life_lies_outside_its_bounds():
    assert_none_outside(range(0, 1_000, 2), 6_000)


def test_no_spoofed_receiver_and_no_lying_server_moves_a_scan_out_of_its_bounds():
    assert_none_outside(range(1, 500, 2), 6_000)


@pytest.mark.all_only("200,000 simulated scans: a minute")
def test_no_scan_of_200_000_lies_outside_its_bounds():
    assert_none_outside(range(10_000, 20_000), 200_000)


# Hands that should not, and bad luck: each through to the day's fact. It is a working day from 07:30
# to 16:00 in WIB; the person leaves in time.

MIDNIGHT = (START // DAY + 1) * DAY - 7 * H


def clock_time(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    return MIDNIGHT + hours * H + minutes * M


class Office:
    """A kiosk with a camera and one terminal, on one day."""

    def __init__(self, folder: Path) -> None:
        self.life = Life(folder)
        self.life.terminals["CJ1"] = Terminal(self.life, "CJ1", 0, 0)

    def at(self, text: str) -> "Office":
        self.life.now = clock_time(text)
        return self

    def boot(self, wall_ms: int | None = None, rtc: bool = False) -> None:
        self.life.boot(self.life.now if wall_ms is None else wall_ms, rtc)

    def sent_at(self, text: str) -> "Office":
        self.at(text).life.send()
        return self

    def fact(self) -> Fact:
        self.life.journal.close()
        window = Window(
            due_in=clock_time("07:30") // S,
            due_out=clock_time("16:00") // S,
            split=clock_time("11:45") // S,
            open=clock_time("04:00") // S,
            close=clock_time("22:00") // S,
            mid=(),
        )
        day = PersonDay(
            nip="1",
            opd="1.01",
            workdate=datetime.fromtimestamp(clock_time("12:00") // S, UTC).date(),
            zone=420,
            shift="REG",
            window=window,
            day_kind="workday",
            works_on_holidays=False,
            punches=[punch for chain in self.life.chains() for _, punch in chain.punches],
            complete=True,
        )
        for true_ms, derived in self.life.derived():
            assert derived.lo is None or derived.lo * S <= true_ms
            assert derived.hi is None or derived.hi * S >= true_ms
        return pair(day)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def came(fact: Fact) -> str:
    local = fact.arrival.t.timestamp() + 7 * 3600
    return datetime.fromtimestamp(local, UTC).strftime("%H:%M")


def leave(office: Office) -> None:
    office.at("16:05").life.camera()


@pytest.mark.parametrize("known_by", ["server", "ntp"])
def test_a_clerk_who_sets_the_kiosks_clock_back_at_0740_to_0655_gains_nothing(office, known_by):
    office.at("06:00").boot()
    if known_by == "ntp":
        office.life.ntp(0)
    else:
        office.life.server_time(300, 300)
    office.at("07:40").life.set_system_clock(clock_time("06:55"))
    office.life.camera()
    leave(office)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 10, "07:40")
    assert "in_bounded" not in fact.flags


def test_a_clock_that_nobody_vouches_for_and_that_is_set_back_is_exact_once_time_is_known(office):
    """The step is in the chain, and boot-time seconds run through it."""
    office.at("06:00").boot(wall_ms=0)
    office.at("07:00").life.set_system_clock(office.life.now)
    office.at("07:40").life.set_system_clock(clock_time("06:55"))
    office.life.camera()
    leave(office)
    office.at("16:30").life.server_time(300, 300)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 10, "07:40")
    assert fact.arrival.clock == "corrected"
    assert fact.arrival.raw == "06:55:00", "the fact shows what the clock showed"


def test_pulling_the_plug_and_setting_the_battery_clock_back_is_undone_by_a_later_time(office):
    office.at("06:00").boot()
    office.life.server_time(300, 300)
    office.at("07:40").boot(wall_ms=clock_time("06:55"), rtc=True)
    assert office.life.clock.look().trust == 1, "nothing contradicts it yet"
    office.life.camera()
    leave(office)
    office.at("16:30").life.server_time(300, 300)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 10, "07:40")


def test_a_battery_clock_that_lies_before_what_is_known_decides_nothing(office):
    """At 07:39 the terminal was read, by a sure clock; then the plug, and 06:55. No time came."""
    office.at("06:00").boot()
    office.life.server_time(300, 300)
    office.at("06:30").life.poll("CJ1")
    office.at("07:20").life.punch("CJ1")
    office.at("07:39").life.poll("CJ1")
    office.at("07:40").boot(wall_ms=clock_time("06:55"), rtc=True)
    office.life.camera()
    fact = office.sent_at("07:50").fact()
    late = office.life.derived()
    [camera] = [derived for true_ms, derived in late if true_ms == clock_time("07:40")]
    assert camera.t is None
    assert camera.method == "kiosk clock contradicts what is known"
    assert (camera.quality, came(fact)) == ("bounded", "07:20")


def test_a_spoofed_receiver_moves_no_scan(office):
    office.at("06:00").boot()
    office.life.server_time(300, 300)
    for text in ("07:39", "07:40"):
        office.at(text)
        wrong = Fix(office.life.clock.up_ms(), clock_time(text) - 45 * M, 1_000, 4)
        office.life.clock.learn(wrong)
        office.life.keep()
    assert office.life.clock.look().trust == 1
    assert office.life.clock.disputed()
    office.life.camera()
    leave(office)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 10, "07:40")


def test_a_spoofed_receiver_is_found_out_by_the_server_time_of_the_same_boot(office):
    """GNSS alone was believed at 07:40; what the server said later belies it."""
    office.at("06:00").boot(wall_ms=0)
    office.at("07:40").life.clock.learn(
        Fix(office.life.clock.up_ms(), clock_time("06:55"), 1_000, 4)
    )
    assert office.life.clock.look().trust == 4
    office.life.camera()
    leave(office)
    office.at("16:30").life.server_time(300, 300)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 10, "07:40")
    assert fact.arrival.raw == "06:55:00"


@pytest.mark.parametrize("back_ms", [45 * M, 2 * H, 3 * DAY])
def test_a_spoofed_receiver_is_found_out_by_the_network_time_of_other_boots(office, back_ms):
    office.at("06:00").boot()
    office.life.ntp(0)
    office.at("07:30").life.camera()
    office.at("07:40").boot(wall_ms=0)
    office.life.gnss(-back_ms)
    assert office.life.clock.look().trust == 4
    office.at("07:41").life.camera()
    office.at("09:00").boot(wall_ms=0)
    office.life.ntp(0)
    leave(office)
    fact = office.sent_at("17:00").fact()
    assert (came(fact), fact.arrival.clock) == ("07:30", "ok")
    [spoofed] = [one for true_ms, one in office.life.derived() if true_ms == clock_time("07:41")]
    assert (spoofed.quality, spoofed.t) == ("bounded", None)
    assert spoofed.lo > clock_time("07:29") // S


def test_a_kiosk_does_not_carry_on_a_receiver_that_the_server_contradicted(office):
    """The dispute ends when the receiver is silent for an hour; the lie is not believed then."""
    office.at("05:00").boot(wall_ms=0)
    office.life.server_time(4_000, 4_000)
    office.at("05:01").life.gnss(-45 * M)
    look = office.at("07:00").life.clock.look()
    assert (look.trust, abs(look.wall - office.life.now // S) < 10) == (2, True)


@pytest.mark.parametrize("ahead_ms", [-DAY, 3 * H])
def test_a_server_that_lies_beside_the_network_of_the_same_boot_holds_the_day(office, ahead_ms):
    """Nobody knows which of the two lies: the day is held and nobody is cut."""
    office.at("05:00").boot(wall_ms=0)
    office.life.ntp(0)
    office.at("06:00").life.ntp(None)
    office.at("07:40").life.server_time(50, 50, lie_ms=ahead_ms)
    assert office.life.clock.look().trust == 2
    office.life.camera()
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min) == ("TAHAN_JAM", 0)


def test_a_kiosk_that_boots_in_1970_and_gets_time_in_the_afternoon_is_exact(office):
    office.at("06:00").boot(wall_ms=0)
    office.at("07:24").life.camera()
    leave(office)
    office.at("16:30").life.server_time(300, 300)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 0, "07:24")
    assert "in_bounded" not in fact.flags


def test_without_any_time_the_arrival_at_the_centre_and_the_past_bound_a_scan(office):
    """A power cut on both sides, no network in between: an interval, for the employee, flagged."""
    office.at("07:00").boot()
    office.life.server_time(300, 300)
    office.at("07:10").boot(wall_ms=0)
    office.at("07:35").life.camera()
    office.sent_at("08:00")
    office.life.journal.close()
    [(_, derived)] = office.life.derived()
    assert derived.quality == "bounded"
    fact = office.fact()
    assert fact.late_min == 0
    assert "in_bounded" in fact.flags


def test_nothing_known_at_all_holds_the_day_and_cuts_nobody(office):
    office.at("06:00").boot(wall_ms=0)
    office.at("07:35").life.camera()
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min) == ("TAHAN_JAM", 0)


def test_a_terminal_set_back_at_0740_to_0655_gives_the_true_time(office):
    office.at("06:00").boot()
    office.life.server_time(300, 300)
    office.at("07:30").life.poll("CJ1")
    office.at("07:40").life.terminals["CJ1"].ahead = -45 * M
    office.life.punch("CJ1")
    office.at("07:41").life.poll("CJ1")
    leave(office)
    fact = office.sent_at("17:00").fact()
    assert (fact.status, fact.late_min, came(fact)) == ("HADIR", 10, "07:40")
    assert fact.arrival.raw == "06:55:00"
