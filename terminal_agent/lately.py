"""Who was recorded here a few minutes ago, and is told so instead of being recorded again."""

from terminal_agent.clock import Clock
from terminal_agent.past import Past

_SAME_S = 10  # what a touch's time differs by when it is said again: whole seconds, a clock's drift


class Lately:
    """`again_s`: how many seconds a scan is good for. Whoever asks and keeps holds a lock."""

    def __init__(self, clock: Clock, past: Past, again_s: int) -> None:
        self._clock = clock
        self._past = past
        self._again_s = again_s
        self._begun = past.began(clock.look().boot)
        self._kept: dict[tuple[str, str], tuple[int, float]] = {}

    def before(self, serial: str, pin: str, t: int) -> int | None:
        """When (UTC seconds) this person was recorded at that device, within minutes of `t`. The time
        of the scan counts, not of the commit: a camera may have waited hours for its agent.

        After a restart the journal tells. Without a clock only of this boot, and only of the same
        touch said again: a clock that goes on each morning from where it stopped repeats yesterday's
        minutes, one set by hand those of an hour ago, and a scan would be lost.
        """
        kept, at = self._kept.get((serial, pin), (0, 0.0))
        recently = self._clock.monotonic() - at < self._again_s
        if kept and recently and abs(t - kept) < self._again_s:
            return kept
        if self._clock.look().trust:
            return self._told(serial, pin, t, self._again_s)
        return self._told(serial, pin, t, _SAME_S, self._begun) if self._begun else None

    def _told(
        self, serial: str, pin: str, t: int, within: int, after: tuple[int, int] = (0, 0)
    ) -> int | None:
        found = self._past.latest(serial, pin, t - within, after)
        return found if found is not None and found <= t + within else None

    def keep(self, serial: str, pin: str, t: int) -> None:
        """This was recorded just now, with `t` as its time."""
        self._kept[serial, pin] = (t, self._clock.monotonic())
