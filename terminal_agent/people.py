"""Writing people to a terminal: the errand for `zk.admin`, its time limit, and its end.

That process speaks pyzk, which may wait for ever on a broken line; it is killed when its time is up.
"""

import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from subprocess import PIPE

import msgspec

from contract.command import User
from terminal_agent.config import ZkDevice
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

_ANSWER = 10.0  # seconds the terminal has for each answer
_START = 60.0  # seconds for the process to start, read the users twice, and end
_EACH = 2.0  # seconds for one person, who costs two round trips on the office's own network
_PERSON_TO_FIX = ("comm_key", "users_unclear", "no_pyzk")


class Written(msgspec.Struct, frozen=True):
    """What became of the people; `left` are PIN and code of those who are not as wished."""

    added: int = 0
    renamed: int = 0
    removed: int = 0
    same: int = 0
    left: tuple[tuple[str, str], ...] = ()
    error: str = ""
    detail: str = ""


def write(device: ZkDevice, users: Sequence[User], beat: Callable[[], None]) -> Written:
    """Make these people on the terminal as they are wished; `beat` is called while it lasts.

    Nothing else may speak to the terminal meanwhile. Doing it again changes nothing. Raises
    SourceUnavailable and SourceMisconfigured.
    """
    errand = {
        "host": device.host,
        "port": device.port,
        "comm_key": device.comm_key,
        "udp": device.udp,
        "seconds": _ANSWER,
        "limit": time_limit(len(users)),
        "users": users,
    }
    said, complaint = _run(msgspec.json.encode(errand), time_limit(len(users)), beat)
    try:
        written = msgspec.json.decode(said, type=Written)
    except msgspec.DecodeError as problem:
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise SourceUnavailable("admin_failed", f"{device.name}: {last}") from problem
    if written.error in _PERSON_TO_FIX:
        raise SourceMisconfigured(written.error, f"{device.name}: {written.detail}")
    if written.error:
        raise SourceUnavailable(written.error, f"{device.name}: {written.detail}")
    return written


def time_limit(users: int) -> int:
    """Seconds after which the writing of so many people is given up."""
    return math.ceil(_START + _EACH * users)


def _run(errand: bytes, seconds: int, beat: Callable[[], None]) -> tuple[bytes, bytes]:
    """What the process said on stdout and stderr. The key goes to it by stdin, because everybody on
    the machine can read a command line."""
    command = [sys.executable, "-m", "terminal_agent.zk.admin"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:  # noqa: S603
        given: bytes | None = errand
        for _ in range(seconds):
            beat()
            try:
                return process.communicate(given, timeout=1.0)
            except subprocess.TimeoutExpired:
                given = None  # the rest of it goes on by itself
        process.kill()
    raise SourceUnavailable("timeout", "the writing took too long and was stopped")
