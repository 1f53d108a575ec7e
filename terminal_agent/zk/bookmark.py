"""What is remembered about one terminal between polls. No I/O.

It is stored in the transaction that stores the records, under the device's serial number.
"""

import msgspec

from terminal_agent.zk.records import Dialect
from terminal_agent.zk.tail import Cursor


class Bookmark(msgspec.Struct, frozen=True):
    """Where reading goes on, and what was learned about this terminal's firmware.

    `firmware`: the version that the rest was learned from. `dialect`: the layout its records have, once known. `tail`: False after it failed to answer a
    read from the middle. `legacy`: it has no 1503. `surplus`: how many records its counter has
    above what its log holds. `op_count`: operations counted when they were last read.
    """

    serial: str
    firmware: str = ""
    dialect: Dialect | None = None
    tail: bool = True
    legacy: bool = False
    surplus: int = 0
    log: Cursor | None = None
    operations: Cursor | None = None
    op_count: int | None = None


# What an audit found: missing, extra, first and last device second of the missing.
Finding = tuple[int, int, int, int]
CLEAN: Finding = (0, 0, 0, 0)
NEVER = -1


class Remembered(msgspec.Struct, frozen=True):
    """The journal's cursor of a terminal: the bookmark, the day of the last nightly audit (days
    since 1970, counted from its hour) and what that found. `looked`: the same day of the newest look
    at its users, when it counted so many users and fingers (`enrolled`)."""

    bookmark: Bookmark
    audited: int
    found: Finding
    looked: int = NEVER
    enrolled: tuple[int, int] = (0, 0)


def remembered(cursor: bytes) -> Remembered | None:
    """A cursor that another version wrote costs a whole read, whose rows the journal tells apart."""
    try:
        return msgspec.json.decode(cursor, type=Remembered) if cursor else None
    except msgspec.DecodeError:
        return None


def settle(known_surplus: int, counted: int, on_device: int, *, fresh: bool) -> tuple[bool, int]:
    """(poll again now?, surplus to remember) from the counter read after the log.

    More counted than read means a punch came in between, or a counter that never agrees with its
    log (both exist). A poll that brings nothing new decides for the latter, so this ends.
    """
    surplus = counted - on_device
    if surplus <= known_surplus:
        return False, max(0, surplus)
    return True, known_surplus if fresh else surplus
