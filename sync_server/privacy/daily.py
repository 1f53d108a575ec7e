"""Retention by itself, once a day, as long as the server runs."""

import logging
import threading
from collections.abc import Callable

from sync_server import duty
from sync_server.authority import Keys
from sync_server.database import Database
from sync_server.duty import Duty
from sync_server.errors import BadFile
from sync_server.privacy import retention
from sync_server.privacy.keeping import DAY

log = logging.getLogger(__name__)

_DUTY = Duty("retention", 0x4AD1_0010, 60.0)
_PUT_OFF = 3_600.0  # seconds until what could not be done is tried again
WHO = "hadir"  # in the office's log, where nobody asked


def run(
    database: Database,
    keys: Callable[[], Keys],
    wall: Callable[[], float],
    stop: threading.Event,
) -> None:
    """Do it whenever a day has passed since the last run, whoever ran it, until `stop` is set."""

    def look() -> None:
        try:
            once(database, keys, wall())
        except BadFile as bad:  # as templates that another key sealed
            log.error("retention.refused code=%s", bad.code)
            stop.wait(_PUT_OFF)

    duty.keep(database, _DUTY, stop, lambda: look)


def once(database: Database, keys: Callable[[], Keys], now: float) -> bool:
    """Do it where it is due at server UTC second `now`; whether it was. A clock that was set back does
    nothing until the day comes again."""
    with database.reading() as tx:
        if now - retention.newest(tx) < DAY:
            return False
    with database.writing() as tx:
        found = retention.run(tx, keys, int(now), WHO)
    log.info("retention.done rows=%d", found.total)
    return True
