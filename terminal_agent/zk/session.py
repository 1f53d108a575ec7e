"""One session with a ZKTeco terminal: requests and the answers that belong to them.

Any doubt about which answer belongs to which question closes the socket for good: a late answer
read as the next one is how peers deliver a clock reading for a serial number. After an error make
a new Link.

Sources: vendor manual 2006; zk-protocol sections/terminal.md.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk import events, frames
from terminal_agent.zk.events import LiveHint
from terminal_agent.zk.frames import Command, FrameError, Packet
from terminal_agent.zk.wire import TcpWire, UdpWire, Wire

_REMEMBERED = 64
_UDP_TRIES = 3
_QUEUED_EVENTS = 1024
_EXIT_PATIENCE = 0.2


class Session:
    """From `with` to its end. Every method may raise SourceUnavailable."""

    def __init__(
        self,
        host: str,
        port: int = 4370,
        comm_key: int = 0,
        timeout: float = 10.0,
        udp: bool = False,
    ) -> None:
        """`timeout`: seconds allowed for each answer, and for each packet of a bulk read."""
        self.udp = udp
        self.timeout = timeout
        self._address = (host, port)
        self._comm_key = comm_key
        self._asked_key = False
        self._wire: Wire | None = None
        self._moved = (0, 0)
        self._session = self._id = 0
        self._answered: deque[int] = deque(maxlen=_REMEMBERED)
        self.queued: deque[LiveHint] = deque(maxlen=_QUEUED_EVENTS)
        self.heard = 0.0
        self._sums_right = False

    def __enter__(self) -> Self:
        """Connect and authenticate; SourceMisconfigured where the comm key is wrong."""
        host, port = self._address
        self._wire = UdpWire(host, port) if self.udp else TcpWire(host, port, self.timeout)
        try:
            self._connect()
        except (SourceUnavailable, SourceMisconfigured):
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._wire is not None:
            with suppress(SourceUnavailable):
                self.request(Command.EXIT, patience=_EXIT_PATIENCE)
        self.close()

    def close(self) -> None:
        """Close without a word; the link cannot be used again. Twice is fine."""
        if self._wire is not None:
            self._moved = (self._wire.sent, self._wire.received)
            self._wire.close()
            self._wire = None

    @property
    def bytes_out(self) -> int:
        """Bytes sent on top of TCP or UDP so far."""
        return self._wire.sent if self._wire else self._moved[0]

    @property
    def bytes_in(self) -> int:
        """Bytes received on top of TCP or UDP so far."""
        return self._wire.received if self._wire else self._moved[1]

    @property
    def default_key(self) -> bool:
        """Whether the terminal let us in without asking for a communication key, or with key 0."""
        return not (self._asked_key and self._comm_key)

    def _connect(self) -> None:
        self._id = frames.REPLY_IDS - 1  # so that CONNECT itself has id 0
        answer = self.request(Command.CONNECT)
        self._session = answer.session
        self._sums_right = answer.sound
        self._asked_key = answer.command == Command.UNAUTHORISED
        if self._asked_key:
            answer = self.request(Command.AUTH, frames.scramble(self._comm_key, self._session))
            if answer.command != Command.OK:
                raise SourceMisconfigured(
                    "comm_key",
                    "the terminal refuses the communication key; set the one from its menu "
                    "Comm. > PC connection in this device's configuration",
                )
        self.expect_ok(answer)

    # Requests and answers

    def request(self, command: int, data: bytes = b"", patience: float = 1.0) -> Packet:
        """Send one request and return its first answer, whatever it says.

        `patience` multiplies the timeout. UDP sends the request again within it.
        """
        tries = _UDP_TRIES if self.udp else 1
        self.ask(command, data)
        for again in range(tries):
            if again:
                self._resend(command, data)
            answer = self.answer(self.timeout * patience / tries)
            if answer is not None:
                return answer
        with self.closing():
            raise SourceUnavailable(
                "timeout", f"the terminal did not answer command {command} in time"
            )

    def ask(self, command: int, data: bytes) -> None:
        """Send a request under a new id; every earlier request counts as answered from now on."""
        self._answered.append(self._id)
        self._id = frames.next_reply_id(self._id)
        self._resend(command, data)

    def _resend(self, command: int, data: bytes) -> None:
        with self.closing() as wire:
            wire.send(Packet(command, self._session, self._id, data))

    def answer(self, seconds: float) -> Packet | None:
        """The next packet that answers the latest request; None if none comes in time.

        A further answer to an earlier request is dropped: that request had its answer, or was
        given up on UDP. An answer to a request never made ends the session.
        """
        until = time.monotonic() + seconds
        with self.closing() as wire:
            while (packet := wire.receive(until)) is not None:
                self.heard = time.monotonic()
                if packet.command == Command.EVENT:
                    self._take_event(wire, packet)
                    continue
                if packet.reply == self._id:
                    self._refuse_damaged(packet)
                    return packet
                self._refuse_unasked(packet)
                if self.heard > until:
                    break
        return None

    def listen(self, until: float) -> None:
        """Wait for one packet while nothing was asked: an event, or a repeated answer."""
        with self.closing() as wire:
            packet = wire.receive(until)
            if packet is None:
                return
            self.heard = time.monotonic()
            if packet.command == Command.EVENT:
                self._take_event(wire, packet)
            else:
                self._refuse_unasked(packet)

    def bare(self, count: int) -> bytes | None:
        """Bytes of a bulk answer that no frame announces (WL10); None if a frame comes next."""
        with self.closing() as wire:
            return wire.unframed(count, time.monotonic() + self.timeout)

    @contextmanager
    def closing(self) -> Iterator[Wire]:
        """The open wire. Whatever goes wrong inside closes it: also an answer that decodes to
        nothing (FrameError), which becomes SourceUnavailable."""
        if self._wire is None:
            raise SourceUnavailable("closed", "this connection is closed; open a new one")
        try:
            yield self._wire
        except SourceUnavailable:
            self.close()
            raise
        except FrameError as why:
            self.close()
            raise SourceUnavailable(
                "broken_frame", f"the terminal sent what the protocol does not allow: {why}"
            ) from why

    def _refuse_damaged(self, packet: Packet) -> None:
        """FrameError for a wrong checksum from a terminal whose first one was right.

        Not all firmware is known to compute it, and the WL10 misstates its bulk packets; those
        are proven by their sizes instead.
        """
        bulk = packet.command in (Command.PREPARE_DATA, Command.DATA)
        if self._sums_right and not packet.sound and not bulk:
            raise FrameError(f"the checksum of an answer {packet.command} is wrong")

    def _refuse_unasked(self, packet: Packet) -> None:
        """FrameError for an answer to a request that was never made."""
        if packet.reply != self._id and packet.reply not in self._answered:
            raise FrameError(f"an answer to request {packet.reply}, which was never made")

    def expect_ok(self, answer: Packet) -> bytes:
        """The data of an OK; any other answer ends the session."""
        if answer.command != Command.OK:
            self.close()
            raise SourceUnavailable("refused", f"the terminal answered {answer.command}, not OK")
        return answer.data

    def _take_event(self, wire: Wire, packet: Packet) -> None:
        """Queue an event and acknowledge it: reply id 0, as for nothing else ([V], realtime.md)."""
        self.queued.append(events.decode(packet.session, packet.data))
        wire.send(Packet(Command.OK, self._session, 0))
