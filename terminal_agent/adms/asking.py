"""What is asked of a terminal that pushes, and what it answers. Pure.

Commands are made here and nowhere else: the protocol has SHELL and CLEAR, so there is no way to send
a text. Sources: Attendance PUSH V5.8, 10.3, 10.5 and 11 (VERIFY SUM answers AttlogSum; servers of the
vendor also read AttlogCount).
"""

import re
from itertools import pairwise
from typing import Literal
from urllib.parse import parse_qsl

import msgspec

What = Literal["check", "log", "info", "query", "verify"]

# The whole of a device's two-digit years: a clock that was set back must not hide a record.
_SPAN = "StartTime=2000-01-01 00:00:00\tEndTime=2099-12-31 23:59:59"
_TEXTS: dict[What, str] = {
    "check": "CHECK",
    "log": "LOG",
    "info": "INFO",
    "query": f"DATA QUERY ATTLOG {_SPAN}",
    "verify": f"VERIFY SUM ATTLOG {_SPAN}",
}
_SUMS = ("AttlogSum", "AttlogCount")
_LONGEST = 65_536  # bytes of all answers at once; INFO has a hundred short lines
_REPLY = re.compile(r"(?m)^ID=")
_FACT = re.compile(r"(?m)^(~?\w+)=(.*)$")


class Reply(msgspec.Struct, frozen=True):
    """What became of command `number`: `code` 0 is well; `count` is the sum that was asked for."""

    number: int
    code: int
    count: int | None = None
    facts: dict[str, str] = {}


def command(number: int, what: What) -> str:
    """The line that asks for it."""
    return f"C:{number}:{_TEXTS[what]}\n"


def replies(body: bytes) -> list[Reply]:
    """What a devicecmd body answers; parts of it that are no answer are left out."""
    text = body[:_LONGEST].decode("utf-8", "replace").replace("\r", "")
    starts = [found.start() for found in _REPLY.finditer(text)]
    parts = [text[a:b] for a, b in pairwise([*starts, len(text)])]
    return [reply for reply in map(_reply, parts) if reply is not None]


def _reply(text: str) -> Reply | None:
    head, _, rest = text.partition("\n")
    fields = dict(parse_qsl(head, keep_blank_values=True))
    number, code = _number(fields.get("ID", "")), _number(fields.get("Return", ""))
    if number is None or code is None:
        return None
    facts = {name.lstrip("~"): value.strip() for name, value in _FACT.findall(rest)}
    sums = (_number((fields | facts).get(name, "")) for name in _SUMS)
    count = next((one for one in sums if one is not None and one >= 0), None)
    return Reply(number, code, count, facts)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?\d{1,12}", text, re.ASCII) else None
