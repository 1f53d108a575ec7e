"""Bulk answers: prepared reads (1503, 1504), the older direct reads (13, 9, 88), and their shapes.

Sources: zk-protocol sections/ex_data.md; the packet index in the session field is in the captures
of pyzk's test.py (users "broken tcp", templates); WL10 from MrFaviod/pyzk-wl10 README.
"""

import struct
from typing import TYPE_CHECKING

from simulators.zk import wire
from simulators.zk.wire import Packet

if TYPE_CHECKING:
    from simulators.zk.conversation import Conversation

TCP_LARGEST = 0xFFC0
_WL10_FIELD = 0x9FB0
_WL10_LENGTH = 16


def prepare_read(talk: "Conversation", data: bytes) -> list[Packet]:
    """1503: freeze a table. Small bodies come at once, of large ones the size is told."""
    device, profile = talk.device, talk.device.profile
    _, command, _, _ = struct.unpack("<bhii", data.ljust(11, b"\0")[:11])
    if profile.access_mode and command == wire.ATTENDANCE:
        return [talk.say(wire.NO_DATA)]
    body = device.body(command)
    if body is None:
        return [talk.say(wire.ERROR)]
    if len(body) == 4 and profile.empty_code and command == wire.ATTENDANCE:
        return [talk.say(profile.empty_code)]
    if not profile.buffered_read:
        return [talk.say(wire.DATA, body, declared=min(len(body), profile.inline_limit) + 8)]
    if len(body) <= profile.inline_limit:
        return [talk.say(wire.DATA, body)]
    talk.prepared = body
    word = wire.body_checksum(body) if len(body) <= profile.checked_body else 0
    told = struct.pack("<BIII", 0, len(body), len(body), word)
    return [talk.say(wire.OK, told)]


def read(talk: "Conversation", data: bytes) -> list[Packet]:
    """1504: the bytes [start, start + size) of the frozen table, in the shape of the family."""
    profile = talk.device.profile
    if talk.prepared is None or len(data) < 8:
        return [talk.say(wire.ERROR)]
    start, size = struct.unpack_from("<ii", data)
    if start < 0 or size < 0:
        return [talk.say(wire.ERROR)]
    if start and profile.past_start == "head":
        start = 0
    elif start and profile.past_start == "short":
        size //= 2
    chunk = talk.prepared[start : start + size]
    if profile.bare_chunks:
        return [talk.say(wire.DATA, chunk)]
    return transfer(talk, chunk)


def free_data(talk: "Conversation", _: bytes) -> list[Packet]:
    """1502: forget the frozen table and what was uploaded."""
    talk.prepared = None
    talk.uploaded = bytearray()
    return [talk.say(wire.OK)]


def transfer(talk: "Conversation", body: bytes) -> list[Packet]:
    """1500, the body in one or many 1501, then 2000: all under one reply id."""
    profile = talk.device.profile
    size = profile.packet_size
    head = talk.say(wire.PREPARE_DATA, struct.pack("<II", len(body), size))
    if talk.tcp and profile.one_packet:
        return [head, talk.say(wire.DATA, body), talk.say(wire.OK)]
    pieces = [
        talk.say(wire.DATA, body[at : at + size], session=index & 0xFFFF)
        for index, at in enumerate(range(0, len(body), size))
    ]
    return [head, *pieces, talk.say(wire.OK)]


def direct_attendance(talk: "Conversation", _: bytes) -> list[Packet]:
    """13 alone: the whole log, as old firmware is read."""
    if talk.device.profile.access_mode:
        return [talk.say(wire.NO_DATA)]
    return _direct(talk, wire.ATTENDANCE)


def direct_users(talk: "Conversation", data: bytes) -> list[Packet]:
    """9: all users (no data, or the byte 5), or one template (u16 uid, u8 finger)."""
    if len(data) >= 3:
        return one_template(talk, data)
    return _direct(talk, wire.USERS)


def direct_operations(talk: "Conversation", _: bytes) -> list[Packet]:
    """34 alone: the whole operation log."""
    return _direct(talk, wire.OPERATIONS)


def one_template(talk: "Conversation", data: bytes) -> list[Packet]:
    """88, and 9 with arguments: one template and its valid byte; 2001 when there is none."""
    uid, finger = struct.unpack_from("<HB", data.ljust(3, b"\0"))
    template = talk.device.templates.get((uid, finger))
    if template is None:
        return [talk.say(wire.ERROR)]
    return transfer(talk, template + b"\x01")


def _direct(talk: "Conversation", command: int) -> list[Packet]:
    profile = talk.device.profile
    body = talk.device.body(command) or b""
    if not profile.buffered_read:
        head = struct.pack("<II", len(body), _WL10_FIELD)
        whole = talk.say(wire.PREPARE_DATA, head + body, declared=_WL10_LENGTH)
        return [whole, talk.say(wire.OK)]
    if len(body) <= profile.inline_limit:
        return [talk.say(wire.INLINE_DATA, body)]
    return transfer(talk, body)
