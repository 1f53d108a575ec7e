"""Many kiosks in one process: raw MQTT 5 on sockets, the agent's own rules for sending and coming back.

A rude kiosk is what the rules are against: it comes back after a second, sends everything that has
no receipt every three seconds, and does not hear that it should slow down.
"""

import heapq
import random
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from contract import health, receipt, topics
from contract.batch import read_varint, varint
from contract.errors import BatchError
from contract.receipt import Receipt
from terminal_agent import outbox, pace

_CONNACK, _PUBLISH = 2, 3
_IMPATIENT = 3.0  # seconds after which a rude kiosk sends everything again
_LOOK = 1.0  # seconds between two looks of a kiosk at its outbox


class Load(msgspec.Struct, frozen=True):
    """What one kiosk has to send: frames of `size` events each, the last one may be shorter."""

    kid: str
    mac_key: bytes
    epoch: int
    size: int
    events: int
    frames: list[bytes]


class Kiosk:
    """One connection, and where sending stands."""

    def __init__(self, load: Load, *, polite: bool, chance: random.Random) -> None:
        self.load, self._polite, self._chance = load, polite, chance
        self.box = outbox.opened(0, load.events, 0.0)
        self.wire: socket.socket | None = None
        self.sent_frames = 0
        self.connects = 0
        self._failures = 0
        self._inbox, self._out = b"", b""
        self._owners: dict[str, bool] = {}
        self._worker = ""

    def done(self) -> bool:
        """Whether the centre has everything."""
        return self.box.acked >= self.load.events

    def connect(self, port: int) -> None:
        """Begin a connection; CONNECT goes out as soon as the socket can be written."""
        self.wire = socket.socket()
        self.wire.setblocking(False)
        with suppress(BlockingIOError):
            self.wire.connect(("127.0.0.1", port))
        self.connects += 1
        self._inbox = b""
        self._owners, self._worker = {}, ""
        kid = self.load.kid.encode()
        self._out = _packet(1, b"\0\4MQTT\5\2\0\0\0" + len(kid).to_bytes(2, "big") + kid)

    def broke(self) -> float:
        """The connection is gone; seconds to wait before the next."""
        if self.wire is not None:
            self.wire.close()
        self.wire = None
        self._failures += 1
        return pace.backoff(self._failures, self._chance.random()) if self._polite else 1.0

    def heard(self, now: float) -> None:
        """Take what has arrived. Raises OSError where the connection ended."""
        data = self.wire.recv(65_536) if self.wire else b""
        if not data:
            raise ConnectionError("closed")
        self._inbox += data
        while packet := _cut(self._inbox):
            kind, body, self._inbox = packet
            if kind == _CONNACK:
                self._connected(body, now)
            elif kind == _PUBLISH:
                self._told(*_published(body), now)

    def look(self, now: float) -> None:
        """Send what may be sent now. Raises OSError where the connection ended."""
        self._flush()
        if self._out or not self._is_taken() or self.done():
            return
        self.box = outbox.looked(self.box, 0, now, self._chance.random())
        if self._polite and outbox.overdue(self.box, 0, now):
            self.box = outbox.rewound(self.box)
        elif not self._polite and now - self.box.moved_at > _IMPATIENT:
            self.box = msgspec.structs.replace(self.box, sent=self.box.acked, quiet_until=0.0)
        while outbox.next_run(self.box, now):
            place = self.box.sent // self.load.size
            self._say(topics.events(self.load.kid), self.load.frames[place])
            self.sent_frames += 1
            last = min(self.load.events, (place + 1) * self.load.size)
            self.box = outbox.sent(self.box, last, now)
        self._flush()

    def wants_to_write(self) -> bool:
        """Whether bytes wait for the socket."""
        return bool(self._out)

    def _connected(self, body: bytes, now: float) -> None:
        if body[1]:
            raise ConnectionError(f"refused: {body[1]}")
        self._failures = 0
        kid, load = self.load.kid, self.load
        self.box = outbox.opened(self.box.acked, load.events, now)
        self._subscribe(topics.receipts(kid), topics.owner(topics.bucket(kid)))
        born = health.Birth(True, load.epoch, load.events, self.box.acked)
        self._say(topics.status(kid), health.encode(born), flags=1)
        self._flush()

    def _told(self, topic: str, data: bytes, now: float) -> None:
        if topic.startswith("h/"):
            owner = health.decode_owner(data)
            self._owners[topic] = owner.online
            if len(topic) == 4 and owner.worker != self._worker:
                self._worker = owner.worker
                self._subscribe(topics.owner(owner.worker))
            return
        with suppress(BatchError):
            answer = receipt.decode(self.load.kid, data, self.load.mac_key)
            if not self._polite:
                answer = msgspec.structs.replace(answer, slow=0)
            if answer.epoch == self.load.epoch:
                self._receipted(answer, now)

    def _receipted(self, answer: Receipt, now: float) -> None:
        run = self.box.run
        self.box = outbox.receipted(self.box, answer, self.load.events, now)
        self.box = msgspec.structs.replace(self.box, run=run)  # our frames are cut already

    def _is_taken(self) -> bool:
        bucket = topics.owner(topics.bucket(self.load.kid))
        return all(self._owners.get(one) for one in (bucket, topics.owner(self._worker)))

    def _subscribe(self, *names: str) -> None:
        wanted = b"".join(_text(name) + b"\0" for name in names)
        self._out += _packet(8, b"\0\1\0" + wanted, flags=2)
        self._flush()

    def _say(self, topic: str, data: bytes, flags: int = 0) -> None:
        self._out += _packet(_PUBLISH, _text(topic) + b"\0" + data, flags=flags)

    def _flush(self) -> None:
        if self._out and self.wire is not None:
            with suppress(BlockingIOError):
                self._out = self._out[self.wire.send(self._out) :]


