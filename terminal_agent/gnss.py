"""A satellite receiver on a serial port: the time and the place of a kiosk without a network.

It only ever tells the clock; no clock is set, and no scan waits for it.
"""

import logging
import termios
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import serial
from pynmeagps import (
    NMEAMessage,
    NMEAMessageError,
    NMEAParseError,
    NMEAReader,
    NMEAStreamError,
    NMEATypeError,
)

from terminal_agent import gnss_fix
from terminal_agent.clock_choice import GNSS_FRESH_MS
from terminal_agent.clock_trust import MOVED_M, metres
from terminal_agent.config import Gnss
from terminal_agent.errors import SourceUnavailable
from terminal_agent.gnss_fix import Heard, Place, Receiver
from terminal_agent.intake import Intake

log = logging.getLogger(__name__)

_SLICE = 1.0  # seconds that stopping may have to wait for a silent receiver
_LONGEST = 1024  # bytes; NMEA 0183 allows 82, sentences of some makers are longer
# What the library says of a sentence, and what it lets through of one with a right checksum and nothing,
# or nonsense, behind it ($PUBX alone ends in an IndexError).
_UNREAD = (
    *(NMEAMessageError, NMEAParseError, NMEAStreamError, NMEATypeError),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
)
_BREATH = 0.01  # beats for the watchdog, which a wait of nothing would not


class GnssReceiver:
    """Listens to the receiver. `surveyed`: where the kiosk was put up, None = not known yet."""

    name = "gnss"

    def __init__(self, settings: Gnss, surveyed: Place | None) -> None:
        self._settings = settings
        self._surveyed = surveyed
        self._receiver = Receiver()
        self._fixed_ms: int | None = None

    def run(self, intake: Intake) -> None:
        """Listen until the agent stops. Raises SourceUnavailable where the port is gone."""
        try:
            with serial.Serial(
                self._settings.port, self._settings.speed, timeout=_SLICE, exclusive=True
            ) as port:
                port.reset_input_buffer()  # what waited there is late
                self._listen(port, intake)
        except (serial.SerialException, termios.error) as problem:  # pulled while it is emptied
            self._receiver = Receiver()
            sentence = f"{self._settings.port}: {problem}"
            raise SourceUnavailable("gnss_unplugged", sentence) from problem

    def _listen(self, port: serial.Serial, intake: Intake) -> None:
        """A line at a time; one that is cut off by a silence goes on with the next reading."""
        line = b""
        while intake.wait(_BREATH):
            line += port.read_until(b"\n", _LONGEST)
            heard = _read(line, intake.clock.up_ms())
            if line.endswith(b"\n") or len(line) >= _LONGEST:
                line = b""  # too long a one is garbage
            if heard is not None:
                self._receiver = gnss_fix.hear(self._receiver, heard)
            self._tell(intake)

    def _tell(self, intake: Intake) -> None:
        clock = intake.clock
        fix = gnss_fix.fix(self._receiver, clock.up_ms())
        if fix is None:
            self._tell_without(intake)
            return
        self._fixed_ms = fix.up_ms
        clock.learn(fix)
        place = gnss_fix.place(self._receiver)
        if place is not None:
            self._surveyed = self._surveyed or place
            clock.stand(place)
        intake.tell(self._finding(clock.disputed(), place))

    def _tell_without(self, intake: Intake) -> None:
        """Satellites come and go; only a silence that costs the level is worth a message."""
        now = intake.clock.up_ms()
        if self._fixed_ms is None:
            self._fixed_ms = now
        if intake.clock.disputed():
            intake.tell("gnss_disagrees")
        elif now - self._fixed_ms > GNSS_FRESH_MS:
            intake.tell("gnss_no_fix")

    def _finding(self, disputed: bool, place: Place | None) -> str:
        if disputed:
            return "gnss_disagrees"
        if place and self._surveyed and metres(self._surveyed, place) > MOVED_M:
            return "kiosk_moved"
        return ""


def _read(line: bytes, up_ms: int) -> Heard | None:
    """Of a whole line with a sentence in it; of a bad checksum and of garbage nothing."""
    if not line.endswith(b"\n"):
        return None
    # A receiver that starts anew leaves half a sentence before.
    _, mark, body = line.rpartition(b"$")
    try:
        message = NMEAReader.parse(mark + body)
    except _UNREAD:
        return None
    return _heard(message, up_ms) if message else None


def _heard(message: NMEAMessage, up_ms: int) -> Heard | None:
    """What an RMC or GGA says; of other sentences and mangled fields nothing."""
    told = vars(message)  # a sentence cut short lacks its last fields, and its checksum may hold
    if message.msgID == "GGA":
        quality, used = told.get("quality"), told.get("numSV")
        known = isinstance(quality, int) and isinstance(used, int)
        return Heard(up_ms, satellites=used if known and quality else 0)
    if message.msgID != "RMC":
        return None
    # Without a fix latitude and date still stand there at times: only the status counts.
    if told.get("status") != "A":
        return Heard(up_ms)
    return Heard(up_ms, _utc_ms(told.get("date"), told.get("time")), place=_place(told))


def _utc_ms(day: object, at: object) -> int | None:
    if not isinstance(day, date) or not isinstance(at, time):
        return None
    return round(datetime.combine(day, at, UTC).timestamp() * 1000)


def _place(told: Mapping[str, object]) -> Place | None:
    north, east = told.get("lat"), told.get("lon")
    if not isinstance(north, float) or not isinstance(east, float):
        return None
    if not (abs(north) <= 90 and abs(east) <= 180):  # noise that passes for a number, also infinity
        return None
    return round(north * 1_000_000), round(east * 1_000_000)
