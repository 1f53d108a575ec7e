"""A finger sensor on a serial port: who is recorded, who is not, and what it survives."""

import json
import threading
import time
from contextlib import closing, suppress

import pytest
from click.testing import CliRunner

from contract import roll
from contract.command import Forget
from contract.event import Covered, Device, Enrolment, Scan, Snapshot
from simulators.zfm import Sensor
from terminal_agent import cli, finger_enrolment, identity, supervise
from terminal_agent.config import FingerSensor
from terminal_agent.door.client import Door
from terminal_agent.door.words import Card, FingerStep, FingerWish, Punched
from terminal_agent.fingers import Fingers
from terminal_agent.kiosk.relay import Present, after
from terminal_agent.lately import Lately
from terminal_agent.orders import face_deeds
from terminal_agent.orders.hands import Hands
from terminal_agent.sources import fingerprint_serial
from terminal_agent.sources.fingerprint_serial import FingerprintSerial
from tests.room import KID, NIPS, SITI, Room, eventually, news, until

THUMB, INDEX, OTHER = 101, 102, 103


class Bench(Room):
    """A kiosk with a sensor at its port, and a person with fingers before it."""

    def __init__(self, folder, **device):
        super().__init__(folder)
        self.clock.monotonic = time.monotonic  # people move in real time, the wall clock does not
        self.path = folder / "jari"
        self.sensor = Sensor()
        self.codes, self.threads = [], []
        self.device = FingerSensor("jari", str(self.path), **device)

    def run(self):
        """The agent's thread for the sensor, as agent.py has it."""
        intake = self.new_intake()
        intake.tell = self.codes.append
        intake.listener = self.lobby.crier
        self.lobby.fingers.seat("jari", intake)
        lately = Lately(self.clock, self.journal.past, 300)
        self.fingers = Fingers(self.state)
        source = FingerprintSerial(self.device, KID, self.fingers, lately)
        thread = threading.Thread(target=supervise.keep_running, args=(source, intake))
        thread.start()
        self.threads.append(thread)

    def begin(self):
        self.sensor.plug(self.path)
        self.run()
        eventually(lambda: self.codes)
        return self

    def put(self, finger, seconds=5.0):
        """Put a finger down until the sensor looked at it three times, and lift it."""
        self.sensor.press(finger)
        self.look(5, seconds)
        self.lift()

    def lift(self):
        self.sensor.lift()
        self.look(2)

    def look(self, times, seconds=5.0):
        """Until the sensor has looked so often."""
        self.sensor.asked.clear()
        eventually(lambda: self.sensor.asked.count(0x01) >= times, seconds)

    def enrol(self, pin, *fingers):
        """A person who does as told; the steps that the command heard. `fingers` by look."""
        with closing(Door(self.socket, "command")) as door:
            door.connect()
            told = door.ask(FingerWish(0, "enrol", pin, "jari"))
            assert told.ok, told.code
            return self.follow(door, fingers or (THUMB,) * 3)

    def follow(self, door, fingers):
        steps = []
        while True:
            step = until(door, FingerStep, 20)
            steps.append(step)
            if step.step == "place":
                self.sensor.press(fingers[step.look - 1])
            elif step.step in ("lift", "bad"):
                self.sensor.lift()
            else:
                self.look(3)  # who has done enrolling does not lift at once
                self.lift()
                return steps

    def wish(self, do, pin=""):
        with closing(Door(self.socket, "command")) as door:
            door.connect()
            assert door.ask(FingerWish(0, do, pin, "jari")).ok
            return until(door, FingerStep, 10)

    def serial(self):
        """Of the sensor that was there first."""
        return next(one.serial for one in self.records(Device) if one.family == "zfm")

    def scans(self):
        return [(one.pin, one.t) for one in self.records(Scan)]

    def restart_agent(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(10)
        self.codes.clear()
        self.restart()
        self.run()
        eventually(lambda: self.codes)

    def close(self):
        with suppress(OSError):
            self.sensor.unplug()
        super().close()
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Looks and tries follow each other closely: the same steps in less time."""
    monkeypatch.setattr(fingerprint_serial, "_BREATH", 0.02)
    monkeypatch.setattr(finger_enrolment, "_BREATH", 0.02)
    monkeypatch.setattr(finger_enrolment, "_PATIENCE", 1_000)
    monkeypatch.setattr(fingerprint_serial, "_FIRST_WAIT", 0.1)


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench.begin()
    bench.close()


def ended(steps):
    return steps[-1].step, steps[-1].code


def test_an_enrolled_finger_is_recorded_at_the_kiosks_own_clock_and_shown(bench):
    bench.know()
    screen = bench.screen()
    steps = bench.enrol(SITI)
    assert [(one.step, one.look) for one in steps] == [
        *(("place", 1), ("lift", 1), ("place", 2), ("lift", 2), ("place", 3), ("done", 0))
    ]
    assert bench.scans() == [], "an enrolment is no scan"
    bench.put(THUMB)
    [scan] = bench.records(Scan)
    assert (scan.pin, scan.t, scan.lag) == (SITI, int(bench.clock.now), 0)
    assert (scan.source, scan.verify, scan.impossible) == ("serial", 1, False)
    card = until(screen, Card)
    assert (card.state, card.name, card.way) == ("recorded", f"Pegawai {SITI}", "finger")


def test_a_finger_that_stays_counts_once_and_one_that_comes_again_is_told(bench):
    bench.enrol(SITI)
    screen = bench.screen()
    bench.put(THUMB)
    bench.put(THUMB)
    assert len(bench.scans()) == 1
    assert [word.state for word in news(screen) if isinstance(word, Card)] == ["recorded", "again"]
    bench.clock.now += 301
    bench.put(THUMB)
    assert len(bench.scans()) == 2


def test_whoever_came_before_a_restart_is_told_so_after_it(bench):
    bench.enrol(SITI)
    bench.put(THUMB)
    bench.restart_agent()
    bench.put(THUMB)
    assert len(bench.scans()) == 1


def test_a_finger_that_is_nobodys_is_told_so_once_and_nothing_is_stored(bench):
    bench.enrol(SITI)
    screen = bench.screen()
    bench.put(OTHER)
    assert bench.scans() == []
    cards = [word for word in news(screen) if isinstance(word, Card)]
    assert [(one.state, one.way, one.pin) for one in cards] == [("unknown", "finger", "")]


def test_a_poor_image_is_nobodys(bench):
    bench.enrol(SITI)
    bench.sensor.press(THUMB, poor=True)
    until(bench.screen(), Card)
    bench.lift()
    assert bench.scans() == []


def test_the_camera_beside_it_is_asked_whose_face_it_was(bench):
    bench.enrol(SITI)
    camera = bench.camera()
    bench.put(THUMB)
    assert until(camera, Punched).pin == SITI


# Enrolling


@pytest.mark.parametrize(
    ("fingers", "code"),
    [((THUMB, INDEX, THUMB), "finger_differs"), ((THUMB, THUMB, INDEX), "finger_unproven")],
)
def test_three_looks_that_are_not_of_one_finger_leave_nothing(bench, fingers, code):
    assert ended(bench.enrol(SITI, *fingers)) == ("failed", code)
    assert bench.sensor.pages == {}
    assert bench.fingers.kept().unproven == {}
    bench.put(THUMB)
    assert bench.scans() == []


def test_the_third_look_is_not_somebody_elses_finger(bench):
    bench.enrol("17")
    assert ended(bench.enrol("18", INDEX, INDEX, THUMB)) == ("failed", "finger_unproven")
    assert list(bench.sensor.pages) == [0]


def test_a_finger_that_was_in_the_sensor_before_makes_room_for_its_owner(bench):
    bench.sensor.forge(5, THUMB)
    assert ended(bench.enrol(SITI)) == ("done", "")
    assert list(bench.sensor.pages) == [0]


def test_a_finger_is_nobodys_second_one(bench):
    bench.enrol("17")
    steps = bench.enrol("18")
    assert (*ended(steps), steps[-1].other) == ("failed", "finger_known", "17")
    assert ended(bench.enrol("17")) == ("failed", "finger_twice")
    assert ended(bench.enrol("17", INDEX, INDEX, INDEX)) == ("done", "")
    assert {one.pin for one in bench.fingers.of(bench.serial()).values()} == {"17"}
    assert len(bench.sensor.pages) == 2


def test_a_poor_look_is_asked_for_again(bench):
    with closing(Door(bench.socket, "command")) as door:
        door.connect()
        door.ask(FingerWish(0, "enrol", SITI, "jari"))
        until(door, FingerStep)
        bench.sensor.press(THUMB, poor=True)
        assert until(door, FingerStep).step == "bad"
        bench.sensor.lift()
        assert ended(bench.follow(door, (THUMB,) * 3)) == ("done", "")


def test_one_command_at_a_time(bench):
    with closing(Door(bench.socket, "command")) as door:
        door.connect()
        assert door.ask(FingerWish(0, "enrol", "17", "jari")).ok
        assert door.ask(FingerWish(0, "enrol", "18", "jari")).code == "finger_busy"
        assert door.ask(FingerWish(0, "enrol", "18", "dinding")).code == "no_such_sensor"
        bench.follow(door, (THUMB,) * 3)
        assert door.ask(FingerWish(0, "enrol", "18", "jari")).ok
        bench.follow(door, (INDEX,) * 3)


def test_a_screen_may_enrol_nobody(bench):
    screen = bench.screen()
    assert screen.ask(FingerWish(0, "enrol", "17", "jari")).code == "malformed"


def test_an_enrolment_that_is_cut_off_leaves_no_template_behind(bench):
    with closing(Door(bench.socket, "command")) as door:
        door.connect()
        door.ask(FingerWish(0, "enrol", SITI, "jari"))
        for _ in range(4):
            step = until(door, FingerStep)
            bench.sensor.press(THUMB) if step.step == "place" else bench.sensor.lift()
        assert until(door, FingerStep).look == 3
        assert len(bench.sensor.pages) == 1
        bench.sensor.unplug()
        assert until(door, FingerStep, 10).code == "sensor_unplugged"
    bench.sensor.lift()
    bench.codes.clear()
    bench.sensor.plug(bench.path)
    eventually(lambda: "" in bench.codes, 15)
    assert bench.sensor.pages == {}
    assert bench.fingers.kept().unproven == {}


def test_a_full_sensor_says_so(tmp_path):
    bench = Bench(tmp_path)
    bench.sensor = Sensor(capacity=1)
    bench.begin()
    bench.enrol("17")
    assert ended(bench.enrol("18", INDEX, INDEX, INDEX)) == ("failed", "finger_full")
    bench.close()


def test_who_is_enrolled_stands_in_the_chain_as_a_roll(bench):
    bench.enrol("17")
    bench.enrol("18", INDEX, INDEX, INDEX)
    before = bench.records(Enrolment, Snapshot)
    assert [one.change for one in before if isinstance(one, Enrolment)] == [
        *("finger0_added", "user_added", "finger1_added", "user_added")
    ]
    bench.restart_agent()
    assert bench.records(Enrolment, Snapshot) == before, "nothing changed, nothing is told"
    assert bench.wish("remove", "17").count == 1
    assert [one.change for one in bench.records(Enrolment)][4:] == [
        "finger0_removed",
        "user_removed",
    ]
    held = bench.journal.past.enrolled(bench.serial(), bench.fingers.mark())
    assert sorted(held) == [("18", "finger1"), ("18", "user")]
    assert bench.records(Snapshot)[-1].digest == roll.digest(held)


def test_a_removed_finger_is_gone_from_the_sensor_and_counts_no_more(bench):
    bench.enrol("17")
    assert bench.wish("remove", "17").count == 1
    assert bench.sensor.pages == {}
    bench.put(THUMB)
    assert bench.scans() == []
    assert bench.wish("remove", "17").code == "finger_none"


# Erased


def erase(bench, pin, counter=7):
    """As the centre's order of that counter does; the deed, None while it goes on."""
    return face_deeds.do(counter, Forget((pin,)), hands(bench))


def hands(bench):
    return Hands(*(bench.config, bench.journal, bench.clock, None, {}, None, {}, None, None))


def test_whoever_is_erased_leaves_the_sensor_and_the_chain_before_the_centre_hears_it(bench):
    bench.enrol("17")
    bench.enrol("18", *(INDEX,) * 3)
    assert erase(bench, "17") is None, "the sensor has not been asked yet"
    eventually(lambda: face_deeds.forgotten(Forget(("17",)), hands(bench)))
    assert list(bench.sensor.pages) == [1]
    changes = [(one.pin, one.change) for one in bench.records(Enrolment)]
    assert ("17", "finger0_removed") in changes
    assert ("18", "finger1_removed") not in changes
    assert face_deeds.forgotten(Forget(("17",)), hands(bench)).detail == "not_here: 17"


def test_an_erasure_waits_for_a_sensor_that_is_unplugged(bench):
    bench.enrol("17")
    bench.sensor.unplug()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    assert erase(bench, "17") is None
    assert face_deeds.forgotten(Forget(("17",)), hands(bench)) is None
    bench.restart_agent()
    bench.sensor.plug(bench.path)
    eventually(lambda: face_deeds.forgotten(Forget(("17",)), hands(bench)), 15)
    assert bench.sensor.pages == {}


def test_an_erased_finger_counts_for_nobody_before_the_sensor_has_lost_it(bench):
    bench.enrol("17")
    page = next(iter(bench.sensor.pages))
    bench.fingers.condemn(["17"])
    book = finger_enrolment.Book(None, bench.serial(), bench.fingers, None)
    assert book.owner(page) == ""


def test_an_erasure_that_is_asked_again_spares_a_finger_enrolled_since(bench):
    bench.enrol("17")
    erase(bench, "17")
    eventually(lambda: bench.sensor.pages == {})
    bench.enrol("17")
    assert erase(bench, "17").outcome == "done"
    assert bench.fingers.owed(["17"]) == 0
    assert len(bench.sensor.pages) == 1


def test_the_command_erases_a_person_from_the_sensor_too(bench, typed):
    identity.install(bench.invited, bench.state)
    bench.enrol("17")
    bench.sensor.unplug()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    done = typed("erase", "17", group=())
    assert done.exit_code == 0, done.stderr
    assert "1 jari PIN 17 tidak dihitung lagi" in done.stderr
    assert "sudah dihapus; hilang dari sensor begitu" in typed("list").stdout
    bench.sensor.plug(bench.path)
    eventually(lambda: "finger enrol PIN" in typed("list").stderr, 15)
    assert bench.sensor.pages == {}


# What it survives


def test_a_sensor_that_is_unplugged_is_told_and_works_on_once_it_is_back(bench):
    bench.enrol(SITI)
    bench.sensor.unplug()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    bench.codes.clear()
    bench.sensor.plug(bench.path)
    eventually(lambda: "" in bench.codes, 15)
    bench.put(THUMB)
    assert [pin for pin, _ in bench.scans()] == [SITI]
    assert len([one for one in bench.records(Device) if one.family == "zfm"]) == 1


def test_a_sensor_that_is_not_there_at_the_start_is_used_once_it_comes(tmp_path):
    bench = Bench(tmp_path)
    bench.run()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    bench.sensor.plug(bench.path)
    eventually(lambda: "" in bench.codes, 15)
    bench.close()


def test_another_sensor_at_the_same_port_credits_nobody(bench):
    """Its page 0 holds a stranger, as the first one's held Siti."""
    bench.enrol(SITI)
    bench.sensor.unplug()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    first, bench.sensor = bench.sensor, Sensor()
    bench.sensor.forge(0, OTHER)
    bench.sensor.plug(bench.path)
    eventually(lambda: "finger_strange" in bench.codes, 15)
    bench.put(OTHER)
    assert bench.scans() == []
    assert bench.wish("strange").count == 1
    assert bench.sensor.pages == {}
    assert first.notes != bench.sensor.notes


def test_a_template_that_came_by_other_hands_credits_nobody(bench):
    """Somebody opened the kiosk and wrote their own finger into Siti's page."""
    bench.enrol(SITI)
    bench.sensor.forge(0, OTHER)
    bench.put(OTHER)
    assert bench.scans() == []
    assert bench.codes[-1] == "finger_changed"


def test_a_template_that_was_torn_on_the_line_is_no_alarm(bench):
    bench.enrol(SITI)
    bench.sensor.faults.torn = 1
    bench.put(THUMB, 10)
    assert len(bench.scans()) == 1
    assert not any(bench.codes)


def test_an_answer_that_comes_twice_answers_one_question(bench):
    bench.sensor.faults.twice = True
    bench.look(3)
    assert not any(bench.codes)
    bench.sensor.faults.twice = False
    assert ended(bench.enrol(SITI)) == ("done", "")


def test_a_sensor_that_was_emptied_is_told(bench):
    bench.enrol(SITI)
    bench.sensor.pages.clear()
    bench.restart_agent()
    assert bench.codes[0] == "finger_lost"


def test_a_sensor_that_sends_its_templates_differently_each_time_still_works(bench):
    bench.sensor.faults.restless = True
    assert ended(bench.enrol(SITI)) == ("done", "")
    assert next(iter(bench.fingers.of(bench.serial()).values())).digest == ""
    bench.put(THUMB)
    assert [pin for pin, _ in bench.scans()] == [SITI]


@pytest.mark.parametrize(
    ("unknown", "product", "name"),
    [
        ((), b"", "ZFM-"),
        ((0x18, 0x19), b"SN123456", "ZFM-" + b"SN123456".hex()),
        ((0x18,), b"SN123456", "ZFM-" + b"SN123456".hex()),
        ((0x18, 0x19, 0x3C, 0x1F), b"", f"ZFM-{KID}-jari"),
    ],
    ids=["our note", "its own number", "a notepad that cannot be written", "neither"],
)
def test_a_sensor_is_known_by_what_it_can_tell(tmp_path, unknown, product, name):
    bench = Bench(tmp_path)
    bench.sensor = Sensor(product=product)
    bench.sensor.faults.unknown = unknown
    bench.begin()
    assert ended(bench.enrol(SITI)) == ("done", "")
    known = bench.serial()
    assert known == name or (known.startswith(name) and len(known) == 20)
    bench.put(THUMB)
    assert len(bench.scans()) == 1
    bench.restart_agent()
    assert bench.serial() == known
    bench.close()


def test_an_answer_that_is_damaged_on_the_line_is_asked_for_again(bench):
    bench.enrol(SITI)
    bench.sensor.faults.broken_sums = 1
    bench.put(THUMB, 10)
    assert len(bench.scans()) == 1
    assert not any(bench.codes), "nobody is called for a spark"


@pytest.mark.parametrize(
    ("fault", "code"), [("silent", "sensor_silent"), ("noise", "sensor_garbled")]
)
def test_a_sensor_that_says_nothing_or_nonsense_is_told_and_comes_back(bench, fault, code):
    setattr(bench.sensor.faults, fault, True)
    eventually(lambda: code in bench.codes, 10)
    bench.codes.clear()
    setattr(bench.sensor.faults, fault, False)
    eventually(lambda: "" in bench.codes, 20)


@pytest.mark.parametrize(
    ("device", "code"),
    [
        ({"password": 7}, "sensor_password"),
        ({"address": 1}, "sensor_silent"),
    ],
)
def test_a_wrong_password_or_address_is_named(tmp_path, device, code):
    bench = Bench(tmp_path, **device)
    bench.begin()
    assert bench.codes[0] == code
    bench.close()


def test_the_password_of_a_sensor_opens_it(tmp_path):
    bench = Bench(tmp_path, password=0x1234_5678, address=0x0A0B_0C0D)
    bench.sensor = Sensor(password=0x1234_5678, address=0x0A0B_0C0D)
    bench.begin()
    assert bench.codes[0] == ""
    bench.close()


def test_a_damaged_list_of_fingers_credits_nobody_and_is_named(bench):
    bench.enrol(SITI)
    (bench.state / "fingers.json").write_text("{")
    bench.sensor.press(THUMB)
    eventually(lambda: "fingers_damaged" in bench.codes)
    assert bench.scans() == []


# The time it was up


def test_the_time_it_was_up_stands_in_the_chain_until_it_was_unplugged(bench):
    begun = int(bench.clock.now)
    bench.enrol(SITI)
    bench.put(THUMB)
    bench.clock.now += 120
    bench.lift()
    bench.sensor.unplug()
    eventually(lambda: bench.records(Covered))
    [covered] = bench.records(Covered)
    assert (covered.since, covered.through, covered.count) == (begun, begun + 120, 1)


def test_without_a_valid_clock_scans_are_kept_and_no_time_is_claimed(bench):
    bench.enrol(SITI)
    bench.clock.trust = 0
    screen = bench.screen()
    bench.put(THUMB)
    assert len(bench.scans()) == 1
    assert until(screen, Card).state == "held"
    bench.clock.now += 120
    bench.sensor.unplug()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    assert bench.records(Covered) == []


def test_the_time_before_the_clock_was_known_is_not_claimed(bench):
    bench.clock.trust = 0
    bench.clock.now += 120
    bench.lift()
    bench.clock.trust = 3
    known = int(bench.clock.now)
    bench.clock.now += 120
    bench.lift()
    bench.sensor.unplug()
    eventually(lambda: bench.records(Covered))
    assert [(one.since, one.through) for one in bench.records(Covered)] == [(known, known + 120)]


def test_a_finger_that_is_nobodys_is_not_among_those_who_were_just_recorded():
    assert after(Present(), Card("unknown", 5, way="finger"), 5.0).tail == ()


# Commands


@pytest.fixture
def typed(bench, monkeypatch):
    """Type `people finger …` on this kiosk."""
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    file = bench.folder / "agent.toml"
    file.write_text(
        f'[kiosk]\nstate = "{bench.state}"\nsocket = "{bench.socket}"\n'
        f'[[sensor]]\nname = "jari"\nport = "{bench.path}"\n'
    )
    start = ["--config", str(file), "people"]
    return lambda *words, group=("finger",): CliRunner().invoke(cli.main, [*start, *group, *words])


def person(bench, finger):
    """Puts it down whenever the sensor looks and lifts it in between."""
    gone = threading.Event()

    def come():
        while not gone.is_set():
            bench.sensor.press(finger)
            gone.wait(0.5)
            bench.sensor.lift()
            gone.wait(0.5)

    thread = threading.Thread(target=come)
    thread.start()
    return lambda: (gone.set(), thread.join())


def test_the_command_says_what_to_do_and_the_list_names_whose_finger_it_is(bench, typed):
    bench.know()
    leave = person(bench, THUMB)
    done = typed("enrol", SITI)
    leave()
    assert done.exit_code == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "kurang jelas" not in line.lower()] == [
        "Tempel jari (1 dari 3)…",
        "Baik. Angkat jari.",
        "Tempel jari (2 dari 3)…",
        "Baik. Angkat jari.",
        "Tempel jari (3 dari 3)…",
        f"Jari PIN {SITI} terdaftar di jari.",
    ]
    [line] = json.loads(typed("list", "--json").stdout)["fingers"]
    assert (line["pin"], line["page"], line["name"]) == (SITI, 0, f"Pegawai {SITI}")
    assert f"PIN {SITI} Pegawai {SITI}" in typed("list").stdout
    gone = typed("remove", SITI)
    assert (gone.exit_code, gone.stderr) == (0, f"1 jari PIN {SITI} dihapus dari jari.\n")
    assert "finger enrol PIN" in typed("list").stderr


