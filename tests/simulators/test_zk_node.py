"""zkteco-js, unchanged, reads the simulated terminal whole: a client in another language."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from simulators.zk import profiles, wire
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from tests.simulators.raw import device

PEER = Path(__file__).parent / "zkteco_js"
CACHE = Path(__file__).parents[2] / ".hadir" / "npm"


@pytest.fixture(scope="session")
def zkteco_js():
    """Where zkteco-js is installed; installed once for every lock file, offline afterwards."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("node and npm are not installed (Debian: apt-get install nodejs npm)")
    lock = (PEER / "package-lock.json").read_bytes()
    home = CACHE / hashlib.sha256(lock).hexdigest()[:12]
    if not (home / "done").exists():
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PEER / name, home)
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=home, check=True, capture_output=True)
        (home / "done").touch()
    return home / "node_modules"


def row(punch):
    year, month, day, hour, minute, second = wire.fields_of(punch.code)
    when = f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    return f"{punch.uid}|{punch.pin}|{when}|{punch.verify}|{punch.state}\n"


@pytest.mark.all_only("needs nodejs and npm")
def test_zkteco_js_reads_twenty_thousand_punches_from_a_paced_terminal(zkteco_js):
    terminal = device(profiles.PACED)
    furnish(terminal, 20_000)
    with Terminal(terminal) as served:
        run = subprocess.run(
            ["node", str(PEER / "read.js"), served.address, str(served.port)],
            env={**os.environ, "NODE_PATH": str(zkteco_js), "TZ": "UTC"},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout.splitlines()[-1])
    digest = hashlib.sha256("".join(map(row, terminal.log.punches)).encode()).hexdigest()
    assert seen == {"users": 70, "rows": 20_000, "digest": digest}
    assert served.traffic.counts()[wire.DISABLE] == 0
