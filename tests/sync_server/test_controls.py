"""The inspectorate's lists: what happens at a terminal at night is on them, with its event and its time,
and with the sentence that it proves nothing."""

import csv
import json
import threading
from datetime import UTC, date, datetime

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import delete, insert, select, update
from starlette.testclient import TestClient

from contract.event import Snapshot
from simulators.zk.device import Device
from simulators.zk.layouts import User
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from sync_server import reports, schema
from sync_server.accounts import sessions
from sync_server.cli import main
from sync_server.config import Config
from sync_server.errors import BadFile
from sync_server.reports import control_lines, controls, noted, weekly
from sync_server.reports.controls import Control
from sync_server.reports.known import Span, Staff
from sync_server.web.app import build
from sync_server.web.place import Place
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.intake import Intake
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.zk.link import Link
from tests.halves import talk
from tests.region import ACCOUNTS, NOW, TODAY, Region, at, nip

JANUARY = Span(date(2026, 1, 1), date(2026, 1, 31))
SARI, WAYAN, DEWI = nip("1001"), nip("1003"), nip("1004")
KEY = 4711
OPDS = ("1.01", "1.02")


class Lobby:
    """An office's simulated terminal, its real kiosk, and the way to the centre."""

    def __init__(self, region, opd, comm_key=KEY):
        self.region, self.kiosk = region, region._kiosks[opd]
        self.clock = region.clock
        self.device = Device(F19, self.now, f"CJ{opd}", comm_key)
        self.terminal = Terminal(self.device)
        self.terminal.__enter__()
        self.key = comm_key
        where = ZkDevice("lobi", "127.0.0.1", self.terminal.port, live=False)
        self.source = ZkPull(where, ZONES["WIB"], self.kiosk.invited.salt)

    def now(self):
        return datetime.fromtimestamp(self.clock.now, UTC)

    def look(self, when):
        """A poll at UTC second `when`, and all of it at the centre."""
        self.clock.now = float(max(when, self.clock.now + 120))
        intake = Intake(
            self.kiosk.journal, self.clock, threading.Event(), lambda: None, lambda _: None
        )
        with Link("127.0.0.1", self.terminal.port, self.key, timeout=5) as link:
            while self.source.poll_once(link, intake):
                pass
            self.source.rollcall.call(link, intake)
        talk(self.kiosk, self.region.centre)


class Story:
    """Two offices, and what became of their terminals in the middle of January."""

    def __init__(self, folder):
        self.folder = folder
        self.region = Region(folder)
        self.region.people()
        self.lobby, self.far = Lobby(self.region, "1.01"), Lobby(self.region, "1.02", 0)
        self.first_look()
        self.nights()
        self.region.clock.now = float(NOW)

    def first_look(self):
        for lobby, pins in ((self.lobby, ("1001", "1003", "1004")), (self.far, ("2001",))):
            for pin in pins:
                lobby.device.enrol(pin)
                lobby.device.enrol_finger(pin, 6, f"finger of {pin}".encode() * 40)
        self.lobby.device.enrol("1001", privilege=14)
        for lobby in (self.lobby, self.far):
            lobby.look(at(date(2026, 1, 5), 8))

    def nights(self):
        device = self.lobby.device
        self.region.clock.now = float(at(date(2026, 1, 14), 22))
        device.enrol("1005")
        device.enrol_finger("1005", 1, b"somebody's finger" * 40)
        self.lobby.look(at(date(2026, 1, 14), 22, 1))
        self.region.clock.now = float(at(date(2026, 1, 15), 10))
        device.enrol("1003", privilege=14)
        self.lobby.look(at(date(2026, 1, 15), 10, 1))
        device.enrol_finger("1004", 6, b"somebody's finger" * 40)
        self.lobby.look(at(date(2026, 1, 15), 11))
        device.punch("1001")
        self.lobby.look(at(date(2026, 1, 15), 12))
        device.clear_log()
        device.set_clock(device.now())
        self.lobby.look(at(date(2026, 1, 15), 23))
        device.write_user(User(3, "1004", "", 2))  # over the network: no line tells of it
        self.lobby.look(at(date(2026, 1, 16), 9))

    def close(self):
        self.lobby.terminal.__exit__(None, None, None)
        self.far.terminal.__exit__(None, None, None)
        self.region.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    story = Story(tmp_path_factory.mktemp("story"))
    yield story
    story.close()


