"""A terminal that changes its address is read on; no other terminal is read in its place."""

import threading
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from ipaddress import IPv4Network
from itertools import pairwise

import pytest

from contract import event
from contract.event import Scan
from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from terminal_agent import supervise
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.discovery.addresses import Addresses, Known, placed, recall
from terminal_agent.discovery.way import Way
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.zk.link import Link
from tests.halves import TestClock

OLD, NEW, THIRD = "127.83.1.5", "127.83.1.77", "127.83.1.200"
NETWORK = [IPv4Network("127.83.1.0/24")]


class Floor:
    """An office floor: terminals at addresses of one port, and the book of its kiosk."""

    def __init__(self, folder):
        self.folder = folder
        self.now = 1000.0
        self.searches = 0
        self.port = 0
        self.standing: dict[str, Terminal] = {}
        self.book = Addresses(folder)
        self.read_before: set[str] = set()

    def put(self, address, serial, comm_key=0, profile=F19):
        device = Device(profile, lambda: datetime.now(UTC), serial, comm_key)
        terminal = Terminal(device, address=address, port=self.port)
        terminal.__enter__()
        self.port = terminal.port
        self.standing[address] = terminal
        return terminal

    def take_away(self, address):
        self.standing.pop(address).__exit__()

    def move(self, before, after):
        """The same terminal with another lease."""
        device = self.standing[before].device
        self.take_away(before)
        self.standing[after] = Terminal(device, address=after, port=self.port)
        self.standing[after].__enter__()

    def networks(self, host):
        self.searches += 1
        return NETWORK

    def way(self, host=OLD, name="lobi", comm_key=0, **more):
        device = ZkDevice(name=name, host=host, port=self.port, comm_key=comm_key, **more)
        return Way(device, self.book, self.networks)

    def serial(self, way):
        """Who is reached; the seconds between two tries are as after a long silence."""
        self.now += 300
        with way.reach(self.now, self.read_before.__contains__) as link:
            self.read_before.add(link.serial())
            return link.serial()

    def close(self):
        for address in list(self.standing):
            self.take_away(address)


@pytest.fixture
def floor(tmp_path):
    with closing(Floor(tmp_path)) as floor:
        yield floor


def test_a_terminal_that_moved_is_found_by_its_serial_number_after_two_silences(floor):
    floor.put(OLD, "A1")
    floor.put(THIRD, "X9")
    way = floor.way()
    assert floor.serial(way) == "A1"
    floor.move(OLD, NEW)
    with pytest.raises(SourceUnavailable, match="no terminal answers") as silent:
        floor.serial(way)
    assert (silent.value.code, floor.searches) == ("unreachable", 0)
    assert floor.serial(way) == "A1"
    assert (way.finding, floor.searches) == ("address_changed", 1)


def test_the_new_address_is_remembered_in_the_state_and_outlives_a_restart(floor):
    floor.put(OLD, "A1")
    way = floor.way()
    floor.serial(way)
    floor.move(OLD, NEW)
    with pytest.raises(SourceUnavailable):
        floor.serial(way)
    floor.serial(way)
    assert recall(floor.folder) == {"lobi": Known(OLD, "A1", NEW)}
    floor.book, floor.searches = Addresses(floor.folder, ["lobi"]), 0
    again = floor.way()
    assert floor.serial(again) == "A1"
    assert (again.finding, floor.searches) == ("address_changed", 0)


def test_the_finding_ends_when_the_configuration_agrees_or_the_terminal_comes_back(floor):
    floor.put(NEW, "A1")
    floor.book.learn("lobi", Known(OLD, "A1", NEW))
    way = floor.way(OLD)
    floor.serial(way)
    assert way.finding == "address_changed"
    corrected = floor.way(NEW)
    floor.serial(corrected)
    assert corrected.finding == ""
    floor.book.learn("lobi", Known(OLD, "A1", NEW))
    floor.move(NEW, OLD)
    floor.serial(way)
    assert way.finding == ""
    assert floor.book.of("lobi") == Known(OLD, "A1", OLD)


