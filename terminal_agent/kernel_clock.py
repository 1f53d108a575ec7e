"""How well the kernel's clock is kept, told from a process that may ask to one that may not.

adjtimex(2) reads the state of NTP and sets the clock in one system call, so a unit that may not set
clocks (ProtectClock=) cannot ask either. A unit of its own asks (hadir-clock.service), which holds no
key and no network, and writes down what it heard; the agent reads that.
"""

import ctypes
import errno
import threading
from collections.abc import Callable
from pathlib import Path

TOLD = Path("/run/hadir-clock/kernel")
EVERY_S = 5.0
_STALE_MS = 30_000
_STA_UNSYNC = 0x40
_TIME_ERROR = 5
_DRIFT = 2000  # ms for each ms that the clock may have run away: 500 ppm, the most that NTP slews


class _Timex(ctypes.Structure):
    # struct timex of adjtimex(2) up to `maxerror` and `status`; the rest is only room for the call.
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_long * 32),
    )


def asked() -> int | None:
    """The kernel's maximum error in milliseconds, None where it calls its clock unsynchronised.

    Raises PermissionError where this process may not ask.
    """
    state = _Timex()
    code = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(state))
    if code == -1 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS):
        raise PermissionError(ctypes.get_errno(), "adjtimex")
    synchronised = code not in (-1, _TIME_ERROR) and not state.status & _STA_UNSYNC
    return int(state.maxerror) // 1000 if synchronised else None


def vouched(up_ms: int, told: Path = TOLD) -> int | None:
    """As `asked`; where this process may not ask, what another wrote down within 30 s. `up_ms`:
    CLOCK_BOOTTIME now."""
    try:
        return asked()
    except PermissionError:
        return read(up_ms, told)


def read(up_ms: int, told: Path) -> int | None:
    """The maximum error in milliseconds that was written down lately, and what the clock may have
    drifted since; None: unsynchronised, or nobody writes."""
    try:
        at, error = map(int, told.read_text("ascii").split())
    except (OSError, ValueError):
        return None
    age = up_ms - at
    return error + age // _DRIFT if error >= 0 and 0 <= age <= _STALE_MS else None


def write_down(told: Path, up_ms: int) -> None:
    """Ask the kernel, and write down what it said at `up_ms` (CLOCK_BOOTTIME). Raises OSError."""
    error = asked()
    beside = told.with_name(told.name + ".new")
    beside.write_text(f"{up_ms} {-1 if error is None else error}\n", "ascii")
    beside.chmod(0o644)  # the agent is another user, and there is no secret in it
    beside.replace(told)


def keep_written(
    told: Path, up_ms: Callable[[], int], stop: threading.Event, alive: Callable[[], None]
) -> None:
    """Write it down every five seconds until `stop` is set; `alive` is called after each time.
    Raises OSError."""
    while not stop.is_set():
        write_down(told, up_ms())
        alive()
        stop.wait(EVERY_S)
