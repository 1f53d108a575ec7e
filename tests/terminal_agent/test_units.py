"""Which units a kiosk runs: what its configuration and its enrolment ask for."""

import pytest
from click.testing import CliRunner

from contract.invitation import Invitation
from terminal_agent import cli, identity, units
from terminal_agent.errors import SourceMisconfigured
from tests.process.machine import SYSTEMD

INVITED = Invitation("T07A", "127.0.0.1", 1883, False, "", bytes(32), bytes(32), bytes(32))
_SETTLED = (
    "hadir-clock.service",
    "hadir-agent.service",
    "hadir-camera.service",
    "hadir-kiosk.service",
    "hadir-setup.service",
)


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "agent.toml"
    made.write_text(f'[kiosk]\nstate = "{tmp_path}/state"\n')
    return made


def enrolled(file):
    """As a kiosk is that has its key and its invitation."""
    identity.install(INVITED, file.parent / "state")
    return file


def running(file) -> set[str]:
    found = units.wanted(file, SYSTEMD)
    assert "hadir-web.service" not in found, "the centre's units are not the kiosk's"
    assert "hadir-ingest@.service" not in found
    return {name for name in _SETTLED if found[name]}


def test_a_kiosk_that_is_not_enrolled_waits_on_its_setup_page_and_starts_no_agent(file):
    file.write_text(file.read_text() + '[camera]\nsource = "picamera2"\n[screen]\n')
    assert running(file) == {"hadir-clock.service", "hadir-setup.service"}


def test_a_camera_and_a_screen_run_where_the_configuration_names_them(file):
    enrolled(file)
    assert running(file) == {"hadir-clock.service", "hadir-agent.service"}
    file.write_text(file.read_text() + '[camera]\nsource = "picamera2"\n[screen]\n')
    assert running(file) == {*_SETTLED} - {"hadir-setup.service"}


def test_a_configuration_that_cannot_be_read_starts_nothing(file):
    file.write_text("[kiosk]\nzone = 7\n")
    with pytest.raises(SourceMisconfigured):
        units.wanted(file, SYSTEMD)


def test_the_command_says_what_would_run_and_what_to_do_next(file, monkeypatch):
    monkeypatch.setattr(units, "FOLDER", SYSTEMD)
    told = CliRunner().invoke(cli.main, ["--config", str(file), "units", "--dry-run"])
    assert told.exit_code == 0, told.output
    assert "hadir-clock.service: dijalankan" in told.output
    assert "hadir-agent.service: tidak dijalankan" in told.output
    assert "terminal-agent enrol-kiosk" in told.output


def test_without_the_package_the_command_says_to_install_it(file, monkeypatch, tmp_path):
    monkeypatch.setattr(units, "FOLDER", tmp_path)
    told = CliRunner().invoke(cli.main, ["--config", str(file), "units"])
    assert told.exit_code == 2
    assert "apt install" in told.output
