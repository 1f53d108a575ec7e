"""A PostgreSQL server that stops answering is given up after some seconds.

No timeout of the server's can say that the server itself is frozen (stopped, swapped out, its disk
hung), and its machine's kernel goes on confirming what TCP brings, so keepalives see nothing.
"""

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

SECONDS = 6  # twice that, for a commit and then for the buckets, until a worker says it is offline
_LOOK = 0.1  # seconds between looks for a signal, psycopg's own default


def connect(*where: str, options: str, **how: Any) -> "Impatient":  # noqa: ANN401 - as psycopg's
    """A connection as psycopg makes it. A server that works but is slow is told to give up first:
    that keeps the connection. Raises OperationalError."""
    timeout = f" -c statement_timeout={SECONDS - 1}s"
    return Impatient.connect(*where, options=options + timeout, **how)


class Impatient(psycopg.Connection[tuple[Any, ...]]):
    """Every answer of the server comes within SECONDS, or the connection is closed. What was asked
    may have been done all the same: nobody may say that it was, or that it was not."""

    def wait(self, gen: PQGen[RV], interval: float = _LOOK, timeout: float | None = SECONDS) -> RV:
        """As psycopg's. Raises OperationalError."""
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError as problem:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise  # the server has said so itself
            self.close()
            raise psycopg.OperationalError(f"no answer within {SECONDS} seconds") from problem
