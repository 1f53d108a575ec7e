"""Closing a month: proposed, approved by two people, frozen whole, and susulan afterwards."""

from sync_server.closing.deed import Deed
from sync_server.closing.lacks import Lack, NotYet, long_waiting
from sync_server.closing.late import Difference, Susulan, differences, note, noted_of, shown
from sync_server.closing.steps import (
    SUBJECT,
    approve,
    close,
    freeze,
    may_approve,
    may_close,
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
from sync_server.closing.windows import is_over, objections_until, today

__all__ = [
    "SUBJECT",
    "Deed",
    "Difference",
    "Lack",
    "NotYet",
    "Revision",
    "Susulan",
    "approve",
    "body",
    "close",
    "differences",
    "facts",
    "freeze",
    "frozen",
    "is_over",
    "long_waiting",
    "may_approve",
    "may_close",
    "note",
    "noted_of",
    "objections_until",
    "of_month",
    "reopen",
    "revisions",
    "shown",
    "standing",
    "today",
]
