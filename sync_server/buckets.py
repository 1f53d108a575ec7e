"""Which buckets of kiosks a worker takes: all of them on SQLite, its fair share on PostgreSQL.

A worker owns a bucket while it holds that bucket's advisory lock. The locks hang on one session: when
the worker dies, or loses the database, PostgreSQL lets go of them and the others share them out.
Ownership spares work, it is not what keeps events from being stored twice: that is the ledger.
"""

import logging
from math import ceil
from typing import Any, Protocol
from zlib import crc32

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from contract import topics
from sync_server import database

log = logging.getLogger(__name__)

# The first numbers of our advisory locks.
_OWNED, _PRESENT, _NAMED = 0x4AD1_0001, 0x4AD1_0002, 0x4AD1_0003
_COUNT = len(topics.BUCKETS)
# The server notices within half a minute that a worker's machine is gone without a word.
_WATCHED = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
)
_APPEAR = text("SELECT pg_advisory_lock(:present, pg_backend_pid())")
_BE_CALLED = text("SELECT pg_try_advisory_lock(:named, :number)")
_LOOK = text(
    "SELECT classid::bigint AS kind, objid::bigint AS number, pid = pg_backend_pid() AS mine "
    "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
    "AND classid::bigint IN (:owned, :present) AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)
_TRY = text(
    "SELECT number FROM unnest(CAST(:wanted AS int[])) AS number "
    "WHERE pg_try_advisory_lock(:owned, number)"
)
_RELEASE = text(
    "SELECT pg_advisory_unlock(:owned, number) FROM unnest(CAST(:surplus AS int[])) AS number"
)


class NameTaken(Exception):
    """Another worker of this name is there: the broker would let only one of them in."""


class Buckets(Protocol):
    """Asked once a second which buckets are this worker's now."""

    def appear(self) -> None:
        """Be there, with nothing yet. Raises NameTaken."""

    def look(self) -> frozenset[str]:
        """The buckets as two hex digits; none where nobody can say."""

    def release(self) -> None:
        """Give all of them back, until the next look."""


class Everything:
    """One process takes every kiosk."""

    def appear(self) -> None:
        """A lock on its folder keeps it alone."""

    def look(self) -> frozenset[str]:
        """All of them."""
        return topics.BUCKETS

    def release(self) -> None:
        """There is nobody else to take them."""


class Share:
    """Of N workers each takes a 256th part of N, rounded up. `worker` is like no other's name."""

    def __init__(self, url: str, worker: str) -> None:
        self._engine = database.server_engine(url, hurried=True)
        self._name = crc32(worker.encode())
        self._first = self._name % _COUNT  # so that newcomers want different ones
        self._session: Connection | None = None

    def appear(self) -> None:
        """Take this worker's name. Raises NameTaken; a database that is away says nothing."""
        try:
            self._appeared()
        except DBAPIError as problem:
            log.error("buckets.lost %s", problem.orig)
            self.release()

    def look(self) -> frozenset[str]:
        """Give back what is too much, take what is free, up to the fair share. Raises NameTaken."""
        try:
            return frozenset(f"{number:02x}" for number in self._shared(self._appeared()))
        except DBAPIError as problem:
            log.error("buckets.lost %s", problem.orig)
            self.release()
            return frozenset()

    def release(self) -> None:
        """The locks end with their connection, not with a transaction."""
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None

    def close(self) -> None:
        """Let go of everything."""
        self.release()
        self._engine.dispose()

    def _appeared(self) -> Connection:
        if self._session is None:
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._session = session
            session.exec_driver_sql(_WATCHED)
            name = {"named": _NAMED, "number": self._name & 0x7FFF_FFFF}
            if not session.execute(_BE_CALLED, name).scalar_one():
                self.release()
                raise NameTaken
            session.execute(_APPEAR, {"present": _PRESENT})
        return self._session

    def _shared(self, session: Connection) -> set[int]:
        locks = session.execute(_LOOK, {"owned": _OWNED, "present": _PRESENT}).all()
        workers = sum(lock.kind == _PRESENT for lock in locks)
        taken = {lock.number for lock in locks if lock.kind == _OWNED}
        mine = {lock.number for lock in locks if lock.kind == _OWNED and lock.mine}
        fair = ceil(_COUNT / max(1, workers))
        if len(mine) > fair:
            surplus = sorted(mine, key=self._place)[fair:]
            session.execute(_RELEASE, {"owned": _OWNED, "surplus": surplus})
            return mine - {*surplus}
        free = sorted(set(range(_COUNT)) - taken, key=self._place)
        wanted = free[: fair - len(mine)]
        return mine | self._tried(session, wanted) if wanted else mine

    def _tried(self, session: Connection, wanted: list[int]) -> set[int]:
        found: Any = session.execute(_TRY, {"owned": _OWNED, "wanted": wanted}).scalars()
        return set(found)

    def _place(self, number: int) -> int:
        return (number - self._first) % _COUNT
