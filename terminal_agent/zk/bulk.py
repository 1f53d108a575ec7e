"""Reading what a device prepared: whole or in part, over TCP and UDP, new firmware and old.

Shapes (zk-protocol sections/ex_data.md; captures in pyzk's tests): 1504 is answered by 1500 with
the size, then one 1501 with everything or many of `packet size` bytes, then 2000; some firmware
answers with one 1501 alone. Among many, the session field of a 1501 is its index.
"""

import struct
from collections.abc import Iterator

from terminal_agent.errors import SourceUnavailable
from terminal_agent.zk import answers
from terminal_agent.zk.answers import Inline, Log, NoLog, Prepared, Refused
from terminal_agent.zk.frames import Command, FrameError, Packet
from terminal_agent.zk.link import Link

TCP_CHUNK = 65_472
UDP_CHUNK = 16_384
_SPAN = struct.Struct("<ii")
_ANNOUNCED = struct.Struct("<I")
_PACKET_SIZE = struct.Struct("<4xI")
_LARGEST_LOG = 1 << 26
_UDP_ROUNDS = 24
_UDP_QUIET = 8  # a UDP read counts as over after this part of the timeout without a packet


class ReadRefused(Exception):
    """The firmware answered a read with an error or with other bytes than asked for.

    The session is in step; behind `start > 0` a read from 0 may still work.
    """


def read(link: Link, start: int, size: int) -> bytes:
    """Exactly `size` bytes from `start` of the prepared body. ReadRefused as above.

    SourceUnavailable where packets stay lost or break the protocol.
    """
    step, chunk = (UDP_CHUNK, _read_udp) if link.udp else (TCP_CHUNK, _read_tcp)
    end = start + size
    chunks = [chunk(link, at, min(step, end - at)) for at in range(start, end, step)]
    # No two chunks are equal by chance: a firmware that ignores the start sends its head again.
    if any(later == chunks[0][: len(later)] for later in chunks[1:]):
        raise ReadRefused("every chunk is the beginning of the log again")
    return b"".join(chunks)


def _read_tcp(link: Link, start: int, size: int) -> bytes:
    first = link.request(Command.READ, _SPAN.pack(start, size))
    data = _gather(link, first, bare=False)
    if data is None or len(data) != size:
        came = f"answer {first.command}" if data is None else f"{len(data)} bytes"
        raise ReadRefused(f"{size} bytes from {start} were asked for, {came} came")
    return data


def _gather(link: Link, first: Packet, *, bare: bool) -> bytes | None:
    """Everything that a first answer announces; None where it announces no data."""
    match first.command:
        case Command.DATA | Command.INLINE:
            return first.data
        case Command.PREPARE_DATA:
            with link.closing():
                return _gather_announced(link, _announced(first), bare)
    return None


def _announced(first: Packet) -> int:
    if len(first.data) < _ANNOUNCED.size:
        raise FrameError("a bulk answer does not say its size")
    return _believable(_ANNOUNCED.unpack_from(first.data)[0])


def _believable(size: int) -> int:
    if size > _LARGEST_LOG:
        raise FrameError(f"a log of {size} bytes is announced")
    return size


def _gather_announced(link: Link, size: int, bare: bool) -> bytes:
    data = bytearray()
    packets = 0
    while len(data) < size:
        # The announced size, the frame of the closing OK right behind it and the body's own
        # total prove together that taking bytes without a frame was no guess.
        stray = link.bare(size - len(data)) if bare else None
        if stray is not None:
            data += stray
            continue
        packet = _expect(link, Command.DATA)
        if not packet.data:
            raise FrameError("an empty packet came in the middle of a bulk answer")
        if link.udp and packet.session != packets and len(packet.data) != size:
            raise FrameError(f"UDP packet {packets} is missing or out of its order")
        data += packet.data
        packets += 1
    if len(data) > size:
        raise FrameError(f"{size} bytes were announced, {len(data)} came")
    _expect(link, Command.OK)
    return bytes(data)


def _expect(link: Link, command: Command) -> Packet:
    packet = link.answer(link.timeout)
    if packet is None:
        raise SourceUnavailable("timeout", "the terminal stopped in the middle of its log")
    if packet.command != command:
        raise FrameError(f"{packet.command} came in the middle of a bulk answer")
    return packet


def _read_udp(link: Link, start: int, size: int) -> bytes:
    """A chunk of which lost packets are read again by their offset, as often as is reasonable."""
    body = bytearray(size)
    missing = [(0, size)]
    for _ in range(_UDP_ROUNDS):
        if not missing:
            return bytes(body)
        at, length = missing.pop()
        pieces = _read_span(link, start + at, length)
        for offset, piece in pieces.items():
            body[at + offset : at + offset + len(piece)] = piece
        missing += [(at + hole, width) for hole, width in _holes(pieces, length)]
    link.close()
    raise SourceUnavailable(
        "packet_loss", "too many UDP packets were lost; use TCP for this device"
    )


