"""What to ask a ZKTeco terminal, and its live events. Bulk reading is in `bulk`, polling in `poll`.

Sources: vendor manual 2006; zk-protocol sections/terminal.md and realtime.md.
"""

import struct
import time
from collections.abc import Callable

import msgspec

from terminal_agent.errors import SourceUnavailable
from terminal_agent.zk import answers, events, timecode
from terminal_agent.zk.answers import Inline, Log, NoLog, Prepared, Refused, Sizes
from terminal_agent.zk.events import LiveHint
from terminal_agent.zk.frames import Command, FrameError
from terminal_agent.zk.session import Session

_U32 = struct.Struct("<I")
# The device copies its log for 1503; nobody published how long 100,000 records take it.
_PREPARE_PATIENCE = 6
_SILENCES = 3


class ClockReading(msgspec.Struct, frozen=True):
    """The device's clock, and our own just before the question and just after the answer.

    `device.t` in device seconds (timecode); `asked` and `answered` in the caller's own units.
    The device read its clock somewhere between; half the difference bounds the error.
    """

    device: timecode.DeviceTime
    asked: int
    answered: int


class Link(Session):
    """A terminal at the other end, from `with` to its end."""

    def __init__(
        self,
        host: str,
        port: int = 4370,
        comm_key: int = 0,
        timeout: float = 10.0,
        udp: bool = False,
    ) -> None:
        """`timeout`: seconds allowed for each answer, and for each packet of a bulk read."""
        super().__init__(host, port, comm_key, timeout, udp)
        self._facts: dict[str, str] = {}

    def option(self, name: str) -> str | None:
        """The value of an option such as `~SerialNumber`; None where the device has none."""
        answer = self.request(Command.OPTION, name.encode("ascii") + b"\0")
        return answers.option(answer.data, name) if answer.command == Command.OK else None

    def serial(self) -> str:
        """The serial number: the device's identity (its address is only a hint). Asked once."""
        serial = self._fact("~SerialNumber")
        if not serial:
            self.close()
            raise SourceUnavailable("no_serial", "the terminal does not tell its serial number")
        return serial

    def platform(self) -> str:
        """The hardware platform, "" where unknown. Asked once per session."""
        return self._fact("~Platform")

    def _fact(self, name: str) -> str:
        if name not in self._facts:
            self._facts[name] = self.option(name) or ""
        return self._facts[name]

    def firmware(self) -> str:
        """The firmware version, "" where unknown. Asked once per session."""
        if "firmware" not in self._facts:
            answer = self.request(Command.VERSION)
            text = answer.data.split(b"\0")[0].decode("ascii", "replace")
            self._facts["firmware"] = text if answer.command == Command.OK else ""
        return self._facts["firmware"]

    def sizes(self) -> Sizes:
        """The device's counters."""
        data = self.expect_ok(self.request(Command.SIZES))
        with self.closing():
            return answers.sizes(data)

    def device_time(self, now: Callable[[], int]) -> ClockReading:
        """The device's clock between two readings of `now`."""
        asked = now()
        answer = self.request(Command.GET_TIME)
        answered = now()
        data = self.expect_ok(answer)
        with self.closing():
            if len(data) < _U32.size:
                raise FrameError(f"a clock reading of {len(data)} bytes")
            return ClockReading(timecode.decode(_U32.unpack_from(data)[0]), asked, answered)

    def set_time(self, code: int) -> None:
        """Set the device's wall clock to a time code (timecode.encode). Its operation log tells it."""
        self.expect_ok(self.request(Command.SET_TIME, _U32.pack(code)))

    def prepare(self, log: Log) -> Prepared | Inline | NoLog | Refused:
        """Let the device prepare a log for reading (1503)."""
        request = answers.prepare_request(log)
        return answers.prepare_answer(self.request(Command.PREPARE, request, _PREPARE_PATIENCE))

    def free(self) -> None:
        """Let the device free what it prepared (1502)."""
        self.request(Command.FREE)

    # Live events

    def register_live(self, mask: int = events.ATTLOG) -> None:
        """Ask for live events (500); 0 cancels."""
        self.expect_ok(self.request(Command.EVENT, _U32.pack(mask)))

    def next_event(self, timeout: float) -> LiveHint | None:
        """The next live event, None if none comes within `timeout` seconds.

        A device that has been silent for three timeouts is asked for its time: a dead one that
        never closed is SourceUnavailable then, not silence for ever.
        """
        until = time.monotonic() + timeout
        while not self.queued:
            self.listen(min(until, self.heard + _SILENCES * self.timeout))
            if time.monotonic() > self.heard + _SILENCES * self.timeout:
                self.request(Command.GET_TIME)
            elif time.monotonic() >= until:
                break
        return self.queued.popleft() if self.queued else None
