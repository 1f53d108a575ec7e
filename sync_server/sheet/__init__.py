"""The sheet of an office's month: everybody's percent and rupiah, made from the daily facts."""

from sync_server.sheet.making import Made, make, sheet
from sync_server.sheet.paper import (
    Owed,
    Row,
    Rulebook,
    Sheet,
    Waiting,
    decode,
    digest,
    encode,
)

__all__ = [
    "Made",
    "Owed",
    "Row",
    "Rulebook",
    "Sheet",
    "Waiting",
    "decode",
    "digest",
    "encode",
    "make",
    "sheet",
]
