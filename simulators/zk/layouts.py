"""What a terminal keeps, as bytes: punches, users, operations, templates, counters, live events.

Layout sources: vendor manual 2006 (TUser, ExtendAttLog, TTemplate, p.17-19), zk-protocol
sections/data-record.md, data-user.md, terminal.md and realtime.md, the published 49-byte dumps
(pyzk issues 166, 211, 222) and MrFaviod/pyzk-wl10 README for 22 bytes. Pure.
"""

import struct
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from simulators.zk.wire import fields_of


class Punch(Struct, frozen=True):
    """One attendance record. `code` is the device-local u32 time code, possible date or not."""

    uid: int
    pin: str
    code: int
    verify: int = 1
    state: int = 0
    workcode: int = 0


class User(Struct, frozen=True):
    """One enrolled person. `uid` is the terminal's own number, `pin` the one that people know."""

    uid: int
    pin: str
    name: str = ""
    privilege: int = 0
    password: str = ""
    card: int = 0
    group: int = 0


class Operation(Struct, frozen=True):
    """One line of the operation log (vendor op codes: 21 set time, 23 attendance cleared)."""

    operation: int
    code: int
    admin: int = 0
    params: tuple[int, ...] = ()
    """At most four."""


class Counters(Struct, frozen=True):
    """What FREE_SIZES tells: how much of each thing there is, and how much fits."""

    users: int
    fingers: int
    records: int
    operations: int
    admins: int
    passwords: int
    finger_capacity: int
    user_capacity: int
    record_capacity: int
    faces: int = 0
    face_capacity: int = 0


_PUNCH_40: Final = struct.Struct("<H24sBIBI4s")
_PUNCH_22: Final = struct.Struct("<H6s4xBIB4x")
_PUNCH_16: Final = struct.Struct("<IIBB2xI")
_PUNCH_8: Final = struct.Struct("<HBIB")
_USER_72: Final = struct.Struct("<HB8s24sIB7sx24s")
_USER_28: Final = struct.Struct("<HB5s8sIxBHI")
_OPERATION: Final = struct.Struct("<HBxI4H")
_TAIL: Final = b"\xff\0\0\0"
_MASK_AND_TEMPERATURE: Final = b"\xff255\0\0\0\0\0"


def _punch_40(punch: Punch) -> bytes:
    pin = punch.pin.encode()
    return _PUNCH_40.pack(
        punch.uid, pin, punch.verify, punch.code, punch.state, punch.workcode, _TAIL
    )


def _punch_49(punch: Punch) -> bytes:
    return _punch_40(punch) + _MASK_AND_TEMPERATURE


def _punch_22(punch: Punch) -> bytes:
    return _PUNCH_22.pack(punch.uid, punch.pin.encode(), 1, punch.code, punch.state)


def _punch_16(punch: Punch) -> bytes:
    return _PUNCH_16.pack(int(punch.pin), punch.code, punch.state, punch.verify, punch.workcode)


def _punch_8(punch: Punch) -> bytes:
    return _PUNCH_8.pack(punch.uid, punch.verify, punch.code, punch.state)


PUNCH_LAYOUTS: Final[dict[int, Callable[[Punch], bytes]]] = {
    8: _punch_8,
    16: _punch_16,
    22: _punch_22,
    40: _punch_40,
    49: _punch_49,
}


def user_record(user: User, width: int) -> bytes:
    """A user in 72 bytes (newer firmware) or 28 (older; its PIN is a number)."""
    name, password = user.name.encode(), user.password.encode()
    if width == _USER_28.size:
        return _USER_28.pack(
            user.uid, user.privilege, password, name, user.card, user.group, 0, int(user.pin)
        )
    group, pin = str(user.group or "").encode(), user.pin.encode()
    return _USER_72.pack(user.uid, user.privilege, password, name, user.card, 1, group, pin)


def user_in(record: bytes) -> User:
    """The user in a written record, by its length. ValueError for any other length."""
    if len(record) == _USER_28.size:
        uid, privilege, password, name, card, number, _, pin = _USER_28.unpack(record)
        return User(uid, str(pin), _text(name), privilege, _text(password), card, number)
    if len(record) != _USER_72.size:
        raise ValueError(f"a user record has 28 or 72 bytes, not {len(record)}")
    uid, privilege, password, name, card, _, group, badge = _USER_72.unpack(record)
    digits = _text(group)
    number = int(digits) if digits.isdigit() else 0
    return User(uid, _text(badge), _text(name), privilege, _text(password), card, number)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode(errors="replace")


def operation_record(operation: Operation) -> bytes:
    """An operation log line in 16 bytes."""
    params = (*operation.params, 0, 0, 0, 0)[:4]
    return _OPERATION.pack(operation.admin, operation.operation, operation.code, *params)


def template_record(uid: int, finger: int, template: bytes, valid: int = 1) -> bytes:
    """A fingerprint template with its six-byte head: size with head, uid, finger, valid (3: duress,
    zk-protocol data-user.md)."""
    return struct.pack("<HHBB", len(template) + 6, uid, finger, valid) + template


def table(records: bytes | bytearray) -> bytes:
    """A bulk body: the byte count of the records, then the records."""
    return len(records).to_bytes(4, "little") + records


def free_sizes(counters: Counters, length: int) -> bytes:
    """The FREE_SIZES block of 80, 92 or 112 bytes (zk-protocol terminal.md "Device Status")."""
    c = counters
    words = [0] * (length // 4)
    words[4], words[6], words[8], words[10] = c.users, c.fingers, c.records, c.operations
    words[12:17] = c.admins, c.passwords, c.finger_capacity, c.user_capacity, c.record_capacity
    words[17] = c.finger_capacity - c.fingers
    words[18] = c.user_capacity - c.users
    words[19] = c.record_capacity - c.records
    if length >= 92:
        words[20], words[22] = c.faces, c.face_capacity
    return struct.pack(f"<{len(words)}i", *words)


def live_event(punch: Punch, length: int) -> bytes:
    """The ATTLOG event of a punch in one of the lengths seen in the field.

    10, 12 and 14 bytes carry the PIN as a number, 32 to 52 as text. In ten bytes the high nibble
    of the state byte is the vendor's "invalid" mark (manual 2006 p.19): set it through `state`.
    """
    year, *rest = fields_of(punch.code)
    when = bytes([punch.verify, punch.state & 0xFF, year - 2000, *rest])
    if length in {10, 14}:
        return struct.pack("<H", int(punch.pin) & 0xFFFF) + when.ljust(length - 2, b"\0")
    if length == 12:
        return struct.pack("<I", int(punch.pin)) + when
    if length not in {32, 36, 37, 52}:
        raise ValueError(f"no live event has {length} bytes")
    return punch.pin.encode().ljust(24, b"\0")[:24] + when.ljust(length - 24, b"\0")
