"""Composition root of the centre: configuration, ledger, broker, session; start, wait, stop."""

import contextlib
import fcntl
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sync_server import broker
from sync_server.accounts import book, first
from sync_server.beside import beside
from sync_server.buckets import Buckets, Everything, Share
from sync_server.certificates import PrivateAuthority
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
    """The ledger of a configuration, made and migrated where needed. Raises BadFile."""
    return Database(config.database)


def run(config: Config, stop: threading.Event) -> None:
    """Take batches and serve the pages until `stop` is set. Raises BadFile, and OSError where a port
    is taken (PortTaken: the pages')."""
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(contextlib.closing(open_ledger(config)))
        stack.enter_context(_alone(Path(config.state)))
        revive: Callable[[], object] | None = None
        if config.broker.embedded:
            revive = stack.enter_context(broker.embedded(config.broker)).start
        ours = database
        if config.ledger.url:  # the session's own connections wait for no report of a month
            ours = stack.enter_context(contextlib.closing(open_ledger(config)))
        stack.enter_context(_pages(config, ours, stop))
        log.info("server.started state=%s port=%d", config.state, config.broker.port)
        _take(config, database, "main", stop, revive)


def web(config: Config, stop: threading.Event) -> None:
    """Serve the pages alone until `stop` is set, beside ingest workers. Raises BadFile, PortTaken."""
    if not config.ledger.url:
        raise BadFile("web", "", "web_needs_postgres")
    with contextlib.closing(open_ledger(config)) as database, _pages(config, database, stop):
        stop.wait()


@contextlib.contextmanager
def _pages(config: Config, database: Database, stop: threading.Event) -> Iterator[None]:
    """The pages, the book of days and the notices behind them, and the first administrator's code
    while nobody may log in."""
    # Imported where they are needed: every command would wait for FastAPI otherwise.
    from sync_server import webhooks
    from sync_server.daybook import worker as daybook
    from sync_server.web.place import Place
    from sync_server.web.serving import serving

    with (
        beside("daybook", partial(daybook.run, database, wall, stop), stop),
        beside("webhooks", partial(webhooks.run, database, wall, stop), stop),
        serving(Place(database, wall, config), stop) as address,
    ):
        with database.reading() as tx:
            nobody = book.is_empty(tx)
        if nobody:
            code = first.invite(Path(config.state), wall())
            log.warning("accounts.none open=%s/mulai code=%s hours=24", address, code)
        yield


def ingest(config: Config, worker: str, stop: threading.Event) -> None:
    """Take batches as one of several workers until `stop` is set; `worker` is its name, like no
    other's. Raises BadFile."""
    if not config.ledger.url:
        raise BadFile("ingest", "", "ingest_needs_postgres")
    with contextlib.closing(open_ledger(config)) as database:
        log.info("worker.started name=%s", worker)
        _take(config, database, worker, stop, None)


def _take(
    config: Config,
    database: Database,
    worker: str,
    stop: threading.Event,
    revive: Callable[[], object] | None,
) -> None:
    with contextlib.ExitStack() as stack:
        database.hurry()
        owned: Buckets = Everything()
        if config.ledger.url:
            owned = stack.enter_context(contextlib.closing(Share(config.ledger.url, worker)))
        tls = _tls(config, worker)
        Session(Desk(database, wall), config.broker, worker, owned, tls).run(stop, revive)


def _tls(config: Config, worker: str) -> ssl.SSLContext | None:
    """What the worker trusts and shows; it is certified anew at every start."""
    if config.broker.mutual:
        authority = PrivateAuthority(Path(config.state), int(wall()))
        return authority.context(authority.worker(worker))
    return ssl.create_default_context(cafile=config.broker.ca) if config.broker.ca else None


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
