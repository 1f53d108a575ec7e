"""Boards as they stand, made anew only when something of their office changed or a minute passed.

Pages and streams share them: whoever asks first pays.
"""

import threading
from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.live.board import Board, board
from sync_server.live.machines import pulse

_Mark = tuple[object, ...]
_MINUTE = 60


class Boards:
    """`wall`: server UTC seconds."""

    def __init__(self, database: Database, wall: Callable[[], float]) -> None:
        self._database, self._wall = database, wall
        self._held: dict[str, tuple[_Mark, Board | BadFile]] = {}
        self._locks: dict[str, threading.Lock] = {}

    def of(self, opds: Iterable[str]) -> dict[str, Board | BadFile]:
        """The boards of offices as they are now; of one that cannot be made, why."""
        with self._database.reading() as tx:
            now = int(self._wall())
            beats = pulse(tx)
            return {opd: self._one(tx, opd, (now // _MINUTE, *beats[opd]), now) for opd in opds}

    def _one(self, tx: Connection, opd: str, mark: _Mark, now: int) -> Board | BadFile:
        """Whoever looks at another office does not wait."""
        with self._locks.setdefault(opd, threading.Lock()):
            held = self._held.get(opd)
            if held is None or held[0] != mark:
                held = mark, _made(tx, opd, now)
                self._held[opd] = held
            return held[1]


def _made(tx: Connection, opd: str, now: int) -> Board | BadFile:
    try:
        return board(tx, opd, now)
    except BadFile as bad:  # somebody has to import something first
        return bad
