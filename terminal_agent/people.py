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
from terminal_agent.zk.wishes import Report, Task, Wish

_ANSWER = 10.0  # seconds the terminal has for each answer
_START = 60.0  # seconds for the process to start, read the users twice, and end
_EACH = (
    2.0  # seconds for one person or finger, who costs two round trips on the office's own network
)
_PERSON_TO_FIX = ("comm_key", "users_unclear", "no_pyzk")


def write(device: ZkDevice, users: Sequence[User], beat: Callable[[], None]) -> Report:
    """Make these people on the terminal as they are wished; `beat` is called while it lasts.

    Nothing else may speak to the terminal meanwhile. Doing it again changes nothing. Raises
    SourceUnavailable and SourceMisconfigured.
    """
    wishes = tuple(Wish(user.pin, user.name, user.remove) for user in users)
    return _done(device, _task(device, wishes), beat)


def push(
    device: ZkDevice, serial: str, wishes: tuple[Wish, ...], beat: Callable[[], None]
) -> Report:
    """The same with cards and fingers, on the terminal of this serial number only; whoever may do
    more there than scan is left alone. Raises as `write` does, and SourceUnavailable
    (`other_terminal`)."""
    task = _task(device, wishes)
    return _done(device, msgspec.structs.replace(task, serial=serial, sparing=True), beat)


def _task(device: ZkDevice, wishes: tuple[Wish, ...]) -> Task:
    fingers = sum(len(wish.fingers) for wish in wishes)
    return Task(
        host=device.host,
        port=device.port,
        comm_key=device.comm_key,
        udp=device.udp,
        seconds=_ANSWER,
        limit=time_limit(len(wishes) + fingers),
        users=wishes,
    )


def _done(device: ZkDevice, task: Task, beat: Callable[[], None]) -> Report:
    said, complaint = _run(msgspec.json.encode(task), task.limit, beat)
    try:
        report = msgspec.json.decode(said, type=Report)
    except msgspec.DecodeError as problem:
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise SourceUnavailable("admin_failed", f"{device.name}: {last}") from problem
    if report.error in _PERSON_TO_FIX:
        raise SourceMisconfigured(report.error, f"{device.name}: {report.detail}")
    if report.error:
        raise SourceUnavailable(report.error, f"{device.name}: {report.detail}")
    return report


def time_limit(things: int) -> int:
    """Seconds after which the writing of so many people and fingers is given up."""
    return math.ceil(_START + _EACH * things)


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
