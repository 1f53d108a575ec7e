"""`terminal-agent discover` on real network cards: a kiosk, a terminal, one that only pushes."""

import fcntl
import json
import os
import struct
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from simulators import namespaces

pytestmark = [
    pytest.mark.all_only("network namespaces need root"),
    pytest.mark.skipif(bool(namespaces.missing()), reason=namespaces.missing()),
]

TUNSETIFF, TUN_NO_PI = 0x400454CA, 0x1001  # linux/if_tun.h

HERALD = """
import sys, threading
from terminal_agent.discovery.kiosks import Herald
stop = threading.Event()
threading.Thread(target=Herald("T99", 8080, "1.2").run, args=(stop,)).start()
print("up", flush=True)
sys.stdin.read()
stop.set()
"""


# `ip netns exec` shows each namespace its own /sys, as a machine of its own would.


class Lan:
    """Three namespaces: a kiosk between an office's two networks, and a modem that is none."""

    def __init__(self, stack):
        self.stack = stack
        self.names = {side: f"{namespaces.PREFIX}{os.getpid()}-{side}" for side in "kab"}
        for name in self.names.values():
            ip("netns", "add", name)
            stack.callback(namespaces.remove, name)
            ip("-n", name, "link", "set", "lo", "up")

    def wire(self, side, network, mac):
        kiosk, other = self.names["k"], self.names[side]
        ip("-n", kiosk, "link", "add", f"eth{side}", "type", "veth", "peer", "name", "eth0")
        ip("-n", kiosk, "link", "set", "eth0", "netns", other, "address", mac)
        for name, link, last in ((kiosk, f"eth{side}", 2), (other, "eth0", 201)):
            ip("-n", name, "addr", "add", f"{network}.{last}/24", "brd", "+", "dev", link)
            ip("-n", name, "link", "set", link, "up")

    def modem(self):
        """A line to one far end, as modems have: every packet there is paid for."""
        kiosk = self.names["k"]
        with namespaces.entered(kiosk):
            self.line = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            self.stack.callback(os.close, self.line)
            fcntl.ioctl(self.line, TUNSETIFF, struct.pack("16sH22x", b"wwan0", TUN_NO_PI))
        ip("-n", kiosk, "addr", "add", "10.85.0.1/24", "dev", "wwan0")
        ip("-n", kiosk, "link", "set", "wwan0", "up")

    def paid_for(self):
        """The IPv4 packets that went to the modem (the kernel's own IPv6 chatter is not ours)."""
        packets = []
        with suppress(BlockingIOError):
            while packet := os.read(self.line, 2048):
                packets.append(packet)
        return [packet for packet in packets if packet[0] >> 4 == 4]

    @contextmanager
    def running(self, side, *words):
        command = ["ip", "netns", "exec", self.names[side], sys.executable, *words]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=here()
        ) as child:
            try:
                child.stdout.readline()
                yield
            finally:
                child.terminate()

    def discover(self):
        words = ["-m", "terminal_agent.cli", "--config", "/nonexistent", "discover", "--json"]
        program = "from terminal_agent.cli import main; main()"
        command = ["ip", "netns", "exec", self.names["k"], sys.executable, "-c", program]
        done = subprocess.run(
            [*command, *words[2:]], stdout=subprocess.PIPE, check=True, timeout=120, env=here()
        )
        return json.loads(done.stdout)


def here():
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def test_everything_on_the_offices_networks_is_found_and_nothing_goes_over_the_modem():
    with ExitStack() as stack:
        lan = Lan(stack)
        lan.wire("a", "10.83.0", "02:00:00:00:00:01")
        lan.wire("b", "10.84.0", "00:17:61:12:7e:04")
        lan.modem()
        simulator = ("-u", "-m", "simulators.zk", "--address", "10.83.0.201", "--serial", "A1")
        stack.enter_context(lan.running("a", *simulator))
        stack.enter_context(lan.running("a", "-c", HERALD))
        found = lan.discover()
        assert lan.paid_for() == []
    assert found["networks"] == ["10.83.0.0/24", "10.84.0.0/24"]
    terminals = [(one["address"], one["way"], one["serial"]) for one in found["terminals"]]
    assert terminals == [("10.83.0.201", "tcp", "A1"), ("10.84.0.201", "push", "")]
    assert [one["mac"] for one in found["terminals"]] == ["", "00:17:61:12:7e:04"]
    assert [(one["kid"], one["address"]) for one in found["kiosks"]] == [("T99", "10.83.0.201")]