def lines(story, kind, span=JANUARY, opds=OPDS):
    with story.region.database.reading() as tx:
        return [one for one in controls.controls(tx, opds, span).lines if one.kind == kind]


def test_an_enrolment_at_night_is_named_with_the_hour_of_the_terminals_own_log(story):
    user = next(one for one in lines(story, "enrolled") if one.what == "user_added")
    assert (user.opd, user.pin, user.nip, user.night) == ("1.01", "1005", nip("1005"), True)
    assert user.at is not None
    assert datetime.fromtimestamp(user.at, UTC).hour == 22
    [event] = user.events
    kid, epoch, seq = event.rsplit("-", 2)
    rows = story.region.centre.rows("event", kid=kid, epoch=int(epoch, 16), seq=int(seq))
    assert [row.kind for row in rows] == ["enrolment"]


def test_a_privilege_that_was_raised_and_a_template_that_was_swapped_are_changes_by_day(story):
    changes = [(one.pin, one.what, one.value, one.night) for one in lines(story, "enrolled")]
    assert ("1003", "user_changed", "14", False) in changes
    assert ("1004", "finger_changed", "", False) in changes


def test_a_change_without_a_line_in_the_terminals_log_says_so(story):
    [silent] = [one for one in lines(story, "enrolled") if one.at is None]
    assert (silent.pin, silent.what, silent.value) == ("1004", "user_changed", "2")


def test_whom_the_first_look_found_is_on_no_list_of_changes(story):
    assert {one.pin for one in lines(story, "enrolled")} == {"1003", "1004", "1005"}


def test_one_template_under_two_people_is_named_with_both_and_both_events(story):
    [twice] = lines(story, "twice")
    assert {twice.nip, *twice.others} == {DEWI, nip("1005")}
    assert len(twice.events) == 2


def test_everybody_with_a_privilege_and_a_terminal_without_one_or_without_a_key_are_named(story):
    held = [(one.nip, one.value) for one in lines(story, "privileged")]
    assert sorted(held) == [(SARI, "14"), (WAYAN, "14"), (DEWI, "2")]
    assert [one.serial for one in lines(story, "unguarded")] == ["CJ1.02"]
    assert [one.serial for one in lines(story, "keyless")] == ["CJ1.02"]


def test_a_cleared_log_and_a_clock_that_was_set_are_named(story):
    assert {one.what for one in lines(story, "log")} == {"operation_23", "log_replaced"}
    [clock] = lines(story, "clock")
    assert (clock.serial, clock.what) == ("CJ1.01", "operation_21")


def test_a_week_lists_its_own_changes_and_a_terminal_that_nobody_looked_at(story):
    assert lines(story, "enrolled", weekly.week("2026-W04")) == []
    assert len(lines(story, "enrolled", weekly.week("2026-W03"))) == 5
    later = lines(story, "unlooked", weekly.week("2026-W04"))
    assert {one.serial for one in later} == {"CJ1.01", "CJ1.02"}


def test_a_terminal_is_called_unlooked_only_a_day_and_a_half_after_its_last_look(story):
    """A week that runs still, and a look at its last night, accuse no terminal."""
    week = weekly.week("2026-W03")
    last = at(date(2026, 1, 16), 9)
    soon, late = (msgspec.structs.replace(week, now=last + n * 3_600) for n in (35, 38))
    assert {one.serial for one in lines(story, "unlooked", soon)} == {"CJ1.02"}
    assert {one.serial for one in lines(story, "unlooked", late)} == {"CJ1.01", "CJ1.02"}


def test_a_time_that_has_not_come_is_refused(desk, story):
    for words in (("weekly", "2099-W01"), ("controls", "2099-01")):
        code, said, told = desk.type("report", *words)
        assert (code, said) == (2, "")
        assert "has not come" in told
    with pytest.raises(BadFile):
        reports.asked(weekly.week("2026-W06"), at(date(2026, 1, 31), 12))
    assert reports.asked(weekly.week("2026-W05"), NOW).last == date(2026, 2, 1)


