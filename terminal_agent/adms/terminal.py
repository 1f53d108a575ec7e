"""One terminal that pushes: what is known of it while the agent runs, and how it is told. Pure."""

import msgspec

from terminal_agent.adms.asking import Reply
from terminal_agent.adms.ticking import Ticking

UNTOLD = "ADMS"  # family of a terminal that pushes before it was asked what it is
_STAMP = 20  # digits
_NO_STAMP = "9999"  # what firmware that has given stamps up sends itself


class Pushed(msgspec.Struct, frozen=True, tag="push", forbid_unknown_fields=True):
    """The journal's cursor of a terminal that only pushes: the stamps that it told with its newest
    punches and operations, and how many punches are on it no longer (below 0: see proof.Held)."""

    punches: str = ""
    operations: str = ""
    gone: int = 0


class Known(msgspec.Struct, frozen=True):
    """`finding`: the code of its alert. `asked_info`: it was asked what it is. `passed`: lines that
    were counted and not kept. `heard_ms`: boot time of its newest request."""

    ticking: Ticking = Ticking()
    family: str = ""
    firmware: str = ""
    finding: str = ""
    asked_info: bool = False
    registered: bool = False
    passed: int = 0
    heard_ms: int = 0


def cursor(held: bytes) -> Pushed | None:
    """What a cursor says; None where another way reads the terminal, whose cursor it is."""
    if not held:
        return Pushed()
    try:
        return msgspec.json.decode(held, type=Pushed)
    except msgspec.DecodeError:
        return None


def onward(pushed: Pushed, table: str, stamp: str) -> Pushed:
    """The cursor after a body of a table: where the terminal goes on at its next start."""
    if table == "operlog":
        return msgspec.structs.replace(pushed, operations=_stamped(pushed.operations, stamp))
    return msgspec.structs.replace(pushed, punches=_stamped(pushed.punches, stamp))


def _stamped(before: str, told: str) -> str:
    """The stamp to give back, once something is stored; what is no number changes nothing."""
    usable = told.isascii() and told.isdecimal() and len(told) <= _STAMP and int(told)
    return told if usable else before or _NO_STAMP


def described(known: Known, info: str) -> Known:
    """After INFO of a call: the firmware's version is its first field."""
    version = info.split(",")[0].strip()
    return msgspec.structs.replace(known, firmware=version or known.firmware)


def introduced(known: Known, reply: Reply) -> Known:
    """After the answer to INFO."""
    family = reply.facts.get("DeviceName", known.family)
    firmware = reply.facts.get("FWVersion", known.firmware)
    return msgspec.structs.replace(known, family=family, firmware=firmware)
