"""A terminal that is kept read: when it is polled, audited, and what is declared of its log."""

import threading
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from contract import event
from contract.event import LogEdited, LogReplaced, LogShifted, Operation, Scan
from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from terminal_agent.clock import Look
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.errors import SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.sources import zk_pull
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.zk.link import ClockReading, Link
from terminal_agent.zk.timecode import DeviceTime
from tests.halves import WIB_MS, TestClock

MIDNIGHT = 1_795_046_400 - 25_200  # Thursday 19 November 2026 in WIB
HOUR, DAY = 3_600, 86_400
PEOPLE = "abcdefghijklmnopqrst"  # so many that the first ones stand before the anchor


class Site:
    """One terminal, the journal, and a source between them that a test polls."""

    def __init__(self, folder, profile=F19):
        self.clock = TestClock(now=float(MIDNIGHT + 8 * HOUR))
        self.device = Device(profile, lambda: datetime.fromtimestamp(self.clock.now, UTC))
        self.terminal = Terminal(self.device, Faults())
        self.terminal.__enter__()
        self.journal = Journal(folder / "journal.db", "T07A", self.clock.look())
        self.told: list[str] = []
        self.stop = threading.Event()
        self.intake = Intake(self.journal, self.clock, self.stop, lambda: None, self.told.append)
        self.source = self.reading(live=False)

    def reading(self, zone="WIB", **device):
        where = {"name": "lobi", "host": "127.0.0.1", "port": self.terminal.port, **device}
        return ZkPull(ZkDevice(**where), ZONES[zone])

    def poll(self, times=1):
        with Link("127.0.0.1", self.terminal.port, timeout=5) as link:
            for _ in range(times):
                self.source.poll_once(link, self.intake)

    def punch(self, *pins):
        for pin in pins:
            self.clock.now += 1
            self.device.punch(pin)

    def records(self, *kinds):
        last = self.journal.standing().last
        read = (event.read(data) for data in self.journal.run(1, last).records)
        return [record for record in read if isinstance(record, kinds)]

    def pins(self):
        return [scan.pin for scan in self.records(Scan)]

    def close(self):
        self.journal.close()
        self.terminal.__exit__(None, None, None)


@pytest.fixture
def sites(tmp_path):
    opened = []

    def open_(profile=F19) -> Site:
        opened.append(Site(tmp_path, profile))
        return opened[-1]

    yield open_
    for site in opened:
        site.close()


@pytest.fixture
def site(sites):
    return sites()


# What a poll commits


def test_a_poll_commits_what_is_new_and_the_next_one_nothing(site):
    site.punch("17", "18")
    site.poll(2)
    assert site.pins() == ["17", "18"]
    first = site.records(Scan)[0]
    assert (first.source, first.device, first.impossible) == ("pull", 1, False)


def test_a_clock_record_with_the_terminals_offset_stands_before_its_scans(site):
    site.punch("17")
    site.poll()
    kinds = [type(record).__name__ for record in site.records(event.Record)]
    assert kinds.index("Clock") < kinds.index("Device") < kinds.index("Scan")
    [*_, clock] = site.records(event.Clock)
    assert abs(dict(clock.offsets)[1] - WIB_MS) <= 1000


def test_the_operation_log_is_journalled_too(site):
    site.punch("17")
    site.device.set_clock(site.device.now())
    site.poll()
    site.device.clear_log()
    site.poll()
    assert [
        operation.code for operation in site.records(Operation) if operation.code in (21, 23)
    ] == [21, 23]


def test_a_discontinuity_is_declared_before_the_rows_that_it_explains(site):
    site.punch(*"abcdefghijkl")
    site.poll()
    site.device.clear_log()
    site.punch("17")
    site.poll()
    order = site.records(LogReplaced, Scan)[-2:]
    assert order[0] == LogReplaced(1, 12, 1)
    assert order[1].pin == "17"


def test_a_dropped_head_is_declared_with_its_size(sites):
    site = sites(replace(F19, record_capacity=20, cyclic_delete=5))
    site.punch(*[str(i) for i in range(100, 120)])
    site.poll()
    site.punch("200")
    site.poll()
    assert site.records(LogShifted) == [LogShifted(1, 5)]
    assert site.pins()[-1] == "200"
    assert len(site.pins()) == 21