def test_only_the_weekly_list_is_written_to_files(desk, tmp_path):
    code, _, said = desk.type("report", "controls", "2026-01", "--to", str(tmp_path / "x"))
    assert (code, (tmp_path / "x").exists()) == (2, False)
    assert "--to is for weekly" in said


@pytest.fixture
def moved(story):
    """Wayan's PIN becomes 1103, and the terminal still has him under 1003; undone after the test."""
    its = schema.person
    with story.region.database.writing() as tx:
        mine = its.c.nip == WAYAN
        row = dict(tx.execute(select(its).where(mine)).one()._mapping)
        tx.execute(update(its).where(mine).values(valid_to="2026-01-09"))
        tx.execute(insert(its).values(row | {"pin": "1103", "valid_from": "2026-01-10"}))
    yield
    with story.region.database.writing() as tx:
        tx.execute(delete(its).where(mine))
        tx.execute(insert(its).values(row))


def test_one_person_under_an_old_and_a_new_pin_is_not_two_people(story, moved, desk):
    """The same finger under 1003, which is Wayan's old PIN, and under 1103, which is his new one."""
    with story.region.database.reading() as tx:
        look = controls._Look(Staff(tx, OPDS), JANUARY)
        found = noted.terminals(noted.notes(tx, OPDS, NOW))
    terminal = next(one for one in found if one.serial == "CJ1.01")
    finger = terminal.roll["1003", "finger6"]
    terminal.roll["1103", "finger6"] = finger
    terminal.events["1103", "finger6"] = "T01A-00000001-1"
    twice = list(controls._twice(look._fingers([terminal])))
    assert [one.nip for one in twice if WAYAN in (one.nip, *one.others)] == []
    terminal.roll["1004", "finger7"] = finger
    terminal.events["1004", "finger7"] = "T01A-00000001-2"
    del terminal.roll["1103", "finger6"]
    [other] = [
        one for one in controls._twice(look._fingers([terminal])) if WAYAN in (one.nip, *one.others)
    ]
    assert other.past == (WAYAN,)
    said = desk.type("report", "controls", "2026-01")[1]
    assert "Wayan (old PIN 1003) on CJ1.01 (1.01): administrator" in said


def test_a_pin_of_nobody_is_named_in_words(story):
    line = Control("twice", "1.01", "T01A", "S", 0, (), "1003", WAYAN, others=("1.01:1777",))
    said = control_lines.sentence("id", line, controls.Controls((line,), {WAYAN: "Wayan"}, {}))
    assert "PIN 1777 di kantor 1.01, yang tidak ada pemiliknya" in said
    line = Control("log", "1.01", "T01A", "S", 0, (), what="log_replaced", value="12 > 0")
    said = control_lines.sentence("id", line, controls.Controls((line,), {}, {}))
    assert "tercatat 12, tinggal 0" in said


def test_a_terminal_whose_templates_were_not_read_is_named(story):
    note = noted.Note("1.01", "T01A", "S", "e", 5, Snapshot(1, 3, 1, None, "d", "m", False))
    with story.region.database.reading() as tx:
        look = controls._Look(Staff(tx, OPDS), JANUARY)
    terminal = noted.Terminal("1.01", "T01A", "S", note)
    assert "unread" in [one.kind for one in look._standing(terminal)]


def test_an_office_sees_nothing_of_another(story):
    with story.region.database.reading() as tx:
        found = controls.controls(tx, ["1.02"], JANUARY).lines
    assert {one.opd for one in found} == {"1.02"}


def test_kiosks_of_one_office_have_one_salt_and_those_of_two_do_not(story):
    invited = [story.region.centre.invite(*one) for one in (("T09A", "1.01"), ("T09B", "1.02"))]
    assert invited[0].salt == story.lobby.kiosk.invited.salt
    assert invited[1].salt == story.far.kiosk.invited.salt != invited[0].salt


def test_no_template_is_in_the_ledger(story):
    for row in story.region.centre.rows("event"):
        assert b"finger of" not in bytes(row.record)
        assert b"somebody's" not in bytes(row.record)


