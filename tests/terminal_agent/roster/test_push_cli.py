"""What a technician types to bring an office's people to its terminals, beside a running agent."""

import json
import threading

import msgspec
import pytest
from click.testing import CliRunner

from contract.command import Member, Staff
from contract.event import Enrolment, Scan
from simulators.zk.device import Device
from simulators.zk.layouts import User as Enrolled
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from terminal_agent import identity, staff, supervise
from terminal_agent.cli import main
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.door.words import Lend, Pushed
from terminal_agent.errand import Errand
from terminal_agent.lobby.source import Home, Lobby
from terminal_agent.sources.zk_pull import ZkPull
from tests.room import INVITED, Room, eventually
from tests.simulators.raw import NOON


class Office(Room):
    """A running kiosk whose two terminals are read."""

    def __init__(self, folder, served):
        self.intakes, self.served, self.reading = {}, served, []
        super().__init__(folder, source="")
        self.path = folder / "agent.toml"
        lines = [f'[kiosk]\nstate = "{self.state}"\nsocket = "{self.socket}"']
        lines += [
            f'[[zkteco]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {one.port}'
            for name, one in served.items()
        ]
        self.path.write_text("\n".join(lines))
        identity.install(INVITED, self.state)

    def start(self):
        self.stop = threading.Event()
        self.intake = self.new_intake()
        alerts = self.alerts
        home = Home(self.config, self.invited, self.journal, self.clock, alerts, self.intakes)
        self.lobby = Lobby(home, self.intake, self.kiosk.dispatch.sent)
        self.thread = threading.Thread(target=self.lobby.run, args=(self.intake,))
        self.thread.start()
        for name, one in self.served.items():
            self.read(name, one)

    def read(self, name, served):
        where = ZkDevice(name=name, host="127.0.0.1", port=served.port, every=3_600, live=False)
        self.intakes[name] = self.new_intake()
        work = (ZkPull(where, ZONES["WIB"]), self.intakes[name])
        self.reading.append(threading.Thread(target=supervise.keep_running, args=work))
        self.reading[-1].start()

    def close(self):
        self.stop.set()
        for thread in self.reading:  # the journal is closed behind them
            thread.join()
        super().close()

    def told(self, *members):
        people = tuple(Member(pin, name, f"mark {pin}") for pin, name in members)
        staff.keep(self.state, msgspec.json.encode(Staff(1, people, ())))

    def type(self, *words, typed="", lang="en"):
        line = ["--config", str(self.path), "--lang", lang, "people", "push", *words]
        return CliRunner().invoke(main, line, input=typed, catch_exceptions=False)

    def people(self, name):
        return {one.pin: one.name for one in self.served[name].device.users.values()}

    def enrolments(self):
        return [(one.pin, one.change) for one in self.records(Enrolment)]


@pytest.fixture
def office(tmp_path):
    lobi, gudang = (Device(F19, lambda: NOON, serial=serial) for serial in ("SN-1", "SN-2"))
    with Terminal(lobi) as one, Terminal(gudang) as other:
        opened = Office(tmp_path, {"lobi": one, "gudang": other})
        try:
            eventually(lambda: all(map(opened.journal.device, ("SN-1", "SN-2"))), 30)
            yield opened
        finally:
            opened.close()


def test_a_push_beside_the_running_agent_is_done_shown_and_in_the_chain(office):
    lobi = office.served["lobi"].device
    lobi.write_user(Enrolled(1, "17", "Sari"))
    lobi.enrol_finger("17", 6, b"A" * 512)
    done = office.type()
    assert done.exit_code == 0
    told = "17         Sari                     to be added, 1 fingers to be copied from lobi"
    assert told in done.stdout
    assert "lobi (SN-1): no difference." in done.stdout
    assert "gudang: 1 added" in done.stderr
    assert office.people("gudang") == {"17": "Sari"}
    assert ("17", "user_pushed") in office.enrolments()
    assert ("17", "finger6_pushed") in office.enrolments()


def test_the_agent_reads_its_terminals_on_after_a_push(office):
    office.type()
    office.served["lobi"].device.punch("17")
    office.intakes["lobi"].ask(errand := Errand())
    assert errand.wait(10, lambda: None)
    assert errand.detail.startswith("new=")
    assert [one.pin for one in office.records(Scan)] == ["17"]


