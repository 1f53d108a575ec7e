"""Composition root of the centre: configuration, ledger, broker, session; start, wait, stop."""

import contextlib
import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sync_server import broker
from sync_server.config import Config
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.errors import BadFile
from sync_server.mqtt import Session

log = logging.getLogger(__name__)

_LOOK = 1.0  # seconds until a broker that died is started again


def wall() -> float:
    """Server UTC seconds; the one place here that reads time."""
    return time.clock_gettime(time.CLOCK_REALTIME)


def open_ledger(config: Config) -> Database:
    """The ledger of a configuration, made and migrated where needed."""
    return Database(ledger_path(config))


def ledger_path(config: Config) -> Path:
    """Where the ledger of a configuration is."""
    return Path(config.state) / "ledger.db"


def run(config: Config, stop: threading.Event) -> None:
    """Take batches until `stop` is set. Raises BadFile, and OSError where the port is taken."""
    database = open_ledger(config)
    with contextlib.ExitStack() as stack:
        stack.callback(database.close)
        stack.enter_context(_alone(Path(config.state)))
        revive: Callable[[], object] | None = None
        if config.broker.embedded:
            revive = stack.enter_context(broker.embedded(config.broker)).start
        log.info("server.started state=%s port=%d", config.state, config.broker.port)
        Session(Desk(database, wall), config.broker, "main").run(stop, revive)


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Two centres on one ledger would both answer for every bucket. The kernel lets go at any
    death. Raises BadFile."""
    try:
        lock = (state / "server.lock").open("w")
    except OSError as problem:
        raise BadFile(str(state), "", "ledger_unusable", detail=problem.strerror) from problem
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise BadFile(str(state), "", "server_running") from problem
        yield


def run_broker(config: Config, stop: threading.Event) -> None:
    """Run the embedded broker until `stop` is set. Raises OSError where its port is taken."""
    with broker.embedded(config.broker) as running:
        while not stop.wait(_LOOK):
            running.start()
