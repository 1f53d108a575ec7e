"""Writing people to a terminal: by PIN, read back, and nothing else of anybody changes."""

import socket
import threading

import grimp
import pytest

from contract.command import User
from simulators.zk import wire
from simulators.zk.faults import Faults
from simulators.zk.layouts import User as Enrolled
from simulators.zk.layouts import user_record
from simulators.zk.profiles import F19, OLD8, OLD16
from simulators.zk.terminal import Terminal
from terminal_agent import people
from terminal_agent.config import ZkDevice
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk.wishes import Report
from tests.simulators.raw import device

FAMILIES = pytest.mark.parametrize("profile", [F19, OLD8, OLD16], ids=lambda p: p.name)


def write(served, *users, comm_key=0):
    where = ZkDevice(name="lobi", host="127.0.0.1", port=served.port, comm_key=comm_key)
    return people.write(where, users, lambda: None)


def raw(terminal):
    return {u.pin: user_record(u, terminal.profile.user_width) for u in terminal.users.values()}


@FAMILIES
def test_people_come_get_another_name_and_go_by_their_pin(profile):
    terminal = device(profile)
    terminal.write_user(Enrolled(4, "17", "Sari"))
    terminal.write_user(Enrolled(9, "18", "Budi"))
    with Terminal(terminal) as served:
        done = write(served, User("17", "Sari B"), User("18", remove=True), User("21", "Wayan"))
    assert done == Report(added=1, renamed=1, removed=1)
    assert {u.pin: (u.uid, u.name) for u in terminal.users.values()} == {
        "17": (4, "Sari B"),
        "21": (10, "Wayan"),
    }


@FAMILIES
def test_the_same_list_once_more_changes_nothing(profile):
    terminal = device(profile)
    wanted = (User("17", "Sari"), User("21", "Wayan"), User("99", remove=True))
    terminal.write_user(Enrolled(1, "99", "Lama"))
    with Terminal(terminal) as served:
        write(served, *wanted)
        there, lines = raw(terminal), len(terminal.operations)
        assert write(served, *wanted) == Report(same=3)
    assert raw(terminal) == there
    assert len(terminal.operations) == lines, "no write reached the terminal"


@FAMILIES
@pytest.mark.parametrize("privilege", [0, 2, 6, 10, 14])
def test_a_new_name_touches_no_privilege_password_card_group_or_finger(profile, privilege):
    terminal = device(profile)
    before = Enrolled(4, "17", "Sari", privilege, "12345", 4711, 3)
    terminal.write_user(before)
    terminal.templates[4, 6] = b"template"
    with Terminal(terminal) as served:
        assert write(served, User("17", "Ani")).renamed == 1
    assert terminal.users[4] == Enrolled(4, "17", "Ani", privilege, "12345", 4711, 3)
    assert terminal.templates == {(4, 6): b"template"}


def test_a_name_is_cut_between_two_characters():
    terminal = device(F19)
    with Terminal(terminal) as served:
        write(served, User("17", "ééééééééééééX"), User("18", "xéééééééééééé"))
    names = [user.name for user in terminal.users.values()]
    assert names == ["é" * 12, "x" + "é" * 11]


def test_no_name_leaves_the_name_that_is_there():
    terminal = device(F19)
    terminal.write_user(Enrolled(4, "17", "Sari"))
    with Terminal(terminal) as served:
        assert write(served, User("17"), User("18")) == Report(same=1, added=1)
    assert terminal.users[4].name == "Sari"


@pytest.mark.parametrize(
    ("profile", "pin"), [(OLD8, "007"), (OLD8, "A1"), (OLD8, "4294967296"), (F19, "1234567890")]
)
def test_a_pin_that_the_terminal_would_keep_as_another_one_is_left_out(profile, pin):
    terminal = device(profile)
    with Terminal(terminal) as served:
        done = write(served, User(pin, "Sari"), User("18", "Budi"))
    assert done == Report(added=1, left=((pin, "pin_unfit"),))
    assert [user.pin for user in terminal.users.values()] == ["18"]


@pytest.mark.parametrize("privilege", [2, 6, 10, 14])
def test_an_administrator_is_never_removed(privilege):
    """A terminal without one lets everybody into its menu."""
    terminal = device(F19)
    terminal.write_user(Enrolled(4, "17", "Sari", privilege))
    with Terminal(terminal) as served:
        assert write(served, User("17", remove=True)).left == (("17", "is_admin"),)
    assert 4 in terminal.users


def test_what_the_terminal_says_yes_to_and_does_not_keep_is_told():
    terminal = device(F19)
    faults = Faults()
    faults.refuse[wire.WRITE_USER] = wire.OK
    faults.before[wire.REFRESH] = terminal.users.clear
    with Terminal(terminal, faults) as served:
        assert write(served, User("17", "Sari")).left == (("17", "not_kept"),)


def test_what_the_terminal_refuses_is_told():
    faults = Faults()
    faults.refuse[wire.WRITE_USER] = wire.ERROR
    with Terminal(device(F19), faults) as served:
        assert write(served, User("17", "Sari")).left == (("17", "terminal_refused"),)


def test_a_wrong_key_is_told_as_such():
    with Terminal(device(F19, comm_key=4711)) as served:
        with pytest.raises(SourceMisconfigured) as told:
            write(served, User("17", "Sari"), comm_key=4712)
        assert told.value.code == "comm_key"
        assert write(served, User("17", "Sari"), comm_key=4711).added == 1


def test_a_terminal_that_is_switched_off_is_out_of_reach():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SourceUnavailable) as told:
        people.write(ZkDevice(name="lobi", host="127.0.0.1", port=port), [User("1")], lambda: None)
    assert told.value.code == "unreachable"


def test_a_line_that_drops_while_users_are_read_does_not_hang_the_kiosk(monkeypatch):
    """pyzk waits for ever there; its process is killed when the time is up, and the rest goes on."""
    monkeypatch.setattr(people, "_START", 3.0)
    monkeypatch.setattr(people, "_EACH", 0.0)
    terminal = device(F19)
    for pin in range(200):
        terminal.write_user(Enrolled(pin + 1, str(pin + 1), "Pegawai"))
    faults = Faults()
    beats = []
    with Terminal(terminal, faults) as served:
        faults.after[wire.READ] = served.disconnect_all
        faults.after[wire.PREPARE_READ] = served.disconnect_all
        where = ZkDevice(name="lobi", host="127.0.0.1", port=served.port)
        with pytest.raises(SourceUnavailable) as told:
            people.write(where, [User("1", "Sari")], lambda: beats.append(1))
    assert told.value.code in ("timeout", "connection_lost", "unreachable")
    assert beats
    assert threading.active_count() < 10


def test_nothing_imports_the_process_that_speaks_pyzk():
    """pyzk is GPL-2.0 and may hang: it lives in a process of its own (decision 0009)."""
    graph = grimp.build_graph("terminal_agent", "contract", "simulators", "sync_server")
    assert graph.find_modules_that_directly_import("terminal_agent.zk.admin") == set()