def test_wrong_words_are_told_what_is_right(bench, typed):
    for words, code, said in (
        (("enrol", NIPS[SITI]), 2, "NIP"),
        (("enrol", "a b"), 2, "PIN"),
        (("remove",), 2, "--strange"),
        (("remove", "17", "--strange"), 2, "--strange"),
        (("enrol", "17", "--sensor", "dinding"), 2, "dinding"),
        (("remove", "17"), 1, "finger list"),
        (("remove", "--strange"), 1, "finger list"),
    ):
        result = typed(*words)
        assert (result.exit_code, said in result.stderr) == (code, True), (words, result.stderr)


def test_a_kiosk_without_its_agent_is_told_to_start_it(bench, typed):
    bench.end()
    result = typed("enrol", "17")
    assert result.exit_code == 3
    assert "systemctl status hadir-agent" in result.stderr
    bench.start()


def test_a_sensor_that_is_away_ends_the_command_with_3(bench, typed):
    bench.sensor.unplug()
    eventually(lambda: "sensor_unplugged" in bench.codes)
    result = typed("enrol", "17")
    assert (result.exit_code, "kabel" in result.stderr) == (3, True)


def test_what_is_kept_holds_no_template(bench):
    bench.enrol(SITI)
    [template] = bench.sensor.pages.values()
    for path in bench.state.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert template[8:40] not in held
            assert template[8:40].hex().encode() not in held
