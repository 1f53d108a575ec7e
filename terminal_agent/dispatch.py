"""What waits leaves as frames, receipts come back; whatever carries them.

Nothing rests on the carrier: what is sent comes from the journal, and goes again until a receipt of
the centre says that it is committed.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping

from contract import batch, health, receipt
from contract.errors import BatchError
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent import outbox
from terminal_agent.clock import Clock
from terminal_agent.epoch import Reason
from terminal_agent.journal import Journal

log = logging.getLogger(__name__)


class Dispatch:
    """The sending half of one kiosk. `patience`: seconds the oldest scan may wait for company;
    `chance`: a source of numbers in [0, 1) for jitter."""

    def __init__(
        self,
        invited: Invitation,
        journal: Journal,
        clock: Clock,
        patience: float,
        chance: Callable[[], float],
    ) -> None:
        self.invited = invited
        self._journal = journal
        self._clock = clock
        self._patience = patience
        self._chance = chance
        self._codec = batch.COLUMNS
        self._urgent_since: float | None = None
        self._box = outbox.opened(0, 0.0)

    def connected(self) -> None:
        """A new connection: everything without a receipt waits again."""
        acked = self._journal.standing().acked
        self._box = outbox.opened(acked, self._clock.monotonic())

    def frames(self, queued: int) -> Iterator[bytes]:
        """The frames that should leave now; `queued` bytes still wait in the carrier."""
        now = self._clock.monotonic()
        if outbox.overdue(self._box, queued, now, self._chance()):
            log.warning("receipt.overdue acked=%d sent=%d", self._box.acked, self._box.sent)
            self._box = outbox.rewound(self._box, now)
        standing = self._journal.standing()
        while run := outbox.next_run(
            self._box, standing.last, self._urgent_age(standing.urgent, now), self._patience, now
        ):
            first = self._box.sent + 1
            frame, count = self._frame(first, run)
            self._box = outbox.sent(self._box, first + count - 1, now)
            log.info("batch.sent first=%d count=%d bytes=%d", first, count, len(frame))
            yield frame

    def take(self, data: bytes) -> bool:
        """What a receipt changes; True where a new epoch began and the kiosk must be born again.

        A receipt that is not genuine changes nothing. A genuine one for more than the journal holds
        means that rows are gone: this card was rolled back.
        """
        try:
            taken = receipt.decode(self.invited.kid, data, self.invited.mac_key)
        except BatchError as problem:
            log.error("receipt.refused %s", problem)
            return False
        standing = self._journal.standing()
        if taken.epoch != standing.epoch:
            return False
        if taken.fork or taken.acked > standing.last:
            reason: Reason = "fork" if taken.fork else "lost_rows"
            log.error("receipt.%s epoch=%d acked=%d", reason, taken.epoch, taken.acked)
            self._journal.begin_epoch(reason, self._clock.look())
            self._box = outbox.opened(0, self._clock.monotonic())
            return True
        self._apply(taken)
        return False

    def birth(self, version: str, alerts: Mapping[str, str]) -> bytes:
        """What the kiosk says of itself at every connect, and when its alerts change."""
        standing = self._journal.standing()
        born = health.Birth(
            online=True,
            epoch=standing.epoch,
            max_seq=standing.last,
            acked=standing.acked,
            head=standing.head.hex(),
            version=version,
            trust=self._clock.look().trust,
            disk_free=self._disk_free(),
            alerts=tuple(sorted(alerts.items())),
        )
        return health.encode(born)

    def will(self) -> bytes:
        """What the broker says when the connection breaks."""
        return health.encode(health.Birth(online=False, epoch=self._journal.standing().epoch))

    def _apply(self, taken: Receipt) -> None:
        standing = self._journal.standing()
        self._box = outbox.receipted(self._box, taken, standing.last, self._clock.monotonic())
        if taken.refused:
            log.error("receipt.batch_refused acked=%d next_run=%d", taken.acked, self._box.run)
            # One event that columns cannot carry may still pass as plain JSON.
            self._codec = batch.JSON if self._box.run == 1 else self._codec
        if self._box.acked != standing.acked:
            self._codec = batch.COLUMNS
            self._journal.acknowledge(taken.epoch, self._box.acked)
            log.info("receipt.acked epoch=%d acked=%d", taken.epoch, self._box.acked)

    def _urgent_age(self, urgent: int, now: float) -> float | None:
        if urgent <= self._box.sent:
            self._urgent_since = None
            return None
        if self._urgent_since is None:
            self._urgent_since = now
        return now - self._urgent_since

    def _frame(self, first: int, count: int) -> tuple[bytes, int]:
        """The longest frame from `first` with at most `count` events and 48 KiB."""
        kid, key = self.invited.kid, self.invited.mac_key
        while True:
            run = self._journal.run(first, count)
            whole = batch.Batch(kid, run.epoch, first, run.records, run.before, run.after)
            frame = batch.encode(whole, run.pins, key, self._codec)
            if len(frame) <= batch.MAX_FRAME or count == 1:
                return frame, count
            count //= 2

    def _disk_free(self) -> int:
        room = os.statvfs(self._journal.path)
        return room.f_bavail * room.f_frsize