def _read_span(link: Link, start: int, length: int) -> dict[int, bytes]:
    """Offset to bytes of what arrived of one 1504; a lost answer leaves holes, no error."""
    link.ask(Command.READ, _SPAN.pack(start, length))
    packet_size, pieces, got = 0, dict[int, bytes](), 0
    while got < length:
        packet = link.answer(link.timeout / _UDP_QUIET)
        if packet is None or packet.command == Command.OK:
            break
        if packet.command == Command.PREPARE_DATA:
            packet_size = _packet_size(packet, start, length)
        elif packet.command == Command.DATA:
            offset = _offset(packet, packet_size, length)
            if offset is not None:
                pieces[offset] = packet.data
                got = sum(map(len, pieces.values()))
        else:
            raise ReadRefused(f"{length} bytes from {start}: answer {packet.command}")
    return pieces


def _packet_size(packet: Packet, start: int, length: int) -> int:
    if len(packet.data) < _SPAN.size or _ANNOUNCED.unpack_from(packet.data)[0] != length:
        raise ReadRefused(f"{length} bytes from {start} were asked for, others were announced")
    size: int = _PACKET_SIZE.unpack_from(packet.data)[0]
    return size


def _offset(packet: Packet, packet_size: int, length: int) -> int | None:
    """Where a 1501 belongs; None where it cannot be told (the announcement was lost)."""
    if len(packet.data) == length:
        return 0
    offset = packet.session * packet_size
    whole = packet_size and offset < length
    return offset if whole and len(packet.data) == min(packet_size, length - offset) else None


def _holes(pieces: dict[int, bytes], length: int) -> Iterator[tuple[int, int]]:
    reached = 0
    for offset in sorted(pieces):
        if offset > reached:
            yield reached, offset - reached
        reached = offset + len(pieces[offset])
    if reached < length:
        yield reached, length - reached


class Body:
    """A log ready to be read: `total` bytes of records, at the device or already here.

    `legacy` says that it came without 1503.
    """

    def __init__(self, link: Link, log: Log, size: int) -> None:
        """`size`: of the body that waits at the device, its leading total included."""
        self._link = link
        self._log = log
        self._size = size
        self._records: bytes | None = None
        self.total = max(0, size - _ANNOUNCED.size)
        self.legacy = False

    @classmethod
    def here(cls, link: Link, log: Log, body: bytes, *, legacy: bool = False) -> "Body":
        """A whole body that came with the answer. SourceUnavailable where it is cut short."""
        ready = cls(link, log, 0)
        ready._keep(body)
        ready.legacy = legacy
        return ready

    def _keep(self, body: bytes) -> bytes:
        with self._link.closing():
            self._records = answers.records_of(body)
        self.total = len(self._records)
        return self._records

    def read(self, start: int, size: int) -> bytes:
        """`size` bytes of records from `start`. ReadRefused, SourceUnavailable."""
        if self._records is not None:
            return self._records[start : start + size]
        return read(self._link, _ANNOUNCED.size + start, size)

    def whole(self) -> bytes:
        """All records; by the log's own command where reading in chunks is refused.

        SourceUnavailable where the device brings fewer than it promised.
        """
        if self._records is not None:
            return self._records
        try:
            return self._keep(read(self._link, 0, self._size))
        except ReadRefused as why:
            body = _legacy(self._link, self._log)
            if body is None:
                self._link.close()
                raise SourceUnavailable("short_read", f"the log could not be read: {why}") from why
        self.legacy = True
        return self._keep(body)

    def free(self) -> None:
        """Tell the device that it may forget what it prepared."""
        if self._size:
            self._link.free()


def open_log(link: Link, log: Log, legacy: bool) -> Body | NoLog:
    """Prepare a log (1503), or fetch it by its own command where firmware has no 1503."""
    answer = Refused(Command.ERROR) if legacy else link.prepare(log)
    match answer:
        case Prepared(size):
            with link.closing():
                return Body(link, log, _believable(size))
        case Inline(body):
            return Body.here(link, log, body)
        case NoLog():
            return answer
    records = _legacy(link, log)
    return NoLog(Command.ERROR) if records is None else Body.here(link, log, records, legacy=True)


def _legacy(link: Link, log: Log) -> bytes | None:
    """Command 13 or 9 alone: 2002 with the body, or 1500, 1501…, 2000. None if refused."""
    if not log.alone:
        return None
    first = link.request(log.command, bytes([log.fct]) if log.fct else b"")
    return _gather(link, first, bare=True)
