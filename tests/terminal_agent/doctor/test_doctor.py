"""What a technician gets from `terminal-agent doctor`, `doctor --fix` and `logs bundle`."""

import ast
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import zipfile
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from contract import invitation
from contract.command import Member, Staff
from contract.event import Scan
from contract.people import nip_mark
from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.profiles import ACCESS_MODE, F19
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from sync_server.certificates import PrivateAuthority
from terminal_agent import cli, staff, wording
from terminal_agent.clock import Look
from terminal_agent.config import ZkDevice
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.doctor import (
    broker,
    clocks,
    hidden,
    machine,
    mending,
    network,
    part,
    rounds,
    terminals,
)
from terminal_agent.journal import Journal
from tests.halves import TestClock
from tests.scripted import Broker

ROOT = Path(__file__).parents[3]
NIP, NAME, PIN = "198501012010012001", "Siti Nurhaliza", "90017"
INVITED = invitation.Invitation(
    "T07A", "127.0.0.1", 1883, False, "", bytes(range(32)), bytes(range(32, 64)), bytes(range(32))
)


@pytest.fixture
def terminal():
    with ExitStack() as running:

        def start(profile=F19, drift=0, **more):
            device = Device(profile, lambda: datetime.now(UTC), **more)
            furnish(device, 20)
            device.drift = timedelta(seconds=drift)
            return running.enter_context(Terminal(device, Faults()))

        yield start