def test_a_dry_run_writes_nothing_and_says_what_to_type(office):
    office.told(("17", "Sari"))
    done = office.type("--dry-run", lang="id")
    assert done.exit_code == 0
    assert "akan ditambah" in done.stdout, "nothing was done yet"
    assert "Tulis dengan: terminal-agent people push" in done.stderr
    assert office.people("lobi") == office.people("gudang") == {}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("", 1), ("\n", 1), ("tidak\n", 1), ("T\n", 1), ("apa?\nn\n", 1)),
        *(("ya\n", 0), ("Y\n", 0), ("apa?\nyes\n", 0)),
    ],
)
def test_people_are_deleted_only_after_a_typed_yes(office, typed, code):
    office.served["lobi"].device.write_user(Enrolled(5, "18", "Budi"))
    office.told(("17", "Sari"))
    done = office.type("--remove", typed=typed)
    assert done.exit_code == code
    assert "to be DELETED" in done.stdout, "shown before it is asked"
    assert ("Answer y" in done.stderr) is ("apa" in typed)
    assert office.people("lobi") == ({"17": "Sari"} if code == 0 else {"18": "Budi"})
    assert office.people("gudang") == ({"17": "Sari"} if code == 0 else {})


def test_a_script_says_yes_beforehand_and_gets_one_json_object(office):
    office.served["lobi"].device.write_user(Enrolled(5, "18", "Budi", card=4711))
    office.told(("17", "Sari"))
    done = office.type("--remove", "--yes", "--json")
    assert done.exit_code == 0
    [lobi, gudang] = json.loads(done.stdout)["devices"]
    assert [(one["pin"], one["add"], one["remove"]) for one in lobi["steps"]] == [
        ("17", True, False),
        ("18", False, True),
    ]
    assert (lobi["written"]["removed"], gudang["written"]["added"]) == (1, 1)
    assert "4711" not in done.stdout
    assert ("18", "user_withdrawn") in office.enrolments()


def test_without_a_list_of_the_centre_nobody_can_be_deleted(office):
    done = office.type("--remove", "--yes")
    assert done.exit_code == 2
    assert "sync-server roster send --kid T07A" in done.stderr


def test_without_a_list_it_is_said_how_one_comes_to_the_kiosk(office):
    done = office.type("--dry-run")
    assert "person, shift and calendar import" in done.stderr
    assert "sync-server roster send --kid T07A" in done.stderr


def test_a_terminal_that_nobody_configured_is_named(office):
    done = office.type("--device", "pintu")
    assert done.exit_code == 2
    assert '"pintu"' in done.stderr


def test_a_terminal_out_of_reach_is_named_and_the_others_are_done(office):
    office.told(("17", "Sari"))
    office.served["lobi"].__exit__(None, None, None)
    done = office.type()
    office.served["lobi"].__enter__()
    assert done.exit_code == 3
    lobi = office.served["lobi"]
    assert "lobi: " in done.stderr
    assert f"{lobi.address}:{lobi.port}" in done.stderr
    assert office.people("gudang") == {"17": "Sari"}


def test_where_no_agent_runs_people_are_written_and_it_is_said_that_nothing_is_noted(office):
    office.told(("17", "Sari"))
    office.end()
    for thread in office.reading:
        thread.join()
    before = office.enrolments()
    done = office.type()
    assert done.exit_code == 0
    assert "Who wrote it is not in the journal" in done.stderr
    assert office.people("lobi") == {"17": "Sari"}
    assert office.enrolments() == before


# Lending


def test_a_terminal_that_a_dead_command_borrowed_is_read_again(office):
    command = office.enter("command")
    eventually(lambda: command.ask(Lend(0, "lobi", 1)).ok, 30)
    command.close()
    before = office.journal.standing().last
    office.served["lobi"].device.punch("17")
    eventually(lambda: office.journal.standing().last > before, 30)


def test_a_borrowed_terminal_is_left_alone_until_it_is_given_back(office):
    command = office.enter("command")
    eventually(lambda: command.ask(Lend(0, "lobi", 60)).ok, 30)
    heard = office.served["lobi"].traffic
    heard.reset()
    assert command.ask(Lend(0, "lobi", 60)).ok, "it is the same loan"
    assert not heard.counts()
    assert command.ask(Lend(0, "lobi", 0)).ok
    eventually(heard.counts, 30)


def test_only_a_command_may_borrow_a_terminal(office):
    for role in ("screen", "camera"):
        assert office.enter(role).ask(Lend(0, "lobi", 60)).code == "malformed"


def test_a_terminal_that_the_agent_does_not_read_is_nobody_to_lend(office):
    assert office.enter("command").ask(Lend(0, "pintu", 60)).code == "unknown_device"


def test_changes_on_a_terminal_that_was_never_read_are_not_noted(office):
    told = office.enter("command").ask(Pushed(0, "SN-9", (("17", "user_pushed", ""),)))
    assert (told.ok, told.code) == (False, "unknown_device")
    assert office.enrolments() == []


def test_a_terminal_that_cannot_be_read_is_not_lent_and_says_why(office):
    office.served["lobi"].__exit__(None, None, None)
    office.intakes["lobi"].ask(errand := Errand())
    assert errand.wait(30, lambda: None), "the source has seen that it is gone"
    assert errand.failed
    told = office.enter("command").ask(Lend(0, "lobi", 60))
    office.served["lobi"].__enter__()
    assert (told.ok, told.code) == (False, "unreachable")
