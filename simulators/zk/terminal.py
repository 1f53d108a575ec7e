"""A terminal on the network: TCP and UDP on one port, any number of clients at once."""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Self

from simulators.zk import wire
from simulators.zk.conversation import Conversation
from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.layouts import Punch, live_event
from simulators.zk.line import Line, TcpLine, UdpLine
from simulators.zk.traffic import Traffic
from simulators.zk.wire import Packet, WireError

_DATAGRAM = 65_535


class Terminal:
    """Serves a Device from `with` to the end of it. Port 0 takes any port free on both."""

    def __init__(
        self,
        device: Device,
        faults: Faults | None = None,
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.device = device
        self.faults = faults or Faults()
        self.traffic = Traffic()
        self.address = address
        self.port = port
        self._lines: dict[object, Line] = {}
        self._lock = Lock()
        self._stop = Event()
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        self._stop.clear()
        self._tcp, self._udp = _bind(self.address, self.port)
        self.port = self._tcp.getsockname()[1]
        self._unlisten = self.device.listen(self._announce)
        self._start(self._accept)
        self._start(self._datagrams)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._unlisten()
        with suppress(OSError):
            self._tcp.shutdown(socket.SHUT_RDWR)
        self._tcp.close()
        self.disconnect_all()
        # A datagram from ourselves wakes the thread that waits for one.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", (self.address, self.port))
        # The accepting thread is the first: once it is gone, no thread is added.
        while self._threads:
            self._threads.pop(0).join()
        self._udp.close()

    def disconnect_all(self) -> None:
        """Drop every connection and session, as a restart or a pulled cable and power do."""
        with self._lock:
            lines = list(self._lines.values())
            self._lines = {k: v for k, v in self._lines.items() if isinstance(v, TcpLine)}
        for line in lines:
            line.talk.close()
            if isinstance(line, TcpLine):
                line.close()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=target, args=arguments, daemon=True)
        self._threads[:] = [other for other in self._threads if other.is_alive()]
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        talk = Conversation(self.device, tcp=True)
        line = TcpLine(connection, talk, self.faults, self.traffic)
        with self._lock:
            self._lines[connection] = line
        with connection, suppress(OSError, WireError):
            self._read(line)
        with self._lock:
            del self._lines[connection]

    def _read(self, line: TcpLine) -> None:
        stream = wire.Stream()
        while not (self._stop.is_set() or line.talk.over):
            data = line.connection.recv(_DATAGRAM)
            if not data:
                return
            self.traffic.heard(len(data))
            for payload in stream.feed(data):
                self._handle(line, payload)

    def _datagrams(self) -> None:
        while not self._stop.is_set():
            payload, peer = self._udp.recvfrom(_DATAGRAM)
            if self._stop.is_set() or self.faults.loses():
                continue
            self.traffic.heard(len(payload))
            with suppress(OSError, WireError):
                self._handle(self._peer(peer), payload)

    def _peer(self, peer: tuple[str, int]) -> Line:
        with self._lock:
            if peer not in self._lines:
                talk = Conversation(self.device, tcp=False)
                self._lines[peer] = UdpLine(self._udp, peer, talk, self.faults, self.traffic)
            return self._lines[peer]

    def _handle(self, line: Line, payload: bytes) -> None:
        request = wire.decode(payload)
        if self.faults.mute:
            return
        if request.command == wire.OK:
            self.traffic.acknowledged()
            return
        self.traffic.asked(request.command, sound=wire.checksum_right(payload))
        packets = self._act(line, request)
        if request.command not in self.faults.unanswered:
            line.send(packets)
            if request.command in self.faults.duplicate:
                line.send(packets)
        if line.talk.over:
            self.disconnect_all()

    def _act(self, line: Line, request: Packet) -> Sequence[Packet]:
        faults = self.faults
        if before := faults.before.get(request.command):
            before()
        packets = line.talk.answer(request)
        if code := faults.refuse.get(request.command):
            packets = [line.talk.say(code)]
        if after := faults.after.get(request.command):
            after()
        if seconds := faults.delay.get(request.command):
            self._stop.wait(seconds)
        return packets

    def _announce(self, punch: Punch) -> None:
        if self.faults.mute:
            return
        data = live_event(punch, self.device.profile.event_length)
        # The session field carries the event code, the reply id is 0 (zk-protocol realtime.md);
        # "the machine transmits these information to all connections" (vendor manual 2006).
        packet = Packet(wire.EVENTS, wire.EVENT_ATTENDANCE, 0, data)
        with self._lock:
            lines = list(self._lines.values())
        for line in lines:
            if line.talk.events & wire.EVENT_ATTENDANCE:
                with suppress(OSError):
                    line.event(packet)


def _bind(address: str, port: int) -> tuple[socket.socket, socket.socket]:
    tcp = socket.create_server((address, port))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.bind((address, tcp.getsockname()[1]))
    except OSError:
        tcp.close()
        udp.close()
        if port:
            raise
        return _bind(address, port)
    return tcp, udp
