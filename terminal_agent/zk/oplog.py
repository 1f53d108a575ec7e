"""The operation log: who changed what on the device. 16 bytes per record. No I/O.

Codes (PUSH protocol appendix 3): 21 set time, 23 attendance cleared, 13 data cleared, 22 factory
reset, 82/83 cloud server, 80 communication password: evidence that no punch carries.
Sources: vendor manual 2006; zk-protocol sections/data-record.md.
"""

import struct

import msgspec

from terminal_agent.zk import timecode

# Somebody, a template, a password, a card or a privilege came, changed or went.
ENROLMENT = frozenset((6, 7, 8, 9, 10, 11, 12, 13, 22, 24, 30, 70, 71, 101))
WIDTH = 16
_RECORD = struct.Struct("<HBxI4H")


class Operation(msgspec.Struct, frozen=True):
    """One operation; `t` in device seconds, or the raw u32 code where `impossible`."""

    admin: int
    code: int
    t: int
    impossible: bool
    params: tuple[int, int, int, int]
    raw: bytes


def decode(records: bytes) -> list[Operation]:
    """Every whole operation, in order."""
    whole = records[: len(records) - len(records) % WIDTH]
    return [
        _operation(fields, whole[at * WIDTH : at * WIDTH + WIDTH])
        for at, fields in enumerate(_RECORD.iter_unpack(whole))
    ]


def _operation(fields: tuple[int, ...], raw: bytes) -> Operation:
    admin, code, when, one, two, three, four = fields
    moment = timecode.decode(when)
    return Operation(admin, code, moment.t, moment.impossible, (one, two, three, four), raw)
