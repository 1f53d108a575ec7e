"""An office that only people reach: real commands, with the agent running and without it."""

import json
import os
import subprocess

import pytest

from simulators.zk.sample import furnish
from tests.process.office import BIN, crowd, terminal, until


def typed(office, program, *words, stdin=None):
    """Type a command as a process of its own: exit code, stdout, stderr."""
    side = {"terminal-agent": "agent", "sync-server": "server"}[program]
    line = [BIN / program, "--config", office.folder / f"{side}.toml", *words]
    env = {**os.environ, "LANG": "id_ID.UTF-8"}
    done = subprocess.run(line, capture_output=True, input=stdin, env=env, timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture
def island(office, tmp_path):
    """The agent has read its terminal and reaches nobody; a stick is mounted."""
    device = terminal()
    furnish(device.device, 300)
    office.furnish(device)
    office.agent.start()
    until(lambda: office.journalled() == len(office.held()), office.report)
    (tmp_path / "stick").mkdir()
    return office, tmp_path / "stick"


def test_a_stick_closes_the_loop_while_the_agent_runs(island):
    office, stick = island
    code, _, said = typed(office, "terminal-agent", "export", "--to", stick)
    assert code == 0
    assert "sync-server import" in said, "what to do next"
    code, told, said = typed(office, "sync-server", "import", stick)
    assert (code, office.stored()) == (0, 300)
    assert "import-receipts" in said
    assert b"T07A: " in told
    assert sorted(file.suffix for file in stick.iterdir()) == [".hadir", ".receipt"]
    code, _, said = typed(office, "terminal-agent", "import-receipts", stick)
    assert code == 0, said
    assert "Diterima pusat sampai peristiwa" in said
    office.settle()
    assert office.agent.running()
    assert list((office.agent_state / "receipts").iterdir()) == [], "nothing is left behind"
    code, _, said = typed(office, "terminal-agent", "import-receipts", stick)
    assert (code, "Tidak ada yang baru" in said) == (0, True)


def test_a_code_closes_the_loop_while_the_agent_is_stopped(island):
    office, _ = island
    office.agent.stop()
    code, said, _ = typed(office, "terminal-agent", "export", "--qr", "--json")
    texts = json.loads(said)["texts"]
    assert code == 0
    first, second, *others = texts  # scans, and who is enrolled on the terminal
    lines = "\n".join([second, "HADIR:1/1:HELLO", first, *others, ""]).encode()
    code, said, complaint = typed(office, "sync-server", "import", "--text", "-", stdin=lines)
    assert (code, office.stored()) == (1, 300), "the rest is taken"
    assert "-:2: bukan teks QR kios" in complaint
    short = said.decode().split("--code ")[1].split()[0]
    returned = said.decode().split()[-1]
    code, _, said = typed(office, "terminal-agent", "import-receipts", "--code", short[:-1] + "U")
    assert (code, "salah ketik" in said) == (1, True)
    code, _, said = typed(office, "terminal-agent", "import-receipts", "--code", short.lower())
    assert (code, "0 masih menunggu" in said) == (0, True)
    code, _, said = typed(office, "terminal-agent", "import-receipts", "--code", returned)
    assert (code, "Tidak ada yang baru" in said) == (0, True)
    office.settle()


@pytest.mark.all_only("takes ten seconds")
def test_sticks_and_the_link_together_lose_and_double_nothing(island):
    """The link comes back while a stick is under way."""
    office, stick = island
    typed(office, "terminal-agent", "export", "--to", stick)
    office.server.start()
    crowd(office.terminals[0], 5_000)
    office.settle()
    code, told, _ = typed(office, "sync-server", "import", stick, "--json")
    [kiosk] = json.loads(told)["kiosks"]
    assert (code, kiosk["new"], kiosk["missing_from"]) == (0, 0, 0)
    assert typed(office, "terminal-agent", "import-receipts", stick)[0] == 0
    crowd(office.terminals[0], 6_000)
    office.settle()
    office.audit()
    assert office.agent.running()
