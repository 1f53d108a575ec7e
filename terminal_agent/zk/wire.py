"""The socket under a link: packets in and out over TCP or UDP, with deadlines.

Every failure of the network is SourceUnavailable; a stream that breaks the protocol is FrameError.
Neither leaves the socket fit for use: the link closes it.
"""

import socket
import time
from typing import Protocol

from terminal_agent.errors import SourceUnavailable
from terminal_agent.zk import frames
from terminal_agent.zk.frames import Deframer, FrameError, Packet

_AT_ONCE = 65_536
_LARGEST_DATAGRAM = 65_535
_UDP_BURST = 1 << 20
# A dead peer is noticed after 20 + 3 * 5 seconds even if we only listen (pyzk never notices).
_KEEPALIVE = (
    (socket.TCP_KEEPIDLE, 20),
    (socket.TCP_KEEPINTVL, 5),
    (socket.TCP_KEEPCNT, 3),
    (socket.TCP_USER_TIMEOUT, 35_000),
    (socket.TCP_NODELAY, 1),
)


class Wire(Protocol):
    """Packets over one socket. `sent` and `received` count bytes on top of TCP or UDP."""

    sent: int
    received: int

    def send(self, packet: Packet) -> None:
        """Send one packet."""

    def receive(self, until: float) -> Packet | None:
        """The next packet, None if none is whole by `until` (time.monotonic)."""

    def unframed(self, count: int, until: float) -> bytes | None:
        """`count` bytes that no frame announces, None if a frame comes next."""

    def close(self) -> None:
        """Close the socket; twice is fine."""


# A name that cannot be one, such as 192.168..201, is no OSError: Python encodes it before it asks.
_NO_WAY = (OSError, UnicodeError)


def _unreachable(host: str, port: int, why: Exception) -> SourceUnavailable:
    return SourceUnavailable("unreachable", f"no terminal answers at {host}:{port} ({why})")


def _broken(why: OSError) -> SourceUnavailable:
    return SourceUnavailable("connection_lost", f"the connection to the terminal broke ({why})")


class TcpWire:
    """TCP: a stream of frames, read exactly; the end of the stream is an error."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        """Connect within `timeout` seconds; SourceUnavailable where nobody answers."""
        self.sent = self.received = 0
        self._timeout = timeout
        self._deframer = Deframer()
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except _NO_WAY as why:
            raise _unreachable(host, port, why) from why
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEPALIVE:
            self._socket.setsockopt(socket.IPPROTO_TCP, option, value)

    def send(self, packet: Packet) -> None:
        raw = frames.frame(frames.encode(packet))
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(raw)
        except OSError as why:
            raise _broken(why) from why
        self.sent += len(raw)

    def receive(self, until: float) -> Packet | None:
        while (packet := self._deframer.next()) is None:
            if not self._more(until):
                return None
        return packet

    def unframed(self, count: int, until: float) -> bytes | None:
        while self._deframer.waiting() < len(frames.MAGIC):
            if not self._more(until):
                return None
        if self._deframer.at_frame():
            return None
        while self._deframer.waiting() < count:
            if not self._more(until):
                raise FrameError(f"{count} bytes without a frame did not come in time")
        return self._deframer.take_unframed(count)

    def _more(self, until: float) -> bool:
        """Read once; False when `until` has passed."""
        left = until - time.monotonic()
        if left <= 0:
            return False
        self._socket.settimeout(left)
        try:
            chunk = self._socket.recv(_AT_ONCE)
        except TimeoutError:
            return False
        except OSError as why:
            raise _broken(why) from why
        if not chunk:
            raise SourceUnavailable("connection_lost", "the terminal closed the connection")
        self.received += len(chunk)
        self._deframer.feed(chunk)
        return True

    def close(self) -> None:
        self._socket.close()


class UdpWire:
    """UDP: one packet per datagram; damaged datagrams are lost ones."""

    def __init__(self, host: str, port: int) -> None:
        """Bind this socket to one peer; a connected UDP socket hears nobody else."""
        self.sent = self.received = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _UDP_BURST)
        try:
            self._socket.connect((host, port))
        except _NO_WAY as why:
            self._socket.close()
            raise _unreachable(host, port, why) from why

    def send(self, packet: Packet) -> None:
        raw = frames.encode(packet)
        try:
            self._socket.send(raw)
        except OSError as why:
            raise _broken(why) from why
        self.sent += len(raw)

    def receive(self, until: float) -> Packet | None:
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                raw = self._socket.recv(_LARGEST_DATAGRAM)
            except TimeoutError:
                return None
            except OSError as why:
                raise _broken(why) from why
            self.received += len(raw)
            packet = _sound(raw)
            if packet is not None:
                return packet
        return None

    def unframed(self, count: int, until: float) -> bytes | None:
        """None: a datagram carries its own length."""
        del count, until
        return None

    def close(self) -> None:
        self._socket.close()


def _sound(raw: bytes) -> Packet | None:
    try:
        packet = frames.decode(raw)
    except FrameError:
        return None
    return packet if packet.sound else None
