"""Terminals lent to a command for a while: a small one speaks to one connection at a time.

A command that dies gives nothing back, so every loan ends by itself; who works longer asks again.
"""

import logging
import threading
from collections.abc import Mapping

from contract.event import Enrolment
from terminal_agent.clock import Clock
from terminal_agent.door.words import Lend, Pushed, Told
from terminal_agent.errand import Errand
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal

log = logging.getLogger(__name__)

_WAIT = 2.0  # seconds; the door's patience for an answer is longer


class Lending:
    """`intakes`: the sources that can be asked to leave their terminal alone, by its name."""

    def __init__(self, intakes: Mapping[str, Intake], journal: Journal, clock: Clock) -> None:
        self._intakes = intakes
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._lent: dict[str, tuple[Errand, threading.Timer]] = {}

    def lend(self, word: Lend) -> Told:
        """Ask for a terminal, or ask for longer; with 0 seconds it is given back."""
        intake = self._intakes.get(word.device)
        if intake is None:
            return Told(word.ask, ok=False, code="unknown_device")
        if not word.seconds:
            self._end(word.device)
            return Told(word.ask, ok=True)
        errand = self._asked(word, intake)
        if not errand.wait(_WAIT, lambda: None):
            return Told(word.ask, ok=False, code="busy")
        if errand.failed:
            self._end(word.device)
            return Told(word.ask, ok=False, code=errand.detail)
        return Told(word.ask, ok=True)

    def pushed(self, word: Pushed) -> Told:
        """Changes that a command made on a terminal, into the chain."""
        known = self._journal.device(word.serial)
        if known is None:  # its first look will find everybody
            return Told(word.ask, ok=False, code="unknown_device")
        records = [Enrolment(known.index, *change) for change in word.changes]
        self._journal.note(records, self._clock.look())
        return Told(word.ask, ok=True)

    def _asked(self, word: Lend, intake: Intake) -> Errand:
        """The loan, with its end put off."""
        with self._lock:
            errand, timer = self._lent.pop(word.device, (None, None))
            if timer is not None:
                timer.cancel()
            if errand is None:
                errand = Errand(aside=True)
                intake.ask(errand)
            ends = threading.Timer(word.seconds, self._run_out, (word.device, errand))
            ends.daemon = True
            ends.start()
            self._lent[word.device] = (errand, ends)
            return errand

    def _run_out(self, device: str, errand: Errand) -> None:
        log.warning("lent.run_out name=%s", device)
        errand.end()
        with self._lock:
            if self._lent.get(device, (None, None))[0] is errand:
                del self._lent[device]

    def _end(self, device: str) -> None:
        with self._lock:
            errand, timer = self._lent.pop(device, (None, None))
        if errand is not None and timer is not None:
            timer.cancel()
            errand.end()