class Kiosk:
    """A kiosk that is enrolled, has people and an event that waits."""

    def __init__(self, folder, port=1883):
        self.folder, self.state, self.file = folder, folder / "state", folder / "agent.toml"
        self.toml = f'[kiosk]\nstate = "{self.state}"\nsocket = "{folder}/none.sock"\n'
        self.write("")
        self.invited = msgspec.structs.replace(INVITED, broker_port=port)
        (folder / "T07A.json").write_bytes(invitation.encode(self.invited))
        assert self.type("enrol-kiosk", str(folder / "T07A.json")).exit_code == 0
        member = Member(PIN, NAME, nip_mark(INVITED.mac_key, NIP), "", 0)
        staff.keep(self.state, msgspec.json.encode(Staff(1, (member,), ())))

    def write(self, more):
        self.file.write_text(self.toml + more)

    def stored(self, wall):
        journal = Journal(self.state / "journal.db", "T07A", Look("b", 100, wall, 3, 5))
        scan = Scan(0, PIN, wall, False, 0, 1, 0, 0, "pull")
        parcel = Delivery("AAA1", "f", "v", (Reading(scan, b"raw"),), 0, wall, 1, b"", b"c")
        journal.store(parcel, Look("b", 100, wall, 3, 5))
        journal.close()

    def type(self, *words, code=None):
        done = CliRunner().invoke(cli.main, ["--config", str(self.file), *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        assert code is None or done.exit_code == code, done.output
        return done

    def found(self, *words):
        """Levels by (part, code), and what was done."""
        told = json.loads(self.type("doctor", "--json", *words).stdout)
        return {(one["part"], one["code"]): one["level"] for one in told["findings"]}, told


@pytest.fixture
def kiosk(tmp_path):
    return Kiosk(tmp_path)


def device(name, terminal, key=0):
    return f'[[zkteco]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {terminal.port}\ncomm_key = {key}\n'


def test_each_terminal_is_examined_and_one_that_fails_hides_no_other(kiosk, terminal):
    good, locked, gate = terminal(), terminal(comm_key=7), terminal(ACCESS_MODE)
    kiosk.write(device("aula", good) + device("lobi", locked, 8) + device("pintu", gate))
    found, told = kiosk.found()
    assert found["aula", "terminal_answers"] == "ok"
    assert found["lobi", "comm_key"] == "fail"
    assert found["pintu", "no_attlog_mode"] == "fail"
    assert not told["holds"]
    text = kiosk.type("doctor", code=1).stdout
    assert "GAGAL      lobi: Kunci komunikasi ditolak" in text
    assert "comm_key di agent.toml" in text, "the name that the file has for it"
    assert "20 rekaman, bentuk text40" in text


def test_nothing_is_changed_on_a_terminal_that_is_only_examined(kiosk, terminal):
    one = terminal(drift=400)
    kiosk.write(device("aula", one))
    before = len(one.device.operations)
    kiosk.found()
    assert len(one.device.operations) == before
    assert one.device.drift == timedelta(seconds=400)


def test_a_kiosk_without_a_trusted_clock_sets_no_terminal_s_clock(kiosk, terminal):
    one = terminal(drift=400)
    kiosk.write(device("aula", one))
    settings = cli.config.load(kiosk.file)
    blind = TestClock()
    blind.trust = 0
    found = list(terminals.terminals(settings.zkteco, settings.kiosk, blind, lambda _: ExitStack()))
    assert "terminal_clock_untold" in {each.code for each in found}
    off = [terminals.Finding("terminal_clock_off", "warn", "aula")]
    assert list(mending.mend(off, settings, blind, lambda _: ExitStack())) == []
    assert one.device.drift == timedelta(seconds=400)


def test_fix_sets_a_wrong_terminal_clock_to_the_kiosk_s_own_hour(kiosk, terminal):
    one = terminal(drift=400)
    kiosk.write(device("aula", one))
    settings = cli.config.load(kiosk.file)
    clock = TestClock()
    clock.now = datetime.now(UTC).timestamp()
    lend = lambda _: ExitStack()  # noqa: E731
    found = list(terminals.terminals(settings.zkteco, settings.kiosk, clock, lend))
    assert "terminal_clock_off" in {each.code for each in found}
    [done] = mending.mend(found, settings, clock, lend)
    assert (done.code, done.part) == ("mended_clock", "aula")
    again = list(terminals.terminals(settings.zkteco, settings.kiosk, clock, lend))
    assert "terminal_clock_right" in {each.code for each in again}


def test_a_terminal_in_another_s_place_is_named_and_not_examined(kiosk, terminal):
    one = terminal(serial="NEW1")
    kiosk.write(device("aula", one))
    known = {"aula": {"host": "127.0.0.1", "serial": "OLD1", "address": "127.0.0.1"}}
    (kiosk.state / "addresses.json").write_text(json.dumps(known))
    found, _ = kiosk.found()
    assert found["aula", "other_device"] == "fail"
    assert ("aula", "terminal_answers") not in found


def test_a_terminal_that_moved_is_told_once_with_both_addresses(kiosk, terminal):
    one = terminal(serial="A1")
    kiosk.write(device("aula", one).replace("127.0.0.1", "127.0.0.9"))
    known = {"aula": {"host": "127.0.0.9", "serial": "A1", "address": "127.0.0.1"}}
    (kiosk.state / "addresses.json").write_text(json.dumps(known))
    said = kiosk.type("doctor").stdout
    assert 'mesin pindah dari 127.0.0.9 dan dibaca di 127.0.0.1: tulis host = "127.0.0.1"' in said


def test_a_terminal_that_this_card_never_read_is_named_by_status(kiosk):
    kiosk.stored(1_795_000_000)
    kiosk.write('[[zkteco]]\nname = "aula"\nhost = "127.0.0.9"\n')
    said = kiosk.type("status", code=0).stderr
    assert "mesin aula: belum pernah dibaca dari kartu ini di 127.0.0.9" in said
    assert "terminal-agent discover" in said


def test_a_kiosk_that_is_not_enrolled_is_told_to_be_and_not_to_be_started(tmp_path):
    file = tmp_path / "agent.toml"
    file.write_text(f'[kiosk]\nstate = "{tmp_path}/state"\n')
    done = CliRunner().invoke(cli.main, ["--config", str(file), "doctor", "--json"])
    codes = {one["code"] for one in json.loads(done.stdout)["findings"]}
    assert "not_enrolled" in codes
    assert "agent_stopped" not in codes


def test_a_configuration_that_cannot_be_read_is_wrong_usage(tmp_path):
    done = CliRunner().invoke(cli.main, ["--config", str(tmp_path / "none.toml"), "doctor"])
    assert done.exit_code == 2


def test_a_damaged_journal_fails_and_what_waits_too_long_is_a_warning(kiosk):
    now = int(datetime.now(UTC).timestamp())
    kiosk.stored(now - 5 * 86_400)
    clock = TestClock()
    clock.now = now
    codes = {one.code: one for one in rounds.books.backlog(kiosk.state / "journal.db", clock)}
    assert codes["backlog_old"].values["hours"] == 120
    found, _ = kiosk.found()
    assert found["journal", "journal_sound"] == "ok"
    data = bytearray((kiosk.state / "journal.db").read_bytes())
    data[4096:8192] = os.urandom(4096)
    (kiosk.state / "journal.db").write_bytes(data)
    found, _ = kiosk.found()
    assert found["journal", "journal_damaged"] == "fail"


def test_a_broker_that_is_there_is_good_and_one_that_is_not_is_named(kiosk):
    server = Broker()
    invited = msgspec.structs.replace(INVITED, broker_port=server.port)
    try:
        [found] = broker.visit(invited, TestClock(), knock=True)
        assert (found.code, found.level) == ("broker_plain", "ok")
        [found] = broker.visit(invited, TestClock(), knock=False)
        assert found.level == "ok"
    finally:
        server.close()
    [found] = broker.visit(invited, TestClock(), knock=True)
    assert (found.code, found.level) == ("broker_unreachable", "fail")
    elsewhere = msgspec.structs.replace(INVITED, broker_host="broker.invalid")
    [found] = broker.visit(elsewhere, TestClock(), knock=True)
    assert found.code == "name_unknown"


@pytest.fixture
def secured(tmp_path):
    """A broker that wants certificates of its authority, and that authority."""
    authority = PrivateAuthority(tmp_path / "ca", int(datetime.now(UTC).timestamp()))
    shown = authority.broker("127.0.0.1")
    pem = tmp_path / "broker.pem"
    pem.write_text(shown.certificate + shown.private_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    server = Broker(context=context)
    yield server, authority
    server.close()


def certified(port, authority, paper):
    return msgspec.structs.replace(
        INVITED,
        broker_port=port,
        tls=True,
        ca=authority.file.read_text(),
        certificate=paper.certificate,
        private_key=paper.private_key,
    )


@pytest.mark.parametrize("knock", [True, False])
def test_a_broker_that_refuses_the_certificate_is_told_apart_from_one_that_takes_it(
    secured, tmp_path, knock
):
    """Also without knocking: in TLS 1.3 the refusal comes after the handshake."""
    server, authority = secured
    now = TestClock(now=datetime.now(UTC).timestamp())
    ours = certified(server.port, authority, authority.kiosk("T07A"))
    assert [one.code for one in broker.visit(ours, now, knock=knock)] == ["broker_good"]
    other = PrivateAuthority(tmp_path / "other", int(now.now))
    foreign = certified(server.port, authority, other.kiosk("T07A"))
    assert [one.code for one in broker.visit(foreign, now, knock=knock)] == ["certificate_foreign"]
    fooled = certified(server.port, other, authority.kiosk("T07A"))
    assert [one.code for one in broker.visit(fooled, now, knock=knock)] == ["broker_foreign"]


def test_a_way_out_is_a_route_to_everywhere():
    head = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    lan = "eth0 0001A8C0 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
    out = "eth0 00000000 0101A8C0 0003 0 0 0 00000000 0 0 0\n"
    assert not network.has_gateway(head + lan)
    assert network.has_gateway(head + lan + out)


def test_the_agent_tells_what_a_technician_must_see_and_takes_it_back(kiosk, monkeypatch):
    kiosk.stored(int(TestClock().wall()) - 5 * 86_400)
    alerts = {"lobi": "unreachable"}
    going = rounds.Rounds(kiosk.state, TestClock(), alerts)
    going.look()
    going.keep()
    assert alerts["backlog"] == "backlog_old"
    assert rounds.recall(kiosk.state) == alerts
    (kiosk.state / "journal.db").unlink()
    going.look()
    going.keep()
    assert rounds.recall(kiosk.state) == {"lobi": "unreachable"}
    assert alerts == {"lobi": "unreachable"}


def test_the_rounds_end_with_the_agent(kiosk):
    stop = threading.Event()
    stop.set()
    rounds.Rounds(kiosk.state, TestClock(), {}).run(stop)


def test_no_name_nip_pin_key_or_password_is_in_a_bundle(kiosk, terminal):
    """Whoever helps from afar gets what helps, and nobody's data."""
    one = terminal(comm_key=471_199)
    kiosk.write(
        device("aula", one, 471_199)
        + '[camera]\nsource = "rtsp://admin:rahasia@127.0.0.9:1/1?token=SECRET9"\n'
        + '[screen]\ncontact = "Maria Goreti, 0812-3456-7890"\n'
    )
    kiosk.stored(int(datetime.now(UTC).timestamp()))
    zip_file = kiosk.folder / "b.zip"
    kiosk.type("logs", "bundle", "--to", str(zip_file), code=0)
    with zipfile.ZipFile(zip_file) as held:
        assert held.namelist() == [
            *("doctor.json", "doctor.txt", "config.json", "status.json", "versions.json", "log.txt")
        ]
        text = "\n".join(held.read(name).decode() for name in held.namelist())
    for word in (NAME, "Nurhaliza", NIP, PIN, "471199", "rahasia", INVITED.mac_key.hex()):
        assert word not in text
    for word in ("SECRET9", "Maria Goreti", "0812"):
        assert word not in text
    assert zip_file.stat().st_mode & 0o777 == 0o600
    assert '"kid": "T07A"' in text
    assert "terminal_answers" in text


def test_a_bundle_is_put_into_the_folder_that_is_named_and_belongs_to_whoever_owns_that(kiosk):
    stick = kiosk.folder / "stick"
    stick.mkdir()
    if os.geteuid() == 0:
        os.chown(stick, 4711, 4712)
    told = json.loads(kiosk.type("logs", "bundle", "--to", str(stick), "--json", code=0).stdout)
    [made] = stick.iterdir()
    assert str(made) == told["file"]
    assert re.fullmatch(r"hadir-T07A-\d{8}T\d{6}Z\.zip", made.name)
    assert (made.stat().st_uid, made.stat().st_gid) == (stick.stat().st_uid, stick.stat().st_gid)


def test_the_veil_takes_out_of_a_log_line_whatever_names_somebody():
    invited = msgspec.structs.replace(INVITED, private_key="-----KEY\nMIGHAgEA\n")
    veil = hidden.Veil(hidden.secrets(cli.config.Config(), invited), [(PIN, NAME), ("17", "Budi")])
    line = f"scan pin=17 pins: ['3', '4'] {NAME} Nurhaliza {PIN} {NIP} {INVITED.mac_key.hex()}"
    veiled = veil(f"{line} MIGHAgEA port=17 Budi")
    assert veiled == "scan pin=*** pins: *** *** *** *** *** *** *** port=17 ***"


def test_a_short_pin_is_taken_out_of_the_log_and_of_no_address_time_or_count():
    veil = hidden.Veil((), [("17", "Budi"), ("4711", "Ina")])
    line = "2026-11-17T10:00:17+0700 user 4711 was left, 17: pins 17,4711 count=17 10.0.0.17:4711"
    veiled = "2026-11-17T10:00:17+0700 user *** was left, ***: pins ***,*** count=17 10.0.0.17:4711"
    assert veil.log(line) == veiled
    assert veil(line) == line, "elsewhere such a number is a count"


def test_a_broker_whose_name_cannot_be_one_is_a_name_that_nobody_knows():
    invited = msgspec.structs.replace(INVITED, broker_host="pusat..go.id")
    [found] = broker.visit(invited, TestClock(), knock=False)
    assert (found.code, found.level) == ("name_unknown", "fail")


def test_a_part_that_answers_rubbish_hides_no_other(kiosk, tmp_path):
    """A name that is none, a battery clock with a broken chip."""
    clock = tmp_path / "sys/class/rtc/rtc0/since_epoch"
    clock.parent.mkdir(parents=True)
    clock.write_bytes(b"17\xff\xfe")
    found = list(
        part.looked(
            "clock",
            lambda: clocks.clocks(TestClock(), tmp_path),
            lambda: [machine.heat()],
        )
    )
    assert [one.code for one in found][-2] == "part_unread"
    assert found[-1].part == "heat"

    def lend(name):
        if name == "lobi":
            return nullcontext()
        raise UnicodeError("label empty or too long")

    devices = [ZkDevice("aula", "127.0.0.1"), ZkDevice("lobi", "127.0.0.1", port=9)]
    told = terminals.terminals(devices, cli.config.load(kiosk.file).kiosk, TestClock(), lend)
    assert [(one.part, one.code) for one in told] == [
        ("aula", "part_unread"),
        ("lobi", "unreachable"),
    ]


def test_every_code_of_the_doctor_has_words_in_both_languages():
    said = set()
    for path in (ROOT / "terminal_agent/doctor").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding" and node.args:
                said |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    said -= {"clock_"}
    assert len(said) > 50
    assert {*said, *rounds.ALERTS} - wording.catalogue().keys() == set()


def test_the_index_of_codes_is_exactly_what_the_programs_say(tmp_path):
    """Type .venv/bin/python docs/make_errors.py where this fails."""
    script = "import sys; sys.path.insert(0, 'docs'); import make_errors; print(make_errors.page())"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip("\n") == (ROOT / "docs/errors.md").read_text().rstrip("\n")
