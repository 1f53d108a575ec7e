"""What a batch means, given what is already stored. Pure."""

from math import ceil
from typing import Literal

import msgspec

from contract import chain
from contract.batch import HEAD_SHORT, Batch

_PROMPT = 1.0
_SLOWEST = 60

Judgement = Literal["take", "known", "hole", "fork"]


class Known(msgspec.Struct, frozen=True):
    """What the ledger holds of one (kid, epoch): everything up to `acked`, and two heads.

    `before` is the head before the batch's first event, None where that lies beyond `acked`;
    `head` is the head at the newest event that the batch may share with the ledger: at `acked`, or
    at the batch's last event where that comes first.
    """

    acked: int
    head: bytes
    before: bytes | None


class Verdict(msgspec.Struct, frozen=True):
    """`records` are new and continue the chain with `heads`; `first` is the seq of the first."""

    judgement: Judgement
    first: int = 0
    records: tuple[bytes, ...] = ()
    heads: tuple[bytes, ...] = ()


def judge(known: Known, batch: Batch) -> Verdict:
    """Take what continues the chain, trim what is known, and name a hole or a fork.

    A hole is not stored: the kiosk sends again from where the ledger stands. A genuine batch whose
    records or heads differ from what is stored is a fork: a cloned or rolled-back card.
    """
    if batch.first > known.acked + 1 or known.before is None:
        return Verdict("hole")
    heads = chain.heads(known.before, batch.records)
    if (
        known.before[:HEAD_SHORT] != batch.before
        or heads[-1][:HEAD_SHORT] != batch.after
        or not _meets(known, batch, heads)
    ):
        return Verdict("fork")
    trimmed = known.acked + 1 - batch.first
    if trimmed >= len(heads):
        return Verdict("known")
    return Verdict("take", known.acked + 1, batch.records[trimmed:], tuple(heads[trimmed:]))


def _meets(known: Known, batch: Batch, heads: list[bytes]) -> bool:
    """Up to the newest event that both have, the batch's chain must be the stored one."""
    shared = min(known.acked, batch.last) + 1 - batch.first
    return not shared or heads[shared - 1] == known.head


def slow_down(behind: float, answers: int) -> list[int]:
    """Seconds that each kiosk of a group is asked to wait before its next frame.

    None while the oldest frame waited a second at most. Beyond that the queue grows faster than it
    is emptied: everybody waits as long as it took, up to twice as long so that they do not come back
    together.
    """
    if behind <= _PROMPT:
        return [0] * answers
    return [min(_SLOWEST, ceil(behind * (1 + place / answers))) for place in range(answers)]
