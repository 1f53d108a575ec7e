"""Whom the broker admits, tried on a real mosquitto with the files as they are shipped, and how a kiosk
comes by its certificate, loses it, and finds the way back."""

import json
import signal
import ssl
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from paho.mqtt.enums import MQTTProtocolVersion

from contract import topics
from simulators.zk.sample import furnish
from sync_server import cli as server_cli
from sync_server import server
from sync_server.certificates import Paper, PrivateAuthority
from sync_server.doctor import Visitor
from terminal_agent import cli as agent_cli
from tests.process.copies import KID
from tests.process.office import COMM_KEY, Mosquitto, Office, crowd, free_port, terminal, until

pytestmark = pytest.mark.all_only("needs mosquitto")

SHIPPED = Path(__file__).parents[2] / "systemd/mosquitto"
OTHER = "T07B"
_A_YEAR_AND_MORE = 500 * 86_400


class Site(Office):
    """An office that enrols by token, over the shipped broker."""

    def __init__(self, folder):
        super().__init__(folder, own_broker=False, mutual=True)
        self.door_port = free_port()

    def furnish(self, *terminals, every=0.2):
        """As an office, but nobody is invited yet."""
        self.terminals = list(terminals)
        for one in terminals:
            self._install(one)
        (self.folder / "server.toml").write_text(
            f'state = "{self.server_state}"\n[broker]\nport = {self.port}\nembedded = false\n'
            f'mutual = true\n[web]\nport = 0\n[enrol]\nhost = "127.0.0.1"\n'
            f'address = "https://127.0.0.1:{self.door_port}"\n'
        )
        devices = "".join(
            f'[[zkteco]]\nname = "t{i}"\nhost = "127.0.0.1"\nport = {one.port}\nevery = {every}\n'
            f"comm_key = {COMM_KEY}\n"
            for i, one in enumerate(terminals)
        )
        (self.folder / "agent.toml").write_text(
            f'[kiosk]\nstate = "{self.agent_state}"\nsocket = "{self.door}"\nlink = "live"\n'
            f'clock = "host"\n{devices}'
        )
        self.broker = self._broker()
        self._stack.callback(self.broker.stop)

    def _broker(self):
        etc = self.folder / "etc"
        self.type("sync-server", "certify", "127.0.0.1", "--to", etc)
        (etc / "hadir.acl").write_text((SHIPPED / "hadir.acl").read_text())
        conf = (SHIPPED / "hadir.conf").read_text()
        conf = conf.replace("/etc/mosquitto/hadir", str(etc))
        conf = conf.replace("listener 8883", f"listener {self.port} 127.0.0.1")
        return Mosquitto(self.port, self.folder, conf="user root\nlog_type all\n" + conf)

    def token(self, kid=KID, *words):
        made = words or ("invite", kid, "--opd", "1.01")
        return self.type("sync-server", "kiosk", *made, "--token").strip()

    def enrol(self):
        self.type("terminal-agent", "enrol-kiosk", self.token())

    def open(self):
        """Centre and broker run, and the kiosk has enrolled."""
        self.broker.start()
        self.server.start().wait_for("enrol.opened")
        self.enrol()

    def says(self, program, *words):
        """Exit code and what was said, of a command that may fail."""
        side = {"terminal-agent": ("agent", agent_cli), "sync-server": ("server", server_cli)}
        name, commands = side[program]
        line = ["--config", str(self.folder / f"{name}.toml"), "--lang", "en", *map(str, words)]
        done = CliRunner().invoke(commands.main, line, catch_exceptions=False)
        return done.exit_code, done.output

    def audit_ours(self):
        """Everything arrived, once, whatever others tried."""
        assert self.wrong() == [], self.report()

    def authority(self, before=0):
        return PrivateAuthority(self.server_state, int(server.wall()) - before)


@pytest.fixture
def site(tmp_path):
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    with Site(tmp_path) as site:
        site.furnish(terminal())
        yield site


class Stranger:
    """Somebody with some certificate; `refusal` and `log` say what became of it."""

    def __init__(self, site, paper, client_id=OTHER, protocol=MQTTProtocolVersion.MQTTv5):
        context = ssl.create_default_context(cafile=site.server_state / "ca.pem")
        if paper:
            with tempfile.NamedTemporaryFile("w") as file:
                file.write(paper.certificate + paper.private_key)
                file.flush()
                context.load_cert_chain(file.name)
        self.visit = Visitor("127.0.0.1", site.port, context, client_id, protocol)


