"""What the centre's technician is told about releases, and whose the files are that root's commands make."""

import os
import shutil
import subprocess
import sys

import pytest

from shipping.release import born
from tests.sync_server.test_server_cli import Desktop
from tests.terminal_agent.releases.site import Site

DONE, BROKEN, WRONG = 0, 1, 2
STRACE = shutil.which("strace")
_ADD = """
import sys
from pathlib import Path
from sync_server import release_store
release_store.add(*map(Path, sys.argv[1:]))
"""


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    """A centre with kiosk T07A."""
    monkeypatch.chdir(tmp_path)
    desktop = Desktop(tmp_path)
    invite = ("kiosk", "invite", "T07A", "--opd", "1.01", "--to", tmp_path / "T07A.json")
    assert desktop.type(*invite).exit_code == DONE
    return desktop


@pytest.fixture
def file(tmp_path):
    """A release file; what signs it is beside its tree."""
    return Site(tmp_path / "made").file("0.2.0")


@pytest.fixture
def key(tmp_path, file):
    return tmp_path / "made/made/0.2.0/release.pub"


def test_a_roll_out_to_a_kiosk_that_nobody_knows_asks_nobody_and_says_which(desktop, file, key):
    assert desktop.type("release", "add", file, "--key", key).exit_code == DONE
    words = ("release", "roll-out", "0.2.0", "--kid", "T07A", "--kid", "T99Z")
    done = desktop.type(*words)
    assert done.exit_code == WRONG
    assert "T99Z is no kiosk here" in done.stderr
    assert '"kiosks":[]' in desktop.type("release", "list", "--json").stdout
    assert desktop.type("kiosk", "revoke", "T07A", "--reason", "hilang").exit_code == DONE
    done = desktop.type("release", "roll-out", "0.2.0", "--kid", "T07A")
    assert done.exit_code == WRONG
    assert "Kiosk T07A was revoked" in done.stderr


def test_a_roll_out_that_reaches_nobody_says_so_and_what_to_type(desktop, file, key):
    desktop.type("release", "add", file, "--key", key)
    assert desktop.type("release", "roll-out", "0.2.0").exit_code == DONE
    done = desktop.type("release", "roll-out", "0.2.0")
    assert done.exit_code == BROKEN
    assert "No kiosk was asked" in done.stderr
    assert "--percent 50" in done.stderr


def test_what_is_no_release_key_is_named_and_is_not_remembered(desktop, file, key, tmp_path):
    born(tmp_path / "hadir-release.pem", b"")
    for wrong in ("hadir-release.pem", "server.toml", "missing.pub"):
        done = desktop.type("release", "add", file, "--key", wrong)
        assert done.exit_code == WRONG
        assert wrong in done.stderr
        assert wrong == "missing.pub" or "This is no release key" in done.stderr
    done = desktop.type("release", "add", file, "--key", "hadir-release.pub")
    assert done.exit_code == WRONG
    assert "not signed by a key of hadir-release.pub" in done.stderr
    assert "has no release key" in desktop.type("release", "add", file).stderr
    assert desktop.type("release", "add", file, "--key", key).exit_code == DONE
    assert desktop.type("release", "add", file).exit_code == DONE


def test_a_version_is_one_build_and_the_other_is_refused_with_words(desktop, file, key, tmp_path):
    assert desktop.type("release", "add", file, "--key", key).exit_code == DONE
    assert desktop.type("release", "add", file).exit_code == DONE, "the same one may come again"
    other, its = Site(tmp_path / "again").file("0.2.0"), tmp_path / "again/made/0.2.0/release.pub"
    done = desktop.type("release", "add", other, "--key", its)
    assert done.exit_code == WRONG
    assert "Make it again under a new version" in done.stderr


def test_a_file_that_the_disk_has_damaged_is_listed_as_such_and_stops_nothing(
    desktop, file, key, tmp_path
):
    assert desktop.type("release", "add", file, "--key", key).exit_code == DONE
    broken = tmp_path / "state/releases" / ("0" * 64 + ".hadir")
    broken.write_bytes(b"PK")
    done = desktop.type("release", "list")
    assert done.exit_code == DONE
    assert f"{broken.name} is damaged" in done.stderr
    assert "0.2.0 (" in done.stdout
    assert broken.name in desktop.type("release", "list", "--json").stdout
    assert desktop.type("release", "roll-out", "0.2.0").exit_code == DONE


@pytest.mark.all_only("needs strace")
@pytest.mark.skipif(STRACE is None, reason="strace is not installed: apt-get install strace")
def test_a_release_that_was_added_is_on_the_disk(tmp_path):
    """A name without its bytes would be a release that no kiosk can fetch."""
    made = Site(tmp_path / "made")
    file, state = made.file("0.2.0"), tmp_path / "server"
    state.mkdir()
    words = (sys.executable, "-c", _ADD, state, file, tmp_path / "made/made/0.2.0/release.pub")
    trace = tmp_path / "trace"
    line = (STRACE, "-f", "-y", "-e", "trace=fsync,rename", "-o", trace, *words)
    subprocess.run(line, check=True, timeout=60)
    seen = trace.read_text().splitlines()
    renamed = next(no for no, text in enumerate(seen) if "rename(" in text and ".hadir" in text)
    assert any("fsync(" in text and ".new>" in text for text in seen[:renamed])
    assert any("fsync(" in text and "/releases>" in text for text in seen[renamed:])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_types_leaves_nothing_that_the_service_cannot_read(desktop, file, key, tmp_path):
    state, broker = tmp_path / "state", tmp_path / "mosquitto"
    broker.mkdir()
    for path, owner in ((state, 4711), (broker, 4713)):
        os.chown(path, owner, owner)
    assert desktop.type("release", "add", file, "--key", key).exit_code == DONE
    certify = ("certify", "mqtt.contoh.go.id", "--to", broker)
    assert desktop.type(*certify).exit_code == DONE
    assert (state / "ca.key").exists()
    assert {path.stat().st_uid for path in state.rglob("*")} == {4711}
    assert {path.stat().st_uid for path in broker.iterdir()} == {4713}
    os.chown(broker / "broker.key", 4714, 4714)
    assert desktop.type(*certify).exit_code == DONE
    assert (broker / "broker.key").stat().st_uid == 4714, "the broker reads its own key"