def test_a_cursor_of_another_version_costs_a_whole_read_and_doubles_nothing(site):
    site.punch("17", "18")
    site.poll()
    known = site.journal.device("BWXP204560001")
    site.journal.store(
        zk_pull.Delivery(known.serial, since=known.cursor, cursor=b'{"of":"tomorrow"}'),
        site.clock.look(),
    )
    site.punch("19")
    site.poll()
    assert site.pins() == ["17", "18", "19"]


@pytest.mark.parametrize(("held", "told"), [(15, ""), (16, "log_almost_full")])
def test_a_technician_is_told_while_the_log_is_four_fifths_full(sites, held, told):
    site = sites(replace(F19, record_capacity=20))
    site.punch(*["17"] * held)
    site.poll()
    assert site.told == [told]
    site.device.clear_log()
    site.poll()
    assert site.told[-1] == ""


# The nightly audit


@pytest.mark.parametrize(
    ("zone", "hour", "audited"),
    [("WIB", 1, False), ("WIB", 2, True), ("WITA", 0, False), ("WITA", 1, True), ("WIT", 0, True)],
)
def test_the_audit_waits_for_the_hour_of_the_place_where_the_kiosk_stands(
    site, zone, hour, audited
):
    """Two o'clock by default; hours here are those of WIB."""
    site.source = site.reading(zone, live=False)
    site.punch(*PEOPLE)
    site.poll()
    site.device.edit(2, pin="x")
    site.clock.now = float(MIDNIGHT + DAY + hour * HOUR)
    site.poll()
    assert bool(site.records(LogEdited)) is audited


def test_an_edit_is_found_by_night_declared_once_and_the_edited_row_is_kept(site):
    site.punch(*PEOPLE)
    site.poll()
    site.device.edit(2, pin="x")
    site.poll()
    assert site.records(LogEdited) == []
    for _ in range(4):
        site.clock.now += DAY
        site.poll(2)
    [edited] = site.records(LogEdited)
    assert (edited.missing, edited.extra) == (1, 1)
    times = [scan.t for scan in site.records(Scan) if scan.pin == "c"]
    assert [edited.first, edited.last] == times * 2
    assert site.pins() == [*PEOPLE, "x"]


def test_a_second_edit_is_declared_too(site):
    site.punch(*PEOPLE)
    site.poll()
    for at, pin in ((2, "x"), (3, "y")):
        site.device.edit(at, pin=pin)
        site.clock.now += DAY
        site.poll()
    assert [(edited.missing, edited.extra) for edited in site.records(LogEdited)] == [
        (1, 1),
        (2, 1),
    ]


def test_a_record_taken_out_of_the_middle_leaves_its_time(site):
    site.punch(*PEOPLE)
    site.poll()
    [t] = [scan.t for scan in site.records(Scan) if scan.pin == "c"]
    site.device.log.delete(lambda punch: punch.pin == "c")
    site.clock.now += DAY
    site.poll()
    assert site.records(LogEdited) == [LogEdited(1, 1, 0, t, t)]


def test_the_first_full_read_is_no_audit(site):
    site.punch("17")
    site.poll(3)
    assert site.records(LogEdited) == []


def test_a_log_that_was_replaced_in_the_night_of_an_audit_accuses_nobody_of_the_rest(site):
    """An edit at the anchor redelivers the whole log; only the one edited row is a finding."""
    site.punch(*"abcdefghijkl")
    site.poll()
    site.device.edit(11, verify=15)
    site.clock.now += DAY
    site.poll(3)
    assert len(site.records(LogReplaced)) == 1
    found = [(edited.missing, edited.extra) for edited in site.records(LogEdited)]
    assert found == [(1, 1)]
    verified = [scan.verify for scan in site.records(Scan) if scan.pin == "l"]
    assert verified == [1, 15], "what was edited is kept beside what was there"
    assert len(site.pins()) == 13


def test_a_row_that_had_to_be_journalled_twice_is_not_missing_once(site):
    """A date that does not exist never merges, so a log that is read whole again repeats it."""
    site.punch(*PEOPLE)
    site.device.punch("z", at=wire.time_code(datetime(2026, 2, 28)) + 2 * DAY)
    site.poll()
    site.device.edit(-2, pin="x")
    site.poll()
    assert site.pins().count("z") == 2
    site.clock.now += DAY
    site.poll(2)
    assert [edited.missing for edited in site.records(LogEdited)] == [1], "who was before x"


