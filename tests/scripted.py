"""A scripted broker on a real socket, and a kiosk's uplink that talks to it in a thread."""

import socket
import threading
import time
from contextlib import suppress

from contract import batch
from contract.invitation import Invitation
from terminal_agent.line import Line
from terminal_agent.pace import Pace
from terminal_agent.timetable import Timetable
from terminal_agent.uplink import Uplink
from terminal_agent.usage import Meter
from tests.halves import Kiosk, TestClock

KID = "T07A"
KEY = bytes(range(32))
CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PING, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 14


class Broker:
    """As much of MQTT 5 as one kiosk needs; it notes what it hears and says what a test wants.

    `code` answers every CONNECT; `context`: it speaks TLS, and notes which sessions were resumed.
    """

    def __init__(self, code=0, context=None):
        self.code = code
        self.context = context
        self.resumed: list[bool] = []
        self.heard: list[tuple[str, bytes, bool]] = []  # topic, payload, retained
        self.subscribed: list[str] = []
        self.connects: list[bytes] = []
        self.farewells = 0
        self.said = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def until(self, condition):
        with self.said:
            assert self.said.wait_for(condition, 10), "it was never said"

    def say(self, topic, payload):
        name = topic.encode()
        body = len(name).to_bytes(2, "big") + name + b"\0" + payload
        self.wire.sendall(bytes([PUBLISH << 4]) + batch.varint(len(body)) + body)

    def _serve(self):
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            with suppress(OSError, IndexError), wire:
                self._converse(wire)

    def _converse(self, wire):
        if self.context is not None:
            wire = self.context.wrap_socket(wire, server_side=True)
            self.resumed.append(wire.session_reused)
        self.wire = wire
        with wire, wire.makefile("rb") as stream:
            while head := stream.read(1):
                self._packet(head[0], stream.read(self._length(stream)))

    def _length(self, stream):
        digits = b""
        while not digits or digits[-1] > 0x7F:
            digits += stream.read(1)
        return batch.read_varint(digits, 0)[0]

    def _packet(self, head, body):
        with self.said:
            answer = self._answer(head >> 4, head, body)
            self.said.notify_all()
        if answer:
            self.wire.sendall(answer)

    def _answer(self, kind, head, body):
        if kind == CONNECT:
            self.connects.append(body)
            return bytes([CONNACK << 4, 3, 0, self.code, 0])
        if kind == SUBSCRIBE:
            return (
                bytes([SUBACK << 4, 3 + self._subscribe(body)])
                + body[:2]
                + b"\0" * (1 + self._count)
            )
        if kind == PUBLISH:
            return self._publish(head, body)
        self.farewells += kind == DISCONNECT
        return bytes([13 << 4, 0]) if kind == PING else b""

    def _subscribe(self, body):
        at, self._count = 3, 0
        while at < len(body):
            size = int.from_bytes(body[at : at + 2], "big")
            self.subscribed.append(body[at + 2 : at + 2 + size].decode())
            at, self._count = at + 3 + size, self._count + 1
        return self._count

    def _publish(self, head, body):
        size = int.from_bytes(body[:2], "big")
        topic, rest = body[2 : 2 + size].decode(), body[2 + size :]
        number = rest[:2] if head & 6 else b""
        self.heard.append((topic, rest[len(number) + 1 :], bool(head & 1)))
        return bytes([PUBACK << 4, 2]) + number if number else b""


class Orders:
    """Notes what was asked; answers what a test puts there."""

    def __init__(self):
        self.asked: list[bytes] = []
        self.to_say: list[bytes] = []

    def take(self, envelope):
        self.asked.append(envelope)

    def answers(self):
        said, self.to_say = self.to_say, []
        return said


def invitation(port):
    return Invitation(KID, "127.0.0.1", port, False, "", KEY, bytes(32), bytes(32))


class Counted(Line):
    """A line that counts how often a broker answered on it."""

    settlements = 0

    def settled(self):
        super().settled()
        self.settlements += 1


class Running:
    """A kiosk's uplink in a thread of its own, until `end`."""

    def __init__(self, folder, invited, via=None, quota_mb=0, hours=(), clock=None):
        self.clock = clock or TestClock()
        self.kiosk = Kiosk(folder, invited, self.clock)
        self.alerts = {}
        self.orders = Orders()
        self.stop = threading.Event()
        self.beats = 0
        self.meter = Meter(folder, self.clock, 25_200, quota_mb, self.tell)
        self.line = Counted(invited, folder, self.meter, via)
        timetable = Timetable(self.clock, Pace(0.0), lambda: 0.0, hours, 25_200)
        uplink = Uplink(self.kiosk.dispatch, timetable, self.line, self.orders, self.alerts)
        self.thread = threading.Thread(target=uplink.run, args=(self.stop, self.beat))
        self.thread.start()

    def tell(self, code):
        self.alerts["uplink"] = code

    def beat(self):
        self.beats += 1

    def until(self, condition, step=1.0):
        """Wait for something that can be seen; the clock moves by `step`, so that no pause lasts."""
        for _ in range(2_000):
            if condition():
                return
            self.clock.now += step
            time.sleep(0.005)
        raise AssertionError("it never came")

    def settle(self):
        """Wait until the line is quiet."""
        before = -1
        while before != self.meter.usage.month:
            before = self.meter.usage.month
            time.sleep(0.5)

    def end(self):
        self.stop.set()
        self.thread.join()
        self.kiosk.journal.close()
