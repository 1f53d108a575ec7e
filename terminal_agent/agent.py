"""The kiosk daemon: composition root and main flow.

Every source feeds the one intake, the journal is the queue, the uplink sends what has no receipt.
Crash-only: whatever ends a thread ends the process, and systemd starts it again.
"""

import fcntl
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from contract.event import Configuration, canonical
from contract.invitation import Invitation
from terminal_agent import identity, supervise
from terminal_agent.clock import Clock
from terminal_agent.config import KEEP_ALIVE, PATIENCE, ZONES, Config
from terminal_agent.dispatch import Dispatch
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.uplink import Uplink, version
from terminal_agent.watchdog import Pulse, notify

log = logging.getLogger(__name__)

_SOURCE_ALLOWANCE = 300.0  # a full read of a large log over a poor LAN may take minutes
_UPLINK_ALLOWANCE = 120.0
_LOOK = 1.0


def run(config: Config, clock: Clock, stop: threading.Event) -> BaseException | None:
    """Run until `stop` is set; what failed in a part, where the process should end at once.

    Raises SourceMisconfigured before enrolment and where another agent runs here, JournalFailed.
    """
    state = Path(config.kiosk.state)
    invited = identity.load(state)
    with _alone(state):
        return _run(config, clock, stop, invited)


def _run(
    config: Config, clock: Clock, stop: threading.Event, invited: Invitation
) -> BaseException | None:
    journal = Journal(Path(config.kiosk.state) / "journal.db", invited.kid, clock.look())
    _note_configuration(journal, config, clock)
    pulse, alerts = Pulse(clock.monotonic), dict[str, str]()
    failures = _fail_together(stop)
    chance = random.SystemRandom().random
    dispatch = Dispatch(invited, journal, clock, PATIENCE[config.kiosk.link], chance)
    uplink = Uplink(dispatch, clock, KEEP_ALIVE[config.kiosk.link], chance, alerts)
    threads = [_start("uplink", uplink.run, stop, pulse.beater("uplink", _UPLINK_ALLOWANCE))]
    for device in config.zkteco:
        source = ZkPull(device, ZONES[config.kiosk.zone])
        beat = pulse.beater(source.name, _SOURCE_ALLOWANCE)
        intake = Intake(journal, clock, stop, beat, _teller(alerts, source.name))
        threads.append(_start(source.name, supervise.keep_running, source, intake))
    log.info("agent.started kid=%s devices=%d", journal.kid, len(config.zkteco))
    _watch(pulse, stop)
    for thread in threads:
        thread.join(5.0)
    journal.close()
    return failures[0] if failures else None


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Two agents on one journal would give two scans one seq. The kernel lets go at any death."""
    with (state / "agent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            sentence = f"another agent works in {state}"
            raise SourceMisconfigured("already_running", sentence) from problem
        yield


def _watch(pulse: Pulse, stop: threading.Event) -> None:
    """Feed systemd's watchdog only while every source and the uplink are alive."""
    notify("READY=1")
    while not stop.wait(_LOOK):
        if silent := pulse.silent():
            log.error("agent.silent %s", ",".join(silent))
        else:
            notify("WATCHDOG=1")
    notify("STOPPING=1")


def _note_configuration(journal: Journal, config: Config, clock: Clock) -> None:
    """What runs here is part of the evidence: a record whenever it changes."""
    digest = sha256(msgspec.json.encode(config)).hexdigest()
    now = Configuration(digest, version(), len(config.zkteco))
    if journal.newest("configuration") != canonical(now):
        journal.note([now], clock.look())


def _teller(alerts: dict[str, str], name: str) -> Callable[[str], None]:
    def tell(code: str) -> None:
        if code:
            alerts[name] = code
        else:
            alerts.pop(name, None)

    return tell


def _fail_together(stop: threading.Event) -> list[BaseException]:
    """An exception that nobody awaited in any thread stops the whole agent; all that there were."""
    failures: list[BaseException] = []

    def end(caught: threading.ExceptHookArgs) -> None:
        failures.append(caught.exc_value or SystemError(caught.exc_type.__name__))
        log.critical("agent.failed %r", caught.exc_value, exc_info=caught.exc_value)
        stop.set()

    threading.excepthook = end
    return failures


def _start(name: str, target: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, name=name, daemon=True)
    thread.start()
    return thread
