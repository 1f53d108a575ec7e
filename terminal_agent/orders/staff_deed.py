"""Takes the people of the office that the centre tells, part by part, and keeps them once whole.

Parts that have come wait in a file of their own: a power cut loses none that was answered.
"""

from pathlib import Path
from typing import TypeVar

import msgspec

from contract.command import Staff, Window
from terminal_agent import durable, staff
from terminal_agent.orders.hands import Deed

_KEPT, _COMING = "staff.json", "staff.coming.json"


class _Coming(msgspec.Struct):
    version: int = 0
    parts: dict[str, Staff] = {}


class _Versioned(msgspec.Struct):
    version: int = 0


_Kind = TypeVar("_Kind", _Coming, _Versioned)


def learn(order: Staff, state: Path) -> Deed:
    """Take a part; the last one of a version puts it in force. Raises OSError."""
    kept = _read(state / _KEPT, _Versioned)
    if order.version < kept.version:
        return Deed("refused", "staff_older")
    if order.version == kept.version:
        return Deed("done")
    coming = _read(state / _COMING, _Coming)
    if order.version < coming.version:
        return Deed("refused", "staff_older")
    if order.version > coming.version:
        coming = _Coming(order.version)
    coming.parts[str(order.part)] = order
    if len(coming.parts) < order.parts:
        durable.write_whole(state / _COMING, msgspec.json.encode(coming))
        return Deed("done", f"waits_for_parts: {len(coming.parts)}/{order.parts}")
    whole = _whole(coming)
    staff.keep(state, msgspec.json.encode(whole))
    durable.remove(state / _COMING)
    return Deed("done", f"people={len(whole.members)}")


def _whole(coming: _Coming) -> Staff:
    """All parts as one; each numbered its hours for itself."""
    hours: dict[tuple[Window, ...], int] = {}
    members = []
    for _, part in sorted(coming.parts.items(), key=lambda item: int(item[0])):
        for member in part.members:
            index = -1
            if 0 <= member.windows < len(part.windows):
                index = hours.setdefault(part.windows[member.windows], len(hours))
            members.append(msgspec.structs.replace(member, windows=index))
    return Staff(coming.version, tuple(members), tuple(hours))


def _read(path: Path, kind: type[_Kind]) -> _Kind:
    """What is there; nothing, where there is none or a card has damaged it: the next list mends it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return kind()
