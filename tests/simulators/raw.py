"""A client that hides nothing: it sends one packet and shows every packet that comes back."""

import socket
from contextlib import contextmanager
from datetime import UTC, datetime

from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.wire import Packet

NOON = datetime(2026, 3, 2, 5, 0, 0, tzinfo=UTC)  # 12:00 WIB
WAIT = 5.0


def device(profile, **options):
    """A terminal whose clock stands at noon WIB."""
    return Device(profile, lambda: NOON, **options)


class Client:
    """Speaks TCP or UDP to a Terminal. `quiet()` tells that nothing more comes."""

    def __init__(self, terminal, *, tcp=True):
        self.tcp = tcp
        kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.settimeout(WAIT)
        self.socket.connect((terminal.address, terminal.port))
        self.session = 0
        self.reply = 0
        self.sent = 0
        self.received = 0
        self._stream = wire.Stream()
        self._waiting = []

    def send(self, command, data=b"", reply=None):
        payload = wire.encode(
            Packet(command, self.session, self.reply if reply is None else reply, data)
        )
        self.reply += 1
        message = wire.frame(payload) if self.tcp else payload
        self.sent += len(message)
        self.socket.sendall(message)

    def receive(self):
        while not self._waiting:
            data = self.socket.recv(70_000)
            self.received += len(data)
            if self.tcp and not data:
                raise ConnectionError("the terminal closed the connection")
            self._waiting += self._stream.feed(data) if self.tcp else [data]
        return wire.decode(self._waiting.pop(0))

    def ask(self, command, data=b"", packets=1):
        self.send(command, data)
        answer = [self.receive() for _ in range(packets)]
        return answer[0] if packets == 1 else answer

    def connect(self):
        answer = self.ask(wire.CONNECT)
        self.session = answer.session
        return answer

    def read(self, start, size):
        """The bytes of one 1504, whatever its shape, without any check."""
        self.send(wire.READ, start.to_bytes(4, "little") + size.to_bytes(4, "little"))
        first = self.receive()
        if first.command != wire.PREPARE_DATA:
            return first.data
        pieces = []
        while (packet := self.receive()).command == wire.DATA:
            pieces.append(packet.data)
        return b"".join(pieces)

    def quiet(self, seconds=0.3):
        """True when nothing arrives for a while."""
        self.socket.settimeout(seconds)
        try:
            return not self._waiting and not self.socket.recv(1)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(WAIT)


@contextmanager
def client(terminal, *, tcp=True):
    """A connected client, closed afterwards."""
    visitor = Client(terminal, tcp=tcp)
    with visitor.socket:
        visitor.connect()
        yield visitor


def prepared(command, fct=0):
    """The eleven bytes of a 1503 request."""
    return bytes([1]) + command.to_bytes(2, "little") + fct.to_bytes(4, "little") + bytes(4)
