"""Boards as they stand, made anew only when something of their office changed or a minute passed.

Pages and streams share them: whoever asks first pays.
"""

import threading
from collections.abc import Callable, Iterable

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
        self._lock = threading.Lock()

    def of(self, opds: Iterable[str]) -> dict[str, Board | BadFile]:
        """The boards of offices as they are now; of one that cannot be made, why."""
        with self._lock, self._database.reading() as tx:
            now = int(self._wall())
            beats = pulse(tx)
            found: dict[str, Board | BadFile] = {}
            for opd in opds:
                mark = (now // _MINUTE, *beats[opd])
                held = self._held.get(opd)
                if held is None or held[0] != mark:
                    try:
                        held = (mark, board(tx, opd, now))
                    except BadFile as bad:  # somebody has to import something first
                        held = (mark, bad)
                    self._held[opd] = held
                found[opd] = held[1]
            return found
