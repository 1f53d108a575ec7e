"""A fact as the book keeps it: a fifth of its JSON, and the same fact again. Pure.

What the row's columns say (NIP, office, date, status) is not said twice; instants are UTC seconds.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

import msgspec

from sync_server.errors import BadFile
from sync_server.fact import Fact, Flag, Point, Status, Touch

# What stands for versions that are not named. They belong to this form: never change them.
_ENGINE, _RETIME = "pairing/2", "retime/2"
Columns = tuple[str, str, str, Status, bytes]  # NIP, office, workdate, status, body


class _Touch(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`event`: its place in the evidence, or its name where it is not there."""

    t: int
    event: int | str
    terminal: str
    mode: str
    clock: str
    raw: str | None
    bounds: tuple[int | None, int | None] | None


class _Rare(msgspec.Struct, frozen=True, array_like=True, gc=False):
    missing: tuple[Point, ...] = ()
    absence: str | None = None
    absence_in: str | None = None
    absence_out: str | None = None
    excused: tuple[Point, ...] = ()
    apel: bool | None = None
    complete: bool = True
    behind: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    engine: str = _ENGINE
    retime: str = _RETIME


class _Folded(msgspec.Struct, frozen=True, array_like=True, gc=False):
    tz: str
    shift: str | None
    due_in: int | None
    due_out: int | None
    arrival: _Touch | None
    departure: _Touch | None
    mid: tuple[_Touch | None, ...]
    late_min: int
    early_min: int
    evidence: tuple[str, ...]
    rare: _Rare | None


_USUAL = _Rare()
_NOTHING = b"\xc0"  # how MessagePack ends where the last place, `rare`, is None
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Folded)


def fold(fact: Fact) -> bytes:
    """What stands in the row's body; the same fact makes the same bytes."""
    evidence = fact.evidence
    return _encoder.encode(
        _Folded(
            fact.tz,
            fact.shift,
            _seconds(fact.due_in),
            _seconds(fact.due_out),
            _fold(fact.arrival, evidence),
            _fold(fact.departure, evidence),
            tuple([_fold(one, evidence) for one in fact.mid]) if fact.mid else (),
            fact.late_min,
            fact.early_min,
            evidence,
            None if _is_usual(fact) else _rare(fact),
        )
    )


def is_plain(body: bytes) -> bool:
    """Whether a body has nothing rare (missing, excused, flags and the like), without unfolding it."""
    return body[-1:] == _NOTHING


def unfold(row: Columns) -> Fact:
    """The fact of a row. Raises BadFile where an editor of the ledger left what is none."""
    try:
        return _unfolded(row)
    except (msgspec.DecodeError, ArithmeticError, LookupError, TypeError, ValueError) as problem:
        nip, opd, workdate, *_ = row
        raise BadFile(opd, f"{nip} {workdate}", "fact_damaged") from problem


def _unfolded(row: Columns) -> Fact:
    nip, opd, workdate, status, body = row
    its = _decoder.decode(body)
    rare, evidence = its.rare or _USUAL, its.evidence
    return Fact(
        nip=nip,
        opd=opd,
        workdate=_date(workdate),
        tz=its.tz,
        shift=its.shift,
        due_in=_same_instant(its.due_in),
        due_out=_same_instant(its.due_out),
        arrival=_unfold(its.arrival, evidence),
        departure=_unfold(its.departure, evidence),
        mid=tuple([_unfold(one, evidence) for one in its.mid]) if its.mid else (),
        late_min=its.late_min,
        early_min=its.early_min,
        missing=rare.missing,
        status=status,
        absence=rare.absence,
        absence_in=rare.absence_in,
        absence_out=rare.absence_out,
        excused=rare.excused,
        apel=None if rare.apel is None else "attended" if rare.apel else "missed",
        coverage="complete" if rare.complete else "incomplete",
        behind=rare.behind,
        evidence=evidence,
        flags=rare.flags,
        engine=rare.engine,
        retime=rare.retime,
    )


def _is_usual(fact: Fact) -> bool:
    """Whether nothing is to be told besides, as on most days."""
    if fact.missing or fact.excused or fact.behind or fact.flags or fact.coverage != "complete":
        return False
    if fact.absence or fact.absence_in or fact.absence_out or fact.apel:
        return False
    return fact.engine == _ENGINE and fact.retime == _RETIME


def _rare(fact: Fact) -> _Rare:
    return _Rare(
        fact.missing,
        fact.absence,
        fact.absence_in,
        fact.absence_out,
        fact.excused,
        None if fact.apel is None else fact.apel == "attended",
        fact.coverage == "complete",
        fact.behind,
        fact.flags,
        fact.engine,
        fact.retime,
    )


def _fold(touch: Touch | None, evidence: Sequence[str]) -> _Touch | None:
    if touch is None:
        return None
    bounds = None
    if touch.lo is not None or touch.hi is not None:
        bounds = (_seconds(touch.lo), _seconds(touch.hi))
    event: int | str = touch.event
    if event in evidence:
        event = evidence.index(event)
    at = int(touch.t.timestamp())
    return _Touch(at, event, touch.terminal, touch.mode, touch.clock, touch.raw, bounds)


def _unfold(touch: _Touch | None, evidence: Sequence[str]) -> Touch | None:
    if touch is None:
        return None
    lo, hi = touch.bounds or (None, None)
    return Touch(
        t=_instant(touch.t),
        event=touch.event if isinstance(touch.event, str) else evidence[touch.event],
        terminal=touch.terminal,
        mode=touch.mode,
        clock=touch.clock,
        raw=touch.raw,
        lo=None if lo is None else _instant(lo),
        hi=None if hi is None else _instant(hi),
    )


def _seconds(t: datetime | None) -> int | None:
    return None if t is None else int(t.timestamp())


def _instant(t: int) -> datetime:
    return datetime.fromtimestamp(t, UTC)


@lru_cache(4_096)  # an office's hours are its people's
def _same_instant(t: int | None) -> datetime | None:
    return None if t is None else _instant(t)


@lru_cache(4_096)
def _date(text: str) -> date:
    return date.fromisoformat(text)
