"""`sync-server doctor` beside a live centre and live kiosks: what it says of the broker is as true as on
an idle one."""

import json
import signal
import socketserver
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract import topics
from sync_server import cli, doctor, server
from sync_server.certificates import PrivateAuthority
from sync_server.visitor import Visitor
from tests.process.office import Mosquitto, Office, crowd, free_port, terminal

SHIPPED = Path(__file__).parents[2] / "systemd/mosquitto"
RULES = (SHIPPED / "hadir.acl").read_text()
LOUD = "T07B"  # a kiosk that never stops; the centre's worker 4 never stops answering it
on_mosquitto = pytest.mark.all_only("needs mosquitto, and some seconds")

# One rule too many, and what a kiosk can then do.
TOO_MUCH = {
    "read e/+/+": {"reads_others"},
    "read s/+": {"reads_others"},
    "read r/+": {"reads_others"},
    "read a/+": {"reads_others"},
    "read c/+": {"reads_others"},
    f"read c/{LOUD}": {"reads_others"},
    "read h/#": {"reads_others"},
    "write e/+/+": {"publishes_as_others"},
    "write s/+": {"publishes_as_others"},
    "write r/+": {"publishes_as_others"},
    "write a/+": {"poses_as_centre"},
    "write c/+": {"poses_as_centre"},
    "write h/+": {"poses_as_centre"},
    "readwrite #": {"reads_others", "publishes_as_others", "poses_as_centre"},
}


class Live:
    """A centre at work on the shipped broker, whose kiosks all speak."""

    def __init__(self, office):
        self.office, self.folder = office, office.folder
        self.stop = threading.Event()
        office.type("sync-server", "certify", "127.0.0.1", "--to", self.folder / "etc")
        self.rules("")
        conf = (SHIPPED / "hadir.conf").read_text()
        conf = conf.replace("/etc/mosquitto/hadir", str(self.folder / "etc"))
        conf = conf.replace("listener 8883", f"listener {office.port} 127.0.0.1")
        self.broker = Mosquitto(office.port, self.folder, conf="user root\n" + conf)

    def rules(self, more):
        """The shipped rules, and one more."""
        more = f"pattern {more}\n" if more else ""
        (self.folder / "etc/hadir.acl").write_text(more + RULES)

    def reload(self, more):
        """As after an edit of the file: systemctl reload mosquitto."""
        self.rules(more)
        before = self.broker.program.said().count("Reloading config")
        self.broker.program.signal(signal.SIGHUP)
        self.broker.program.wait_for("Reloading config", before + 1)

    def wrong(self):
        """What the doctor finds wrong, and its exit code; a note is no finding."""
        line = ["--config", str(self.folder / "server.toml"), "doctor", "--json"]
        done = CliRunner().invoke(cli.main, line, catch_exceptions=False)
        found = json.loads(done.stdout)["findings"]
        return {one["code"] for one in found if one["grave"] and not one["good"]}, done.exit_code

    def punch(self):
        """People punch at the kiosk's terminal, twenty at a time."""
        first = 1_000
        while not self.stop.wait(0.2):
            crowd(self.office.terminals[0], first, 20)
            first += 20

    def authority(self):
        return PrivateAuthority(self.office.server_state, int(server.wall()))

    def visit(self, paper):
        """Somebody with this certificate, which also names the client."""
        context = self.authority().context(paper)
        return Visitor("127.0.0.1", self.office.port, context, "").visiting()

    def speak(self, paper, to):
        """Somebody whom the rules let speak on these topics does so without a rest."""
        with self.visit(paper) as visitor:
            while not self.stop.wait(0.02):
                assert {*visitor.publish_all(to)} <= {0x00, 0x10}


