"""Updates on a machine that boots, with the units as they are shipped: one that holds and is gone back
from, one that starts, gets no receipt, and is taken back, and one that cannot start at all: no command
of its own would work, and somebody asks to go back.

Ten minutes are half a minute here: two figures of the keeper's copy are shortened, nothing else.
"""

import base64
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import release
from shipping.release import Named, make
from terminal_agent.releases import place
from tests.process.machine import ROOT, SYSTEMD, machine
from tests.process.office import Office, crowd, terminal, until

pytestmark = pytest.mark.all_only("needs root and systemd-container")

_UNITS = ("hadir-agent.service", "hadir-clock.service", "hadir.service", "hadir-update.service")
_LAUNCHER = """#!/opt/hadir/venv/bin/python
import os, sys
sys.dont_write_bytecode = True
here = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(here, "lib"))
from terminal_agent.cli import main
main()
"""
_BROKEN = "\n\nraise ImportError(__name__)\n"
_MUTE = "\n\nDispatch.take = lambda self, data: False\n"


@pytest.fixture(scope="module")
def key():
    return Ed25519PrivateKey.generate()


def tree(folder: Path, key, more: str = "") -> Path:
    """A small release: our code as it is, the libraries of this machine."""
    for package in ("terminal_agent", "contract"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / "lib" / package, ignore=ignored)
    (folder / "bin").mkdir()
    (folder / "bin/terminal-agent").write_text(_LAUNCHER)
    (folder / "bin/terminal-agent").chmod(0o755)
    public = key.public_key().public_bytes_raw()
    (folder / "release.pub").write_bytes(base64.b64encode(public))
    proving = folder / "lib/terminal_agent/releases/proving.py"
    text = re.sub(r"(?m)^WINDOW = 600.0", "WINDOW = 30.0", proving.read_text())
    proving.write_text(re.sub(r"(?m)^STEADY = 60.0", "STEADY = 3.0", text))
    with (folder / "lib/terminal_agent/dispatch.py").open("a") as file:
        file.write(more)
    return folder


def install(host, key) -> None:
    """What the package does; the command is the release's that has proven itself."""
    kiosk = host.root / "opt/hadir/kiosk"
    shutil.rmtree(kiosk / "current")
    tree(kiosk / "releases/0.1.0", key)
    for name in ("current", "keeper"):
        place.point(kiosk / name, "0.1.0")
    command = host.root / "usr/bin/terminal-agent"
    command.symlink_to("/opt/hadir/kiosk/keeper/bin/terminal-agent")
    shutil.copy(SYSTEMD / "hadir-update.path", host.root / "etc/systemd/system")


def move_in(host, office) -> None:
    """What the office has made becomes the machine's."""
    etc = host.root / "etc/hadir"
    etc.mkdir()
    for name, state in (("agent", office.agent_state), ("server", office.server_state)):
        its = host.root / "var/lib/hadir" / name
        text = (office.folder / f"{name}.toml").read_text()
        text = text.replace(str(state), f"/var/lib/hadir/{name}")
        (etc / f"{name}.toml").write_text(text.replace(str(office.door), "/run/hadir/agent.sock"))
        shutil.copytree(state, its)
        for path in (its, *its.rglob("*")):
            os.chown(path, *host.uid(f"hadir-{name}"))
    office.agent_state = host.root / "var/lib/hadir/agent"
    office.server_state = host.root / "var/lib/hadir/server"


def released(host, key, version: str, more: str = "") -> str:
    """A release file in the machine; where it lies there."""
    made = tree(host.root / "root-made" / version, key, more)
    file = host.root / f"opt/hadir/{version}.hadir"
    make(made, Named(version, place.arch(), release.numbered(version), 0), key, file)
    return f"/opt/hadir/{version}.hadir"


def typed(host, *words: str) -> dict[str, object]:
    """A command as the agent's user, and the object that it printed."""
    line = ("setpriv", "--reuid=hadir-agent", "--regid=hadir-agent", "--clear-groups")
    found = "LD_LIBRARY_PATH=/opt/hadir/python/lib"
    said = host.inside(*line, "/usr/bin/env", found, "terminal-agent", *words, "--json")
    assert said, f"{words}\n{host.report()}"
    return json.loads(said)


def test_a_release_that_gets_no_receipt_is_taken_back_and_a_good_one_stays(tmp_path, key):
    with machine(tmp_path / "machine") as host, Office(tmp_path) as office:
        device = terminal()
        crowd(device, 1, 20)
        office.furnish(device)
        move_in(host, office)
        install(host, key)
        for unit in _UNITS:
            host.drop_in(unit, "")
        with host.booted(*_UNITS, "hadir-update.path"):
            until(office.arrived, lambda: f"{office.report()}\n{host.report()}")
            word = office.agent_state / "update/word.json"
            until(lambda: json.loads(word.read_bytes())["heard"], host.report)

            told = typed(host, "update", released(host, key, "0.2.0"))
            assert (told["did"], told["version"]) == ("installed", "0.2.0"), host.report()
            assert "releases/0.2.0" in host.inside(
                "readlink", "-f", "/opt/hadir/kiosk/current/bin/terminal-agent"
            )
            crowd(device, 1000, 20)
            until(office.arrived, lambda: f"{office.report()}\n{host.report()}")

            told = typed(host, "update", released(host, key, "0.3.0", _MUTE))
            assert (told["did"], told["reason"]) == ("rolled_back", "release_no_receipt")
            links = host.inside("readlink", "/opt/hadir/kiosk/current", "/opt/hadir/kiosk/keeper")
            assert links.split() == ["releases/0.2.0"] * 2
            crowd(device, 2000, 20)
            until(office.arrived, lambda: f"{office.report()}\n{host.report()}")

            with ThreadPoolExecutor() as somebody:
                waits = somebody.submit(
                    typed, host, "update", released(host, key, "0.4.0", _BROKEN)
                )
                until(lambda: typed(host, "status")["update"]["on_trial"] == "0.4.0", host.report)
                told = typed(host, "rollback")
                assert (told["reason"], told["came_from"]) == ("release_asked_back", "0.2.0")
                assert waits.result()["did"] == "rolled_back"

            told = typed(host, "rollback")
            assert (told["did"], told["version"]) == ("back", "0.1.0")
            told = typed(host, "rollback")
            assert (told["did"], told["reason"]) == ("refused", "release_no_previous")
            crowd(device, 3000, 20)
            until(office.arrived, lambda: f"{office.report()}\n{host.report()}")
            assert office.wrong() == [], office.report()
