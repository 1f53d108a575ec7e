"""Ranges that the centre asked for again, sent beside what is new: one batch, its receipt, the next.

A centre that was restored from a backup lacks what it once receipted, perhaps of an epoch that is
over. The receipts of those batches say how far it got.
"""

import logging
import threading
from collections.abc import Iterator

from contract import batch
from contract.command import Resend
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent.clock import Clock
from terminal_agent.journal import Journal

log = logging.getLogger(__name__)

_RUN = 1_000
_FIRST_WAIT = 15.0  # a batch of 48 KiB over 128 kbit/s takes 3 s, its receipt a round trip
_LONGEST_WAIT = 300.0


class _Asked:
    """One range, how far the card holds it and it is receipted, and the batch that is under way."""

    def __init__(self, order: Resend, held: int) -> None:
        self.epoch, self.last, self.held = order.epoch, order.last, held
        self.next = order.first
        self.sent_at: float | None = None
        self.wait = _FIRST_WAIT
        self.run = _RUN
        self.codec = batch.COLUMNS
        self.outcome = ""


class Resending:
    """What is being sent again. `ask` and `outcome` are for another thread than the rest."""

    def __init__(self, invited: Invitation, journal: Journal, clock: Clock) -> None:
        self._invited = invited
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[int, _Asked] = {}
        self.connections = 0

    def ask(self, counter: int, order: Resend) -> bool:
        """Send what command `counter` orders again, as far as the card holds it: a centre may ask for
        more than there is, where a frame of before this card was rolled back told it of more. False
        where there is nothing to send. Raises JournalFailed."""
        held = self._journal.holds_to(order.epoch, order.first, order.last)
        if held:
            with self._lock:
                self._asked[counter] = _Asked(order, held)
        return held > 0

    def outcome(self, counter: int) -> str:
        """ "" while it is under way, "done" once receipts cover it, else a code of what stops it;
        nobody asks for it after that."""
        with self._lock:
            outcome = self._asked[counter].outcome
            if outcome:
                del self._asked[counter]
            return outcome

    def connected(self) -> None:
        """A new connection: what was under way goes again."""
        with self._lock:
            self.connections += 1
            for asked in self._asked.values():
                asked.sent_at = None

    def frames(self) -> Iterator[bytes]:
        """The one frame that should leave now, if any."""
        with self._lock:
            asked = next((one for one in self._asked.values() if not one.outcome), None)
            now = self._clock.monotonic()
            if asked is None or not _due(asked, now):
                return
            frame, count = self._frame(asked)
            asked.sent_at = now
        log.info("batch.resent epoch=%d first=%d count=%d", asked.epoch, asked.next, count)
        yield frame

    def take(self, taken: Receipt) -> None:
        """What a genuine receipt says of the ranges."""
        with self._lock:
            for asked in self._asked.values():
                if asked.epoch == taken.epoch and not asked.outcome:
                    self._apply(asked, taken)

    def _apply(self, asked: _Asked, taken: Receipt) -> None:
        asked.wait, asked.sent_at = _FIRST_WAIT, None
        if taken.slow:
            asked.sent_at, asked.wait = self._clock.monotonic(), float(taken.slow)
        if taken.fork:
            asked.outcome = "fork"
        elif taken.refused:
            self._shrink(asked)
        elif taken.acked >= asked.last:
            asked.outcome = "done"
        elif taken.acked >= asked.held:
            asked.outcome = "gone"
        elif taken.want or taken.acked >= asked.next:
            self._go_on(asked, taken.want or taken.acked + 1)

    def _go_on(self, asked: _Asked, want: int) -> None:
        """The centre may lack more than it asked for: what stands before the range goes first."""
        before = self._journal.holds_to(asked.epoch, want, asked.next)
        if want < asked.next and before != asked.next:
            asked.outcome = "gone"
        asked.next = want

    def _shrink(self, asked: _Asked) -> None:
        """Half a batch, down to the one event that is at fault, which may still pass as JSON."""
        if asked.run > 1:
            asked.run //= 2
        elif asked.codec == batch.COLUMNS:
            asked.codec = batch.JSON
        else:
            asked.outcome = "refused"

    def _frame(self, asked: _Asked) -> tuple[bytes, int]:
        count = min(asked.run, asked.held - asked.next + 1)
        kid, key = self._invited.kid, self._invited.mac_key
        while True:
            run = self._journal.run(asked.next, count, asked.epoch)
            whole = batch.Batch(kid, run.epoch, asked.next, run.records, run.before, run.after)
            frame = batch.encode(whole, run.pins, key, asked.codec)
            if len(frame) <= batch.MAX_FRAME or count == 1:
                return frame, count
            count //= 2


def _due(asked: _Asked, now: float) -> bool:
    """True for the first time and where its receipt is late; each wait is twice the last."""
    if asked.sent_at is None:
        return True
    if now - asked.sent_at < asked.wait:
        return False
    asked.wait = min(_LONGEST_WAIT, asked.wait * 2)
    return True
