"""Whom the broker admits, tried on a real mosquitto with the files as they are shipped, and how a kiosk
comes by its certificate, loses it, and finds the way back."""

import html
import http.client
import json
import re
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
from terminal_agent import identity
from tests.process.copies import KID, rows_of
from tests.process.office import (
    BIN,
    COMM_KEY,
    Mosquitto,
    Office,
    Program,
    crowd,
    free_port,
    terminal,
    until,
)
from tests.process.papers import aged, door_of_another, in_1970

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
        """Everything arrived, once, whatever others tried; what keeps the books may still be on its way."""
        until(lambda: not self.wrong(), lambda: f"{self.wrong()} {self.report()}", step=0.5)

    def goes_on(self, first):
        """More punches, and all of them arrive."""
        crowd(self.terminals[0], first)
        self.settle()

    def revoke(self, kid=KID):
        """As a technician does it: the command, and the broker reads the list."""
        self.type("sync-server", "kiosk", "revoke", kid, "--reason", "kartu dicuri")
        before = self.broker.program.said().count("Reloading config")
        self.broker.program.signal(signal.SIGHUP)
        self.broker.program.wait_for("Reloading config", before + 1)

    def paper(self):
        """What status --json says of the certificate."""
        told = json.loads(self.type("terminal-agent", "status", "--json"))
        return told["certificate"]

    def again(self):
        """systemd's part: the agent ended by itself, cleanly, and is started again."""
        assert self.agent.ended() == 0, self.agent.said()[-2000:]
        self.agent.start()

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
    site.revoke(OTHER)
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


def renewed(site, before):
    """The kiosk is known by a new certificate and a new MAC key, and both sides agree on them."""
    now = identity.load(site.agent_state)
    assert not identity.on_trial(site.agent_state), "it has proven itself"
    assert now.certificate != before.certificate
    assert now.private_key != before.private_key
    assert now.mac_key != before.mac_key
    ledger = site.server_state / "ledger.db"
    [(key,)] = rows_of(ledger, f"SELECT mac_key FROM kiosk WHERE kid = '{KID}'")  # noqa: S608
    assert key == now.mac_key, "the centre has changed over as well"
    assert rows_of(ledger, "SELECT who, whom FROM access WHERE did = 'kiosk_renewed'") == [
        (KID, KID)
    ]


def test_a_certificate_that_ends_soon_is_renewed_over_the_command_channel(site):
    """The agent begins anew with the new key and certificate, and no punch is lost on the way."""
    site.open()
    before = aged(site, 370)
    site.agent.start()
    crowd(site.terminals[0], 1)
    site.again()
    site.settle()
    site.goes_on(1000)
    until(lambda: "certificate.proven" in site.agent.said(), site.report)
    renewed(site, before)
    assert site.paper()["state"] == "good"
    assert "enrol" not in site.server.said().partition("enrol.opened")[2], "nobody came to the door"
    site.audit_ours()


@pytest.mark.parametrize("year", ["now", "1970"])
def test_a_kiosk_whose_certificate_ended_renews_at_the_door_also_with_its_clock_in_1970(
    site, tmp_path, year
):
    site.open()
    before = aged(site, 500)
    if year == "1970":
        in_1970(site, tmp_path)
    site.agent.start()
    crowd(site.terminals[0], 1)
    site.again()
    site.settle()
    until(lambda: "certificate.proven" in site.agent.said(), site.report)
    renewed(site, before)
    if (
        year == "1970"
    ):  # the time that the centre told does not put right the clock that OpenSSL reads
        site.agent.stop()
        site.agent.start()
    site.goes_on(1000)
    assert (site.paper()["state"], site.paper()["reason"]) == ("good", "")
    site.audit_ours()


def test_a_kiosk_that_asks_is_let_in_once_a_person_has_typed_the_code_that_it_shows(site, tmp_path):
    site.broker.start()
    site.server.start().wait_for("enrol.opened")
    _, how = site.says("sync-server", "kiosk", "approve")
    address = re.search(r"'(hadir:[^']+)' --ask", how)[1]
    command = (BIN / "terminal-agent", "--config", site.folder / "agent.toml", "enrol-kiosk")
    asking = Program(tmp_path / "asking.log", *command, address, "--ask").start()
    try:
        until(lambda: re.search(r"[A-Z2-7]{5}-[A-Z2-7]{5}", asking.said()), asking.said)
        code = re.search(r"[A-Z2-7]{5}-[A-Z2-7]{5}", asking.said())[0]
        assert not (site.agent_state / "invitation.json").exists()
        assert code in site.type("sync-server", "kiosk", "approve")
        site.type("sync-server", "kiosk", "approve", code, KID, "--opd", "1.01")
        assert asking.ended() == 0, asking.said()
    finally:
        asking.stop()
    site.agent.start()
    site.goes_on(1)
    site.audit_ours()


