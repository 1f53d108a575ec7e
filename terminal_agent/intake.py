"""The one door every source uses. `store` returned means on disk; `wait` is the only sleep."""

import threading
from collections.abc import Callable

from terminal_agent.clock import Clock
from terminal_agent.delivery import Delivery
from terminal_agent.journal import DeviceRow, Journal

_SLICE = 10.0  # a long wait keeps beating, or the watchdog would take patience for death


class Intake:
    """A source's view of the kiosk: store, remember, wait. It never sees seq, MQTT or threads."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        stop: threading.Event,
        beat: Callable[[], None],
        tell: Callable[[str], None],
    ) -> None:
        """`tell` hears the code of what a technician should look at, "" when all is well."""
        self._journal = journal
        self._stop = stop
        self._beat = beat
        self.clock = clock
        self.tell = tell

    def store(self, parcel: Delivery) -> int:
        """Commit; how many events were new. The device may be acknowledged after this returns.

        Raises JournalFailed, and SourceUnavailable where the device is read by another way too.
        """
        self._beat()
        return self._journal.store(parcel, self.clock.look())

    def remembered(self, serial: str) -> DeviceRow | None:
        """What is known of a device, None where it was never stored from."""
        return self._journal.device(serial)

    def raws(self, serial: str) -> list[bytes]:
        """Every stored record of a device in its own bytes, for the nightly audit."""
        return self._journal.raws(serial)

    def wait(self, seconds: float) -> bool:
        """Sleep unless the agent stops; False = go home."""
        until = self.clock.monotonic() + seconds
        while (left := until - self.clock.monotonic()) > 0:
            self._beat()
            if self._stop.wait(min(left, _SLICE)):
                return False
        return not self._stop.is_set()
