"""Composition root of the centre: configuration, ledger, broker, session; start, wait, stop."""

import contextlib
import logging
import threading
import time
from pathlib import Path

from sync_server import broker
from sync_server.config import Config
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.mqtt import Session

log = logging.getLogger(__name__)


def wall() -> float:
    """Server UTC seconds; the one place here that reads time."""
    return time.clock_gettime(time.CLOCK_REALTIME)


def open_ledger(config: Config) -> Database:
    """The ledger of a configuration, made and migrated where needed."""
    return Database(Path(config.state) / "ledger.db")


def run(config: Config, stop: threading.Event) -> None:
    """Take batches until `stop` is set. Raises OSError where the broker's port is taken."""
    database = open_ledger(config)
    with contextlib.ExitStack() as stack:
        stack.callback(database.close)
        if config.broker.embedded:
            stack.callback(broker.embedded(config.broker).stop)
        log.info("server.started state=%s port=%d", config.state, config.broker.port)
        Session(Desk(database, wall), config.broker, "main").run(stop)


def run_broker(config: Config, stop: threading.Event) -> None:
    """Run the embedded broker until `stop` is set. Raises OSError where its port is taken."""
    embedded = broker.embedded(config.broker)
    stop.wait()
    embedded.stop()
