"""The table of fingerprint templates (1503 of command 7, function 2). No I/O.

Each is u16 size (these six bytes included), u16 uid, u8 finger, u8 valid, the template's bytes.
Sources: vendor manual 2006 (TTemplate); pyzk, `get_templates`.
"""

import struct

import msgspec

_HEAD = struct.Struct("<HHBB")
DURESS = 3  # of a valid byte: its scan calls for help (zk-protocol data-user.md)


class Template(msgspec.Struct, frozen=True):
    """One finger of one uid; `data` stays in memory only as long as its digest or its copy is made.
    `valid`: 1, or DURESS."""

    uid: int
    finger: int
    data: bytes
    valid: int = 1


def decode(table: bytes) -> list[Template] | None:
    """The templates in a table (without its leading total); None where sizes do not add up."""
    found, at = list[Template](), 0
    while at < len(table):
        if len(table) - at < _HEAD.size:
            return None
        size, uid, finger, valid = _HEAD.unpack_from(table, at)
        if not _HEAD.size < size <= len(table) - at:
            return None
        found.append(Template(uid, finger, table[at + _HEAD.size : at + size], valid))
        at += size
    return found