def test_the_rows_before_those_that_fell_off_the_head_are_not_missing_either(sites):
    """A second full of equal touches: the first of them, and who came between, are gone."""
    site = sites(replace(F19, record_capacity=20, cyclic_delete=3))
    site.clock.now += 1
    for pin in ("17", "18", *["17"] * 18):
        site.device.punch(pin)
    site.poll()
    site.punch("200")
    site.clock.now += DAY
    site.poll(3)
    assert site.records(LogEdited) == []


def test_one_of_two_identical_rows_that_fell_off_the_head_is_not_missing(sites):
    """Two touches in one second are two equal records; cyclic delete took the older one."""
    site = sites(replace(F19, record_capacity=20, cyclic_delete=1))
    site.clock.now += 1
    for _ in range(2):
        site.device.punch("17")
    site.punch(*[str(i) for i in range(100, 118)])
    site.poll()
    site.punch("200")
    site.poll()
    site.clock.now += DAY
    site.poll()
    assert site.records(LogEdited) == []
    assert site.records(LogShifted) == [LogShifted(1, 1)]


# Live events and the loop


def run(site, source):
    thread = threading.Thread(target=source.run, args=(site.intake,))
    thread.start()
    return thread


def until(condition):
    for _ in range(2_000):
        if condition():
            return
        threading.Event().wait(0.005)
    pytest.fail("it never came")


class Heard:
    """A listener that keeps what it hears of people."""

    def __init__(self):
        self.said = []

    def hint(self, pin, verify):
        self.said.append(("hint", pin))

    def stored(self, parcel, stored):
        for seq, record in enumerate(stored.records, stored.first):
            if isinstance(record, Scan):
                self.said.append(("stored", record.pin, seq))


def test_a_live_event_brings_the_next_poll_forward(site):
    """The clock of this test stands still, so no poll is ever due by itself. Whoever shows it to the
    person hears of the hint, and after it that the scan is committed, with its number."""
    site.intake.listener = heard = Heard()
    thread = run(site, site.reading(live=True, every=86_400))
    try:
        until(lambda: site.journal.device("BWXP204560001"))
        site.punch("17")
        until(lambda: site.pins() == ["17"])
    finally:
        site.stop.set()
        thread.join()
    assert heard.said == [("hint", "17"), ("stored", "17", site.journal.standing().last)]


def test_a_terminal_that_refuses_live_events_is_polled_all_the_same(site):
    site.terminal.faults.refuse[wire.EVENTS] = wire.ERROR
    source = site.reading(live=True)
    with pytest.raises(SourceUnavailable):
        source.run(site.intake)
    site.punch("17")
    thread = run(site, source)
    try:
        until(lambda: site.pins() == ["17"])
    finally:
        site.stop.set()
        thread.join()


def test_a_terminal_out_of_reach_is_said_to_be_so(site):
    source = site.reading()
    site.terminal.__exit__(None, None, None)
    with pytest.raises(SourceUnavailable) as told:
        source.run(site.intake)
    assert told.value.code == "unreachable"
    site.terminal.__enter__()


# The measured clock


@pytest.mark.parametrize(
    ("shown", "asked", "answered", "offset"),
    [
        (1_000, 1_000_000, 1_000_000, 500),
        (1_000, 999_900, 1_000_100, 500),
        (1_000, 1_000_000, 1_000_400, 300),
        (26_200, 1_000_000, 1_000_000, 25_200_500),
    ],
)
def test_a_clock_of_whole_seconds_is_taken_at_their_middle(shown, asked, answered, offset):
    reading = ClockReading(DeviceTime(shown, impossible=False), asked, answered)
    assert zk_pull.offset_ms(reading) == offset


def test_a_clock_on_a_date_that_does_not_exist_has_no_offset():
    assert zk_pull.offset_ms(ClockReading(DeviceTime(7, impossible=True), 0, 0)) is None


@pytest.mark.parametrize(("trust", "year"), [(3, 2026), (1, 2026), (0, 2099)])
def test_a_clock_that_nobody_vouches_for_bounds_no_years(trust, year):
    assert zk_pull.newest_year(Look("b", 1, MIDNIGHT, trust, 0)) == year
