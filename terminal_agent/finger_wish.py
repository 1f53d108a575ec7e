"""What a person wants of a finger sensor, and what they hear while it is done."""

from collections.abc import Callable

from terminal_agent.door.words import FingerStep, FingerWish
from terminal_agent.errand import Errand


class Wish(Errand):
    """What a person wants of a sensor; `tell` hears how it goes on, in the sensor's thread."""

    def __init__(self, word: FingerWish, tell: Callable[[FingerStep], None]) -> None:
        super().__init__()
        self.word = word
        self.is_over = False
        self._tell = tell

    def place(self, look: int) -> None:
        """The finger may come."""
        self._tell(FingerStep(self.word.sensor, self.word.pin, "place", look))

    def lift(self, look: int) -> None:
        """It may go."""
        self._tell(FingerStep(self.word.sensor, self.word.pin, "lift", look))

    def bad(self, look: int) -> None:
        """Its image was poor."""
        self._tell(FingerStep(self.word.sensor, self.word.pin, "bad", look))

    def made(self, count: int) -> None:
        """It was done to so many templates."""
        self._end(FingerStep(self.word.sensor, self.word.pin, "done", count=count))
        self.done(f"count={count}")

    def fail(self, code: str, other: str = "") -> None:
        """It could not be done."""
        self._end(FingerStep(self.word.sensor, self.word.pin, "failed", code=code, other=other))
        super().fail(code)

    def _end(self, step: FingerStep) -> None:
        self.is_over = True
        self._tell(step)
