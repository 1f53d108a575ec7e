"""Vouches for the kiosk's own chain: seals with the key that was born here, and the hardware.

The agent's main loop looks every second; a command that has the journal alone seals by itself, and
one beside a running agent leaves a wish in a file.
"""

import logging
import threading
from functools import partial
from pathlib import Path

from contract import vouched
from contract.event import Hardware, Seal, canonical
from terminal_agent import durable, seals
from terminal_agent.clock import Clock
from terminal_agent.epoch import Standing
from terminal_agent.identity import Sealer
from terminal_agent.journal import Journal

log = logging.getLogger(__name__)

_ASKED = "seal.asked"
_LOOK = 0.1


class Vouching:
    """Seals and hardware of one journal. `key`: None where the kiosk has lost it, which stops no
    recording."""

    def __init__(
        self, journal: Journal, clock: Clock, key: Sealer | None, hardware: Hardware
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._key = key
        self._hardware = hardware
        self._told_in: int | None = None
        self._newest = journal.past.sealed()
        self._asked = journal.path.with_name(_ASKED)

    def look(self) -> None:
        """Write what is due. Raises JournalFailed."""
        self._tell_hardware()
        standing, wall = self._journal.standing(), self._clock.look().wall
        if seals.due(self._newest, standing.epoch, standing.last, wall):
            self.seal()
        if self._asked.exists():
            self.seal_what_waits()
            durable.remove(self._asked)

    def seal(self) -> None:
        """Seal what came after the newest seal, if anything did. Raises JournalFailed."""
        standing = self._journal.standing()
        if self._key is None or not seals.has_news(self._newest, standing.epoch, standing.last):
            return
        made = partial(_made, self._key, self._journal.kid)
        self._newest = self._journal.seal(made, self._clock.look())
        log.info("journal.sealed epoch=%d seq=%d", self._newest.epoch, self._newest.seq)

    def seal_what_waits(self) -> None:
        """Seal what is about to be carried to the centre, if anything is. Raises JournalFailed."""
        standing = self._journal.standing()
        if standing.last > standing.acked:
            self.seal()

    def _tell_hardware(self) -> None:
        """Once in every epoch, and when it has changed."""
        epoch = self._journal.standing().epoch
        if self._told_in == epoch:
            return
        if self._journal.newest("hardware") != canonical(self._hardware):
            self._journal.note([self._hardware], self._clock.look())
        self._told_in = epoch


def _made(key: Sealer, kid: str, standing: Standing) -> Seal:
    signed = vouched.seal_bytes(kid, standing.epoch, standing.last, standing.head)
    return Seal(vouched.key_text(key.public), key.sign(signed))


def ask(state: Path, clock: Clock, patience: float = 3.0) -> bool:
    """Have the agent that runs in `state` seal its chain; False where it did not within `patience`
    seconds. Raises OSError where the wish cannot be left there."""
    asked = state / _ASKED
    asked.touch()
    until, never = clock.monotonic() + patience, threading.Event()
    while asked.exists():
        if clock.monotonic() > until:
            asked.unlink(missing_ok=True)
            return False
        never.wait(_LOOK)
    return True
