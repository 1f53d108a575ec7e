"""Writing people and fingerprint templates. Minimal: what the clients in use send.

The upload of 110 is user records (a byte 2, then 28 or 72 bytes), a table of eight-byte entries
(byte 2, u16 uid, byte 16 + finger, u32 offset) and templates (u16 length, bytes), behind three
u32 lengths (seen on the wire from pyzk 0.9).
"""

import struct
from typing import TYPE_CHECKING

from simulators.zk import wire
from simulators.zk.device import OP_DELETE_FINGER
from simulators.zk.layouts import user_in
from simulators.zk.wire import Packet

if TYPE_CHECKING:
    from simulators.zk.conversation import Conversation

_LENGTHS = struct.Struct("<III")
_ENTRY = struct.Struct("<BHBI")


def write_user(talk: "Conversation", data: bytes) -> list[Packet]:
    """8: store one user record of the family's width; 2001 for another width."""
    if len(data) != talk.device.profile.user_width:
        return [talk.say(wire.ERROR)]
    user = user_in(data)
    if user.uid not in talk.device.users and not talk.device.has_room(users=1):
        return [talk.say(wire.ERROR)]
    talk.device.write_user(user)
    return [talk.say(wire.OK)]


def announce_upload(talk: "Conversation", _: bytes) -> list[Packet]:
    """1500 from the client: an upload begins."""
    talk.uploaded = bytearray()
    return [talk.say(wire.OK)]


def upload(talk: "Conversation", data: bytes) -> list[Packet]:
    """1501 from the client: a piece of the upload."""
    talk.uploaded += data
    return [talk.say(wire.OK)]


def save(talk: "Conversation", _: bytes) -> list[Packet]:
    """110: store the uploaded user and templates; 2001 when the upload makes no sense."""
    try:
        _store(talk, bytes(talk.uploaded))
    except (ValueError, struct.error):
        return [talk.say(wire.ERROR)]
    return [talk.say(wire.OK)]


def delete(talk: "Conversation", data: bytes) -> list[Packet]:
    """19: delete the template of u16 uid, u8 finger."""
    uid, finger = struct.unpack_from("<HB", data.ljust(3, b"\0"))
    return _delete(talk, uid, finger)


def delete_by_pin(talk: "Conversation", data: bytes) -> list[Packet]:
    """134: delete the template of char[24] PIN, u8 finger."""
    field, finger = struct.unpack_from("<24sB", data.ljust(25, b"\0"))
    pin = field.split(b"\0", 1)[0].decode(errors="replace")
    return _delete(talk, talk.device.uid_of(pin) or 0, finger)


def _delete(talk: "Conversation", uid: int, finger: int) -> list[Packet]:
    if talk.device.templates.pop((uid, finger), None) is None:
        return [talk.say(wire.ERROR)]
    talk.device.record(OP_DELETE_FINGER, uid, finger)
    return [talk.say(wire.OK)]


def _store(talk: "Conversation", upload: bytes) -> None:
    people, entries, _ = _LENGTHS.unpack_from(upload)
    first = _LENGTHS.size
    talk.device.write_user(user_in(upload[first + 1 : first + people]))
    table = upload[first + people : first + people + entries]
    packed = upload[first + people + entries :]
    if not talk.device.has_room(fingers=len(table) // _ENTRY.size):
        raise ValueError("no room for these templates")
    for _, uid, finger, offset in _ENTRY.iter_unpack(table):
        (length,) = struct.unpack_from("<H", packed, offset)
        template = packed[offset + 2 : offset + 2 + length]
        talk.device.templates[uid, finger & 0x0F] = template
