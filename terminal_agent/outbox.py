"""What goes next, and what a receipt changes. Pure: time and chance are arguments (seconds).

The outbox is `seq > acked`; nothing is queued anywhere else. A flush goes up to `goal`; `sent` runs
ahead of `acked` by at most the window, counted in events, and falls back to it when a receipt asks
or time runs out.
"""

import math

import msgspec

from contract.receipt import Receipt
from terminal_agent.pace import Pace

FULL = 200  # this many waiting scans start a flush by themselves
RUN = 1000  # events in a batch of backlog
WINDOW = 20 * RUN
_RTO_LEAST = 3.0
_RTO_MOST = 300.0


class Outbox(msgspec.Struct, frozen=True):
    """Where sending stands. `rtt` is the smoothed round trip, None before the first receipt."""

    acked: int
    sent: int
    goal: int = 0  # the flush under way ends here; what came later waits for company
    run: int = RUN
    cautious: bool = False  # after a timeout: one batch in flight until a receipt arrives
    rtt: float | None = None
    backoff: int = 0
    moved_at: float = 0.0  # when anything last went out or was receipted
    timed: tuple[int, float] | None = None  # (last seq, when sent) of the batch being timed
    late_at: float | None = None  # when the oldest batch without a receipt is overdue
    hole: int = 0  # the hole that was last filled
    filled_at: float | None = None  # and when that had left the socket
    top: int = 0  # the newest event that was sent on this connection
    ever: int = 0  # the newest event that may have been sent at all
    doubt: bool = False  # time ran out: what was sent up to `top` is lost, or only delayed
    listen_until: float = 0.0
    quiet_until: float = 0.0


class Waiting(msgspec.Struct, frozen=True):
    """What is in the journal: its newest seq, the newest one of a scan, and for how long the oldest
    unsent scan has waited (None: only bookkeeping waits). `ping_in`: seconds until MQTT's next ping.
    """

    last: int
    urgent: int = 0
    age: float | None = None
    ping_in: float = math.inf


def opened(acked: int, goal: int, now: float, ever: int = 0) -> Outbox:
    """A new connection: everything without a receipt waits again, and goes up to `goal` at once.
    `ever`: the newest event that may have been sent before."""
    return Outbox(acked=acked, sent=acked, goal=goal, top=acked, ever=ever, moved_at=now)


def due(box: Outbox, waiting: Waiting, pace: Pace, now: float) -> Outbox:
    """Start a flush of everything that waits, where something has waited long enough."""
    if waiting.last <= box.goal or not _is_due(box, waiting, pace, now):
        return box
    return msgspec.structs.replace(box, goal=waiting.last)


def _is_due(box: Outbox, waiting: Waiting, pace: Pace, now: float) -> bool:
    """Bookkeeping never starts a flush by itself, except on schedule, or where a ping would go out
    now in any case: the batch and its receipt spare it."""
    grown_old = waiting.age is not None and waiting.age >= pace.patience
    full = waiting.urgent - max(box.sent, box.goal) >= FULL
    scheduled = now - box.moved_at >= pace.schedule
    return grown_old or full or scheduled or waiting.ping_in <= _least(box)


def next_run(box: Outbox, now: float) -> int:
    """How many events to send after `sent` now; 0 = wait."""
    in_flight = box.sent - box.acked
    if now < max(box.quiet_until, box.listen_until) or (box.cautious and in_flight):
        return 0
    return max(0, min(box.goal - box.sent, box.run, WINDOW - in_flight))


def sent(box: Outbox, last: int, now: float) -> Outbox:
    """A batch ending in `last` went out. It does not postpone the timeout of one before it, and it
    is timed only where nobody can answer it but who got it now: a receipt that was kept from an
    earlier sending, and played back, would set our clock to any time (and Karn's rule)."""
    fresh = (last, now) if last > max(box.top, box.ever) else None
    return msgspec.structs.replace(
        box,
        sent=last,
        top=max(box.top, last),
        ever=max(box.ever, last),
        timed=box.timed or fresh,
        moved_at=now,
        doubt=box.doubt and box.cautious,
    )


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
    before, box = box, _timed(box, acked, now)
    box = msgspec.structs.replace(
        box,
        acked=acked,
        sent=max(box.sent, acked),
        goal=max(box.goal, acked),
        moved_at=now,
        late_at=None if acked > before.acked else box.late_at,
        quiet_until=now + receipt.slow if receipt.slow else box.quiet_until,
        run=_halved(box) if receipt.refused else _grown(box, acked),
        cautious=receipt.refused,
        backoff=0,
    )
    if receipt.refused or acked < before.acked:
        return _back(box, acked)
    if receipt.want:
        return _filled(box, max(receipt.want, acked + 1), now)
    moved = before.acked < acked < box.top
    return _found(before, box, now) if before.doubt and moved else box


def looked(box: Outbox, queued: int, now: float, chance: float) -> Outbox:
    """The socket holds `queued` bytes now. Once it has let go of everything, the wait for the
    receipt begins; its jitter, full and up to as long again, is drawn here, once: `chance` in
    [0, 1). What goes out later does not prolong it."""
    if queued or box.sent == box.acked:
        return box
    late_at = now + timeout(box) * (1 + chance) if box.late_at is None else box.late_at
    filled_at = now if box.filled_at is None else box.filled_at
    return msgspec.structs.replace(box, late_at=late_at, filled_at=filled_at)


def overdue(box: Outbox, queued: int, now: float) -> bool:
    """True when a receipt is late: nothing is left in the socket and nothing moved for the
    timeout."""
    awaited = box.sent > box.acked and not queued
    return awaited and box.late_at is not None and now > box.late_at


def timeout(box: Outbox) -> float:
    """Seconds to wait for a receipt: max(3, 4 x smoothed round trip), doubled per loss to 300."""
    return min(_RTO_MOST, _least(box) * (1 << box.backoff))


def rewound(box: Outbox) -> Outbox:
    """After a timeout: send again from the receipt on, one batch at a time."""
    backoff = min(box.backoff + 1, 7)
    box = _back(box, box.acked)
    return msgspec.structs.replace(box, cautious=True, backoff=backoff, doubt=True)


def _back(box: Outbox, to: int) -> Outbox:
    """Send again what comes after `to`."""
    return msgspec.structs.replace(
        box, sent=to, timed=None, late_at=None, doubt=False, listen_until=0.0
    )


def _filled(box: Outbox, want: int, now: float) -> Outbox:
    """At once, but once per hole and round trip: every batch in flight reports the same hole, and
    those that still stand in the socket will."""
    answered = box.filled_at is not None and now - box.filled_at >= (box.rtt or _RTO_LEAST)
    if want - 1 > box.sent or (want == box.hole and not answered):
        return box
    return msgspec.structs.replace(_back(box, want - 1), hole=want, filled_at=None)


def _found(before: Outbox, box: Outbox, now: float) -> Outbox:
    """A receipt moved on after a timeout: was what had been sent lost, or only delayed?

    A receipt for anything else than exactly what went out again answers the first sending, so the
    rest of that is on its way too. Otherwise one round trip shows whether more receipts follow.
    """
    if box.acked != before.sent:
        return msgspec.structs.replace(box, sent=box.top, doubt=False, listen_until=0.0)
    return msgspec.structs.replace(box, listen_until=now + (box.rtt or _RTO_LEAST))


def _least(box: Outbox) -> float:
    return max(_RTO_LEAST, 4 * (box.rtt or 0.0))


def _timed(box: Outbox, acked: int, now: float) -> Outbox:
    """Smooth the round trip with the batch that is being timed."""
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
