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
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec

from contract.event import Configuration, canonical
from contract.invitation import Invitation
from contract.roll import own_salt
from terminal_agent import hardware, identity, log_ring, ordered, safe_mode, supervise, windows
from terminal_agent.clock import Clock
from terminal_agent.config import ZONES, Config, pace
from terminal_agent.discovery.addresses import Addresses
from terminal_agent.discovery.kiosks import Herald
from terminal_agent.dispatch import Dispatch
from terminal_agent.doctor import hidden
from terminal_agent.doctor.rounds import Rounds
from terminal_agent.door.words import Regallery
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.fingers import Fingers
from terminal_agent.identity import Sealer
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.lately import Lately
from terminal_agent.line import Line
from terminal_agent.lobby.source import Home, Lobby
from terminal_agent.log_ring import LogRing
from terminal_agent.orders.hands import Hands
from terminal_agent.orders.worker import Orders
from terminal_agent.releases import place, updates
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.sticks.courier import Courier
from terminal_agent.supervise import Source
from terminal_agent.timetable import Timetable
from terminal_agent.uplink import Uplink, version
from terminal_agent.usage import Meter
from terminal_agent.vouching import Vouching
from terminal_agent.watchdog import Pulse, notify
from terminal_agent.way_back import WayBack

log = logging.getLogger(__name__)

_SOURCE_ALLOWANCE = 300.0  # a full read of a large log over a poor LAN may take minutes
_UPLINK_ALLOWANCE = 120.0
_LOOK = 1.0

Relay = tuple[str, int]


def run(
    config: Config, clock: Clock, stop: threading.Event, via: Relay | None = None
) -> BaseException | None:
    """Run until `stop` is set; what failed in a part, where the process should end at once. It ends
    at once, too, where an ordered configuration is given up: the next start has the one before.
    `via`: a relay to the broker, for rehearsals.

    Raises SourceMisconfigured before enrolment and where another agent runs here, JournalFailed.
    """
    state = Path(config.kiosk.state)
    invited = identity.load(state)
    with alone(state):
        if ordered.starting(state):
            log.error("configuration.fell_back command=%d", ordered.fallen(state))
            return None
        secrets = tuple(hidden.secrets(config, invited))
        log_ring.hide(secrets)
        with LogRing(secrets) as ring:
            failure = _run(config, clock, stop, (invited, ring, via))
        if failure is None:
            ordered.ended(state)
        return failure


