"""A fingerprint sensor of the ZFM family on a serial port: who puts a finger on it is recorded, at the
kiosk's own clock. The sensor keeps the templates, the kiosk keeps whose they are.
"""

import logging
import secrets

from contract.event import Scan
from terminal_agent import watched
from terminal_agent.clock import Clock
from terminal_agent.config import FingerSensor
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import SourceUnavailable
from terminal_agent.finger_enrolment import FAMILY, Book
from terminal_agent.finger_wish import Wish
from terminal_agent.fingers import Fingers
from terminal_agent.intake import Intake
from terminal_agent.lately import Lately
from terminal_agent.watched import Span
from terminal_agent.zfm import note
from terminal_agent.zfm.sensor import Sensor

log = logging.getLogger(__name__)

_BREATH = 0.15  # seconds between two images, so nobody waits for the sensor
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 10.0  # a port that is not there costs nothing to try
_MISSES = 3  # images of one finger that are nobody's, before the person is told
_EVERY = 60  # seconds: how often it is said that the sensor is up
_FINGER = 1  # PUSH protocol 4.0, appendix 7


class FingerprintSerial:
    """Keeps one sensor at work. `kid` names a sensor that can keep no name of its own."""

    def __init__(self, device: FingerSensor, kid: str, fingers: Fingers, lately: Lately) -> None:
        self.name = device.name
        self._device = device
        self._kid = kid
        self._fingers = fingers
        self._lately = lately
        self._wait = _FIRST_WAIT
        self._away = ""
        self._is_lifted = True
        self._misses = 0

    def run(self, intake: Intake) -> None:
        """Serve the sensor until the agent stops, and open it again wherever it goes away. Raises
        SourceMisconfigured and JournalFailed."""
        while True:
            try:
                with Sensor.opened(self._device) as sensor:
                    self._serve(sensor, intake)
                    return
            except SourceUnavailable as problem:
                self._gone(problem, intake)
            if not intake.wait(self._wait):
                return
            self._wait = min(self._wait * 2, _LONGEST_WAIT)

    def _gone(self, problem: SourceUnavailable, intake: Intake) -> None:
        """It is said once, however often it is tried."""
        if problem.code != self._away:
            log.warning("sensor.away name=%s code=%s %s", self.name, problem.code, problem)
        self._away = problem.code
        intake.tell(problem.code)
        intake.excuse(problem.code)

    def _serve(self, sensor: Sensor, intake: Intake) -> None:
        serial = self._serial(sensor)
        book = Book(sensor, serial, self._fingers, intake)
        intake.tell(book.opened())
        log.info("sensor.up name=%s serial=%s pages=%d", *self._sized(serial, sensor))
        self._away, self._wait, self._is_lifted = "", _FIRST_WAIT, True
        up = Uptime(serial, intake)
        try:
            while intake.wait(_BREATH):
                book.pay()
                errand = intake.errand()
                if isinstance(errand, Wish):
                    intake.begun()
                    book.grant(errand)
                    self._is_lifted = False  # the finger of an enrolment is nobody's scan
                elif self._look(sensor, book, intake):
                    up.scanned()
                up.answered()
        finally:
            up.ended()

    def _sized(self, serial: str, sensor: Sensor) -> tuple[str, str, int]:
        return self.name, serial, sensor.parameters.capacity

    def _serial(self, sensor: Sensor) -> str:
        own = sensor.name(secrets.token_bytes(note.NAME_BYTES))
        return f"ZFM-{own}" if own else f"ZFM-{self._kid}-{self.name}"

    def _look(self, sensor: Sensor, book: Book, intake: Intake) -> bool:
        """One image; whether it became a scan. A finger that stays counts once."""
        if not sensor.scan():
            self._is_lifted, self._misses = True, 0
            return False
        if not self._is_lifted:
            return False
        pin = _recognised(sensor, book)
        if pin:
            self._is_lifted = False
            return self._record(book.serial, pin, intake)
        self._misses += 1
        if self._misses >= _MISSES:
            self._is_lifted = False
            intake.unknown(_FINGER)
        return False

    def _record(self, serial: str, pin: str, intake: Intake) -> bool:
        look = intake.clock.look()
        before = self._lately.before(serial, pin, look.wall)
        if before is not None:
            intake.again(pin, before, _FINGER)
            return False
        scan = Scan(0, pin, look.wall, False, 0, _FINGER, 0, 0, "serial")
        intake.store(Delivery(serial, FAMILY, readings=(Reading(scan),)))
        self._lately.keep(serial, pin, look.wall)
        return True


def _recognised(sensor: Sensor, book: Book) -> str:
    """Whose finger the image is, "" nobody's or too poor an image."""
    if not sensor.features(1):
        return ""
    hit = sensor.search(1)
    return book.owner(hit.page) if hit else ""


class Uptime:
    """How long the sensor has answered, as coverage. Nothing counts while nobody can say when that
    was."""

    def __init__(self, serial: str, intake: Intake) -> None:
        self._serial = serial
        self._intake = intake
        self._since = self._seen = _up(intake.clock)
        self._span: Span | None = None

    def scanned(self) -> None:
        """One more scan was stored."""
        self._tell()
        self._span = watched.scanned(self._span)

    def answered(self) -> None:
        """It has answered just now."""
        self._seen = _up(self._intake.clock)
        if self._seen - self._since >= _EVERY:
            self._tell()

    def ended(self) -> None:
        """It answers no more, or the agent stops."""
        self._tell()
        self._cover(watched.ended_at(self._span))
        self._span = None

    def _tell(self) -> None:
        clock = self._intake.clock
        since, self._since = self._since, self._seen
        if not clock.look().trust:
            self._span = None
            return
        worth = watched.more(self._span, since, self._seen, _ahead(clock))
        self._span = worth.open
        self._cover(worth.done)

    def _cover(self, spans: tuple[Span, ...]) -> None:
        for span in spans:
            ahead, now = _ahead(self._intake.clock), int(self._intake.clock.wall())
            parcel = Delivery(
                self._serial,
                FAMILY,
                read_at=min(span.through + ahead, now),
                up_since=min(span.since + ahead, now),
                count=span.count,
            )
            self._intake.store(parcel)


def _up(clock: Clock) -> int:
    return clock.up_ms() // 1000


def _ahead(clock: Clock) -> int:
    """Whole seconds from CLOCK_BOOTTIME to the kiosk's UTC."""
    return round(clock.wall() - clock.up_ms() / 1000)
