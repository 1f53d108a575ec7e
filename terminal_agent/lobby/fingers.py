"""What commands want of the kiosk's finger sensors: passed on to the sensor's own thread."""

import threading

from terminal_agent.door.words import FingerStep, FingerWish, Told
from terminal_agent.finger_wish import Wish
from terminal_agent.intake import Intake
from terminal_agent.lobby.crier import Tell


class FingerDesk:
    """`tell` reaches whoever stands at the door."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._turn = threading.Lock()
        self._intakes: dict[str, Intake] = {}
        self._wishes: dict[str, Wish] = {}

    def seat(self, name: str, intake: Intake) -> None:
        """This sensor is read through this intake."""
        self._intakes[name] = intake

    def hear(self, word: FingerWish) -> Told:
        """Begin what is wished; one at a time at each sensor."""
        intake = self._intakes.get(word.sensor)
        if intake is None:
            return Told(word.ask, ok=False, code="no_such_sensor")
        with self._turn:
            before = self._wishes.get(word.sensor)
            if before is not None and not before.is_over:
                return Told(word.ask, ok=False, code="finger_busy")
            self._wishes[word.sensor] = wish = Wish(word, self._step)
            intake.ask(wish)
        return Told(word.ask, ok=True)

    def _step(self, step: FingerStep) -> None:
        self._tell(step, "command")
