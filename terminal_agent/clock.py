"""The one place that reads time."""

import ctypes
import time
from pathlib import Path
from typing import Literal

import msgspec

Discipline = Literal["kernel", "host"]

_STA_UNSYNC = 0x40
_TIME_ERROR = 5
_HOST_ERROR_MS = 2000


class Look(msgspec.Struct, frozen=True):
    """One look at the clocks: boot id, CLOCK_BOOTTIME and UTC seconds, and what they are worth.

    `trust` and `error_ms` as in a clock record.
    """

    boot: str
    up: int
    wall: int
    trust: int
    error_ms: int


class Clock:
    """Real time. `disciplined_by` = "host": a virtual machine whose host sets the clock, which
    the kernel cannot tell; "kernel": believe adjtimex(2)."""

    def __init__(self, disciplined_by: Discipline = "kernel", boot_id: str = "") -> None:
        self._host = disciplined_by == "host"
        self._boot = boot_id or _boot_id()

    def look(self) -> Look:
        """Everything a clock record needs, read at once."""
        trust, error_ms = self._trust()
        up = int(time.clock_gettime(time.CLOCK_BOOTTIME))
        return Look(self._boot, up, int(self.wall()), trust, error_ms)

    def wall(self) -> float:
        """UTC seconds since 1970, as this machine believes."""
        return time.clock_gettime(time.CLOCK_REALTIME)

    def monotonic(self) -> float:
        """Seconds that only go forward; for waiting and measuring."""
        return time.monotonic()

    def _trust(self) -> tuple[int, int]:
        synchronised, error_ms = _kernel_clock()
        if synchronised:
            return 3, error_ms
        return (1, _HOST_ERROR_MS) if self._host else (0, 0)


def _boot_id() -> str:
    """A 128-bit name of this boot; units with ProcSubset=pid pass it by --boot-id %b instead."""
    text = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    return text.strip().replace("-", "")


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


def _kernel_clock() -> tuple[bool, int]:
    """Whether the kernel calls its clock synchronised, and its maximum error in milliseconds."""
    state = _Timex()
    code = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(state))
    synchronised = code not in (-1, _TIME_ERROR) and not state.status & _STA_UNSYNC
    return synchronised, int(state.maxerror) // 1000
