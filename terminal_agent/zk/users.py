"""The user table: 28 or 72 bytes per user. Wanted here for one thing, uid to PIN. No I/O.

Sources: vendor manual 2006 (TUser, 28 bytes); pyzk and its Wireshark dissector (72 bytes). The
two widths share multiples (504), so only the device's own count may choose between them.
"""

import struct

import msgspec

from terminal_agent.zk.records import Unreadable, text_pin

_USER28 = struct.Struct("<HB5s8sIxBHI")
_USER72 = struct.Struct("<HB8s24sIx7sx24s")


class User(msgspec.Struct, frozen=True):
    """One user of a device. `name` stays bytes (GBK, UTF-8, cut mid-character); the PIN is the key.

    `privilege`: 0 user, 2 enroller, 6 admin, 10 custom, 14 super. Passwords are never kept.
    """

    uid: int
    pin: str
    privilege: int
    name: bytes
    card: int


class UsersUnclear(msgspec.Struct, frozen=True):
    """The table's width is ambiguous. The sentence is for a person."""

    sentence: str


def decode(table: bytes, count: int) -> list[User | Unreadable] | UsersUnclear:
    """The users in a table (without its leading total), `count` as the device counts them.

    The width is the one that the count confirms; without that, the only one that divides.
    """
    if not table:
        return []
    fitting = [width for width in (28, 72) if len(table) % width == 0]
    confirmed = [width for width in fitting if count * width == len(table)] or fitting
    if len(confirmed) != 1:
        return UsersUnclear(f"{len(table)} bytes of users and a count of {count} do not agree")
    return _decode28(table) if confirmed == [28] else _decode72(table)


def _decode28(table: bytes) -> list[User | Unreadable]:
    return [
        User(uid, str(pin), privilege, name.split(b"\0")[0], card)
        for uid, privilege, _, name, card, _, _, pin in _USER28.iter_unpack(table)
    ]


def _decode72(table: bytes) -> list[User | Unreadable]:
    users: list[User | Unreadable] = []
    for at, fields in enumerate(_USER72.iter_unpack(table)):
        uid, privilege, _, name, card, _, padded = fields
        pin = text_pin(padded)
        if pin is None:
            # AK3750 keeps finger templates among its users (MrFaviod/pyzk-wl10 review).
            users.append(Unreadable(table[at * 72 : at * 72 + 72], "the PIN is not printable text"))
            continue
        users.append(User(uid, pin, privilege, name.split(b"\0")[0], card))
    return users


def pins(users: list[User | Unreadable]) -> dict[int, str]:
    """uid to PIN, for the 8-byte records that carry no PIN."""
    return {user.uid: user.pin for user in users if isinstance(user, User)}
