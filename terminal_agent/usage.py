"""Bytes that the link to the centre has carried, today and this month, as the carrier counts them."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from terminal_agent.clock import Clock

log = logging.getLogger(__name__)

FILE = "usage.json"
_KEPT_EVERY = 600.0  # a crash forgets at most so many seconds
_NEARLY = 0.8
_MEGABYTE = 1_000_000


class Usage(msgspec.Struct, frozen=True):
    """Bytes both ways on a local `day` and in its month ("2026-11-22"; "" before any trusted time)."""

    day: str = ""
    today: int = 0
    month: int = 0


def load(state: Path) -> Usage:
    """What was last kept in the agent's folder; nothing where there is no such file or it is torn."""
    try:
        return msgspec.json.decode((state / FILE).read_bytes(), type=Usage)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Usage()


def left(usage: Usage, quota_mb: int) -> int | None:
    """Bytes that remain of the month's quota, never below 0; None where there is no quota."""
    return max(0, quota_mb * _MEGABYTE - usage.month) if quota_mb else None


def carried(usage: Usage, count: int, day: str) -> Usage:
    """The usage after `count` more bytes on `day`; "" where nobody knows the day: it goes on."""
    if not day or day == usage.day:
        return Usage(usage.day, usage.today + count, usage.month + count)
    same_month = not usage.day or day[:7] == usage.day[:7]
    return Usage(day, count, (usage.month if same_month else 0) + count)


class Meter:
    """Counts into `usage.json` in the agent's folder `state`, written rarely and never awaited.

    `zone`: seconds east of UTC, for the local day; `tell` gets a code for a technician, "" when it
    ends. At the quota's end scans go on, because attendance is never dropped for money.
    """

    def __init__(
        self, state: Path, clock: Clock, zone: int, quota_mb: int, tell: Callable[[str], None]
    ) -> None:
        self._state, self._clock, self._zone, self._quota = state, clock, zone, quota_mb
        self._tell = tell
        self._turn = threading.Lock()
        self.usage = load(state)
        self._kept, self._kept_at = self.usage, clock.monotonic()
        self._told = ""
        self._tell_code()

    def add(self, count: int) -> None:
        """So many bytes went over the link; 0 is welcome too, and cheap. Any thread."""
        if count:
            with self._turn:
                self._count(count)
            self._tell_code()
        first = self.usage.month and not self._kept.month  # or `status` would say that nothing went
        if first or self._clock.monotonic() - self._kept_at >= _KEPT_EVERY:
            self.keep()

    def _count(self, count: int) -> None:
        look = self._clock.look()
        local = datetime.fromtimestamp(look.wall + self._zone, UTC)
        self.usage = carried(self.usage, count, f"{local:%Y-%m-%d}" if look.trust else "")

    def _tell_code(self) -> None:
        code = self._code()
        if code != self._told:
            self._told = code
            self._tell(code)

    def left(self) -> int | None:
        """Bytes that remain of this month's quota; None where there is no quota."""
        return left(self.usage, self._quota)

    def exhausted(self) -> bool:
        """Whether the quota is used up: what is not attendance waits for the next month."""
        return self.left() == 0

    def keep(self) -> None:
        """Write the figures down. A full disk costs a figure and nothing else."""
        self._kept_at = self._clock.monotonic()
        if self._kept == self.usage:
            return
        self._kept = self.usage
        beside = self._state / f"{FILE}.new"
        try:
            beside.write_bytes(msgspec.json.encode(self.usage))
            beside.replace(self._state / FILE)
        except OSError as problem:
            log.warning("usage.not_kept %s", problem)

    def _code(self) -> str:
        if self.exhausted():
            return "quota_used"
        nearly = self._quota and self.usage.month >= _NEARLY * self._quota * _MEGABYTE
        return "quota_nearly_used" if nearly else ""
