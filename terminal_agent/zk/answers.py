"""What a device's replies say: counters, the size of a prepared log, an option. No I/O.

Sources: zk-protocol sections/terminal.md and ex_data.md; pyzk issue 170 (access-control mode).
"""

import struct

import msgspec

from terminal_agent.zk.frames import Command, FrameError, Packet

_PREPARE = struct.Struct("<bhii")
_SHORTEST_SIZES = 80
_PREPARED = struct.Struct("<xI")
_TOTAL = struct.Struct("<I")


class Log(msgspec.Struct, frozen=True):
    """One of the tables that a device prepares for bulk reading.

    `alone`: whether its command is known to bring it without 1503, as old firmware does.
    """

    command: int
    fct: int = 0
    alone: bool = True


ATTLOG = Log(Command.ATTLOG)
OPLOG = Log(Command.OPLOG, alone=False)
USERS = Log(Command.USERS, fct=5)
TEMPLATES = Log(Command.TEMPLATES, fct=2, alone=False)


class Sizes(msgspec.Struct, frozen=True):
    """Counters of command 50. `records` is a hint only: access-control firmware says 0 there."""

    users: int
    fingers: int
    records: int
    op_records: int
    user_cap: int
    record_cap: int
    record_left: int
    finger_cap: int = 0


class Prepared(msgspec.Struct, frozen=True):
    """The device holds a body of `size` bytes (u32 total and records) ready for reading."""

    size: int


class Inline(msgspec.Struct, frozen=True):
    """The body was small and came with the answer itself."""

    body: bytes


class NoLog(msgspec.Struct, frozen=True):
    """4989 or 4991: this mode of the device keeps no such log."""

    code: int


class Refused(msgspec.Struct, frozen=True):
    """Any other answer: a firmware that does not know command 1503."""

    code: int


def prepare_request(log: Log) -> bytes:
    """The data of command 1503 for one log."""
    return _PREPARE.pack(1, log.command, log.fct, 0)


def prepare_answer(packet: Packet) -> Prepared | Inline | NoLog | Refused:
    """What the device said to 1503."""
    match packet.command:
        case Command.OK if len(packet.data) >= _PREPARED.size:
            return Prepared(_PREPARED.unpack_from(packet.data)[0])
        case Command.DATA:
            return Inline(packet.data)
        case Command.NO_DATA | Command.NO_DATA_EITHER:
            return NoLog(packet.command)
        case other:
            return Refused(other)


def records_of(body: bytes) -> bytes:
    """The records behind a whole body's own u32 total; FrameError where fewer came than it names.

    Bytes behind the total are padding, not records.
    """
    if not body:
        return b""
    if len(body) < _TOTAL.size:
        raise FrameError(f"a body of {len(body)} bytes carries no total")
    total = _TOTAL.unpack_from(body)[0]
    if total > len(body) - _TOTAL.size:
        raise FrameError(f"a body names {total} bytes and brings {len(body) - _TOTAL.size}")
    return body[_TOTAL.size : _TOTAL.size + total]


def sizes(data: bytes) -> Sizes:
    """The counters; FrameError where the answer is shorter than any seen (80, 92, 112 bytes)."""
    if len(data) < _SHORTEST_SIZES:
        raise FrameError(f"counters of {len(data)} bytes, {_SHORTEST_SIZES} expected")
    words = struct.unpack_from("<20i", data)
    return Sizes(
        users=words[4],
        fingers=words[6],
        records=words[8],
        op_records=words[10],
        user_cap=words[15],
        record_cap=words[16],
        record_left=words[19],
        finger_cap=words[14],
    )


def option(data: bytes, name: str) -> str | None:
    """The value in `name=value\\0`; None where the answer names something else."""
    key, found, value = data.split(b"\0")[0].partition(b"=")
    if not found or key.decode("ascii", "replace") != name:
        return None
    return value.decode("ascii", "replace").strip()
