"""What the agent looks at by itself every hour, without asking anybody: the centre hears of it, and the
screen calls somebody.

Only what a technician must act on is told; the whole list is for who types `terminal-agent doctor`.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from terminal_agent.clock import Clock
from terminal_agent.doctor import books, clocks, machine
from terminal_agent.doctor.finding import Finding
from terminal_agent.doctor.part import looked
from terminal_agent.durable import write_whole

log = logging.getLogger(__name__)

_FIRST, _EVERY, _TURN = 60.0, 3600.0, 5.0
_WHOLE_FILE = 24  # rounds: reading the whole journal wears no card, but takes it a while
FILE = "alerts.json"
PARTS = ("power", "heat", "memory", "disk", "card", "clock", "journal", "backlog")
ALERTS = frozenset(
    {
        "under_voltage",
        "under_voltage_before",
        "too_hot",
        "hot",
        "memory_short",
        "disk_read_only",
        "disk_full",
        "disk_low",
        "card_errors",
        "card_worn",
        "system_clock_off",
        "battery_clock_off",
        "journal_damaged",
        "backlog_old",
    }
)


class Rounds:
    """Looks at the kiosk whose state is there. `alerts`: everybody's, by part; those of PARTS are
    written here, and all are kept in a file for who types `doctor`."""

    def __init__(self, state: Path, clock: Clock, alerts: dict[str, str]) -> None:
        self._state, self._clock, self._alerts = state, clock, alerts
        self._kept: dict[str, str] | None = None
        self._round = 0

    def run(self, stop: threading.Event) -> None:
        """Until the agent stops: soon after its start, then every hour."""
        due = self._clock.monotonic() + _FIRST
        while not stop.wait(_TURN):
            if self._clock.monotonic() >= due:
                self.look()
                due = self._clock.monotonic() + _EVERY
            self.keep()

    def look(self) -> None:
        """One round."""
        told = {one.part: one.code for one in reversed(list(self._found())) if one.code in ALERTS}
        self._round += 1
        for part in PARTS:
            if code := told.get(part):
                if self._alerts.get(part) != code:
                    log.warning("doctor.found part=%s code=%s", part, code)
                self._alerts[part] = code
            elif part != "journal" or self._reads_journal():
                self._alerts.pop(part, None)

    def keep(self) -> None:
        """Write the alerts down where they changed; a full disk costs that and nothing else."""
        now = self._alerts.copy()
        if now != self._kept:
            with suppress(OSError):
                write_whole(self._state / FILE, msgspec.json.encode(now))
                self._kept = now

    def _reads_journal(self) -> bool:
        return (self._round - 1) % _WHOLE_FILE == 0

    def _found(self) -> Iterator[Finding]:
        """In each part what matters most first."""
        journal = self._state / "journal.db"
        yield from machine.machine(self._state)
        yield from looked("clock", lambda: clocks.clocks(self._clock))
        if self._round % _WHOLE_FILE == 0:
            yield from looked("journal", lambda: books.journal(journal))
        yield from looked("backlog", lambda: books.backlog(journal, self._clock))


def recall(state: Path) -> Mapping[str, str]:
    """What the agent last told by itself, by part; nothing where it never ran here."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode((state / FILE).read_bytes(), type=dict[str, str])
    return {}