class Crowd:
    """All of them, served by one loop."""

    def __init__(self, port: int, loads: Iterable[Load], *, polite: bool, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - the same crowd in every run
        self.kiosks = [Kiosk(load, polite=polite, chance=chance) for load in loads]
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._looks: list[tuple[float, int]] = []
        self._modes = [0] * len(self.kiosks)
        self._next = [0.0] * len(self.kiosks)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        for kiosk in self.kiosks:
            if kiosk.wire is not None:
                self._selector.unregister(kiosk.wire)
                kiosk.wire.close()
        self._selector.close()

    def come(self) -> None:
        """Everybody connects now."""
        now = time.monotonic()
        for place in range(len(self.kiosks)):
            self._look_again(place, now)

    def left(self) -> int:
        """How many kiosks still hold something without a receipt."""
        return sum(not kiosk.done() for kiosk in self.kiosks)

    def turn(self, seconds: float) -> None:
        """Serve what is ready, for about so long."""
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            while self._looks and self._looks[0][0] <= now:
                at, place = heapq.heappop(self._looks)
                if self._next[place] == at:  # otherwise another time was set since
                    self._look(place, now)
            next_look = self._looks[0][0] if self._looks else until
            wait = max(0.0, min(until, next_look) - now)
            for key, _ in self._selector.select(wait):
                self._serve(key.data)

    def _look(self, place: int, now: float) -> None:
        kiosk = self.kiosks[place]
        if kiosk.wire is None:
            kiosk.connect(self._port)
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            self._selector.register(kiosk.wire, both, place)
            self._modes[place] = both
        else:
            self._guarded(place, now, heard=False)
        if kiosk.wire is not None:
            self._look_again(place, now + _LOOK)

    def _look_again(self, place: int, at: float) -> None:
        self._next[place] = at
        heapq.heappush(self._looks, (at, place))

    def _serve(self, place: int) -> None:
        self._guarded(place, time.monotonic(), heard=True)

    def _guarded(self, place: int, now: float, *, heard: bool) -> None:
        kiosk = self.kiosks[place]
        wire = kiosk.wire
        if wire is None:
            return
        try:
            if heard:
                with suppress(BlockingIOError):
                    kiosk.heard(now)
            kiosk.look(now)
            mode = selectors.EVENT_READ
            if kiosk.wants_to_write():
                mode |= selectors.EVENT_WRITE
            if self._modes[place] != mode:
                self._modes[place] = mode
                self._selector.modify(wire, mode, place)
        except OSError:
            self._selector.unregister(wire)
            self._look_again(place, now + kiosk.broke())


def _text(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def _packet(kind: int, body: bytes, flags: int = 0) -> bytes:
    return bytes([kind << 4 | flags]) + varint(len(body)) + body


def _cut(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The first packet of a stream: kind, body, and the rest; None while it is not whole."""
    try:
        size, at = read_varint(data, 1)
    except BatchError:
        return None
    if len(data) < at + size:
        return None
    return data[0] >> 4, data[at : at + size], data[at + size :]


def _published(body: bytes) -> tuple[str, bytes]:
    """Topic and payload of a PUBLISH with QoS 0."""
    size = int.from_bytes(body[:2], "big")
    properties, at = read_varint(body, 2 + size)
    return body[2 : 2 + size].decode(), body[at + properties :]


def names(count: int) -> Iterator[str]:
    """Kiosk names, each once."""
    for number in range(count):
        yield "".join(topics.KID_ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))
