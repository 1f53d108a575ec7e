"""What a terminal pushes, line by line: punches of both dialects and its operation log. Pure.

A line that no rule reads is kept whole with the reason, because the terminal is told that it was
taken; none may raise, because it would be sent again for ever. Sources: Attendance PUSH 4.0 and V5.8 (9.1, 9.3), Security PUSH 3.1.2 (rtlog); spaces for tabs
and key=value lines under ATTLOG are what real firmware was seen to send.
"""

import re
from calendar import timegm
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from terminal_agent.zk import timecode

_PIN = re.compile(r"[!-~]{1,24}")
_TIME = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)[ T](\d\d?):(\d\d):(\d\d)")
_SPACED = re.compile(r"\s*(\S+)\s+(\d{4}-\d\d?-\d\d?[ T]\d\d?:\d\d:\d\d)(?:\s+(.*))?")
_PAIR = re.compile(r"([~\w]+)=([^\t]*)")
_KEPT = 512  # bytes of a line that nobody can read
_REASON = 64
_LONGEST = 1024  # of a punch or an operation, with its extensions; the rules take the square of it
_MOST = 2**32
_NOBODY = ("", "0")
_OPENED = 0  # Security PUSH appendix: event 0 is a verified person who may pass


class Punch(msgspec.Struct, frozen=True):
    """A person at the terminal; `t` is its wall clock counted as if it were UTC. Codes are its own."""

    pin: str
    t: int
    status: int
    verify: int
    work: int


class Done(msgspec.Struct, frozen=True):
    """A line of the operation log; `t` as in a punch."""

    code: int
    operator: int
    t: int
    params: tuple[int, ...]


class Unread(msgspec.Struct, frozen=True):
    """Bytes that no rule reads, and why."""

    raw: bytes
    reason: str


class Passed(msgspec.Struct, frozen=True):
    """A line that is no attendance (a door, a user, a template): counted and not kept."""

    kind: str


Line = Punch | Done | Unread | Passed


def split(body: bytes) -> list[bytes]:
    """The lines of a body that hold anything."""
    return [line for line in body.replace(b"\r", b"").split(b"\n") if line.strip(b" \t\0")]


def attlog(body: bytes) -> list[Line]:
    """The lines of table ATTLOG, rtlog or transaction; by their shape, not by the table's name."""
    return [_read(line, _attendance) for line in split(body)]


def operlog(body: bytes) -> list[Line]:
    """The lines of table OPERLOG; users and templates in it are passed."""
    return [_read(line, _operation) for line in split(body)]


def shown(body: bytes) -> int | None:
    """The terminal's clock in an rtstate body, in device seconds; None where it tells none."""
    text = body[:_KEPT].decode("ascii", "replace")
    return _seconds(dict(_PAIR.findall(text)).get("time", ""))


class _Wrong(ValueError):
    pass


def _read(line: bytes, rule: Callable[[str], Line]) -> Line:
    text, raw = line.strip(b" \0"), line[:_KEPT]
    named = rule is _operation and not text.startswith(b"OPLOG")  # a name may be any bytes
    if len(line) > _LONGEST and not named:
        return Unread(raw, "too long")
    try:
        return rule(text.decode("ascii", "replace" if named else "strict"))
    except UnicodeDecodeError:
        return Unread(raw, "no text")
    except (ValueError, LookupError, ArithmeticError) as problem:
        return Unread(raw, str(problem)[:_REASON])


def _attendance(text: str) -> Line:
    text = text.removeprefix("transaction ")
    fields = dict(_PAIR.findall(text))
    if "pin" in fields and ("time" in fields or "time_second" in fields):
        return _event(fields)
    return _columns(text)


def _columns(text: str) -> Line:
    parts = text.split("\t")
    if len(parts) < 2:
        found = _SPACED.fullmatch(text)
        if found is None:
            raise _Wrong("too few fields")
        parts = [found[1], found[2], *(found[3] or "").split()]
    pin, when, *codes = parts
    status, verify, work, *_ = *map(_code, codes[:3]), 0, 0, 0
    return Punch(_pin(pin), _moment(when), status, verify, work)


def _event(fields: Mapping[str, str]) -> Line:
    """Security dialect: only a person who was let in is attendance."""
    happened = _code(fields.get("event", fields.get("eventtype", "0")))
    if happened != _OPENED or fields["pin"].strip() in _NOBODY:
        return Passed(f"event {happened}")
    verify = fields.get("verifytype", fields.get("verified", "0"))
    status = fields.get("inoutstatus", fields.get("inoutstate", "0"))
    return Punch(_pin(fields["pin"]), _stamped(fields), _code(status), _code(verify), 0)


def _stamped(fields: Mapping[str, str]) -> int:
    if "time" in fields:
        return _moment(fields["time"])
    moment = timecode.seconds(_code(fields["time_second"]))
    if moment is None:
        raise _Wrong("impossible time")
    return moment


def _operation(text: str) -> Line:
    if not text.startswith("OPLOG"):
        words = text.split(maxsplit=1)
        if not words:
            raise _Wrong("no text")
        return Passed(words[0][:16])
    parts = text.removeprefix("OPLOG").lstrip().split("\t")
    if len(parts) < 3:
        raise _Wrong("too few fields")
    code, operator, when, *params = parts
    numbers = tuple(int(one) if _is_code(one) else 0 for one in map(str.strip, params[:4]))
    return Done(_code(code), _code(operator), _moment(when), numbers)


def _pin(text: str) -> str:
    pin = text.strip()
    if not _PIN.fullmatch(pin):
        raise _Wrong("no PIN")
    return pin


def _code(text: str) -> int:
    """A code; empty and -1 are none. Codes of more than 32 bits are no codes."""
    text = text.strip()
    if text in ("", "-1"):
        return 0
    if not _is_code(text):
        raise _Wrong("no number")
    return int(text)


def _is_code(text: str) -> bool:
    return text.isdecimal() and len(text) <= 10 and int(text) < _MOST


def _moment(text: str) -> int:
    moment = _seconds(text)
    if moment is None:
        raise _Wrong("impossible time")
    return moment


def _seconds(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    try:
        moment = datetime(*map(int, found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return timegm(moment.timetuple()) if 2000 <= moment.year <= 2099 else None
