"""Live events (command 500): hints that something happened. The log is the truth. No I/O.

Sources: vendor manual 2006 p.19 (10 bytes); zk-protocol sections/realtime.md (32); lengths 12, 14,
36, 37 and 52 as collected by pyzk (its issues 86 and 114 for lengths nobody knows).
"""

import struct

import msgspec

from terminal_agent.zk import timecode
from terminal_agent.zk.records import text_pin

ATTLOG = 1

_SHORT = struct.Struct("<HBB6s")
_NUMBER = struct.Struct("<IBB6s")
_TEXT = struct.Struct("<24sBB6s")
# What follows the fields in the longer forms is not documented and not read.
_FORMS = {10: _SHORT, 14: _SHORT, 12: _NUMBER, 32: _TEXT, 36: _TEXT, 37: _TEXT, 52: _TEXT}


class LiveHint(msgspec.Struct, frozen=True):
    """One event. `code`: 1 is a punch. The details are None where the payload is not understood:
    then it still says that the log has something new. `t` in device seconds."""

    code: int
    raw: bytes
    pin: str | None = None
    verify: int | None = None
    punch: int | None = None
    t: int | None = None


def decode(code: int, data: bytes) -> LiveHint:
    """The event in a packet's data, `code` from its session field. Never raises."""
    form = _FORMS.get(len(data))
    if code != ATTLOG or form is None:
        return LiveHint(code, data)
    who, verify, state, six = form.unpack_from(data)
    pin = text_pin(who) if isinstance(who, bytes) else str(who)
    t = timecode.decode_six(six)
    if pin is None or t is None:
        return LiveHint(code, data)
    # The high half of this byte is a validity flag in the 10-byte form (vendor manual p.19).
    punch = state & 0x0F if len(data) == _SHORT.size else state
    return LiveHint(code, data, pin, verify, punch, t)
