"""The emulated satellite link, with real sockets in real network namespaces."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulators import link
from simulators.link import CENTRE, Habits, Link, weather

pytestmark = pytest.mark.all_only("needs root")
ROOT = Path(__file__).parent.parent.parent

# Answers every datagram; then a program that sends so many, each after the answer to the one before.
ECHO = """
import socket
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind(("10.77.0.2", 7))
print("up", flush=True)
while True:
    data, who = wire.recvfrom(2000)
    wire.sendto(data, who)
"""
ASK = """
import socket, sys, time
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.connect(("10.77.0.2", 7))
wire.settimeout(float(sys.argv[2]))
took, lost = [], 0
for _ in range(int(sys.argv[1])):
    began = time.monotonic()
    try:
        wire.send(b"x" * 100)
        wire.recv(2000)
        took.append(time.monotonic() - began)
    except (TimeoutError, ConnectionRefusedError):
        lost += 1
print(lost, *took)
"""


@pytest.fixture(autouse=True)
def _possible():
    if why := link.missing():
        pytest.skip(why)


@pytest.fixture
def echoing():
    """Make a link whose far end answers."""
    with_links = []

    def make(*ways, **how):
        wire = Link(*ways, **how).__enter__()
        with_links.append(wire)
        echo = wire.spawn("centre", [sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True)
        assert echo.stdout.readline() == "up\n"
        with_links.append(echo.stdout)
        return wire

    yield make
    for one in reversed(with_links):
        one.close()


def ask(wire, times, patience=5.0):
    """How many answers never came, and the seconds that each other took."""
    said = wire.run_in("kiosk", [sys.executable, "-c", ASK, str(times), str(patience)]).split()
    return int(said[0]), [float(took) for took in said[1:]]


def namespaces(pid):
    """The namespaces that a carrier has made."""
    return sorted(path.name for path in Path("/run/netns").glob(f"hadir-{pid}-*"))


def test_a_round_trip_of_600_ms_takes_600_ms(echoing):
    """Never less; what is more is this machine's load."""
    lost, took = ask(echoing(weather(600)), 3)
    assert lost == 0
    assert 0.6 <= min(took) < 0.62


def test_every_packet_is_counted_with_its_headers(echoing):
    """100 bytes in UDP over IPv4 are 128; nothing else is on the link."""
    wire = echoing(weather(20))
    ask(wire, 10)
    counters = wire.counters(reset=True)
    for way in (counters.up, counters.down):
        assert (way.offered.packets, way.offered.octets) == (10, 1280)
        assert way.delivered == way.offered
    assert counters.octets == 2560
    assert wire.counters().octets == 0


def test_a_cut_link_answers_nothing_and_a_mended_one_again(echoing):
    wire = echoing(weather(20))
    wire.cut()
    assert ask(wire, 2, 0.1) == (2, [])
    assert wire.mend().up.cut.packets == 2
    assert ask(wire, 2)[0] == 0


def test_the_same_seed_loses_the_same_packets(echoing):
    """A seed that is printed brings a failure back."""
    losing = weather(2, 0.4)
    assert 0 < ask(echoing(losing, seed=7), 30, 0.1)[0] == ask(echoing(losing, seed=7), 30, 0.1)[0]


def test_a_thin_link_takes_its_time(echoing):
    """128 bytes at 8 kbit/s are 128 ms."""
    _, took = ask(echoing(weather(bps=8_000), weather()), 2)
    assert min(took) >= 0.128


def test_tcp_at_both_ends_has_the_congestion_control_that_was_asked_for():
    """cubic, as on Raspberry Pi OS, whatever this machine has."""
    for wanted in ("cubic", "reno"):
        with Link(weather(2), tcp=Habits(wanted)) as wire:
            listen = (
                "import socket; a = socket.create_server(('10.77.0.2', 9)); print(flush=True); "
                + ("w, _ = a.accept(); print(w.getsockopt(6, 13, 16).rstrip(b'\\0').decode())")
            )
            server = wire.spawn("centre", [sys.executable, "-c", listen], stdout=subprocess.PIPE)
            server.stdout.readline()
            connect = f"import socket; w = socket.create_connection(('{CENTRE}', 9)); " + (
                "print(w.getsockopt(6, 13, 16).rstrip(b'\\0').decode())"
            )
            assert wire.run_in("kiosk", [sys.executable, "-c", connect]).strip() == wanted
            assert server.communicate()[0].decode().strip() == wanted


def test_namespaces_and_what_runs_in_them_are_gone_at_the_end():
    with Link(weather()) as wire:
        sleeper = wire.spawn("kiosk", ["sleep", "60"])
        pid = wire._carrier.pid
        assert len(namespaces(pid)) == 2
    assert sleeper.returncode == -signal.SIGKILL
    assert namespaces(pid) == []


def test_a_killed_test_leaves_nothing_behind():
    """SIGKILL takes the starter; the carrier tidies up. When both die, the next link does."""
    program = (
        "import time; from simulators.link import Link, weather\n"
        "with Link(weather()) as wire:\n"
        "    wire.spawn('kiosk', ['sleep', '60'])\n"
        "    print(wire._carrier.pid, flush=True); time.sleep(60)"
    )
    for also_the_carrier in (False, True):
        starter = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        with starter.stdout:
            pid = int(starter.stdout.readline())
        assert len(namespaces(pid)) == 2
        if also_the_carrier:
            os.kill(pid, signal.SIGKILL)
        starter.kill()
        starter.wait()
        deadline = time.monotonic() + 10
        while namespaces(pid) and time.monotonic() < deadline:
            if also_the_carrier:
                Link(weather()).__enter__().close()
            time.sleep(0.05)
        assert namespaces(pid) == []


def test_the_command_runs_a_program_over_the_link_and_prints_the_counters():
    command = [sys.executable, "-m", "simulators.link", "--rtt", "10"]
    ask_nobody = [sys.executable, "-c", ASK, "2", "0.1"]
    done = subprocess.run([*command, *ask_nobody], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    counters = json.loads(done.stderr)
    assert counters["up"]["offered"]["packets"] == 2
    assert re.match("2", done.stdout)
