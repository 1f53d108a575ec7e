"""What a signed receipt proves: that the centre holds this chain, and that what follows came later.

Only a receipt that agrees with the journal is noted. One that contradicts it changes nothing: the
journal keeps its events, and a person is told.
"""

import logging
from typing import Literal

from contract import vouched
from contract.event import ReceiptNoted, read
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent import identity, seals
from terminal_agent.clock import Clock
from terminal_agent.journal import Journal
from terminal_agent.seals import Noted

log = logging.getLogger(__name__)

Verdict = Literal["unsigned", "agrees", "contradicts"]


class Noting:
    """Judges signed receipts. `alert`: the code of what a technician should look at, "" for none."""

    def __init__(self, invited: Invitation, journal: Journal, clock: Clock) -> None:
        self._invited = invited
        self._journal = journal
        self._clock = clock
        self.alert = ""

    def judge(self, taken: Receipt) -> Verdict:
        """What the signature of a genuine receipt is worth. Where it does not hold, or this card has
        no such event any more, the receipt counts as every unsigned one does."""
        if not taken.signature:
            return "unsigned"
        held = self._journal.past.head(taken.epoch, taken.acked)
        if held is None:
            return "unsigned"
        if not identity.signed_by_centre(self._invited, self._signed(taken), taken.signature):
            log.error("receipt.badly_signed epoch=%d acked=%d", taken.epoch, taken.acked)
            self.alert = "receipt_badly_signed"
            return "unsigned"
        if held != taken.head:
            log.error("receipt.contradicts epoch=%d acked=%d", taken.epoch, taken.acked)
            self.alert = "receipt_contradicts"
            return "contradicts"
        self.alert = ""
        return "agrees"

    def note(self, taken: Receipt) -> None:
        """Write a receipt that agrees into the chain, once in 20 hours. Raises JournalFailed."""
        server_time = taken.received_ms // 1000
        if seals.note_due(self._newest(), server_time, taken.acked):
            record = ReceiptNoted(taken.acked, server_time, taken.signature)
            self._journal.note([record], self._clock.look())
            log.info("receipt.noted epoch=%d acked=%d", taken.epoch, taken.acked)

    def _newest(self) -> Noted | None:
        seq, data = self._journal.newest_at("receipt_noted") or (0, b"")
        record = read(data)
        return Noted(seq, record.server_time) if isinstance(record, ReceiptNoted) else None

    def _signed(self, taken: Receipt) -> bytes:
        of = (self._invited.kid, taken.epoch, taken.acked, taken.head)
        return vouched.receipt_bytes(*of, taken.received_ms // 1000)
