"""How long somebody has to wait after wrong secret numbers. Six digits are soon tried out by whoever
may type all day. In memory: a restart costs more than it gains. Pure but for what it remembers.
"""

_FREE = 2  # wrong ones without a wait: fingers slip
_FIRST = 30.0
_LONGEST = 3_600.0
_FORGOTTEN = 86_400.0


class Tries:
    """Wrong tries by person; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, float]] = {}

    def wait(self, who: str, now: float) -> float:
        """Seconds until this person may try again, 0 at once."""
        count, last = self._wrong.get(who, (0, 0.0))
        if count <= _FREE:
            return 0.0
        pause = min(_LONGEST, _FIRST * 2.0 ** (count - _FREE - 1))
        return max(0.0, last + pause - now)

    def wrong(self, who: str, now: float) -> None:
        """One more wrong one."""
        count, last = self._wrong.get(who, (0, now))
        fresh = now - last > _FORGOTTEN
        self._wrong[who] = (1 if fresh else count + 1, now)

    def right(self, who: str) -> None:
        """It was right: all is forgotten."""
        self._wrong.pop(who, None)
