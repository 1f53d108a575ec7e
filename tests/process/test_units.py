"""The units as they are shipped: how little they may touch, and that they run with it.

A hang is a stopped process (SIGSTOP): no thread of it beats any more. The watchdogs of the units are
shortened for the test, everything else is as shipped.
"""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.process.copies import rows_of
from tests.process.machine import ROOT, UNITS, machine
from tests.process.office import Office, crowd, free_port, terminal, until

pytestmark = pytest.mark.all_only("needs root and systemd-container")

_MOST = 15  # systemd-analyze counts in tenths
_BROWSER = 23  # it runs other people's code, and says why in its file
_FIRST_BOOT = (
    26  # root, once: it writes /etc and the card, enrols, and tries the camera and sensors
)
_ALLOWED = {"hadir-browser.service": _BROWSER, "hadir-firstboot.service": _FIRST_BOOT}
_OURS = (
    "hadir-agent.service",
    "hadir-camera.service",
    "hadir-clock.service",
    "hadir-kiosk.service",
    "hadir.service",
)
_SHORT = "WatchdogSec=6\n"
_TRIED = {"hadir-agent.service": "agent", "hadir-camera.service": "camera obama.jpg"}


def analysed(*words: str | Path) -> subprocess.CompletedProcess[str]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_may_touch_little_and_says_how_little(unit):
    most = _ALLOWED.get(unit.name, _MOST)
    done = analysed("security", "--offline=true", f"--threshold={most}", unit)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert done.returncode == 0, f"{unit.name}: {found and found[0]}, at most {most / 10}"
    assert f"gives {found[1]}" in unit.read_text(), f"{unit.name} is at {found[1]}: say so in it"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_process_of_ours_tells_systemd_that_it_lives_and_is_started_again(unit):
    text = unit.read_text()
    if "\nType=oneshot\n" in text:
        pytest.skip("it does one thing and ends")
    assert "\nRestart=always\n" in text
    if unit.name != "hadir-browser.service":
        assert "\nType=notify\n" in text
        assert re.search(r"(?m)^WatchdogSec=\d+$", text)
    assert "\nStartLimitIntervalSec=0\n" in text, "a kiosk is never given up"


def test_systemd_finds_nothing_to_complain_about(tmp_path):
    """It prints typos and unknown words, and ends with 0 all the same: silence is the proof."""
    for unit in UNITS:
        # The programs themselves are elsewhere on this machine; that they start is shown below.
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text())
        (tmp_path / unit.name.replace("@", "@1")).write_text(text)
    done = analysed("verify", "--man=no", *sorted(tmp_path.iterdir()))
    complaints = [
        line for line in (done.stdout + done.stderr).splitlines() if str(tmp_path) in line
    ]
    assert complaints == []
    assert done.returncode == 0, done.stderr


def hang(host, unit: str) -> None:
    """Stop a unit's process, and wait until the watchdog has had it started again."""
    before = int(host.shown(unit, "NRestarts"))
    host.inside("kill", f"-{signal.SIGSTOP.value}", host.shown(unit, "MainPID"))
    began = time.monotonic()
    until(lambda: int(host.shown(unit, "NRestarts") or 0) > before, host.report, 30)
    took = time.monotonic() - began
    until(lambda: host.shown(unit, "ActiveState") == "active", host.report)
    print(f"{unit}: started again {took:.1f} s after it hung, WatchdogSec=6")  # noqa: T201


@pytest.fixture
def site(tmp_path):
    """A machine with a kiosk and a centre on it, and the terminal that the kiosk reads."""
    with machine(tmp_path / "machine") as host, Office(tmp_path) as office:
        device = terminal()
        crowd(device, 1, 20)
        office.furnish(device)
        move_in(host, office)
        yield host, office, device


def move_in(host, office) -> None:
    """What the office has made becomes the machine's, and the machine's files the office's."""
    etc = host.root / "etc/hadir"
    etc.mkdir()
    office.screen_port = free_port()
    agent = (office.folder / "agent.toml").read_text()
    agent = agent.replace(str(office.agent_state), "/var/lib/hadir/agent")
    agent = agent.replace(str(office.door), "/run/hadir/agent.sock")
    agent += '[camera]\nsource = "/opt/hadir/tree/simulators/portraits#5?loop"\n'
    (etc / "agent.toml").write_text(
        f"{agent}[screen]\nport = {office.screen_port}\nsound = false\n"
    )
    server = (office.folder / "server.toml").read_text()
    (etc / "server.toml").write_text(
        server.replace(str(office.server_state), "/var/lib/hadir/server")
    )
    for name, state in (("agent", office.agent_state), ("server", office.server_state)):
        its = host.root / "var/lib/hadir" / name
        shutil.copytree(state, its)
        for path in (its, *its.rglob("*")):
            os.chown(path, *host.uid(f"hadir-{name}"))
    lib = host.root / "var/lib/hadir"
    office.agent_state, office.server_state = lib / "agent", lib / "server"


def test_a_scan_reaches_the_ledger_on_a_machine_of_these_units_and_a_hang_loses_nothing(site):
    host, office, device = site
    shutil.copy(ROOT / "tests/process/confined.py", host.root / "opt/hadir/confined.py")
    confined = "ExecStartPre=/opt/hadir/venv/bin/python /opt/hadir/confined.py"
    for unit in _OURS:
        side = _TRIED.get(unit)
        host.drop_in(unit, _SHORT + (f"{confined} {side}\n" if side else ""))
    with host.booted(*_OURS):
        for unit in _OURS:
            until(lambda u=unit: host.shown(u, "ActiveState") == "active", host.report)
        until(office.arrived, lambda: f"{office.report()}\n{host.report()}")
        page = f"http://127.0.0.1:{office.screen_port}/"
        assert urllib.request.urlopen(page, timeout=10).status == 200
        until(lambda: "role=camera" in host.log("hadir-agent.service"), host.report)
        until(lambda: "role=screen" in host.log("hadir-agent.service"), host.report)
        until(lambda: "camera.there" in host.log("hadir-camera.service"), host.report)
        assert oct((host.root / "etc/hadir/agent.toml").stat().st_mode & 0o777) == "0o640"

        for unit, first in (("hadir-agent.service", 1000), ("hadir.service", 2000)):
            hang(host, unit)
            crowd(device, first, 20)
            until(office.arrived, lambda: f"{office.report()}\n{host.report()}")
            assert "Fatal Python error: Aborted" in host.log(unit), "the log names what hung"
        assert office.wrong() == [], office.report()
        boot = host.inside("cat", "/proc/sys/kernel/random/boot_id").replace("-", "").encode()
        clocks = rows_of(
            office.agent_state / "journal.db", "SELECT record FROM event WHERE kind = 'clock'"
        )
        assert clocks
        assert all(boot in record for [record] in clocks), "systemd told the agent its boot id"
        for unit in _OURS:
            assert host.shown(unit, "ActiveState") == "active", host.report()