class Desk:
    """Somebody who types at the centre of the story."""

    def __init__(self, story):
        self.config = story.folder / "server.toml"
        self.config.write_text(f'state = "{story.folder}/centre"\n')

    def type(self, *words, lang="en"):
        done = CliRunner().invoke(main, ["--config", str(self.config), "--lang", lang, *words])
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def desk(story):
    return Desk(story)


def test_the_list_begins_by_saying_that_it_is_no_proof_and_no_sanction(desk):
    code, said, _ = desk.type("report", "controls", "2026-01")
    assert code == 0
    assert said.splitlines()[0].startswith("Every line is a reason to look, never a proof")
    assert "Wayan (PIN 1003) on CJ1.01 (1.01): is now administrator" in said
    assert "at night, terminal's clock 2026-01-14 22.00" in said
    assert "without a line in the terminal's operation log" in said
    code, said, _ = desk.type("report", "controls", "2026-01", lang="id")
    assert said.splitlines()[0].startswith("Setiap baris adalah alasan untuk melihat")


def test_the_list_is_data_for_programs_too(desk):
    code, said, _ = desk.type("report", "controls", "2026-01", "--opd", "1.01", "--json")
    assert code == 0
    found = json.loads(said)["found"]["lines"]
    assert {one["opd"] for one in found} == {"1.01"}
    assert all(one["events"] for one in found)


def test_the_weekly_list_is_written_as_a_table_and_as_paper(desk, tmp_path):
    code, _, said = desk.type("report", "weekly", "2026-W03", "--to", str(tmp_path))
    assert code == 0
    assert "hadir-2026-W03.csv" in said
    table = (tmp_path / "hadir-2026-W03.csv").read_text("utf-8")
    head, columns, *rows = csv.reader(table.splitlines())
    assert "2026-01-12 to 2026-01-18" in head[1]
    assert "never a sanction" in head[0]
    assert len(columns) == 4
    assert all(row[3].startswith("/events/T0") for row in rows)
    assert (tmp_path / "hadir-2026-W03.pdf").read_bytes().startswith(b"%PDF")
    again = tmp_path / "again"
    desk.type("report", "weekly", "2026-W03", "--to", str(again))
    for name in ("hadir-2026-W03.csv", "hadir-2026-W03.pdf"):
        assert (again / name).read_bytes() == (tmp_path / name).read_bytes()


def test_what_is_no_week_is_refused_with_how_to_write_it(desk):
    code, _, said = desk.type("report", "weekly", "2026-03")
    assert code == 2
    assert "2026-W47" in said
    assert desk.type("report", "weekly", "2026-W60")[0] == 2


def test_a_week_that_is_left_out_is_the_one_that_ended_last():
    assert weekly.week_before(TODAY) == "2026-W04"
    assert weekly.week("2026-W01") == Span(date(2025, 12, 29), date(2026, 1, 4))


def test_the_page_is_for_the_inspectorate_and_bkpsdm_and_leads_to_each_event(story):
    here = Place(story.region.database, lambda: float(NOW), Config(state=str(story.folder)))
    app = build(here)

    def get(role, path):
        with story.region.database.writing() as tx:
            secret = sessions.begin(tx, ACCOUNTS[role][0], NOW)
        browser = TestClient(app, "http://testserver", raise_server_exceptions=True)
        browser.cookies.set("hadir", secret)
        return browser.get(path)

    for role in ("inspektorat", "bkpsdm"):
        page = get(role, "/reports/controls/2026-01")
        assert page.status_code == 200
        assert page.text.index("alasan untuk melihat") < page.text.index("PIN 1003")
        assert "/events/T01A/" in page.text
    assert get("kepala", "/reports/controls/2026-01").status_code == 403
    assert "/reports/controls/" not in get("kepala", "/reports").text
    event = story.region.centre.rows("event", kid="T01A", kind="snapshot")[0]
    shown = get("inspektorat", f"/events/T01A/{event.epoch:08x}/{event.seq}")
    assert shown.status_code == 200


def test_reading_the_list_is_in_the_office_log(story, desk):
    desk.type("report", "controls", "2026-01")
    lines = story.region.centre.rows("access", did="read_report")
    assert any(line.detail == "controls 2026-01" for line in lines)
    assert schema.access.name == "access"