def self_signed(tmp_path):
    """A certificate in a kiosk's name that only its own key vouches for."""
    folder = tmp_path / "self"
    authority = PrivateAuthority(folder, int(server.wall()))
    return Paper(authority.file.read_text(), (folder / "ca.key").read_text())


def since(site, mark):
    return site.broker.program.said()[mark:]


def refused(site, mark, stranger, because):
    """Not admitted, and the broker's log says why."""
    with stranger.visit.visiting() as visitor:
        assert visitor.refusal, because
    until(lambda: because in since(site, mark), lambda: since(site, mark))


def test_nine_wrong_ways_to_the_broker_are_refused_with_a_reason_and_honest_people_go_on(  # noqa: PLR0915
    site, tmp_path
):
    device = site.terminals[0]
    furnish(device.device, 300)
    site.open()
    site.agent.start()
    site.settle()
    ours, wrong = site.authority(), {}

    def tries(name, paper, because, **how):
        mark = len(site.broker.program.said())
        refused(site, mark, Stranger(site, paper, **how), because)
        wrong[name] = because

    tries("none", None, "peer did not return a certificate")
    tries("self-signed", self_signed(tmp_path), "certificate verify failed")
    foreign = PrivateAuthority(tmp_path / "foreign", int(server.wall()))
    tries("other authority", foreign.kiosk(OTHER), "certificate verify failed")
    tries("expired", site.authority(_A_YEAR_AND_MORE).kiosk(OTHER), "certificate verify failed")

    file = site.folder / "other.json"
    site.type("sync-server", "kiosk", "invite", OTHER, "--opd", "1.02", "--to", file)
    held = json.loads(file.read_text())
    lost = Paper(held["certificate"], held["private_key"])
    with Stranger(site, lost).visit.visiting() as before:
        assert before.refusal == "", "it is let in until it is revoked"
    site.type("sync-server", "kiosk", "revoke", OTHER, "--reason", "kartu dicuri")
    site.broker.program.signal(signal.SIGHUP)
    until(lambda: "Reloading config" in site.broker.program.said(), site.broker.program.said)
    tries("revoked", lost, "certificate verify failed")

    other = ours.kiosk(OTHER)
    mark = len(site.broker.program.said())
    with Stranger(site, other).visit.visiting() as visitor:
        for topic in (topics.events(KID), topics.answers(KID), topics.receipts(KID)):
            assert visitor.publish(topic, b"forged") == 0x87, "not authorised, said in the PUBACK"
        wrong["other kiosk's topic"] = "0x87"
        visitor.subscribe("#")
        visitor.subscribe("e/#")
        crowd(device, 1000)
        site.settle()
        visitor.listen()
        assert set(visitor.heard) <= {t for t in visitor.heard if t.startswith("h/")}
        assert "Denied PUBLISH" in since(site, mark)
        wrong["wildcard"] = "Denied"
    with Stranger(site, other, client_id=KID).visit.visiting() as visitor:
        assert visitor.refusal == ""
        named = since(site, mark)
        assert f"as {OTHER} (p5" in named, "whatever it calls itself, it is itself"
        assert "already connected, closing old" not in named.replace(OTHER, "")
        wrong["other kiosk's client id"] = "its own name"
    mark = len(site.broker.program.said())
    old = Stranger(site, other, protocol=MQTTProtocolVersion.MQTTv311)
    with old.visit.visiting() as visitor:
        # mosquitto 2.0 lets it in and hides the refusal behind its PUBACK: what it forges goes nowhere.
        visitor.publish(topics.events(KID), b"forged by 3.1.1")
        until(
            lambda: visitor.refusal or f"'e/{topics.bucket(KID)}/{KID}'" in since(site, mark),
            lambda: since(site, mark),
        )
        wrong["MQTT 3.1.1"] = "Denied PUBLISH"
    crowd(device, 2000)
    site.settle()
    site.audit_ours()
    assert len(wrong) == 9, wrong
    assert site.agent.running()
    assert "uplink.down" not in site.agent.said()
