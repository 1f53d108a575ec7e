"""Punches that are nobody's while somebody counts as absent: a PIN that was mistyped, perhaps his."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, select

from sync_server import localtime, plain, schema
from sync_server.fact import Fact
from sync_server.sheet import counting
from sync_server.sheet.paper import Waiting

SUBJECT = "pin"  # decisions: somebody answers for a PIN's being no employee's
_NEAR_S = 6 * 3_600  # about as far as a window reaches beyond the hours that are due
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=2)  # how far one reaches beyond its work date
# Whoever has a PIN for the whole month needs no look.
_LOOSE = (
    "SELECT pin, lo, hi FROM placed WHERE opd = ? AND hi >= ? AND hi <= ? AND pin NOT IN "
    "(SELECT pin FROM person WHERE opd = ? AND valid_from <= ? AND valid_to >= ?) ORDER BY pin, lo"
)
_OWNERS = (
    "SELECT pin, valid_from, valid_to FROM person "
    "WHERE opd = ? AND valid_from <= ? AND valid_to >= ?"
)
_Owners = Mapping[str, Sequence[tuple[date, date]]]


class _Missed(msgspec.Struct, frozen=True, gc=False):
    """When who counts as absent on a work date could have punched (UTC seconds)."""

    workdate: date
    begin: int
    end: int


def ref(opd: str, pin: str) -> str:
    """How decisions name an office's PIN."""
    return f"{opd}/{pin}"


def lacks(tx: Connection, month: str, counted: Iterable[Fact]) -> Iterator[Waiting]:
    """A line for each such PIN that nobody answered for, on the first work date that it may concern."""
    missed: dict[str, set[_Missed]] = {}
    for one in counted:
        if counting.is_absence(one) and one.due_in and one.due_out:
            begin, end = int(one.due_in.timestamp()), int(one.due_out.timestamp())
            hours = _Missed(one.workdate, begin - _NEAR_S, end + _NEAR_S)
            missed.setdefault(one.opd, set()).add(hours)
    for opd, those in missed.items():
        loose = _loose(tx, opd, month, sorted(those, key=lambda one: one.begin))
        answered = _answered(tx, opd) if loose else frozenset()
        for pin in loose.keys() - answered:
            days, touches = loose[pin], sum(loose[pin].values())
            detail = f"{opd} PIN {pin} ({touches}/{len(days)})"
            yield Waiting("NO_OWNER", "", "", min(days).isoformat(), detail)


def _loose(
    tx: Connection, opd: str, month: str, missed: Sequence[_Missed]
) -> dict[str, dict[date, int]]:
    """How many punches near a missed day are nobody's, by PIN and work date."""
    first, last = localtime.month_days(month)
    begin, end = min(one.begin for one in missed), max(one.end for one in missed)
    rows = plain.rows(tx, _LOOSE, opd, begin, end, opd, f"{first}", f"{last}")
    owners = _owners(tx, opd, first, last) if rows else {}
    found: dict[str, dict[date, int]] = {}
    for pin, lo, hi in rows:
        near = next((one.workdate for one in missed if lo <= one.end and hi >= one.begin), None)
        if near is not None and not _owned(owners.get(pin, ()), lo):
            days = found.setdefault(pin, {})
            days[near] = days.get(near, 0) + 1
    return found


def _owners(tx: Connection, opd: str, first: date, last: date) -> _Owners:
    found: dict[str, list[tuple[date, date]]] = {}
    for pin, begin, end in plain.rows(tx, _OWNERS, opd, f"{last}", f"{first}"):
        found.setdefault(pin, []).append((date.fromisoformat(begin), date.fromisoformat(end)))
    return found


def _owned(spans: Iterable[tuple[date, date]], t: int) -> bool:
    """Whether somebody has the PIN on a work date that the second may belong to."""
    day = localtime.day(t, 0)
    return any(begin <= day + _BEFORE and day - _AFTER <= end for begin, end in spans)


def _answered(tx: Connection, opd: str) -> frozenset[str]:
    """The office's PINs that somebody answered for."""
    its, head = schema.decision.c, ref(opd, "")
    query = select(its.ref).where(its.subject == SUBJECT, its.ref.startswith(head, autoescape=True))
    return frozenset(one.removeprefix(head) for one in tx.execute(query).scalars())
