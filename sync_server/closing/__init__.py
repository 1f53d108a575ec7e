"""Closing a month: proposed, approved by two people, frozen whole, and susulan afterwards."""

from sync_server.closing.counted import Counted, counted, explained
from sync_server.closing.deed import Deed
from sync_server.closing.lacks import Lack, NotYet, long_waiting
from sync_server.closing.late import Difference, Susulan, differences, move, note, noted_of, paid
from sync_server.closing.pins import answer, may_answer
from sync_server.closing.steps import (
    SUBJECT,
    approve,
    close,
    freeze,
    may_approve,
    may_close,
    may_reopen,
    reopen,
)
from sync_server.closing.stored import (
    Revision,
    body,
    facts,
    frozen,
    of_month,
    revisions,
    standing,
)
from sync_server.closing.windows import is_over, today
from sync_server.corrections import objections_until

__all__ = [
    "SUBJECT",
    "Counted",
    "Deed",
    "Difference",
    "Lack",
    "NotYet",
    "Revision",
    "Susulan",
    "answer",
    "approve",
    "body",
    "close",
    "counted",
    "differences",
    "explained",
    "facts",
    "freeze",
    "frozen",
    "is_over",
    "long_waiting",
    "may_answer",
    "may_approve",
    "may_close",
    "may_reopen",
    "move",
    "note",
    "noted_of",
    "objections_until",
    "of_month",
    "paid",
    "reopen",
    "revisions",
    "standing",
    "today",
]
