"""Packets of the ZKTeco protocol (port 4370), their checksum and their TCP frames. No I/O.

Sources: vendor communication manual 2006; zk-protocol protocol.md and sections/terminal.md;
captured conversations published with those projects.
"""

import struct
from enum import IntEnum

import msgspec

MAGIC = b"\x50\x50\x82\x7d"
# The largest packet seen carries 65,472 bytes of records; anything far above is not a packet.
LONGEST = 1 << 20
REPLY_IDS = 65_535
_HEADER = struct.Struct("<4H")
_TOP = struct.Struct("<4sI")
_PLAIN_TICK = 50


class FrameError(Exception):
    """These bytes are not what the protocol allows here: close, and never read on behind them."""


class Command(IntEnum):
    """Requests and replies this agent knows. It never sends 14, 15, 1002 or 1003: reading needs
    no locked device (pyzk issue 61), and nothing here deletes."""

    TEMPLATES = 7
    USERS = 9
    OPTION = 11
    ATTLOG = 13
    OPLOG = 34
    SIZES = 50
    GET_TIME = 201
    SET_TIME = 202
    EVENT = 500
    CONNECT = 1000
    EXIT = 1001
    VERSION = 1100
    AUTH = 1102
    PREPARE_DATA = 1500
    DATA = 1501
    FREE = 1502
    PREPARE = 1503
    READ = 1504
    OK = 2000
    ERROR = 2001
    INLINE = 2002
    UNAUTHORISED = 2005
    NO_DATA = 4989
    NO_DATA_EITHER = 4991


class Packet(msgspec.Struct, frozen=True):
    """One packet. `sound` says whether a received one's checksum held (True for our own)."""

    command: int
    session: int
    reply: int
    data: bytes = b""
    sound: bool = True


def checksum(words: bytes) -> int:
    """One's complement of the folded 16-bit sum of little-endian words, odd byte padded with 0."""
    padded = words + b"\0" if len(words) % 2 else words
    total: int = sum(struct.unpack(f"<{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def encode(packet: Packet) -> bytes:
    """The packet as it goes into one UDP datagram or one TCP frame."""
    bare = _HEADER.pack(packet.command, 0, packet.session, packet.reply) + packet.data
    return bare[:2] + checksum(bare).to_bytes(2, "little") + bare[4:]


def decode(raw: bytes) -> Packet:
    """The packet in these bytes; FrameError where they are too few for a header.

    A wrong checksum is reported, not refused: what devices tolerate and send is not known for
    all, TCP has its own, and UDP drops the packet.
    """
    if len(raw) < _HEADER.size:
        raise FrameError(f"a packet of {len(raw)} bytes has no header")
    command, sent, session, reply = _HEADER.unpack_from(raw)
    sound = checksum(raw[:2] + b"\0\0" + raw[4:]) == sent
    return Packet(command, session, reply, raw[_HEADER.size :], sound)


def frame(raw: bytes) -> bytes:
    """The packet wrapped for TCP: magic, u32 length, packet."""
    return _TOP.pack(MAGIC, len(raw)) + raw


class Deframer:
    """Cuts a TCP byte stream into packets, however it was fragmented or coalesced."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, received: bytes) -> None:
        """Take what the socket gave."""
        self._buffer += received

    def next(self) -> Packet | None:
        """The next whole packet, None until more bytes come; FrameError where none can begin."""
        if not self.at_frame():
            raise FrameError(f"no frame begins with {bytes(self._buffer[:4]).hex()}")
        if len(self._buffer) < _TOP.size:
            return None
        _, length = _TOP.unpack_from(self._buffer)
        if not _HEADER.size <= length <= LONGEST:
            raise FrameError(f"a frame cannot be {length} bytes long")
        if len(self._buffer) < _TOP.size + length:
            return None
        return decode(self._take(_TOP.size + length)[_TOP.size :])

    def at_frame(self) -> bool:
        """Whether the bytes at hand may still turn out to begin a frame."""
        return MAGIC.startswith(bytes(self._buffer[: len(MAGIC)]))

    def waiting(self) -> int:
        """How many bytes wait that were not cut yet."""
        return len(self._buffer)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def take_unframed(self, count: int) -> bytes:
        """Bytes outside any frame: the WL10/AK3750 under-reports the length of its data frame
        (MrFaviod/pyzk-wl10 README), so the rest of the body follows bare."""
        if len(self._buffer) < count:
            raise FrameError(f"{count} bytes wanted, {len(self._buffer)} there")
        return self._take(count)


def next_reply_id(reply: int) -> int:
    """Request ids count up by one and wrap at 65,535."""
    return (reply + 1) % REPLY_IDS


def scramble(comm_key: int, session: int, tick: int = _PLAIN_TICK) -> bytes:
    """The four bytes of AUTH: reversed key bits plus session, XOR "ZKSO", halves swapped, XOR tick.

    A disguise, not protection: the key has at most six digits and the session id is in the clear.
    """
    mirrored = int(f"{comm_key & 0xFFFFFFFF:032b}"[::-1], 2)
    mixed = ((mirrored + session) & 0xFFFFFFFF).to_bytes(4, "little")
    masked = bytes(a ^ b for a, b in zip(mixed, b"ZKSO", strict=True))
    swapped = masked[2:] + masked[:2]
    first, second, _, fourth = (byte ^ tick for byte in swapped)
    return bytes((first, second, tick, fourth))
