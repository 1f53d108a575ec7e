"""A finger into a sensor in three looks, and out again: two make the template, the third proves it.

What a sensor holds is compared with what the kiosk keeps of it, and goes into the chain as a roll
(contract.roll), as that of a terminal does.
"""

import logging

from contract import roll
from contract.event import Enrolment, Snapshot
from contract.roll import Roll
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import SourceUnavailable
from terminal_agent.finger_wish import Wish
from terminal_agent.fingers import Finger, Fingers
from terminal_agent.intake import Intake
from terminal_agent.zfm.sensor import Sensor

log = logging.getLogger(__name__)

FAMILY = "zfm"
_BREATH = 0.15  # seconds between two images
_PATIENCE = 200  # images; with what each takes, half a minute and more
_BAD = 8  # poor images of one look, after each of which a finger is to be placed anew


class _Stopped(Exception):
    """It goes no further: `args` are the code and whose finger it is."""


class Book:
    """One sensor that answers, and whose fingers are in it. Raises SourceUnavailable, JournalFailed
    and SourceMisconfigured (`fingers_damaged`)."""

    def __init__(self, sensor: Sensor, serial: str, fingers: Fingers, intake: Intake) -> None:
        self._sensor = sensor
        self._fingers = fingers
        self._intake = intake
        self.serial = serial

    def opened(self) -> str:
        """Clear what an enrolment left that was cut off, and note what is otherwise than it was; the
        code of what somebody should look at, "" when nothing."""
        page = self._fingers.unproven(self.serial)
        if page is not None:
            self._sensor.delete(page)
            self._fingers.drop(self.serial, page)
        return self._emptied() or self._noted()

    def pay(self) -> None:
        """Take the fingers out that were erased meanwhile."""
        if self._fingers.condemned(self.serial):
            self._intake.tell(self._emptied())

    def _emptied(self) -> str:
        """The sensor first, then the chain: whoever waits for it hears that it is done when both hold
        it. The code of what somebody should look at."""
        condemned = self._fingers.condemned(self.serial)
        for page in condemned:
            self._sensor.delete(page)
        finding = self._noted() if condemned else ""
        for page in condemned:
            self._fingers.drop(self.serial, page)
            log.info("finger.erased serial=%s page=%d", self.serial, page)
        return finding

    def owner(self, page: int) -> str:
        """Whose finger is in this page, "" nobody's. Where the template is not the one that was
        enrolled, somebody is told: it may have come there by other hands."""
        finger = self._mine().get(page)
        if finger is None:
            return ""
        if not finger.digest or self._fingers.digest(self._sensor.template(page)) == finger.digest:
            return finger.pin
        again = self._digest(page)  # a packet of it may have been lost on the line
        if again == finger.digest:
            return finger.pin
        if again:
            log.error("finger.other_template serial=%s page=%d", self.serial, page)
            self._intake.tell("finger_changed")
        return ""

    def grant(self, wish: Wish) -> None:
        """Do what is wished; whoever wished it hears what came of it."""
        word = wish.word
        try:
            if word.do == "enrol":
                self._enrol(wish)
                count = 1
            else:
                count = self._remove(word.pin if word.do == "remove" else "")
            finding = self._noted()
        except _Stopped as why:
            wish.fail(*why.args)
            return
        except SourceUnavailable as problem:
            wish.fail(problem.code)
            raise
        self._intake.tell(finding)
        wish.made(count)

    def _enrol(self, wish: Wish) -> None:
        self._look(wish, 1, 1)
        self._check_new(wish.word.pin)
        self._lifted(wish, 1)
        self._look(wish, 2, 2)
        if not self._sensor.merge():
            raise _Stopped("finger_differs")
        page = self._free()
        self._fingers.begin(self.serial, page)
        self._sensor.store(page)
        try:
            self._lifted(wish, 2)
            digest = self._proven(wish, page)
        except _Stopped:
            self._sensor.delete(page)
            self._fingers.drop(self.serial, page)
            raise
        made = int(self._intake.clock.wall())
        self._fingers.keep(self.serial, page, Finger(wish.word.pin, digest, made))
        log.info("finger.enrolled serial=%s page=%d", self.serial, page)

    def _check_new(self, pin: str) -> None:
        """Nobody's finger is enrolled twice. One that is nobody's here makes room."""
        hit = self._sensor.search(1)
        if hit is None:
            return
        finger = self._mine().get(hit.page)
        if finger is None:
            self._sensor.delete(hit.page)
            return
        raise _Stopped("finger_twice" if finger.pin == pin else "finger_known", finger.pin)

    def _proven(self, wish: Wish, page: int) -> str:
        """The third look finds the page; the digest of its template."""
        self._look(wish, 3, 1)
        hit = self._sensor.search(1)
        if hit is None or hit.page != page:
            raise _Stopped("finger_unproven")
        return self._digest(page)

    def _digest(self, page: int) -> str:
        """Of the template in a page; "" where the sensor tells none, or not the same twice."""
        first, second = self._sensor.template(page), self._sensor.template(page)
        return self._fingers.digest(first) if first and first == second else ""

    def _look(self, wish: Wish, look: int, buffer: int) -> None:
        """Features of a good image into a buffer."""
        for _ in range(_BAD):
            wish.place(look)
            self._until(there=True)
            if self._sensor.features(buffer):
                return
            wish.bad(look)
            self._until(there=False)
        raise _Stopped("finger_poor")

    def _lifted(self, wish: Wish, look: int) -> None:
        wish.lift(look)
        self._until(there=False)

    def _until(self, *, there: bool) -> None:
        for _ in range(_PATIENCE):
            if self._sensor.scan() is there:
                return
            if not self._intake.wait(_BREATH):
                raise _Stopped("finger_stopped")
        raise _Stopped("finger_timeout")

    def _free(self) -> int:
        taken = {*self._fingers.of(self.serial), *(self._sensor.pages() or ())}
        free = set(range(self._sensor.parameters.capacity)) - taken
        if not free:
            raise _Stopped("finger_full")
        return min(free)

    def _remove(self, pin: str) -> int:
        """Empty a person's pages; with "" those that are nobody's."""
        mine = self._fingers.of(self.serial)
        if pin:
            gone = [page for page, finger in mine.items() if finger.pin == pin]
        else:
            gone = sorted((self._sensor.pages() or frozenset()) - mine.keys())
        if not gone:
            raise _Stopped("finger_none")
        for page in gone:
            # The sensor first: a page that the kiosk forgot would still hold somebody's finger.
            self._sensor.delete(page)
            self._fingers.drop(self.serial, page)
        return len(gone)

    def _mine(self) -> dict[int, Finger]:
        """The pages that are somebody's."""
        kept = self._fingers.of(self.serial)
        return {page: one for page, one in kept.items() if not one.condemned}

    def _noted(self) -> str:
        """The roll into the chain, where it changed; and the code of what is wrong with it."""
        mine = self._mine()
        now: Roll = {(one.pin, roll.USER): "0" for one in mine.values()}
        now |= {(one.pin, roll.finger(page)): one.digest for page, one in mine.items()}
        mark = self._fingers.mark()
        before = self._intake.enrolled(self.serial, mark)
        if before != now:
            changes = [Enrolment(0, *change) for change in roll.changes(before, now)]
            people = len({one.pin for one in mine.values()})
            whole = Snapshot(0, people, 0, len(mine), roll.digest(now), mark, False)
            readings = tuple(map(Reading, (*changes, whole)))
            self._intake.store(Delivery(self.serial, FAMILY, readings=readings))
        return _finding(self._sensor.pages(), mine)


def _finding(there: frozenset[int] | None, mine: dict[int, Finger]) -> str:
    if there is None:
        return ""
    if mine.keys() - there:
        return "finger_lost"
    return "finger_strange" if there - mine.keys() else ""
