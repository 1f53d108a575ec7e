"""What stands on the screen however many people come and go: link and clock, and how the camera is."""

from collections.abc import Callable

import msgspec

from terminal_agent.clock import Clock
from terminal_agent.door import words
from terminal_agent.door.words import Sight
from terminal_agent.journal import Journal

_EVERY = 5.0  # seconds after which a screen hears how things stand though nothing changed
_SILENT = 25.0  # seconds: a camera's process says every ten how it sees, so one this silent hangs
_GRACE = 60.0  # seconds that a camera may be away before somebody should look: its unit starts anew


class Board:
    """`alerts`: what a technician should look at, by part; "camera" is written here. `fitted`: the
    kiosk has a camera. `sight`: what it said last."""

    def __init__(
        self, journal: Journal, clock: Clock, alerts: dict[str, str], *, fitted: bool
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._alerts = alerts
        self._fitted = fitted
        self._said: tuple[float, words.Standing] | None = None
        self._there_at = self._heard_at = clock.monotonic()
        self.sight = Sight(up=False, code="camera_away" if fitted else "no_camera")

    def heard(self) -> None:
        """The camera's process said something."""
        self._heard_at = self._clock.monotonic()

    def hangs(self) -> bool:
        """Whether the camera's process, which is connected, has been silent for too long."""
        return self._clock.monotonic() - self._heard_at > _SILENT

    def camera(self, *, there: bool) -> None:
        """Once a second: whether the camera's process is connected. Somebody is called where it stays
        away, or where it says that it sees nothing."""
        if not self._fitted:
            return
        now = self._clock.monotonic()
        if there:
            self._there_at = now
            code = "" if self.sight.up else self.sight.code
        else:
            code = "camera_away" if now - self._there_at > _GRACE else ""
        if code:
            self._alerts["camera"] = code
        else:
            self._alerts.pop("camera", None)

    def anew(self) -> None:
        """A screen has come that knows nothing yet."""
        self._said = None

    def news(self, online: Callable[[], bool]) -> words.Standing | None:
        """How things stand, where that changed or was told a while ago."""
        now, standing = self._clock.monotonic(), self._standing(online=online())
        if self._said and self._said[1] == standing and now - self._said[0] < _EVERY:
            return None
        self._said = (now, standing)
        return msgspec.structs.replace(standing, now=int(self._clock.wall()))

    def _standing(self, *, online: bool) -> words.Standing:
        now = self._journal.standing()
        return words.Standing(
            online,
            max(0, now.urgent - now.acked),  # bookkeeping alone waits for company, not for a link
            self._journal.receipt_ms() // 1000,
            self._clock.look().trust > 0,
            self._alerts.copy(),
        )
