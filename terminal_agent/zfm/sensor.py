"""The conversation with a ZFM sensor over a serial port: a question, its answer, what it means.

Whoever asks waits a second for an answer. What was answered with noise is asked again; each question
may be asked twice.
"""

import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, Self

import serial

from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zfm import frames, note, words
from terminal_agent.zfm.frames import ACK, COMMAND, DATA, END, Packet
from terminal_agent.zfm.words import Hit, Parameters

_SLICE = 0.1  # seconds
_PATIENCE = 10  # silent slices after which there is no answer: a search of 1,000 pages takes 4 or 5
_TRIES = 3
_NOISE = 4_096  # bytes without a packet; an answer with a template has at most 2,000
_MOST_TEMPLATE = 16_384

_TROUBLE = (OSError, termios.error)  # pyserial lets the second through where a port vanishes


class Wired(Protocol):
    """Where a sensor is, as the configuration has it."""

    @property
    def port(self) -> str: ...
    @property
    def speed(self) -> int: ...
    @property
    def address(self) -> int: ...
    @property
    def password(self) -> int: ...


class Sensor:
    """One sensor that answers. Raises SourceUnavailable from every method: `sensor_unplugged`,
    `sensor_silent`, `sensor_garbled`, `sensor_refused`."""

    def __init__(self, port: serial.Serial, wired: Wired) -> None:
        self._port = port
        self._wired = wired
        self._held = b""
        self.parameters = Parameters(0, 0)

    @classmethod
    @contextmanager
    def opened(cls, wired: Wired) -> Iterator[Self]:
        """Open the port and say the password. Raises SourceMisconfigured (`sensor_password`) too."""
        try:
            port = serial.Serial(
                wired.port, wired.speed, timeout=_SLICE, write_timeout=1.0, exclusive=True
            )
        except (*_TROUBLE, ValueError) as problem:
            raise _unplugged(wired, problem) from problem
        with port:
            sensor = cls(port, wired)
            sensor.greet()
            yield sensor

    def greet(self) -> None:
        """Say the password and read how large the sensor is. Raises SourceMisconfigured too."""
        code, _ = self._ask(words.password(self._wired.password))
        if code == words.WRONG_PASSWORD:
            raise SourceMisconfigured(
                "sensor_password", f"{self._wired.port}: the sensor refuses the password"
            )
        told = words.parameters(self._done(words.PARAMETERS))
        if told is None:
            raise self._refused(words.PARAMETERS, words.OK)
        self.parameters = told

    def name(self, fresh: bytes) -> str:
        """The sensor's own name, 16 hex digits: ours in its notepad, written there where there is
        none (`fresh`, 8 random bytes); else its serial number; "" where it can keep neither."""
        for page in note.PAGES:
            code, held = self._ask(words.read_note(page))
            if code != words.OK or len(held) < words.NOTE_BYTES:
                break
            if found := note.name(held) or (note.is_blank(held) and self._named(page, fresh)):
                return found
        code, told = self._ask(words.PRODUCT)
        return words.product(told) if code == words.OK else ""

    def _named(self, page: int, fresh: bytes) -> str:
        code, _ = self._ask(words.write_note(page, note.written(fresh)))
        if code != words.OK:
            return ""
        return note.name(self._done(words.read_note(page)))

    def scan(self) -> bool:
        """Take an image; whether a finger is there and the image is one."""
        code, _ = self._ask(words.SCAN)
        if code in (words.OK, words.NO_FINGER, words.BAD_SCAN):
            return code == words.OK
        raise self._refused(words.SCAN, code)

    def features(self, buffer: int) -> bool:
        """Make features of the image; whether it was good enough."""
        code, _ = self._ask(words.features(buffer))
        if code == words.OK or code in words.BAD_IMAGE:
            return code == words.OK
        raise self._refused(words.features(buffer), code)

    def search(self, buffer: int) -> Hit | None:
        """The page whose finger it is; None where it is none of them."""
        asked = words.search(buffer, self.parameters.capacity)
        code, body = self._ask(asked)
        if code == words.NOT_FOUND:
            return None
        found = words.hit(body) if code == words.OK else None
        if found is None:
            raise self._refused(asked, code)
        return found

    def merge(self) -> bool:
        """One template of both buffers, into both; whether they are of one finger."""
        code, _ = self._ask(words.MERGE)
        if code in (words.OK, words.DIFFERS):
            return code == words.OK
        raise self._refused(words.MERGE, code)

    def store(self, page: int) -> None:
        """Keep the template of buffer 1 in a page."""
        self._done(words.store(1, page))

    def delete(self, page: int) -> None:
        """Empty a page; one that is empty stays so."""
        self._done(words.delete(page))

    def template(self, page: int) -> bytes:
        """The template in a page, b"" where the sensor gives none. It replaces buffer 2."""
        for asked in (words.load(2, page), words.upload(2)):
            code, _ = self._ask(asked)
            if code != words.OK:
                return b""
        return self._uploaded()

    def pages(self) -> frozenset[int] | None:
        """The pages that hold a template; None where the sensor has no index of them."""
        found: set[int] = set()
        for part in words.index_parts(self.parameters.capacity):
            code, body = self._ask(words.index(part))
            if code != words.OK or len(body) < words.NOTE_BYTES:
                return None
            found.update(words.taken(part, body))
        return frozenset(found)

    def _done(self, asked: bytes) -> bytes:
        code, body = self._ask(asked)
        if code != words.OK:
            raise self._refused(asked, code)
        return body

    def _ask(self, asked: bytes) -> tuple[int, bytes]:
        """The answer's code and what follows it."""
        last: SourceUnavailable | None = None
        for _ in range(_TRIES):
            try:
                self._send(asked)
                packet = self._next()
            except SourceUnavailable as problem:
                if problem.code != "sensor_garbled":
                    raise  # a second question would have two answers, and the next one the wrong one
                last = problem
                continue
            if packet.kind == ACK and packet.body and packet.body[0] != words.BAD_PACKET:
                return packet.body[0], packet.body[1:]
        raise last or self._refused(asked, words.BAD_PACKET)

    def _send(self, asked: bytes) -> None:
        self._held = b""
        data = frames.encode(Packet(COMMAND, asked, self._wired.address))
        try:
            self._port.reset_input_buffer()  # an answer that came too late answers nothing now
            self._port.write(data)
        except _TROUBLE as problem:
            raise _unplugged(self._wired, problem) from problem

    def _next(self) -> Packet:
        """The next packet, which may have come with the one before."""
        silent, noise = 0, 0
        while silent < _PATIENCE and noise < _NOISE:
            packets, self._held = frames.split(self._held)
            if packets:
                rest = b"".join(frames.encode(one) for one in packets[1:])
                self._held = rest + self._held
                return packets[0]
            data = self._read()
            silent = 0 if data else silent + 1
            noise += len(data)
            self._held += data
        where = f"{self._wired.port} at {self._wired.speed} baud"
        if noise:
            raise SourceUnavailable("sensor_garbled", f"{where}: {noise} bytes that are no packet")
        raise SourceUnavailable("sensor_silent", f"{where}: no answer")

    def _read(self) -> bytes:
        try:
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except _TROUBLE as problem:
            raise _unplugged(self._wired, problem) from problem

    def _uploaded(self) -> bytes:
        """What follows an upload's answer; b"" where a packet of it is lost, for it is not sent again."""
        data = b""
        while len(data) <= _MOST_TEMPLATE:
            packet = self._next()
            if packet.kind not in (DATA, END):
                return b""
            data += packet.body
            if packet.kind == END:
                return data
        return b""

    def _refused(self, asked: bytes, code: int) -> SourceUnavailable:
        sentence = f"{self._wired.port}: instruction 0x{asked[0]:02x} answered 0x{code:02x}"
        return SourceUnavailable("sensor_refused", sentence)


def _unplugged(wired: Wired, problem: Exception) -> SourceUnavailable:
    return SourceUnavailable("sensor_unplugged", f"{wired.port}: {problem}")
