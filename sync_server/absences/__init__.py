"""Leave and duty by letter: what offices enter or import, and what facts and boards read of it."""

from sync_server.absences.book import (
    Stored,
    codes,
    listed,
    of_document,
    of_documents,
    of_people,
    store,
    with_documents,
    withdraw,
)
from sync_server.absences.entry import Entry
from sync_server.absences.letters import check, outside, read

__all__ = [
    "Entry",
    "Stored",
    "check",
    "codes",
    "listed",
    "of_document",
    "of_documents",
    "of_people",
    "outside",
    "read",
    "store",
    "with_documents",
    "withdraw",
]
