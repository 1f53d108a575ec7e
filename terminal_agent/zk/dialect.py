"""Which record layout a log has, or a clear refusal to guess. No I/O.

Peers derive the width from a racy counter and then deliver garbage without an error (pyzk issues
56, 139, 175, 187, 211). Here the width must divide the bytes exactly and the records read with
it must look like punches; a count that the device names is only a hint.
"""

import msgspec

from terminal_agent.zk import records
from terminal_agent.zk.records import Dialect, Row

_SAMPLES = 64
_CLEAR = 0.5  # half may be odd: a clock reset to 2000 fills a log with rows that look wrong
_OLDEST_YEAR = 2010
# A kiosk that booted without a clock believes in 1970; it is at least this year.
_YEAR_OF_THIS_CODE = 2026
_DAY = 86_400
_DAYS_PER_YEAR = 365.2425
_VERIFY_MODES = frozenset((*range(30), 200))
_PUNCH_STATES = frozenset((*range(6), 255))
_LONGEST_NUMBER = 999_999_999


class DialectUnclear(msgspec.Struct, frozen=True):
    """No layout, or more than one, fits these bytes. The sentence is for a person."""

    sentence: str


class Hint(msgspec.Struct, frozen=True):
    """What is known besides the bytes: the device's own count, and the layout seen before."""

    count: int | None = None
    pinned: Dialect | None = None


class _Vote(msgspec.Struct, frozen=True):
    dialect: Dialect
    plausible: float
    readable: float


def detect(body: bytes, this_year: int, hint: Hint) -> Dialect | DialectUnclear:
    """The layout of a log's records (without the leading total).

    `this_year`: rows from 2010 to the year after it are plausible. A pinned layout may leave a
    record cut short at the end; any other must divide the bytes exactly. Empty bytes are unclear.
    """
    votes = [_vote(dialect, body, this_year) for dialect in _candidates(body, hint)]
    if hint.pinned is not None and _confirmed(votes, body, hint):
        return hint.pinned
    best = max(votes, key=lambda vote: vote.plausible, default=None)
    if best is not None and best.plausible >= _CLEAR:
        rivals = [v for v in votes if v is not best and v.plausible * 2 > best.plausible]
        if not rivals:
            return best.dialect
    return _by_hint(votes, body, hint)


def _confirmed(votes: list[_Vote], body: bytes, hint: Hint) -> bool:
    """Dates do not overrule a layout that was seen before and that the count confirms: a clock that
    fell back to 2000 makes rows of 16 bytes look like plausible rows of 8."""
    readable = any(v.dialect is hint.pinned and v.readable >= _CLEAR for v in votes)
    return readable and hint.count is not None and hint.count * (hint.pinned or 0) == len(body)


def _candidates(body: bytes, hint: Hint) -> list[Dialect]:
    if not body:
        return []
    return [d for d in Dialect if len(body) % d == 0 or d is hint.pinned]


def _by_hint(votes: list[_Vote], body: bytes, hint: Hint) -> Dialect | DialectUnclear:
    """Where dates do not settle it: the layout seen before, then the one the count names."""
    named = [v.dialect for v in votes if v.readable >= _CLEAR]
    if hint.pinned is not None and hint.pinned in named:
        return hint.pinned
    counted = [d for d in named if hint.count is not None and hint.count * d == len(body)]
    if len(counted) == 1:
        return counted[0]
    seen = ", ".join(f"{v.dialect} bytes: {v.plausible:.0%} plausible" for v in votes) or "none"
    return DialectUnclear(
        f"the layout of {len(body)} bytes of records is unclear (fitting widths: {seen}); "
        "nothing was taken from this log"
    )


def _vote(dialect: Dialect, body: bytes, this_year: int) -> _Vote:
    count = len(body) // dialect
    if not count:
        return _Vote(dialect, 0.0, 0.0)
    step = max(1, count // _SAMPLES)
    starts = range(0, count * dialect, step * dialect)
    sample = b"".join(body[start : start + dialect] for start in starts)
    # Users are not read yet: for the vote every uid but 0 (checked below) counts as known.
    everybody = {uid: str(uid) for uid in records.uids(sample)} if dialect == Dialect.UID8 else {}
    rows = [row for row in records.decode(dialect, sample, everybody) if isinstance(row, Row)]
    named = [row for row in rows if _names_somebody(dialect, row)]
    dated = [row for row in named if _dated(row, this_year)]
    return _Vote(dialect, len(dated) / len(starts), len(named) / len(starts))


def _names_somebody(dialect: Dialect, row: Row) -> bool:
    """Text carries its own proof; in the two binary layouts every field must be in its range."""
    if dialect not in (Dialect.UID8, Dialect.NUMERIC16):
        return True
    in_range = row.verify in _VERIFY_MODES and row.punch in _PUNCH_STATES
    return in_range and 0 < int(row.pin) <= _LONGEST_NUMBER


def _dated(row: Row, this_year: int) -> bool:
    if row.impossible:
        return False
    year = 1970 + int(row.t / (_DAY * _DAYS_PER_YEAR))
    return _OLDEST_YEAR <= year <= max(this_year, _YEAR_OF_THIS_CODE) + 1
