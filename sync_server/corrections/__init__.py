"""What people ask to be excused, who decides, and what follows from it for the facts."""

from sync_server.corrections.dispute import objections_until
from sync_server.corrections.excusing import excuses
from sync_server.corrections.record import (
    OPEN,
    SUBJECT,
    Correction,
    get,
    of_day,
    of_person,
    waiting,
)

__all__ = [
    "OPEN",
    "SUBJECT",
    "Correction",
    "excuses",
    "get",
    "objections_until",
    "of_day",
    "of_person",
    "waiting",
]