def test_a_revoked_kiosk_says_so_on_its_screen_and_in_status_and_goes_on_recording(site, tmp_path):
    site.open()
    port = free_port()
    file = site.folder / "agent.toml"
    file.write_text(file.read_text() + f"[screen]\nport = {port}\nsound = false\n")
    site.agent.start()
    site.goes_on(1)
    site.agent.stop()
    site.revoke()
    site.agent.start()
    command = (BIN / "terminal-agent", "--config", file, "kiosk")
    screen = Program(tmp_path / "screen.log", *command)
    try:
        screen.start()
        until(lambda: site.paper()["reason"] == "certificate_revoked", site.report, step=0.5)
        assert site.paper()["state"] == "refused"
        assert "The centre has revoked this kiosk" in site.says("terminal-agent", "status")[1]
        shown = "the centre refuses this kiosk's certificate"
        until(lambda: shown in html.unescape(first_news(port)), lambda: first_news(port), step=0.5)
        crowd(site.terminals[0], 1000)
        until(lambda: site.journalled() == 500, site.report)
        assert site.stored() == 250
    finally:
        screen.stop()
    site.type("terminal-agent", "enrol-kiosk", site.token(KID, "replace", KID))
    site.agent.stop()
    site.agent.start()
    site.settle()
    until(lambda: site.paper()["reason"] == "", lambda: str(site.paper()), step=0.5)
    assert site.paper()["state"] == "good"


def first_news(port):
    """What the screen is told first; "" while it does not answer."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wire.request("GET", "/events?lang=en")
        return wire.getresponse().read1(65_536).decode()
    except OSError:
        return ""
    finally:
        wire.close()


def test_a_kiosk_says_nothing_at_a_door_of_another_authority(site, tmp_path):
    """Neither to one that shows its own authority, nor to one that shows ours and is another."""
    other = PrivateAuthority(tmp_path / "foreign", int(server.wall()))
    heard = []
    for shown in (other.file, site.server_state / "ca.pem"):
        with door_of_another(other, shown.read_bytes(), heard) as port:
            token = site.token(OTHER, "invite", OTHER, "--opd", "1.02")
            token = token.replace(f":{site.door_port}#", f":{port}#")
            file = site.folder / "thief.toml"
            file.write_text(f'[kiosk]\nstate = "{tmp_path / "new"}"\nclock = "host"\n')
            line = ["--config", str(file), "--lang", "en", "enrol-kiosk", token]
            done = CliRunner().invoke(agent_cli.main, line)
            assert done.exit_code == 2, done.output
            assert "Whoever answers is not the centre" in done.output, done.output
    assert heard == ["GET /ca.pem"] * 2, (
        "whom they would have us believe, and nothing was told them"
    )


def test_the_door_reads_no_long_letters_and_answers_nobody_more_than_once_a_second(site):
    site.server.start().wait_for("enrol.opened")
    context = ssl.create_default_context(cafile=site.server_state / "ca.pem")

    def post(length, body=b"", path="/api/v1/enrol"):
        wire = http.client.HTTPSConnection("127.0.0.1", site.door_port, context=context, timeout=10)
        wire.putrequest("POST", path)
        if length is not None:
            wire.putheader("Content-Length", length)
        wire.endheaders(body)
        answer = wire.getresponse()
        said = answer.read()
        wire.close()
        return answer.status, json.loads(said)["error"] if said else ""

    assert post("16385") == (413, "too_large")
    assert post("1000000000000") == (411, "bad_request")
    assert post(None) == (411, "bad_request")
    assert post("2", b"{}", "/api/v1/other") == (404, "")
    statuses = [post("2", b"{}") for _ in range(60)]
    assert statuses[0] == (400, "bad_request")
    assert statuses[-1] == (429, "too_many")
    assert statuses.count((400, "bad_request")) == 57, "60 a minute, three were asked before"
    code, said = site.says("terminal-agent", "enrol-kiosk", site.token())
    assert (code, "minute" in said) == (3, True), said