def test_a_terminal_that_is_nowhere_is_sought_ever_more_rarely_up_to_once_an_hour(floor):
    floor.put(OLD, "A1")
    way = floor.way()
    floor.serial(way)
    floor.take_away(OLD)
    began, sought = floor.now, []
    while floor.now < began + 6 * 3600:
        before = floor.searches
        with pytest.raises(SourceUnavailable):
            floor.serial(way)  # every 300 seconds
        if floor.searches > before:
            sought.append(floor.now - began)
    gaps = [after - before for before, after in pairwise(sought)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == 3600
    assert len(sought) < 12


def test_two_terminals_that_swapped_addresses_are_each_read_under_their_own_name(floor):
    floor.put(OLD, "A1")
    floor.put(NEW, "B2")
    first, second = floor.way(OLD, "lobi"), floor.way(NEW, "gudang")
    assert [floor.serial(first), floor.serial(second)] == ["A1", "B2"]
    floor.move(OLD, THIRD)
    floor.move(NEW, OLD)
    floor.move(THIRD, NEW)
    assert [floor.serial(first), floor.serial(second)] == ["A1", "B2"]
    assert first.finding == second.finding == "address_changed"


def test_another_terminal_of_this_kiosk_at_the_address_is_not_read_as_this_one(floor):
    floor.put(OLD, "A1")
    floor.put(NEW, "B2")
    first, second = floor.way(OLD, "lobi"), floor.way(NEW, "gudang")
    floor.serial(first), floor.serial(second)
    floor.take_away(OLD)
    floor.move(NEW, OLD)
    with pytest.raises(SourceUnavailable, match="is terminal B2, not A1") as other:
        floor.serial(first)
    assert other.value.code == "other_device"
    assert floor.book.of("lobi").serial == "A1"


def test_a_terminal_that_was_read_here_before_does_not_slip_into_anothers_place(floor):
    """It may have stood elsewhere in the office: a person has to say that it is to be read here."""
    floor.put(OLD, "A1")
    floor.read_before.add("C3")
    way = floor.way()
    floor.serial(way)
    floor.take_away(OLD)
    floor.put(OLD, "C3")
    with pytest.raises(SourceUnavailable, match="not A1"):
        floor.serial(way)
    renamed = floor.way(name="lobi-2")
    assert floor.serial(renamed) == "C3"


def test_a_new_terminal_in_the_place_of_a_dead_one_is_read_without_anybodys_hand(floor):
    floor.put(OLD, "A1")
    way = floor.way()
    floor.serial(way)
    floor.take_away(OLD)
    floor.put(OLD, "NEW1")
    assert floor.serial(way) == "NEW1"
    assert (way.finding, floor.searches) == ("device_exchanged", 1)


def test_a_new_terminal_at_the_address_is_not_read_while_the_old_one_stands_elsewhere(floor):
    floor.put(OLD, "A1")
    way = floor.way()
    floor.serial(way)
    floor.move(OLD, NEW)
    stranger = floor.put(OLD, "NEIGHBOUR")
    assert floor.serial(way) == "A1"
    assert way.finding == "address_changed"
    assert wire.PREPARE_READ not in stranger.traffic.counts()


def test_before_a_new_one_takes_its_place_a_terminal_is_sought_however_lately_that_was(floor):
    floor.put(OLD, "A1")
    way = floor.way()
    floor.serial(way)
    device = floor.standing[OLD].device
    floor.take_away(OLD)
    for _ in range(12):  # until it is sought once an hour only
        with pytest.raises(SourceUnavailable):
            floor.serial(way)
    before = floor.searches
    with pytest.raises(SourceUnavailable):
        floor.serial(way)
    assert floor.searches == before  # it rests now
    floor.put(OLD, "NEIGHBOUR")
    floor.put(NEW, "").device.become(device.options["~SerialNumber"])
    assert floor.serial(way) == "A1"


def test_a_technician_who_writes_another_address_means_the_terminal_there(floor):
    floor.put(OLD, "A1")
    floor.serial(floor.way(OLD))
    floor.put(NEW, "B2")
    way = floor.way(NEW)
    assert floor.serial(way) == "B2"
    assert floor.book.of("lobi") == Known(NEW, "B2", NEW)
    assert way.finding == "device_exchanged", "he may have mistyped it"
    assert floor.serial(way) == "B2"
    assert way.finding == "device_exchanged", (
        "until somebody has seen it and starts the agent again"
    )
    after = floor.way(NEW)
    floor.serial(after)
    assert after.finding == ""


def test_an_address_typed_that_is_another_configured_terminals_is_not_read_twice(floor):
    floor.put(OLD, "A1")
    floor.put(NEW, "B2")
    floor.serial(floor.way(OLD, "lobi")), floor.serial(floor.way(NEW, "gudang"))
    mistyped = floor.way(NEW, "lobi")
    assert floor.serial(mistyped) == "A1"
    assert mistyped.finding == "address_changed"


def test_a_mistyped_new_address_still_finds_the_terminal(floor):
    floor.put(OLD, "A1")
    floor.serial(floor.way(OLD))
    mistyped = floor.way(THIRD)
    with pytest.raises(SourceUnavailable):
        floor.serial(mistyped)
    assert floor.serial(mistyped) == "A1"


def test_a_stranger_with_another_key_at_the_address_does_not_stop_the_search(floor):
    floor.put(OLD, "A1", comm_key=1234)
    way = floor.way(comm_key=1234)
    floor.serial(way)
    floor.move(OLD, NEW)
    floor.put(OLD, "LOCKED", comm_key=999)
    assert floor.serial(way) == "A1"


def test_a_terminal_whose_key_was_changed_is_a_case_for_a_person(floor):
    terminal = floor.put(OLD, "A1", comm_key=1234)
    way = floor.way(comm_key=1234)
    floor.serial(way)
    terminal.device.comm_key = 77
    with pytest.raises(SourceMisconfigured) as refused:
        floor.serial(way)
    assert refused.value.code == "comm_key"


def test_a_search_leaves_a_terminal_alone_that_this_machine_speaks_to(floor):
    floor.put(OLD, "A1")
    held = floor.put(NEW, "B2")
    way = floor.way()
    floor.serial(way)
    floor.take_away(OLD)
    with Link(NEW, floor.port, timeout=5):
        for _ in range(2):
            with pytest.raises(SourceUnavailable):
                floor.serial(way)
        assert floor.searches == 1
        assert held.traffic.counts()[wire.CONNECT] == 1


def test_over_udp_a_terminal_is_found_again_as_well(floor):
    floor.put(OLD, "A1")
    way = floor.way(udp=True)
    floor.serial(way)
    floor.move(OLD, NEW)
    with pytest.raises(SourceUnavailable):
        floor.serial(way)
    assert floor.serial(way) == "A1"


def test_a_terminal_that_was_never_read_is_not_sought(floor):
    floor.put(NEW, "A1")
    way = floor.way(OLD)
    for _ in range(3):
        with pytest.raises(SourceUnavailable):
            floor.serial(way)
    assert floor.searches == 0


def test_whoever_else_speaks_to_the_terminal_is_told_its_new_address():
    device = ZkDevice(name="lobi", host=OLD)
    assert placed(device, {"lobi": Known(OLD, "A1", NEW)}).host == NEW
    assert placed(device, {"lobi": Known(THIRD, "A1", NEW)}).host == OLD  # the file is newer
    assert placed(device, {}).host == OLD


@pytest.mark.parametrize("held", [b"", b"[]", b'{"lobi": 7}', b"\xff\xfe"])
def test_a_damaged_memory_of_addresses_is_no_memory(tmp_path, held):
    (tmp_path / "addresses.json").write_bytes(held)
    assert recall(tmp_path) == {}
    assert Addresses(tmp_path).of("lobi") is None


def test_names_that_are_configured_no_longer_are_forgotten(tmp_path):
    book = Addresses(tmp_path)
    book.learn("lobi", Known(OLD, "A1", OLD))
    book.learn("gudang", Known(NEW, "B2", NEW))
    again = Addresses(tmp_path, ["gudang"])
    assert (again.owner("A1"), again.owner("B2")) == ("", "gudang")


def until(true, seconds=60.0):
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it did not come true"
        time.sleep(0.02)


def pins(journal):
    records = journal.run(1, journal.standing().last).records
    return [one.pin for one in map(event.read, records) if isinstance(one, Scan)]


def test_scans_before_and_after_a_move_are_stored_once_each_and_the_alert_says_so(floor):
    """The source as the agent runs it, with its waiting and its journal."""
    terminal = floor.put(OLD, "A1")
    terminal.device.punch("17")
    clock, stop, told = TestClock(), threading.Event(), []
    clock.monotonic = time.monotonic
    journal = Journal(floor.folder / "journal.db", "T07A", clock.look())
    intake = Intake(journal, clock, stop, lambda: None, told.append)
    device = ZkDevice(name="lobi", host=OLD, port=floor.port, every=0.2, live=False)
    source = ZkPull(device, ZONES["WIB"], book=floor.book)
    thread = threading.Thread(target=supervise.keep_running, args=(source, intake))
    with ExitStack() as stack:
        stack.callback(journal.close)
        stack.callback(thread.join)
        stack.callback(stop.set)
        thread.start()
        until(lambda: "default_key" in told)
        floor.move(OLD, NEW)
        floor.standing[NEW].device.punch("18")
        until(lambda: told[-1:] == ["address_changed"])
        until(lambda: pins(journal) == ["17", "18"])
