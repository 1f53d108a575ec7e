"""Network namespaces and TUN devices of this machine (Linux, root)."""

import ctypes
import fcntl
import os
import signal
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

_NAMED = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA  # linux/if_tun.h
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
DEVICE = "sky0"
PREFIX = "hadir-"


def missing() -> str:
    """Why there can be no namespaces here; empty where there can."""
    if os.geteuid():
        return "network namespaces need root"
    if not Path("/dev/net/tun").exists():
        return "this kernel offers no /dev/net/tun"
    return ""


def remove_stale() -> None:
    """Remove what a link left whose process is dead (names are hadir-PID-SIDE)."""
    for path in _NAMED.glob(f"{PREFIX}*-*") if _NAMED.is_dir() else ():
        pid = path.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            remove(path.name)


def remove(name: str) -> None:
    """End the processes in a namespace of ours, then the namespace."""
    listed = _ip("netns", "pids", name, check=False).split()
    for pid in map(int, listed):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _ip("netns", "del", name, check=False)


class Habits(msgspec.Struct, frozen=True):
    """How TCP behaves at both ends: congestion control, and whether segments carry timestamps (12
    bytes each). cubic and timestamps are what Raspberry Pi OS and Debian have."""

    congestion: str = "cubic"
    timestamps: bool = True


def add(name: str, address: str, peer: str, tcp: Habits) -> int:
    """A namespace whose only way out is a TUN device to `peer`; the device's file descriptor."""
    _ip("netns", "add", name)
    with entered(name):
        ipv4 = Path("/proc/sys/net/ipv4")
        (ipv4 / "tcp_timestamps").write_text(str(int(tcp.timestamps)))
        # No IPv6: its neighbour and multicast chatter would be counted with our bytes.
        with suppress(OSError):
            Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1")
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        request = struct.pack("16sH22x", DEVICE.encode(), _IFF_TUN | _IFF_NO_PI)
        fcntl.ioctl(device, _TUNSETIFF, request)
    within = ("-n", name)
    _ip(*within, "link", "set", "lo", "up")
    _ip(*within, "addr", "add", address, "peer", peer, "dev", DEVICE)
    _ip(*within, "link", "set", DEVICE, "txqueuelen", "10000", "up")
    route = ("route", "replace", peer, "dev", DEVICE, "src", address)
    # The sysctl of a namespace may not be written everywhere; a route's own setting may.
    _ip(*within, *route, "congctl", tcp.congestion)
    return device


@contextmanager
def entered(name: str) -> Iterator[None]:
    """This thread's new sockets belong to a namespace until the end of the block."""
    with Path("/proc/thread-self/ns/net").open() as home, (_NAMED / name).open() as there:
        _set_namespace(there.fileno())
        try:
            yield
        finally:
            _set_namespace(home.fileno())


def command_in(name: str) -> list[str]:
    """What to put before a command that is to run in a namespace."""
    return ["nsenter", f"--net={_NAMED / name}", "--"]


def _set_namespace(handle: int) -> None:
    # os.setns exists from Python 3.12 on.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(handle, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _ip(*words: str, check: bool = True) -> str:
    """What ip(8) prints. Raises OSError with its own words where it fails."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if check and done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
