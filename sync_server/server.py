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

from sync_server import authority, broker
from sync_server.accounts import book, first
from sync_server.alive import Alive
from sync_server.beside import beside
from sync_server.buckets import Buckets, Everything, Share
from sync_server.certificates import PrivateAuthority
from sync_server.config import Config
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.errors import BadFile
from sync_server.mqtt import Session

log = logging.getLogger(__name__)

_PAGES_S = 60.0  # seconds in which the pages' loop turns, whoever waits for the ledger
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
        stack.enter_context(sole_server(Path(config.state)))
        _begin(config, database)
        revive: Callable[[], object] | None = None
        if config.broker.embedded:
            revive = stack.enter_context(broker.embedded(config.broker)).start
        ours = database
        if config.ledger.url:  # the session's own connections wait for no report of a month
            ours = stack.enter_context(contextlib.closing(open_ledger(config)))
        alive = Alive(stop, time.monotonic)
        stack.enter_context(_pages(config, ours, stop, alive))
        log.info("server.started state=%s port=%d", config.state, config.broker.port)
        _take(config, database, "main", alive, revive)


def web(config: Config, stop: threading.Event) -> None:
    """Serve the pages alone until `stop` is set, beside ingest workers. Raises BadFile, PortTaken."""
    if not config.ledger.url:
        raise BadFile("web", "", "web_needs_postgres")
    alive = Alive(stop, time.monotonic)
    with contextlib.closing(open_ledger(config)) as database:
        _begin(config, database)
        with _pages(config, database, stop, alive), alive.told():
            stop.wait()


def _begin(config: Config, database: Database) -> None:
    with database.reading() as tx:
        authority.begin(tx, Path(config.state))


@contextlib.contextmanager
def _pages(
    config: Config, database: Database, stop: threading.Event, alive: Alive
) -> Iterator[None]:
    """The pages, the book of days and the notices behind them, and the first administrator's code
    while nobody may log in."""
    # Imported where they are needed: every command would wait for FastAPI otherwise.
    from sync_server import enrol_door, renewing, webhooks
    from sync_server.checkpoints import rounds
    from sync_server.daybook import worker as daybook
    from sync_server.privacy import daily
    from sync_server.web.place import Place
    from sync_server.web.serving import serving

    signer = partial(authority.signer, Path(config.state))
    dated, kept = alive.part("checkpoints"), alive.part("retention")
    keys = partial(authority.Keys, Path(config.state))
    door = alive.part("enrol") if config.enrol.address else stop
    with (
        beside("checkpoints", partial(rounds.run, database, wall, signer, dated), stop),
        beside("daybook", partial(daybook.run, database, wall, alive.part("daybook")), stop),
        beside("webhooks", partial(webhooks.run, database, wall, alive.part("webhooks")), stop),
        beside("papers", partial(renewing.run, database, config, wall, alive.part("papers")), stop),
        beside("retention", partial(daily.run, database, keys, wall, kept), stop),
        enrol_door.opened(database, config, wall, door),
        serving(Place(database, wall, config), alive.part("web", _PAGES_S)) as address,
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
        _take(config, database, worker, Alive(stop, time.monotonic), None)


def _take(
    config: Config,
    database: Database,
    worker: str,
    alive: Alive,
    revive: Callable[[], object] | None,
) -> None:
    signer = authority.signing(Path(config.state))
    with contextlib.ExitStack() as stack:
        database.hurry()
        owned: Buckets = Everything()
        if config.ledger.url:
            owned = stack.enter_context(contextlib.closing(Share(config.ledger.url, worker)))
        tls = _tls(config, worker)
        desk = Desk(database, wall, signer)
        taking = alive.part("ingest")
        stack.enter_context(alive.told())
        Session(desk, config.broker, worker, owned, tls).run(taking, revive)


def _tls(config: Config, worker: str) -> ssl.SSLContext | None:
    """What the worker trusts and shows; it is certified anew at every start."""
    if config.broker.mutual:
        authority = PrivateAuthority(Path(config.state), int(wall()))
        return authority.context(authority.worker(worker))
    return ssl.create_default_context(cafile=config.broker.ca) if config.broker.ca else None


@contextlib.contextmanager
def sole_server(state: Path) -> Iterator[None]:
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