def _run(
    config: Config,
    clock: Clock,
    stop: threading.Event,
    having: tuple[Invitation, LogRing, Relay | None],
) -> BaseException | None:
    invited, ring, via = having
    journal = Journal(Path(config.kiosk.state) / "journal.db", invited.kid, clock.look())
    clock.recall(journal.past.trusted_clock(), journal.past.clock_in(clock.look().boot))
    _note_configuration(journal, config, clock)
    pulse, alerts = Pulse(clock.monotonic), dict[str, str]()
    failures = _fail_together(stop)
    kiosk, zone, chance = config.kiosk, ZONES[config.kiosk.zone], random.SystemRandom().random
    dispatch = Dispatch(invited, journal, clock, pace(kiosk), chance)
    timetable = Timetable(clock, pace(kiosk), chance, windows.read(kiosk.windows), zone)
    meter = Meter(Path(kiosk.state), clock, zone, kiosk.quota_mb, _teller(alerts, "uplink"))
    line = Line(invited, Path(kiosk.state), meter, via)
    intakes: dict[str, Intake] = {}

    def intake(name: str) -> Intake:
        beat = pulse.beater(name, _SOURCE_ALLOWANCE)
        return Intake(journal, clock, stop, beat, _teller(alerts, name))

    def started(source: Source, through: Intake) -> threading.Thread:
        return _start(source.name, supervise.keep_running, source, through)

    door = intake("door")
    lobby = Lobby(Home(config, invited, journal, clock, alerts, intakes), door, dispatch.sent)
    anew = partial(lobby.tell, Regallery(), "camera")
    updating = updates.Updates(
        updates.Home(
            *(config, invited, journal, timetable, meter), lambda: dispatch.heard, place.found()
        ),
        _teller(alerts, "update"),
    )
    hands = Hands(config, journal, clock, dispatch, intakes, ring, alerts, stop.set, anew, updating)
    orders = Orders(invited, hands)
    uplink = Uplink(dispatch, timetable, line, orders, alerts)
    threads = [_start("uplink", uplink.run, stop, pulse.beater("uplink", _UPLINK_ALLOWANCE))]
    threads += [started(lobby, door), _start("sound", lobby.sounds.run, stop)]
    salt = invited.salt or own_salt(invited.mac_key)
    book = Addresses(Path(kiosk.state), [device.name for device in config.zkteco])
    for device in config.zkteco:
        intakes[device.name] = intake(device.name)
        intakes[device.name].listener = lobby.crier
        threads.append(started(ZkPull(device, zone, salt, book), intakes[device.name]))
    threads += [started(*one) for one in _sensors(config, journal, clock, lobby, intake)]
    threads.append(_start("orders", orders.run, stop, pulse.beater("orders", _SOURCE_ALLOWANCE)))
    threads += [
        _start("herald", Herald(journal.kid, _open_page(config), version()).run, stop),
        _start("update", updating.run, stop),
        _start("doctor", Rounds(Path(kiosk.state), clock, alerts).run, stop),
    ]
    for listening in _listening(config, journal, salt, partial(_teller, alerts)):
        through = intake(listening.name)
        through.listener = lobby.crier
        threads.append(started(listening, through))
    log.info("agent.started kid=%s devices=%d", journal.kid, _devices(config))
    courier = Courier(journal, dispatch)
    shown = partial(lobby.look, uplink.online)
    vouching = Vouching(journal, clock, _event_key(config, alerts), hardware.look())

    def vouch() -> None:
        vouching.look()
        _teller(alerts, "receipt")(dispatch.noting.alert)

    back = WayBack(Path(kiosk.state), dispatch, line, _teller(alerts, "certificate"), stop.set)
    threads.append(_start("certificate", back.run, clock, stop))
    roomy = partial(_see_room, journal, _teller(alerts, "storage"))
    duties = (
        roomy,
        lambda: journal.keep_clock(clock.look()),
        courier.look,
        shown,
        vouch,
        back.look,
        partial(updating.look, uplink.online),
        lambda: _teller(alerts, "safe_mode")(safe_mode.alert(Path(kiosk.state))),
    )
    _watch(pulse, stop, *duties)
    for thread in threads:
        thread.join(5.0)
    journal.close()
    return failures[0] if failures else None


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Two agents on one journal would give two scans one seq. The kernel lets go at any death.

    Raises SourceMisconfigured where another agent works here.
    """
    with (state / "agent.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            sentence = f"another agent works in {state}"
            raise SourceMisconfigured("already_running", sentence) from problem
        yield


def _watch(pulse: Pulse, stop: threading.Event, *duties: Callable[[], None]) -> None:
    """Feed systemd's watchdog only while every source and the uplink are alive. Each second, too:
    the journal learns what the clock is worth (a time that is learnt after the scans dates them as
    well), and receipts that somebody brought are taken."""
    notify("READY=1")
    while not stop.wait(_LOOK):
        for duty in duties:
            duty()
        if silent := pulse.silent():
            log.error("agent.silent %s", ",".join(silent))
        else:
            notify("WATCHDOG=1")
    notify("STOPPING=1")


def _see_room(journal: Journal, tell: Callable[[str], None]) -> None:
    tell("" if journal.has_room() else "storage_full")


def _note_configuration(journal: Journal, config: Config, clock: Clock) -> None:
    """What runs here is part of the evidence: a record whenever it changes."""
    digest = sha256(msgspec.json.encode(config)).hexdigest()
    now = Configuration(digest, version(), _devices(config))
    if journal.newest("configuration") != canonical(now):
        journal.note([now], clock.look())


def _event_key(config: Config, alerts: dict[str, str]) -> Sealer | None:
    """None where a card has damaged it: nothing is sealed, and everything is recorded."""
    try:
        return identity.sealer(Path(config.kiosk.state))
    except SourceMisconfigured as problem:
        log.error("seal.no_key %s", problem)
        alerts["seal"] = "no_event_key"
        return None


def _devices(config: Config) -> int:
    """How many devices are to tell that they were watched: the camera is one of them."""
    terminals = {device.name for device in config.zkteco}
    terminals |= {device.name for device in config.adms.device}
    return len(terminals) + len(config.sensor) + bool(config.camera.source)


def _listening(
    config: Config, journal: Journal, salt: bytes, tell: Callable[[str], Callable[[str], None]]
) -> Iterator[Source]:
    """What is not asked but heard: terminals that push, a satellite receiver. Who has neither does
    not pay for their web server and their sentences."""
    if config.adms.port:
        from terminal_agent.sources.adms_push import AdmsPush

        yield AdmsPush(config.adms, ZONES[config.kiosk.zone], salt, tell)
    if config.gnss.port:
        from terminal_agent.gnss import GnssReceiver

        yield GnssReceiver(config.gnss, journal.past.surveyed())


def _sensors(
    config: Config, journal: Journal, clock: Clock, lobby: Lobby, intake: Callable[[str], Intake]
) -> Iterator[tuple[Source, Intake]]:
    """Each finger sensor with its own intake; commands reach it through the lobby."""
    fingers = Fingers(Path(config.kiosk.state))
    for device in config.sensor:
        from terminal_agent.sources.fingerprint_serial import FingerprintSerial

        through = intake(device.name)
        through.listener = lobby.crier
        lobby.fingers.seat(device.name, through)
        lately = Lately(clock, journal.past, config.camera.again_minutes * 60)
        yield FingerprintSerial(device, journal.kid, fingers, lately), through


def _open_page(config: Config) -> int:
    """The port of the screen's page where the network may see it, else 0."""
    loopback = config.screen.host in ("127.0.0.1", "::1", "localhost")
    return 0 if loopback else config.screen.port


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
