"""What a receipt is worth that was carried: on a stick, or over the telephone. Pure.

A carried receipt may be old. Upwards it is believed, for the centre said it after a commit; back it
takes the mark only where it is newer than the newest receipt that moved it, because then the centre
was restored from a backup.
"""

from typing import Literal

import msgspec

from contract.receipt import Receipt

Outcome = Literal[
    "moved", "back", "known", "old", "other_epoch", "refused", "new_epoch", "forged", "mistyped"
]
# What changes the kiosk; everything else is only said.
EFFECTIVE = ("moved", "back", "new_epoch")


class Mark(msgspec.Struct, frozen=True):
    """Where a journal stands: its epoch, newest seq, acked mark, and the server time (UTC
    milliseconds) of the newest receipt that moved it, 0 where none did."""

    epoch: int
    last: int
    acked: int
    receipt_ms: int


def judge(taken: Receipt, mark: Mark) -> Outcome:
    """What a genuine receipt changes in a journal that stands so."""
    if taken.epoch != mark.epoch:
        return "other_epoch"
    if taken.fork or taken.acked > mark.last:
        return "new_epoch"
    if taken.refused:
        return "refused"
    if taken.want:
        return _back(taken, mark) if taken.want <= mark.acked else "known"
    if taken.acked == mark.acked:
        return "known"
    return "moved" if taken.acked > mark.acked else _back(taken, mark)


def _back(taken: Receipt, mark: Mark) -> Outcome:
    return "back" if taken.sent_ms > mark.receipt_ms else "old"
