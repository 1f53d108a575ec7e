"""Who is enrolled on a terminal: what is told of a change, when it is looked at, and what never leaves."""

import threading
from datetime import UTC, datetime

import pytest

from contract import event, roll
from contract.event import Enrolment, Snapshot
from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.layouts import User
from simulators.zk.profiles import F19, F19_PACKETS, FACE49, OLD16, WL10
from simulators.zk.terminal import Terminal
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.errors import SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.zk import templates
from terminal_agent.zk.link import Link
from tests.halves import TestClock

MIDNIGHT = 1_795_046_400 - 25_200  # Thursday 19 November 2026 in WIB
HOUR, DAY = 3_600, 86_400
SALT = bytes(range(16))
SARI = b"\x4a\x53" * 500


class Site:
    """One terminal, a journal, and a source that a test has poll and look."""

    def __init__(self, folder, profile=F19, comm_key=4711):
        self.folder = folder
        self.clock = TestClock(now=float(MIDNIGHT + 8 * HOUR))
        self.device = Device(profile, self.now, comm_key=comm_key)
        self.terminal = Terminal(self.device, Faults())
        self.terminal.__enter__()
        self.comm_key = comm_key
        self.told: list[str] = []
        self.open()

    def open(self, salt=SALT):
        self.journal = Journal(self.folder / "journal.db", "T07A", self.clock.look())
        stop = threading.Event()
        self.intake = Intake(self.journal, self.clock, stop, lambda: None, self.told.append)
        where = ZkDevice("lobi", "127.0.0.1", self.terminal.port, live=False)
        self.source = ZkPull(where, ZONES["WIB"], salt)

    def restart(self, **how):
        self.journal.close()
        self.open(**how)

    def now(self):
        return datetime.fromtimestamp(self.clock.now, UTC)

    def look(self, later=120):
        """A poll and what follows it, after so many seconds; whether the users were looked at."""
        self.clock.now += later
        with Link("127.0.0.1", self.terminal.port, self.comm_key, timeout=5) as link:
            while self.source.poll_once(link, self.intake):
                pass
            return self.source.rollcall.call(link, self.intake)

    def records(self, *kinds):
        last = self.journal.standing().last
        read = (event.read(data) for data in self.journal.run(1, last).records)
        return [record for record in read if isinstance(record, kinds)]

    def changes(self):
        return [(one.pin, one.change, one.digest) for one in self.records(Enrolment)]

    def snapshot(self):
        return self.records(Snapshot)[-1]

    def close(self):
        self.journal.close()
        self.terminal.__exit__(None, None, None)


@pytest.fixture
def sites(tmp_path):
    opened = []

    def open_(*how, **more):
        opened.append(Site(tmp_path, *how, **more))
        return opened[-1]

    yield open_
    for site in opened:
        site.close()


@pytest.fixture
def site(sites):
    site = sites()
    site.device.enrol("17", "Sari")
    site.device.enrol_finger("17", 6, SARI)
    site.device.enrol("18", "Admin", privilege=14)
    return site


def test_the_first_look_says_whom_it_found_and_accuses_nobody(site):
    assert site.look()
    digest = roll.template_digest(SALT, SARI)
    assert site.changes() == [
        ("17", "finger6_found", digest),
        ("17", "user_found", "0"),
        ("18", "user_found", "14"),
    ]
    seen = site.snapshot()
    assert (seen.users, seen.admins, seen.templates, seen.default_key) == (2, 1, 1, False)
    whole = {("17", "user"): "0", ("18", "user"): "14", ("17", "finger6"): digest}
    assert seen.digest == roll.digest(whole)
    assert seen.salt == roll.salt_mark(SALT)


def test_it_is_read_once_a_day_and_a_restart_does_not_repeat_it(site):
    assert site.look()
    assert not site.look()
    site.restart()
    assert not site.look()
    assert site.look(later=DAY)
    assert len(site.records(Snapshot)) == 2
    assert len(site.changes()) == 3, "nobody changed"


def test_an_enrolment_at_night_is_told_within_the_next_poll_beside_the_terminals_own_line(site):
    site.look()
    site.clock.now = float(MIDNIGHT + DAY - 2 * HOUR)  # ten in the evening
    site.device.enrol("99")
    site.device.enrol_finger("99", 1, b"a stranger's finger")
    assert site.look(later=30)
    assert site.changes()[3:] == [
        ("99", "finger1_added", roll.template_digest(SALT, b"a stranger's finger")),
        ("99", "user_added", "0"),
    ]
    lines = [one for one in site.records(event.Operation) if one.code in (6, 30)]
    assert datetime.fromtimestamp(lines[-1].t, UTC).hour == 22


