"""The cable that technicians rehearse with: it delays, narrows and cuts what TCP carries."""

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from simulators.relay import Cable, Relay

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def echo():
    """A port of 127.0.0.1 that sends back whatever comes."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve(wire):
        with wire:
            while data := wire.recv(65536):
                wire.sendall(data)

    def accept():
        while True:
            try:
                wire, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(wire,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield door.getsockname()[1]
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def dialled(port):
    wire = socket.create_connection(("127.0.0.1", port), 5)
    wire.settimeout(5)
    return wire


def there_and_back(wire, data):
    """Send, and read as much again; the seconds that it took."""
    began = time.monotonic()
    wire.sendall(data)
    got = b""
    while len(got) < len(data):
        piece = wire.recv(65536)
        if not piece:
            raise ConnectionError("hung up")
        got += piece
    assert got == data
    return time.monotonic() - began


def test_a_long_cable_takes_its_time_both_ways(echo):
    with Relay(echo, Cable(delay=0.05)) as relay, dialled(relay.port) as wire:
        there_and_back(wire, b"x")
        assert there_and_back(wire, b"x") >= 0.1


def test_a_thin_cable_carries_what_its_rate_allows_and_loses_nothing(echo):
    """2,000 bytes at 80 kbit/s are 0.2 s."""
    with Relay(echo, Cable(rate=80_000)) as relay, dialled(relay.port) as wire:
        assert there_and_back(wire, bytes(2_000)) >= 0.2
        assert relay.carried == 4_000


def test_bytes_arrive_whole_and_in_order_however_many(echo):
    with Relay(echo) as relay, dialled(relay.port) as wire:
        there_and_back(wire, bytes(range(256)) * 200)


def test_a_cut_takes_what_is_under_way_and_hangs_up_until_it_is_restored(echo):
    with Relay(echo, Cable(delay=0.2)) as relay:
        with dialled(relay.port) as wire:
            wire.sendall(b"under way")
            relay.cut()
            with pytest.raises((ConnectionError, TimeoutError)):
                there_and_back(wire, b"x")
        with dialled(relay.port) as wire, pytest.raises((ConnectionError, TimeoutError)):
            there_and_back(wire, b"x")
        relay.restore()
        with dialled(relay.port) as wire:
            there_and_back(wire, b"whole again")


def test_the_command_cuts_and_restores_as_it_is_told(echo):
    command = [sys.executable, "-m", "simulators.relay", "127.0.0.1", str(echo)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as child:
        port = int(child.stdout.readline())
        with dialled(port) as wire:
            there_and_back(wire, b"x")
            child.stdin.write("cut\n")
            child.stdin.flush()
            assert child.stdout.readline() == "cut carried=2\n"
            with pytest.raises((ConnectionError, TimeoutError)):
                there_and_back(wire, b"x")
        said, complained = child.communicate("restore\nfly\n", timeout=10)
    assert said == "restore carried=2\n"
    assert complained == "not known: fly. Type: cut, or restore\n"
    assert child.returncode == 0
