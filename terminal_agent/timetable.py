"""When the line to the centre may be open, and how long to wait before it is tried again."""

import logging
import math
from collections.abc import Callable, Sequence

from terminal_agent import pace, windows
from terminal_agent.clock import Clock
from terminal_agent.pace import Breath, Pace
from terminal_agent.windows import Window

log = logging.getLogger(__name__)

_GOOD_RUN = 60.0  # a shorter connection starts no waiting over: two cards with one name take turns
_SPREAD = 30.0  # seconds over which the kiosks of one window come


class Timetable:
    """`pace`: how patient the kiosk is; `hours`: when its link is switched on, in seconds of a local
    time `zone` seconds east of UTC; `chance`: a source of numbers in [0, 1)."""

    def __init__(
        self,
        clock: Clock,
        pace: Pace,
        chance: Callable[[], float],
        hours: Sequence[Window] = (),
        zone: int = 0,
    ) -> None:
        self.clock = clock
        self.breath = Breath(pace.keep_alive)
        self._chance = chance
        late = int(_SPREAD * chance())
        self._hours = [windows.later(one, late) for one in hours]
        self._zone = zone
        self._failures = 0
        self._up_at = math.inf

    def opens_in(self) -> float:
        """Seconds until the link is on; 0 while it is. A clock that nobody vouches for knows no
        hours, and perhaps only the centre can set it right, so the line is tried at any time."""
        look = self.clock.look()
        return windows.opens_in(self._hours, look.wall + self._zone) if look.trust else 0.0

    def closes_in(self) -> float:
        """Seconds for which the link stays on; endless where nobody switches it off."""
        look = self.clock.look()
        return windows.closes_in(self._hours, look.wall + self._zone) if look.trust else math.inf

    def longest(self) -> float:
        """Seconds for which the link is on at a stretch at best; endless where nobody switches it off."""
        return max((one.length for one in self._hours), default=math.inf)

    def came_up(self, now: float) -> None:
        """The broker took the connection, at monotonic `now`."""
        self._up_at = now
        before, self.breath = self.breath, pace.came_back(self.breath, self._failures)
        if self.breath.keep_alive != before.keep_alive:
            log.warning(
                "keep_alive.halved from=%d to=%d: idle connections die on the way to the broker",
                before.keep_alive,
                self.breath.keep_alive,
            )

    def heard(self, silence: float, now: float) -> None:
        """The connection stands; `silence` seconds without a byte from the broker have ended."""
        self.breath = pace.survived(self.breath, silence)
        if now - self._up_at >= _GOOD_RUN:
            self._failures = 0

    def broke(self, silence: float) -> None:
        """The connection broke after `silence` seconds without a byte."""
        self.breath = pace.broke(self.breath, silence)

    def backoff(self) -> float:
        """Seconds to wait after the connection ended or did not come about."""
        self._failures += 1
        return pace.backoff(self._failures, self._chance())
