"""The one place that reads time."""

import threading
import time
from pathlib import Path
from typing import Literal

import msgspec

from contract.event import Clock as ClockRecord
from terminal_agent import kernel_clock
from terminal_agent.clock_choice import Known, Worth, learned, worth
from terminal_agent.clock_trust import Fix, rtc_fix

Discipline = Literal["kernel", "host"]

_HOST_ERROR_MS = 2000
_RECORD_MS = 1000  # a record holds whole seconds


class Look(msgspec.Struct, frozen=True):
    """One look at the clocks: boot id, CLOCK_BOOTTIME and UTC seconds, and what they are worth.

    `trust` and `error_ms` as in a clock record. `ahead_ms`: UTC before boot time to the
    millisecond, None where only the seconds are known. `place`: latitude and longitude in
    microdegrees.
    """

    boot: str
    up: int
    wall: int
    trust: int
    error_ms: int
    ahead_ms: int | None = None
    place: tuple[int, int] | None = None


class Machine:
    """What this machine's kernel tells. `boot_id`: from systemd, where /proc hides it."""

    def __init__(self, boot_id: str = "") -> None:
        self.boot = boot_id or _boot_id()

    def up_ms(self) -> int:
        """CLOCK_BOOTTIME milliseconds: they run on through suspend, whoever sets the clock."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def wall_ms(self) -> int:
        """The system clock, UTC milliseconds."""
        return time.clock_gettime_ns(time.CLOCK_REALTIME) // 1_000_000

    def vouched_ms(self) -> int | None:
        """The kernel's bound for the system clock's error, None where it vouches for nothing."""
        return kernel_clock.vouched(self.up_ms())

    def set_by_rtc(self) -> bool:
        """Whether the kernel set the system clock from a battery clock at boot."""
        marks = Path("/sys/class/rtc").glob("*/hctosys")
        return any(mark.read_text("ascii").strip() == "1" for mark in marks)


class Clock:
    """Real time. `disciplined_by` = "host": a virtual machine whose host sets the clock, which
    the kernel cannot tell; "kernel": believe adjtimex(2)."""

    def __init__(
        self,
        disciplined_by: Discipline = "kernel",
        boot_id: str = "",
        machine: Machine | None = None,
    ) -> None:
        self._host = disciplined_by == "host"
        self._machine = machine or Machine(boot_id)
        self._lock = threading.Lock()
        self._known = Known()
        self._place: tuple[int, int] | None = None

    def look(self) -> Look:
        """Everything a clock record needs, read at once."""
        up_ms, now = self._now()
        wall = (up_ms + now.ahead_ms) // 1000
        return Look(
            self._machine.boot,
            up_ms // 1000,
            wall,
            now.trust,
            now.error_ms,
            now.ahead_ms,
            self._place,
        )

    def wall(self) -> float:
        """UTC seconds since 1970 by the best clock that is known; nothing sets the system's."""
        up_ms, now = self._now()
        return (up_ms + now.ahead_ms) / 1000

    def system(self) -> float:
        """UTC seconds by the system's clock, as other programs of this machine have them: the moment
        that `wall` calls otherwise where somebody who knows better told this clock."""
        return self._machine.wall_ms() / 1000

    def monotonic(self) -> float:
        """Seconds that only go forward; for waiting and measuring."""
        return time.monotonic()

    def up_ms(self) -> int:
        """CLOCK_BOOTTIME in milliseconds: runs on through suspend, whoever sets the wall clock."""
        return self._machine.up_ms()

    def learn(self, fix: Fix) -> None:
        """Somebody told the time; the best of each source in this boot is kept."""
        with self._lock:
            self._known = learned(self._known, fix)

    def stand(self, place: tuple[int, int]) -> None:
        """Where the kiosk is (latitude, longitude in microdegrees)."""
        self._place = place

    def disputed(self) -> bool:
        """True where GNSS contradicts a clock that is known as well."""
        return self._now()[1].disputed

    def recall(self, last: ClockRecord | None, ran: ClockRecord | None = None) -> None:
        """What the journal's newest trusted clock record still says, at the agent's start. `ran`: what
        an agent that ran in this boot before said last.

        Of this boot: what was known runs on. Of an earlier one: the battery clock is believed where
        it does not contradict the record. That is judged once in a boot: a hand may have set the
        system clock since.
        """
        if last is None or not (last.boot == self._machine.boot or self._machine.set_by_rtc()):
            return
        if last.boot == self._machine.boot:
            self.learn(_runs_on(last, 2))
        elif ran is not None:
            if ran.trust:
                self.learn(_runs_on(ran, 1))
        else:
            fix = rtc_fix(last, self._machine.up_ms(), self._machine.wall_ms())
            if fix is not None:
                self.learn(fix)

    def _now(self) -> tuple[int, Worth]:
        with self._lock:
            up_ms, wall_ms = self._machine.up_ms(), self._machine.wall_ms()
            error_ms = self._machine.vouched_ms()
            if error_ms is not None:
                system = Fix(up_ms, wall_ms, error_ms, 3)
                self._known = learned(self._known, system)
            else:
                system = Fix(up_ms, wall_ms, *((_HOST_ERROR_MS, 1) if self._host else (0, 0)))
            return up_ms, worth(self._known, up_ms, system)


def _runs_on(record: ClockRecord, trust: int) -> Fix:
    """What a record of this boot knew: boot time carries it."""
    utc_ms = record.wall * 1000 + _RECORD_MS // 2
    return Fix(record.up * 1000, utc_ms, record.error_ms + _RECORD_MS, trust)


def _boot_id() -> str:
    """A 128-bit name of this boot; units with ProcSubset=pid pass it by --boot-id %b instead."""
    text = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    return text.strip().replace("-", "")
