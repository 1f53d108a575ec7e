"""What goes next, and what a receipt changes. Pure: time and chance are arguments (seconds).

The outbox is `seq > acked`; nothing is queued anywhere else. `sent` runs ahead of `acked` by at most
the window, counted in events, and falls back to it when a receipt asks or time runs out.
"""

import msgspec

from contract.receipt import Receipt

FULL = 200  # this many waiting events start a flush by themselves
RUN = 1000  # events in a batch of backlog
WINDOW = 20 * RUN
SCHEDULE = 3_600.0  # where nothing else moves, coverage goes so often: an absence must not wait
_RTO_LEAST = 3.0
_RTO_MOST = 300.0


class Outbox(msgspec.Struct, frozen=True):
    """Where sending stands. `rtt` is the smoothed round trip, None before the first receipt."""

    acked: int
    sent: int
    run: int = RUN
    cautious: bool = False  # after a timeout: one batch in flight until a receipt arrives
    rtt: float | None = None
    backoff: int = 0
    progress_at: float = 0.0  # when anything last went out or was receipted
    timed: tuple[int, float] | None = None  # (last seq, when sent) of the batch being timed
    rewound_at: float = -1e9
    hole: int = 0
    quiet_until: float = 0.0


def opened(acked: int, now: float) -> Outbox:
    """A new connection: everything without a receipt waits again."""
    return Outbox(acked=acked, sent=acked, progress_at=now)


def next_run(box: Outbox, last: int, urgent_age: float | None, patience: float, now: float) -> int:
    """How many events to send after `sent` now; 0 = wait.

    `last` is the newest seq, `urgent_age` how long the oldest unsent scan has waited (None: only
    bookkeeping waits), `patience` how long it may.
    """
    waiting = last - box.sent
    in_flight = box.sent - box.acked
    window = box.run if box.cautious else WINDOW
    if waiting <= 0 or now < box.quiet_until or in_flight >= window:
        return 0
    scheduled = now - box.progress_at >= SCHEDULE
    grown_old = urgent_age is not None and urgent_age >= patience
    due = waiting >= FULL or in_flight > 0 or grown_old or scheduled
    return min(waiting, box.run, window - in_flight) if due else 0


def sent(box: Outbox, last: int, now: float) -> Outbox:
    """A batch ending in `last` went out."""
    timed = box.timed or (last, now)
    return msgspec.structs.replace(box, sent=last, timed=timed, progress_at=now)


def receipted(box: Outbox, receipt: Receipt, newest: int, now: float) -> Outbox:
    """What a genuine receipt for the current epoch changes.

    `newest` is the last seq in the journal: an `acked` above it is ignored. An `acked` below ours
    means that the centre was restored from a backup, and everything after it goes again. A receipt
    that asks or refuses took nothing, so nobody compared what it says it holds with what is here:
    it never moves the mark forward.
    """
    if receipt.acked > newest:
        return box
    unproven = receipt.want or receipt.refused
    acked = min(box.acked, receipt.acked) if unproven else receipt.acked
    went_back = acked < box.acked
    box = msgspec.structs.replace(
        _timed(box, acked, now),
        acked=acked,
        sent=max(box.sent, acked),
        progress_at=now,
        quiet_until=now + receipt.slow if receipt.slow else box.quiet_until,
        run=_halved(box) if receipt.refused else _grown(box, acked),
        cautious=receipt.refused,
        backoff=0,
    )
    if receipt.refused or went_back:
        return msgspec.structs.replace(box, sent=acked, timed=None)
    return _rewound_for(box, max(receipt.want, acked + 1), now) if receipt.want else box


def overdue(box: Outbox, queued: int, now: float, chance: float) -> bool:
    """True when a receipt is late: nothing is left in the socket (`queued` bytes) and nothing moved
    for the timeout. `chance` in [0, 1) is the jitter of this look."""
    if box.sent == box.acked or queued:
        return False
    return now - box.progress_at > timeout(box) * (1 + chance)


def timeout(box: Outbox) -> float:
    """Seconds to wait for a receipt: max(3, 4 x smoothed round trip), doubled per loss to 300."""
    least = max(_RTO_LEAST, 4 * (box.rtt or 0.0))
    return min(_RTO_MOST, least * (1 << box.backoff))


def rewound(box: Outbox, now: float) -> Outbox:
    """After a timeout: send again from the receipt on, one batch at a time."""
    return msgspec.structs.replace(
        box,
        sent=box.acked,
        cautious=True,
        backoff=min(box.backoff + 1, 7),
        timed=None,
        rewound_at=now,
        progress_at=now,
    )


def _rewound_for(box: Outbox, want: int, now: float) -> Outbox:
    """At once, but once per hole and round trip: every batch in flight reports the same hole."""
    if want == box.hole and now - box.rewound_at < (box.rtt or _RTO_LEAST):
        return box
    if want - 1 > box.sent:
        return box
    return msgspec.structs.replace(box, sent=want - 1, hole=want, rewound_at=now, timed=None)


def _timed(box: Outbox, acked: int, now: float) -> Outbox:
    """Smooth the round trip with a batch that was sent once only (Karn's rule)."""
    if box.timed is None or acked < box.timed[0]:
        return box
    sample = now - box.timed[1]
    rtt = sample if box.rtt is None else box.rtt + (sample - box.rtt) / 8
    return msgspec.structs.replace(box, rtt=rtt, timed=None)


def _halved(box: Outbox) -> int:
    """Half of what was refused, down to the one event that is at fault."""
    return max(1, min(box.run, box.sent - box.acked) // 2)


def _grown(box: Outbox, acked: int) -> int:
    """A batch that went through after a refusal lets the next be twice as long."""
    return min(RUN, box.run * 2) if acked > box.acked else box.run
