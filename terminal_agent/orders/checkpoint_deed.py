"""Compares the centre's checkpoint with what this kiosk knows of itself.

One that agrees is noted in the chain, which witnesses it. One that contradicts is refused and kept in
a file: the alarm about it outlives every start until a later checkpoint agrees. Nothing is forgotten
over it, and recording goes on.
"""

import logging

import msgspec

from contract.command import Checkpoint
from contract.event import CheckpointNoted
from terminal_agent import durable
from terminal_agent.orders.hands import Deed, Hands

log = logging.getLogger(__name__)

_KEPT = "checkpoint-contradicts.json"
_ALERT = "checkpoint_contradicts"


def compare(order: Checkpoint, hands: Hands) -> Deed:
    """Note the checkpoint, or refuse it. Raises JournalFailed and OSError."""
    noted = hands.journal.past.newest("checkpoint_noted")
    newest = noted if isinstance(noted, CheckpointNoted) else CheckpointNoted(0, "")
    if order.no == newest.no and order.digest != newest.digest:
        return _refused(order, hands, f"checkpoint {order.no} was another one before")
    for epoch, acked, head in order.epochs:  # a false head is false under any number
        held = hands.journal.past.head(epoch, acked)
        if held is not None and held.hex() != head:
            return _refused(order, hands, f"epoch {epoch} is another chain up to event {acked}")
    if order.no < newest.no:
        return Deed("refused", f"checkpoint_older: {newest.no} is noted")
    if order.no > newest.no:
        record = CheckpointNoted(order.no, order.digest)
        hands.journal.note([record], hands.clock.look())
    if (hands.state / _KEPT).exists():
        durable.remove(hands.state / _KEPT)
    hands.alerts.pop("checkpoint", None)
    return Deed("done", f"no={order.no}")


def recall(hands: Hands) -> None:
    """The alarm that an earlier run left."""
    if (hands.state / _KEPT).exists():
        hands.alerts["checkpoint"] = _ALERT


def _refused(order: Checkpoint, hands: Hands, why: str) -> Deed:
    log.error("checkpoint.contradicts no=%d %s", order.no, why)
    durable.write_whole(hands.state / _KEPT, msgspec.json.encode(order))
    hands.alerts["checkpoint"] = _ALERT
    return Deed("refused", f"{_ALERT}: {why}")
