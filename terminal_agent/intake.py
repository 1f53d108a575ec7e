"""The one door every source uses. `store` returned means on disk; `wait` is the only sleep."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from contract.roll import Roll
from terminal_agent.clock import Clock
from terminal_agent.delivery import Delivery, Stored
from terminal_agent.errand import Errand
from terminal_agent.journal import DeviceRow, Journal

_SLICE = 1.0  # a long wait keeps beating and hears what is asked


class Listener(Protocol):
    """Whoever tells people what became of their scans. It never waits."""

    def stored(self, parcel: Delivery, stored: Stored) -> None:
        """This was committed."""

    def hint(self, pin: str, verify: int) -> None:
        """A device says that somebody is there ("" = not who); nothing is committed yet."""

    def again(self, pin: str, t: int, verify: int) -> None:
        """Somebody is here again who was recorded at `t` (UTC seconds); nothing is committed."""

    def unknown(self, verify: int) -> None:
        """Somebody is there whom the kiosk's own sensor does not know; nothing is committed."""


class Silence:
    """Where nobody is there to be told."""

    def stored(self, parcel: Delivery, stored: Stored) -> None:
        """It is committed all the same."""

    def hint(self, pin: str, verify: int) -> None:
        """The scan comes with the next look at the device."""

    def again(self, pin: str, t: int, verify: int) -> None:
        """It was recorded then."""

    def unknown(self, verify: int) -> None:
        """Nothing came of it."""


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
        self._errands: deque[Errand] = deque()
        self.clock = clock
        self.tell = tell
        self.listener: Listener = Silence()

    def store(self, parcel: Delivery) -> Stored:
        """Commit; what of it was new. The device may be acknowledged after this returns.

        Raises JournalFailed, and SourceUnavailable where the device is read by another way too.
        """
        self._beat()
        stored = self._journal.store(parcel, self.clock.look())
        self.listener.stored(parcel, stored)
        return stored

    def hint(self, pin: str, verify: int) -> None:
        """A device says that somebody is there; what it is worth stands in its log."""
        self.listener.hint(pin, verify)

    def again(self, pin: str, t: int, verify: int) -> None:
        """Somebody is here again who was recorded at `t` (UTC seconds) a few minutes ago."""
        self.listener.again(pin, t, verify)

    def unknown(self, verify: int) -> None:
        """Somebody is there whom the kiosk's own sensor does not know."""
        self.listener.unknown(verify)

    def remembered(self, serial: str) -> DeviceRow | None:
        """What is known of a device, None where it was never stored from."""
        return self._journal.device(serial)

    def raws(self, serial: str) -> list[bytes]:
        """Every stored record of a device in its own bytes, for the nightly audit."""
        return self._journal.past.raws(serial)

    def held(self, serial: str) -> int:
        """How many punches of a device are stored."""
        return self._journal.past.held(serial)

    def enrolled(self, serial: str, salt: str) -> Roll | None:
        """Who was enrolled on a device when that was read last, None before."""
        return self._journal.past.enrolled(serial, salt)

    def ask(self, errand: Errand) -> None:
        """Have something done by this source soon; called by another thread."""
        self._errands.append(errand)

    def errand(self) -> Errand | None:
        """What is asked of this source and not begun."""
        return self._errands[0] if self._errands else None

    def begun(self) -> None:
        """The errand is in hand; the next one counts."""
        self._errands.popleft()

    def excuse(self, code: str) -> None:
        """Nothing that is asked can be done now."""
        while self._errands:
            self._errands.popleft().fail(code)

    def wait(self, seconds: float) -> bool:
        """Sleep unless the agent stops, or something is asked; False = go home."""
        until = self.clock.monotonic() + seconds
        if seconds <= 0:  # who only looks in is alive too
            self._beat()
        while not self._errands and (left := until - self.clock.monotonic()) > 0:
            self._beat()
            if self._stop.wait(min(left, _SLICE)):
                return False
        return not self._stop.is_set()