def test_a_privilege_that_is_raised_by_the_menu_is_told(site):
    site.look()
    site.device.enrol("17", "Sari", privilege=14)
    assert site.look()
    assert site.changes()[3:] == [("17", "user_changed", "14")]
    assert site.snapshot().admins == 2


def test_a_privilege_raised_over_the_network_without_a_line_is_told_the_next_day(site):
    site.look()
    site.device.write_user(User(1, "17", "Sari", 14))
    assert not site.look()
    assert site.look(later=DAY)
    assert site.changes()[3:] == [("17", "user_changed", "14")]


def test_a_template_that_was_swapped_and_one_that_was_copied_are_told_by_their_digests(site):
    site.look()
    site.device.enrol_finger("17", 6, b"somebody else's")
    site.device.enrol_finger("18", 0, b"somebody else's")
    assert site.look()
    other = roll.template_digest(SALT, b"somebody else's")
    assert site.changes()[3:] == [("17", "finger6_changed", other), ("18", "finger0_added", other)]


def test_whoever_is_deleted_is_told_with_what_was_there(site):
    site.look()
    site.device.remove_user(1)
    assert site.look()
    digest = roll.template_digest(SALT, SARI)
    assert site.changes()[3:] == [("17", "finger6_removed", digest), ("17", "user_removed", "0")]


def test_a_template_of_nobody_is_told_too(site):
    site.device.templates[77, 2] = b"left behind"
    site.look()
    told = ("?77", "finger2_found", roll.template_digest(SALT, b"left behind"))
    assert told in site.changes()


def test_no_template_is_kept_or_sent_and_a_digest_says_nothing_without_the_offices_salt(site):
    site.look()
    site.journal.close()
    for file in site.folder.glob("journal.db*"):
        assert SARI[:24] not in file.read_bytes()
    assert roll.template_digest(bytes(16), SARI) != roll.template_digest(SALT, SARI)
    site.open()


def test_another_salt_begins_anew_and_calls_nobody_changed(site):
    site.look()
    site.restart(salt=b"another office's")
    assert site.look(later=DAY)
    assert [change for _, change, _ in site.changes()[3:]] == [
        "finger6_found",
        "user_found",
        "user_found",
    ]


@pytest.mark.parametrize("profile", [F19_PACKETS, FACE49, OLD16, WL10], ids=lambda one: one.name)
def test_every_family_tells_its_users_and_its_templates_where_it_can(sites, profile):
    site = sites(profile)
    for pin in range(1, 40):
        site.device.enrol(str(pin))
        site.device.enrol_finger(str(pin), 3, bytes([pin]) * 900)
    assert site.look()
    seen = site.snapshot()
    assert (seen.users, seen.templates) == (39, None if profile is WL10 else 39)
    assert not site.device.disabled


def test_a_terminal_that_breaks_off_over_its_templates_costs_no_punch_and_is_left_alone(site):
    """Punches go on over a new connection; after an hour it is looked at without the templates."""
    site.look()
    for finger in range(10):
        site.device.enrol_finger("17", finger, bytes([finger]) * 9_000)
    whole = site.device.body

    def body(command):
        if command == wire.TEMPLATES:
            site.terminal.faults.close_after = 5_000
        return whole(command)

    site.device.body = body
    with pytest.raises(SourceUnavailable):
        site.look()
    site.device.punch("17")
    assert not site.look()
    assert [scan.pin for scan in site.records(event.Scan)] == ["17"]
    site.device.enrol("18", "Admin", privilege=0)
    assert site.look(later=HOUR)
    assert site.snapshot().templates is None
    assert site.changes()[3:] == [("18", "user_changed", "0")], "no finger is said to be gone"
    site.device.body = whole
    assert site.look(later=DAY)
    assert site.snapshot().templates == 10, "the next night it tries again, without a restart"


def test_the_default_key_and_a_third_administrator_are_alerts_that_survive_a_restart(sites):
    site = sites(comm_key=0)
    site.look()
    site.look()
    assert site.told[-1] == "default_key"
    assert site.snapshot().default_key
    for pin in ("1", "2", "3"):
        site.device.enrol(pin, privilege=14)
    site.look()
    site.look()
    assert site.told[-1] == "privileged_users"
    site.restart()
    site.look()
    site.look()
    assert site.told[-1] == "privileged_users"


def test_a_table_of_templates_whose_sizes_do_not_add_up_is_not_guessed_at():
    one = (9).to_bytes(2, "little") + b"\x01\x00\x06\x01abc"
    assert [found.data for found in templates.decode(one * 2) or ()] == [b"abc", b"abc"]
    assert templates.decode(one + one[:5]) is None
    assert templates.decode(one[:-1]) is None
    assert templates.decode(bytes(6)) is None
