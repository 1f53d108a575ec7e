"""What waits leaves as frames, receipts come back; whatever carries them.

Nothing rests on the carrier: what is sent comes from the journal, and goes again until a receipt of
the centre says that it is committed.
"""

import logging
import math
import os
import threading
from collections.abc import Callable, Iterator, Mapping

import msgspec

from contract import batch, health, receipt
from contract.errors import BatchError
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent import clock_trust, outbox
from terminal_agent.clock import Clock
from terminal_agent.epoch import Reason
from terminal_agent.journal import Journal
from terminal_agent.noting import Noting
from terminal_agent.outbox import Waiting
from terminal_agent.pace import LIVE_PATIENCE, Pace
from terminal_agent.resending import Resending

log = logging.getLogger(__name__)


class Dispatch:
    """The sending half of one kiosk. `pace`: how patient it is with its link; `chance`: a source of
    numbers in [0, 1) for jitter."""

    def __init__(
        self,
        invited: Invitation,
        journal: Journal,
        clock: Clock,
        pace: Pace,
        chance: Callable[[], float],
    ) -> None:
        self.invited = invited
        self._journal = journal
        self._clock = clock
        self._pace = pace
        self._chance = chance
        self.live_until = 0.0
        self.heard = False  # whether a genuine receipt has come under this invitation
        self.disowned = False  # whether the newest one was made for another card of this name
        self._codec = pace.codec
        self._urgent_since: float | None = None
        self._timed_up_ms = 0
        self._box = outbox.opened(0, 0, 0.0, journal.found)
        self.resending = Resending(invited, journal, clock)
        self.noting = Noting(invited, journal, clock)
        self._turn = threading.RLock()  # the uplink's thread, and whoever brings a carried receipt

    def connected(self) -> None:
        """A new connection: everything without a receipt waits again. Scans go at once: nobody
        knows how long the link lasts, and connecting cost more than they do."""
        self.resending.connected()
        standing = self._journal.standing()
        # A kiosk that does not know the time asks for it with whatever it has.
        at_once = standing.urgent > standing.acked or not self._clock.look().trust
        goal = standing.last if at_once else standing.acked
        now = self._clock.monotonic()
        self._box = outbox.opened(standing.acked, goal, now, self._box.ever)

    def go_live(self, until: float) -> None:
        """Send every scan within seconds until then (UTC seconds by the kiosk's clock); 0 ends it."""
        if until != self.live_until:
            log.info("live.until %d", until)
        self.live_until = until

    def sent(self) -> int:
        """The newest seq of the current epoch that has left on this connection; any thread."""
        return self._box.sent

    def frames(self, queued: int, ping_in: float = math.inf) -> Iterator[bytes]:
        """The frames that should leave now; `queued` bytes still wait in the carrier, whose next
        ping is due in `ping_in` seconds."""
        with self._turn:
            now = self._clock.monotonic()
            self._box = outbox.looked(self._box, queued, now, self._chance())
            if outbox.overdue(self._box, queued, now):
                log.warning("receipt.overdue acked=%d sent=%d", self._box.acked, self._box.sent)
                self._box = outbox.rewound(self._box)
            standing = self._journal.standing()
            age = self._urgent_age(standing.urgent, now)
            waiting = Waiting(standing.last, standing.urgent, age, ping_in)
            self._box = outbox.due(self._box, waiting, self._pace_now(), now)
            while run := outbox.next_run(self._box, now):
                yield self._sent(run, now)
        yield from self.resending.frames()

    def take(self, data: bytes) -> bool:
        """What a receipt changes; True where a new epoch began and the kiosk must be born again.

        A receipt that is not genuine changes nothing. A genuine one for more than the journal holds
        means that rows are gone: this card was rolled back.
        """
        self.disowned = not receipt.is_for(self.invited.kid, data, self.invited.mac_key)
        try:
            taken = receipt.decode(self.invited.kid, data, self.invited.mac_key)
        except BatchError as problem:
            log.error("receipt.refused %s", problem)
            return False
        self.heard = True
        self.resending.take(taken)
        with self._turn:
            standing = self._journal.standing()
            if taken.epoch != standing.epoch:
                return False
            if taken.fork or taken.acked > standing.last:
                self._renumber(taken)
                return True
            verdict = self.noting.judge(taken)
            if verdict != "contradicts":
                self._apply(taken)
            if verdict == "agrees":
                self.noting.note(taken)
            return False

    def carried(self, taken: Receipt) -> None:
        """What a receipt changes that was judged (`carried.judge`) and rested on its way here: its
        times teach nothing, and what is in flight goes again. Any thread may call it."""
        with self._turn:
            if taken.fork or taken.acked > self._journal.standing().last:
                self._renumber(taken)
                return
            verdict = self.noting.judge(taken)
            if verdict == "contradicts":
                return
            self._journal.acknowledge(taken.epoch, taken.acked, taken.sent_ms)
            if verdict == "agrees":
                self.noting.note(taken)
            self.connected()

    def birth(
        self,
        version: str,
        alerts: Mapping[str, str],
        bytes_month: int = 0,
        quota_left: int | None = None,
    ) -> bytes:
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
            bytes_month=bytes_month,
            quota_left=quota_left,
        )
        return health.encode(born)

    def will(self) -> bytes:
        """What the broker says when the connection breaks."""
        return health.encode(health.Birth(online=False, epoch=self._journal.standing().epoch))

    def _renumber(self, taken: Receipt) -> None:
        reason: Reason = "fork" if taken.fork else "lost_rows"
        log.error("receipt.%s epoch=%d acked=%d", reason, taken.epoch, taken.acked)
        self._journal.begin_epoch(reason, self._clock.look())
        self._box = outbox.opened(0, 0, 0.0)  # nothing of the new epoch was ever sent
        self.connected()

    def _sent(self, run: int, now: float) -> bytes:
        first = self._box.sent + 1
        frame, count = self._frame(first, run)
        timed = self._box.timed
        self._box = outbox.sent(self._box, first + count - 1, now)
        if self._box.timed != timed:
            self._timed_up_ms = self._clock.up_ms()
        if self._box.sent >= self._box.goal:
            self._urgent_since = None  # whoever comes now waits for company of his own
        log.info("batch.sent first=%d count=%d bytes=%d", first, count, len(frame))
        return frame

    def _learn(self, taken: Receipt) -> None:
        """The receipt of a batch that was sent once tells the centre's time."""
        timed = self._box.timed
        if timed is None or taken.acked != timed[0] or taken.want or taken.refused:
            return
        fix = clock_trust.server_fix(self._timed_up_ms, self._clock.up_ms(), taken)
        if fix is not None:
            self._clock.learn(fix)

    def _pace_now(self) -> Pace:
        if self._clock.wall() >= self.live_until:
            return self._pace
        patience = min(LIVE_PATIENCE, self._pace.patience)
        return msgspec.structs.replace(self._pace, patience=patience)

    def _apply(self, taken: Receipt) -> None:
        self._learn(taken)
        standing = self._journal.standing()
        self._box = outbox.receipted(self._box, taken, standing.last, self._clock.monotonic())
        if taken.refused:
            log.error("receipt.batch_refused acked=%d next_run=%d", taken.acked, self._box.run)
            # One event that columns cannot carry may still pass as plain JSON.
            self._codec = batch.JSON if self._box.run == 1 else self._codec
        if self._box.acked != standing.acked:
            self._codec = self._pace.codec
            self._journal.acknowledge(taken.epoch, self._box.acked, taken.sent_ms)
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
