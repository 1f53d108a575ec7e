"""How guessing is slowed down: after some wrong tries each further one has to wait, longer and longer.

In memory and by itself: a restart forgives everybody, and a lock that others can close is not built in
(a colleague who types my name wrong on purpose makes me wait a minute at most while he goes on).
"""

import threading
from collections import OrderedDict

_FREE = 5  # tries before the first wait; somebody who has forgotten which of two it was
_FIRST, _LONGEST = 1, 60  # seconds
_FORGIVEN = 15 * 60  # seconds without a wrong try
_MOST = 50_000  # names and addresses that are remembered


class Pace:
    """Wrong tries by name and by address. `now`: any seconds that only go forward."""

    def __init__(self, free: int = _FREE) -> None:
        self._free = free
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str, now: float) -> int:
        """Whole seconds until this name or address may try again; 0: now."""
        with self._lock:
            tries, last = self._wrong.get(key, (0, now))
        over = tries - self._free
        if over < 0 or now - last >= _FORGIVEN:
            return 0
        left = last + min(_LONGEST, _FIRST * 2 ** min(over, 10)) - now
        return max(0, -int(-left // 1))

    def wrong(self, key: str, now: float) -> None:
        """One more wrong try."""
        with self._lock:
            tries, last = self._wrong.pop(key, (0, now))
            self._wrong[key] = (1 if now - last >= _FORGIVEN else tries + 1, now)
            if len(self._wrong) > _MOST:
                self._wrong.popitem(last=False)

    def right(self, key: str) -> None:
        """It was right: the tries before it are forgotten."""
        with self._lock:
            self._wrong.pop(key, None)

    def undo(self, key: str) -> None:
        """The last try was not a wrong one; those before it stay."""
        with self._lock:
            tries, last = self._wrong.get(key, (0, 0.0))
            if tries > 1:
                self._wrong[key] = (tries - 1, last)
            else:
                self._wrong.pop(key, None)


class Doorkeeper:
    """Wrong tries at the login by name and by address. A whole office comes from one address, so that
    has more of them free."""

    def __init__(self) -> None:
        self._names, self._addresses = Pace(), Pace(free=30)
        self._noted = Pace(free=1)
        self._lock = threading.Lock()

    def ask(self, name: str, address: str, now: float) -> int:
        """Whole seconds until a try is looked at; 0: now. It counts as wrong until `right`: a hundred
        tries side by side are a hundred tries."""
        with self._lock:
            seconds = self.wait(name, address, now)
            if not seconds:
                self.wrong(name, address, now)
        return seconds

    def is_news(self, address: str, now: float) -> bool:
        """Whether the office's log is told of an address that was turned away: at most once a minute, or
        a stranger could fill it."""
        with self._lock:
            if self._noted.wait(address, now):
                return False
            for _ in range(8):  # a minute's wait at once
                self._noted.wrong(address, now)
            return True

    def wait(self, name: str, address: str, now: float) -> int:
        """Whole seconds until a try for this name from this address is looked at."""
        return max(self._names.wait(_plain(name), now), self._addresses.wait(address, now))

    def wrong(self, name: str, address: str, now: float) -> None:
        """A wrong try."""
        self._names.wrong(_plain(name), now)
        self._addresses.wrong(address, now)

    def right(self, name: str, address: str) -> None:
        """The right password: the wrong ones of this name are forgotten, those of the address are not,
        or whoever has one account could guess at others without end."""
        self._names.right(_plain(name))
        self._addresses.undo(address)


def _plain(name: str) -> str:
    return name.strip().lower()[:64]
