"""What another thread asks of a source: done between two polls, answered once."""

import threading
from collections.abc import Callable

_SLICE = 0.5


class Errand:
    """A poll at once (`full`: of the whole log), or, with `aside`, the terminal left alone for a
    while: a small terminal speaks to one connection at a time."""

    def __init__(self, *, full: bool = False, aside: bool = False) -> None:
        self.full = full
        self.aside = aside
        self.failed = False
        self.detail = ""
        self._answered = threading.Event()
        self._over = threading.Event()

    def done(self, detail: str) -> None:
        """It was done; `detail` in figures."""
        self._answer(detail, failed=False)

    def fail(self, code: str) -> None:
        """It could not be done; `code` as the source's error has it."""
        self._answer(code, failed=True)

    def lend(self, wait: Callable[[float], bool]) -> bool:
        """Leave the terminal alone until the one who asked is through; False = go home."""
        self.done("")
        while not self._over.wait(_SLICE):  # `wait` itself returns at once while more is asked
            if not wait(0.0):
                return False
        return True

    def end(self) -> None:
        """The one who asked is through, or waits no longer."""
        self._over.set()

    def wait(self, seconds: float, beat: Callable[[], None]) -> bool:
        """Whether it was answered within so many seconds."""
        for _ in range(int(seconds / _SLICE)):
            beat()
            if self._answered.wait(_SLICE):
                return True
        return self._answered.is_set()

    def _answer(self, detail: str, *, failed: bool) -> None:
        self.failed, self.detail = failed, detail
        self._answered.set()
