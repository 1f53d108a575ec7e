"""The production broker's configuration as it is shipped, and what the doctor says of worse ones."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulators.zk.sample import furnish
from sync_server import cli
from tests.process.copies import KID
from tests.process.office import Mosquitto, Office, free_port, terminal

pytestmark = pytest.mark.all_only("needs mosquitto")

SHIPPED = Path(__file__).parents[2] / "systemd/mosquitto"


class Site:
    """A centre's configuration and a broker that runs the shipped files, or a worse copy."""

    def __init__(self, folder, port=None):
        self.folder, self.port = folder, port or free_port()
        self.config = folder / "server.toml"
        self.config.write_text(
            f'state = "{folder / "server"}"\n[broker]\nport = {self.port}\n'
            "embedded = false\nmutual = true\n"
        )
        self.type("certify", "127.0.0.1", "--to", str(folder / "etc"))
        rules = (SHIPPED / "hadir.acl").read_text()
        (folder / "etc/hadir.acl").write_text(rules)
        lax = ("readwrite h/+", "write s/+", "write r/+", "readwrite c/+", "read a/+")
        (folder / "etc/lax.acl").write_text(
            "\n".join(f"pattern {one}" for one in lax) + "\n" + rules
        )

    def type(self, *words):
        line = ["--config", str(self.config), "--lang", "en", *words]
        return CliRunner().invoke(cli.main, line, catch_exceptions=False)

    def broker(self, edit=lambda text: text):
        """The shipped hadir.conf, with this site's folder and port, edited."""
        conf = (SHIPPED / "hadir.conf").read_text()
        conf = conf.replace("/etc/mosquitto/hadir", str(self.folder / "etc"))
        conf = conf.replace("listener 8883", f"listener {self.port} 127.0.0.1")
        return Mosquitto(self.port, self.folder, conf="user root\n" + edit(conf))

    def findings(self):
        """What the doctor finds wrong, and its exit code."""
        done = self.type("doctor", "--json")
        if done.exit_code == 3:
            return None, 3
        found = json.loads(done.stdout)["findings"]
        assert {one["code"] for one in found} >= {
            "takes_session",
            "poses_as_centre",
            "broker_certificate",
        }
        return {one["code"] for one in found if not one["good"]}, done.exit_code


@pytest.fixture
def site(tmp_path):
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    return Site(tmp_path)


def without(option):
    """The configuration without the lines of an option."""
    return lambda text: "\n".join(line for line in text.splitlines() if not line.startswith(option))


def anonymous(text):
    text = text.replace("require_certificate true", "require_certificate false")
    text = text.replace("allow_anonymous false", "allow_anonymous true")
    return without("use_")(text)


WORSE = {
    "no rules who may read and write what": (
        without("acl_file"),
        {"reads_others", "publishes_as_others", "poses_as_centre"},
    ),
    "a kiosk may stop the fleet and speak for others": (
        lambda text: text.replace("hadir.acl", "lax.acl"),
        {"reads_others", "publishes_as_others", "poses_as_centre"},
    ),
    "a certificate is not asked for": (anonymous, {"no_certificate", "takes_session"}),
    "a kiosk may call itself as it likes": (
        without("use_username_as_clientid"),
        {"takes_session"},
    ),
    "packets may have any size": (without("max_packet_size"), {"packet_bound"}),
    "packets may not hold a batch": (
        lambda text: text.replace("max_packet_size 65536", "max_packet_size 40000"),
        {"packet_fits"},
    ),
    "retained messages are off": (lambda text: text + "\nretain_available false\n", {"retain"}),
}


def test_the_shipped_broker_admits_only_whom_hadir_certified_and_each_only_as_itself(site):
    broker = site.broker()
    broker.start()
    wrong, code = site.findings()
    broker.stop()
    # Debian's mosquitto 2.0 cannot refuse MQTT 3.1.1; a Hadir kiosk never speaks it.
    assert wrong <= {"old_protocol"}
    assert code == 0


@pytest.mark.parametrize("worse", WORSE)
def test_the_doctor_names_a_dangerous_default(site, worse):
    edit, expected = WORSE[worse]
    broker = site.broker(edit)
    broker.start()
    wrong, code = site.findings()
    broker.stop()
    assert expected <= wrong
    assert code == 1


def test_punches_arrive_over_the_shipped_broker_and_the_kiosk_can_be_asked(tmp_path):
    """Kiosk and centre show certificates that Hadir made; nobody copied one by hand."""
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    with Office(tmp_path, own_broker=False, mutual=True) as office:
        broker = Site(tmp_path, office.port).broker()
        broker.start()
        device = terminal()
        furnish(device.device, 300)
        office.furnish(device)
        office.start()
        office.settle()
        office.audit()
        office.type("sync-server", "kiosk", "send", KID, "pull", "--wait", "20")
        office.agent.stop()
        office.server.stop()
        broker.stop()


def test_the_embedded_broker_is_open_to_this_machine_only_and_that_is_said(tmp_path):
    with Office(tmp_path) as office:
        office.furnish(terminal())
        office.server.start().wait_for("broker.connected")
        found = json.loads(office.type("sync-server", "doctor", "--json"))["findings"]
        assert [(one["code"], one["good"]) for one in found] == [("only_local", True)]


def test_a_broker_that_does_not_answer_is_out_of_reach_not_healthy(site):
    assert site.findings() == (None, 3)