@contextmanager
def at_work(live):
    """Terminal, kiosk and worker keep on."""
    authority = live.authority()
    up = [f"e/00/{LOUD}"]  # not its bucket: the centre logs it and keeps nothing
    down = [topics.receipts(LOUD), topics.commands(LOUD), "h/deep/er"]
    busy = [
        threading.Thread(target=live.punch),
        threading.Thread(target=live.speak, args=(authority.kiosk(LOUD), up)),
        threading.Thread(target=live.speak, args=(authority.worker("4"), down)),
    ]
    for one in busy:
        one.start()
    try:
        yield
        assert all(one.is_alive() for one in busy), "somebody fell silent"
    finally:
        live.stop.set()
        for one in busy:
            one.join()


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    with Office(tmp_path_factory.mktemp("live"), own_broker=False, mutual=True) as office:
        office.furnish(terminal())
        live = Live(office)
        live.broker.start()
        office.start()
        crowd(office.terminals[0], 1)
        office.settle()
        with at_work(live):
            yield live
        office.agent.stop()
        office.server.stop()
        live.broker.stop()


def test_what_the_doctor_lets_a_kiosk_hear_is_what_the_shipped_rules_let_it_read():
    lines = [line.split() for line in RULES.splitlines()]
    shipped = {line[2] for line in lines if line[:2] == ["pattern", "read"]}
    assert shipped == {*doctor.readable("%u")}
    assert not any("readwrite" in line for line in lines if line[:1] == ["pattern"])


@on_mosquitto
def test_beside_a_live_centre_and_its_kiosks_the_shipped_broker_is_found_good(live):
    live.reload("")
    before = live.office.stored()
    for _ in range(3):
        assert live.wrong() == (set(), 0)
    assert live.office.stored() > before, "people punched meanwhile"


@on_mosquitto
def test_a_refusal_is_heard_among_hundreds_of_messages_that_a_kiosk_may_read(live):
    live.reload("")
    authority = live.authority()
    with live.visit(authority.kiosk("T07C")) as kiosk, live.visit(authority.worker("3")) as worker:
        kiosk.subscribe(topics.ALL_OWNERS)
        kiosk.listen()
        before = len(kiosk.heard)
        worker.publish_all(["h/late"] * 900)
        assert kiosk.publish(topics.events(LOUD), b"forged") == 0x87
        assert len(kiosk.heard) > before, "some came first"


@on_mosquitto
@pytest.mark.parametrize("rule", TOO_MUCH)
def test_beside_a_live_centre_every_rule_too_many_is_found_and_nothing_else(live, rule):
    live.reload(rule)
    assert live.wrong() == (TOO_MUCH[rule], 1)


class _Mute(socketserver.StreamRequestHandler):
    """An MQTT 5 broker that lets everybody in and leaves every PUBLISH without its PUBACK."""

    def handle(self):
        while head := self.rfile.read(1):
            size, shift = 0, 0
            while True:  # MQTT 5.0, 1.5.5: seven bits a byte
                (byte,) = self.rfile.read(1)
                size, shift = size | (byte & 0x7F) << shift, shift + 7
                if byte < 0x80:
                    break
            body = self.rfile.read(size)
            if head[0] == 0x10:
                self.wfile.write(bytes([0x20, 3, 0, 0, 0]))
            elif head[0] == 0x82:
                self.wfile.write(bytes([0x90, 4, *body[:2], 0, 1]))


@pytest.mark.all_only("waits 20 s for answers that never come")
def test_a_broker_that_leaves_tries_unanswered_is_neither_called_open_nor_good(tmp_path):
    port = free_port()
    config = tmp_path / "server.toml"
    config.write_text(f'state = "{tmp_path}"\n[broker]\nport = {port}\nembedded = false\n')
    line = ["--config", str(config), "--lang", "en", "doctor"]
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), _Mute) as mute:
        threading.Thread(target=mute.serve_forever).start()
        done = CliRunner().invoke(cli.main, line, catch_exceptions=False)
        mute.shutdown()
    assert done.exit_code == 1
    assert "! the broker left tries without an answer" in done.stdout
    for proven in ("publish as", "pose as the centre"):
        assert proven not in done.stdout
