"""The centre asks a kiosk what differs among its terminals, or to make them alike."""

import time
from contextlib import ExitStack
from datetime import UTC, datetime

import msgspec
import pytest

from contract.command import Member, People, Pull, Staff
from contract.event import Enrolment, read
from simulators.zk.device import Device
from simulators.zk.layouts import User as Enrolled
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from terminal_agent import identity, staff
from tests.halves import TestClock
from tests.terminal_agent.test_orders import Office, Site


@pytest.fixture
def site(tmp_path):
    """A kiosk that reads the terminals lobi and gudang; `devices` are what they hold."""
    clock = TestClock()
    with ExitStack() as stack:
        devices = {
            name: Device(F19, lambda: datetime.fromtimestamp(clock.now, UTC), serial=f"SN-{name}")
            for name in ("lobi", "gudang")
        }
        served = {name: stack.enter_context(Terminal(one)) for name, one in devices.items()}
        toml = "".join(
            f'[[zkteco]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {one.port}\n'
            for name, one in served.items()
        )
        site = Site(tmp_path, toml=toml)
        stack.callback(site.close)
        identity.install(site.invited, site.folder)
        site.clock.monotonic = time.monotonic
        site.devices = devices
        for name, one in served.items():
            stack.enter_context(Office(site, devices[name], one.port, name, live=False))
        site.ask(Pull(), 1)
        yield site


def told(site, *members):
    people = tuple(Member(pin, name, f"mark {pin}") for pin, name in members)
    staff.keep(site.folder, msgspec.json.encode(Staff(1, people, ())))


def names(site):
    return {n: {u.pin: u.name for u in d.users.values()} for n, d in site.devices.items()}


def changes(site):
    last = site.kiosk.journal.standing().last
    records = map(read, site.kiosk.journal.run(1, last).records)
    return [(one.pin, one.change) for one in records if isinstance(one, Enrolment)]


def test_without_write_the_kiosk_only_tells_what_differs(site):
    told(site, ("17", "Sari"))
    site.devices["lobi"].write_user(Enrolled(4, "18", "Budi"))
    [(outcome, detail)] = site.ask(People(), 2)
    assert outcome == "done"
    assert detail == (
        "dry_run: lobi: added=1 renamed=0 cards=0 fingers=0 removed=0 left=1 (18 not_listed); "
        "gudang: added=1 renamed=0 cards=0 fingers=0 removed=0"
    )
    assert names(site) == {"lobi": {"18": "Budi"}, "gudang": {}}


def test_with_write_they_are_alike_and_the_chain_says_who_was_written_where(site):
    told(site, ("17", "Sari"))
    site.devices["lobi"].write_user(Enrolled(4, "17", "sari"))
    site.devices["lobi"].enrol_finger("17", 6, b"A" * 512)
    [(outcome, detail)] = site.ask(People(write=True), 2)
    assert outcome == "done"
    assert "gudang: added=1 renamed=0 cards=0 fingers=1 removed=0" in detail
    assert names(site) == {"lobi": {"17": "Sari"}, "gudang": {"17": "Sari"}}
    assert ("17", "finger6_pushed") in changes(site)
    assert site.ask(People(write=True), 3) == [("done", "no_difference")]


def test_people_who_are_not_on_the_list_go_only_where_the_centre_asks_for_it(site):
    told(site, ("17", "Sari"))
    site.devices["lobi"].write_user(Enrolled(4, "18", "Budi"))
    site.ask(People(write=True), 2)
    assert names(site)["lobi"] == {"17": "Sari", "18": "Budi"}
    assert site.ask(People(write=True, remove=True), 3)[0][0] == "done"
    assert names(site)["lobi"] == {"17": "Sari"}
    assert ("18", "user_withdrawn") in changes(site)


def test_without_a_list_nobody_is_removed(site):
    site.devices["lobi"].write_user(Enrolled(4, "18", "Budi"))
    assert site.ask(People(write=True, remove=True), 2) == [("refused", "no_staff_list")]
    assert names(site)["lobi"] == {"18": "Budi"}


def test_a_terminal_that_nobody_configured_is_refused(site):
    assert site.ask(People("pintu"), 2)[0][1].startswith("unknown_device: pintu")
