"""What one process of the centre does again and again while the others wait for its end."""

import logging
import threading
from collections.abc import Callable

import msgspec
from sqlalchemy.exc import DatabaseError

from sync_server.database import Database, is_ailing

log = logging.getLogger(__name__)


class Duty(msgspec.Struct, frozen=True):
    """What it is called in the log, the number of its advisory lock on PostgreSQL (on SQLite there is
    one process), and the seconds between two rounds."""

    name: str
    lock: int
    each_s: float


def keep(
    database: Database,
    duty: Duty,
    stop: threading.Event,
    begin: Callable[[], Callable[[], object]],
) -> None:
    """Do round after round until `stop` is set. `begin` is called each time the duty becomes ours and
    gives the round: what another did meanwhile is not known.

    What the ledger refuses is tried again in another round: one row that cannot be written must not
    end the process, which takes batches too. Raises what a round raises otherwise.
    """
    while not stop.is_set():
        try:
            with database.alone(duty.lock) as ours:
                once_more = begin()
                while ours() and not stop.wait(duty.each_s):
                    once_more()
        except DatabaseError as problem:
            level = logging.WARNING if is_ailing(problem) else logging.ERROR
            log.log(level, "%s.waits reason=%s", duty.name, str(problem.orig).partition("\n")[0])
        stop.wait(duty.each_s)
