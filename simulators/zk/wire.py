"""The ZKTeco terminal protocol on the wire: packets, framing, checksum, comm key, time code.

Written from the public documents only: the vendor manual of 2006 ("Communication protocol manual
CMD"), zk-protocol (protocol.md and sections/) and captured packets. Pure.
"""

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Final

CONNECT: Final = 1000
EXIT: Final = 1001
ENABLE: Final = 1002
DISABLE: Final = 1003
RESTART: Final = 1004
POWER_OFF: Final = 1005
REFRESH: Final = 1013
REFRESH_OPTIONS: Final = 1014
VOICE: Final = 1017
VERSION: Final = 1100
AUTH: Final = 1102
PREPARE_DATA: Final = 1500
DATA: Final = 1501
FREE_DATA: Final = 1502
PREPARE_READ: Final = 1503
READ: Final = 1504
TEMPLATES: Final = 7
WRITE_USER: Final = 8
USERS: Final = 9
READ_OPTION: Final = 11
WRITE_OPTION: Final = 12
ATTENDANCE: Final = 13
CLEAR_DATA: Final = 14
CLEAR_ATTENDANCE: Final = 15
DELETE_USER: Final = 18
DELETE_TEMPLATE: Final = 19
CLEAR_ADMINS: Final = 20
UNLOCK: Final = 31
CLEAR_OPERATIONS: Final = 33
OPERATIONS: Final = 34
FREE_SIZES: Final = 50
START_VERIFY: Final = 60
START_ENROL: Final = 61
CANCEL_CAPTURE: Final = 62
STATE: Final = 64
WRITE_LCD: Final = 66
CLEAR_LCD: Final = 67
PIN_WIDTH: Final = 69
DOOR_STATE: Final = 75
READ_TEMPLATE: Final = 88
SAVE_TEMPLATES: Final = 110
DELETE_PIN_TEMPLATE: Final = 134
GET_TIME: Final = 201
SET_TIME: Final = 202
EVENTS: Final = 500

OK: Final = 2000
ERROR: Final = 2001
INLINE_DATA: Final = 2002
UNAUTHORISED: Final = 2005
NO_DATA: Final = 4989
NO_DATA_LATER: Final = 4991
UNKNOWN: Final = 0xFFFF

EVENT_ATTENDANCE: Final = 1

MAGIC: Final = bytes.fromhex("5050827d")
_TOP = struct.Struct("<4sI")
_HEADER = struct.Struct("<4H")
_SUM_AT = slice(2, 4)
# By the top four bits: them shifted down 24 with their sign, XORed with them (they vanish).
_FOLDS = [((top ^ 8) - 8 << 4 ^ top << 28) & 0xFFFFFFFF for top in range(16)]


class WireError(ValueError):
    """Bytes that are no packet of this protocol."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. `declared` is a false TCP length to send in place of the true one."""

    command: int
    session: int
    reply: int
    data: bytes = b""
    declared: int | None = None


def checksum(payload: bytes) -> int:
    """Sixteen-bit one's complement of the folded sum of little-endian words.

    The checksum field must be zero (or cut out); an odd last byte counts as its own word
    (zk-protocol protocol.md "Checksum").
    """
    total = int.from_bytes(payload, "little")
    folded = total % 0xFFFF
    if folded == 0 and total:
        folded = 0xFFFF
    return folded ^ 0xFFFF


def encode(packet: Packet) -> bytes:
    """Header and data of a packet, as they go into a UDP datagram."""
    bare = _HEADER.pack(packet.command, 0, packet.session, packet.reply) + packet.data
    return bare[:2] + checksum(bare).to_bytes(2, "little") + bare[4:]


def decode(payload: bytes) -> Packet:
    """The packet in a datagram or a TCP payload. WireError when it is shorter than a header."""
    if len(payload) < _HEADER.size:
        raise WireError(f"{len(payload)} bytes are less than a header")
    command, _, session, reply = _HEADER.unpack_from(payload)
    return Packet(command, session, reply, payload[_HEADER.size :])


def checksum_right(payload: bytes) -> bool:
    """Whether the checksum field of a payload is the one that its bytes ask for."""
    bare = bytearray(payload)
    bare[_SUM_AT] = b"\0\0"
    return checksum(bytes(bare)) == int.from_bytes(payload[_SUM_AT], "little")


def frame(payload: bytes, declared: int | None = None) -> bytes:
    """A payload behind its TCP prefix: magic and little-endian length."""
    return _TOP.pack(MAGIC, len(payload) if declared is None else declared) + payload


class Stream:
    """Cuts the bytes of one TCP connection into payloads, however they arrive."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads completed by these bytes. WireError when the magic is missing."""
        self._pending += data
        payloads = []
        while (payload := self._cut()) is not None:
            payloads.append(payload)
        return payloads

    def _cut(self) -> bytes | None:
        if len(self._pending) < _TOP.size:
            return None
        magic, length = _TOP.unpack_from(self._pending)
        if magic != MAGIC:
            raise WireError(f"no packet starts with {magic.hex()}")
        end = _TOP.size + length
        if len(self._pending) < end:
            return None
        payload = bytes(self._pending[_TOP.size : end])
        del self._pending[:end]
        return payload


def body_checksum(body: bytes) -> int:
    """The last word of the answer to 1503: a hash of the whole body, its size word included.

    zk-protocol publishes the function for command 119 (code/Checksum32_CMD119.java) and calls this
    word "a kind of checksum"; the two agree on the one captured body of which both are known
    (5,044 bytes of users in pyzk's test.py, word 0x0023efcd).
    """
    hashed = 0
    for byte in body:
        hashed = (hashed << 4) + byte & 0xFFFFFFFF
        hashed ^= _FOLDS[hashed >> 28]
    return hashed % 0xFEFFFF


def scramble(key: int, session: int, tick: int = 50) -> bytes:
    """The four bytes that AUTH must carry for this comm key in this session.

    Bit-reverse the key, add the session id, XOR with "ZKSO", swap the halves, XOR with the
    tick; the third byte is the tick itself (zk-protocol issues; captured pairs in the tests).
    """
    reversed_key = int(f"{key & 0xFFFFFFFF:032b}"[::-1], 2)
    mixed = ((reversed_key + session) & 0xFFFFFFFF).to_bytes(4, "little")
    _, k, s, o = (byte ^ letter for byte, letter in zip(mixed, b"ZKSO", strict=True))
    return bytes([s ^ tick, o ^ tick, tick, k ^ tick])


def code_of(date: tuple[int, int, int], time: tuple[int, int, int] = (0, 0, 0)) -> int:
    """The u32 time code of device-local fields. Every month has 31 days, so Feb 30 has a code."""
    year, month, day = date
    hour, minute, second = time
    days = (year % 100) * 12 * 31 + (month - 1) * 31 + day - 1
    return days * 86_400 + hour * 3_600 + minute * 60 + second


def time_code(local: datetime) -> int:
    """The u32 time code of a device-local time (zk-protocol sections/terminal.md "Get Time")."""
    return code_of((local.year, local.month, local.day), (local.hour, local.minute, local.second))


def fields_of(code: int) -> tuple[int, int, int, int, int, int]:
    """Year (2000..), month, day, hour, minute, second of a time code, possible date or not."""
    days, seconds = divmod(code, 86_400)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    return (
        2000 + years,
        month + 1,
        day + 1,
        seconds // 3_600,
        seconds // 60 % 60,
        seconds % 60,
    )
