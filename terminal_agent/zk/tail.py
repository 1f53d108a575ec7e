"""What to read next from a log that only grows at its end, and what it means. No I/O.

A cursor remembers how many records were delivered and the last few of them byte for byte: the
anchor. A poll reads from the anchor to the end. If the anchor stands where it stood, what follows
is new; if it stands `d` records earlier, the device dropped d older ones (cyclic delete, a range
deleted before the anchor); if it is gone or ambiguous, the whole log is read and the discontinuity
is declared. The anchor is compared even when the count stands still: at capacity every new record
drops the oldest.

What is proven (tests/terminal_agent/zk/test_tail.py), as multisets of raw records, for histories
of appending, cyclic delete, clearing, range delete and edits that touch the anchor: after a poll
no record on the device is undelivered, and nothing is delivered twice unless the outcome is
`Replaced`, which redelivers all for a store that counts identical rows. Two conditions. The device
never writes the anchor's whole run a second time (same people, same seconds, same order; only a
clock set back could). And where somebody deletes or edits among identical rows of the anchor so
that a copy of it remains, one of those rows may come once more: the same log can also come from a
new punch, so it counts as one.

A deleted range is seen as `Shifted`, not where it was. What keeps the count and the anchor (an
edit in the middle, one record removed and another inserted before the anchor) cannot be seen from
the tail; `audit` over a full read finds it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

import msgspec

ANCHOR = 8
# Covers "Cyclic Delete ATT Data 1-999" (FingerTec TA500 manual p.25) with room for one range.
WINDOW = 1100
_LONGEST_ANCHOR = 64


class Cursor(msgspec.Struct, frozen=True):
    """What was delivered of one log: `n` records of `width` bytes, ending with the anchor's.

    The anchor is chosen so that no proper beginning of it is also its end, or is the whole log:
    then a log shifted by less than its length cannot look unshifted, however many rows are
    identical. Where the end of the log is one long repetition no such run exists; the anchor is
    empty and `digest` (SHA-256 of all n records) takes its place, at the price of full reads.
    """

    width: int
    n: int
    anchor: bytes
    digest: bytes = b""


class ReadRange(msgspec.Struct, frozen=True):
    """Read `size` bytes of records from byte `start` (0 = first record, behind the total)."""

    start: int
    size: int


class WholeNeeded(msgspec.Struct, frozen=True):
    """The tail cannot tell: read the whole log, make sure of its layout, and call `restart`.

    `tail_denied` says that a range did not hold the anchor. If `restart` then finds it in its
    place all the same, the device does not answer ranges truthfully.
    """

    reason: str
    tail_denied: bool = False


class Shifted(msgspec.Struct, frozen=True):
    """LOG_SHIFTED: the device dropped this many records that were delivered before."""

    dropped: int


class Replaced(msgspec.Struct, frozen=True):
    """LOG_REPLACED: cleared, reset, edited at the anchor, or another device's log. `lost_sight_of`
    records had been delivered from the log that was here before."""

    lost_sight_of: int


class Fresh(msgspec.Struct, frozen=True):
    """New records, and the cursor to store in the same transaction with them."""

    records: bytes
    cursor: Cursor
    change: Shifted | Replaced | None = None


def plan(cursor: Cursor, total: int) -> ReadRange | WholeNeeded:
    """What to read first of a log that holds `total` bytes of records now.

    A record cut short at the end is left for the next poll. Where nothing was delivered yet the
    whole log is wanted, because only its bytes tell its layout.
    """
    count = total // cursor.width
    if count >= cursor.n and cursor.anchor:
        return _span(cursor, cursor.n - _kept(cursor), count)
    return _window(cursor, count)


def judge(
    cursor: Cursor, total: int, asked: ReadRange, chunk: bytes
) -> Fresh | ReadRange | WholeNeeded:
    """What the bytes of a range mean: new records, another range to read, or a full read."""
    count = total // cursor.width
    first = asked.start // cursor.width
    if first == cursor.n - _kept(cursor) and chunk.startswith(cursor.anchor):
        return _fresh(cursor, chunk, first, len(cursor.anchor), None)
    wider = _window(cursor, count)
    if isinstance(wider, WholeNeeded) or wider.start < asked.start:
        return wider
    where = _only(chunk, cursor.anchor, cursor.width)
    if where is None or first + where // cursor.width >= cursor.n - _kept(cursor):
        return WholeNeeded("the anchor is not where it can have moved to", tail_denied=True)
    dropped = cursor.n - _kept(cursor) - first - where // cursor.width
    return _fresh(cursor, chunk, first, where + len(cursor.anchor), Shifted(dropped))


def restart(cursor: Cursor | None, width: int, records: bytes) -> Fresh:
    """What a whole log means (`records`: all of them, without the total).

    Without a cursor everything is new and nothing changed. With one, the anchor is searched in
    all of it, so that even a large shift delivers no record twice.
    """
    whole = records[: len(records) - len(records) % width]
    if cursor is None:
        return Fresh(whole, _cursor_of(width, whole))
    known = _known_part(cursor, width, whole)
    if known is None:
        return Fresh(whole, _cursor_of(width, whole), Replaced(cursor.n))
    dropped = cursor.n - known // width
    change = Shifted(dropped) if dropped else None
    return Fresh(whole[known:], _cursor_of(width, whole), change)


def _known_part(cursor: Cursor, width: int, whole: bytes) -> int | None:
    """How many leading bytes were delivered before; None where the log is another."""
    end = cursor.n * width
    if cursor.width != width:
        return None
    if not cursor.anchor:
        same = cursor.n == 0 or hashlib.sha256(whole[:end]).digest() == cursor.digest
        return end if same else None
    if whole.startswith(cursor.anchor, end - len(cursor.anchor)):
        return end
    where = _only(whole, cursor.anchor, width)
    if where is None or where + len(cursor.anchor) > end:
        return None
    return where + len(cursor.anchor)


def _fresh(
    cursor: Cursor, chunk: bytes, first: int, known: int, change: Shifted | None
) -> Fresh | WholeNeeded:
    fresh = chunk[known:]
    fresh = fresh[: len(fresh) - len(fresh) % cursor.width]
    if not fresh and change is None:
        return Fresh(b"", cursor)
    seen = chunk[: known + len(fresh)]
    anchor = choose_anchor(cursor.width, seen, whole=first == 0)
    if not anchor:
        return WholeNeeded("the end of the log repeats itself")
    n = first + len(seen) // cursor.width
    return Fresh(fresh, Cursor(cursor.width, n, anchor), change)


def _cursor_of(width: int, whole: bytes) -> Cursor:
    anchor = choose_anchor(width, whole, whole=True)
    digest = b"" if anchor or not whole else hashlib.sha256(whole).digest()
    return Cursor(width, len(whole) // width, anchor, digest)


def choose_anchor(width: int, seen: bytes, *, whole: bool) -> bytes:
    """The shortest run of at least 8 last records whose beginning is nowhere also its end.

    One pass of the prefix function over the reversed records: 0 means no border. `whole` says
    that `seen` is the complete log, which may then serve as its own anchor. Empty if none is.
    """
    count = min(len(seen) // width, _LONGEST_ANCHOR)
    backwards = [seen[len(seen) - (at + 1) * width : len(seen) - at * width] for at in range(count)]
    for at, border in enumerate(_borders(backwards)):
        if border == 0 and at + 1 >= ANCHOR:
            return seen[len(seen) - (at + 1) * width :]
    return seen if whole and len(seen) // width <= _LONGEST_ANCHOR else b""


def _borders(items: list[bytes]) -> list[int]:
    """Knuth-Morris-Pratt: per prefix, the length of its longest proper prefix that is a suffix."""
    borders = [0] * len(items)
    for at in range(1, len(items)):
        length = borders[at - 1]
        while length and items[at] != items[length]:
            length = borders[length - 1]
        borders[at] = length + (items[at] == items[length])
    return borders


def _kept(cursor: Cursor) -> int:
    return len(cursor.anchor) // cursor.width


def _span(cursor: Cursor, first: int, count: int) -> ReadRange:
    return ReadRange(first * cursor.width, (count - first) * cursor.width)


def _window(cursor: Cursor, count: int) -> ReadRange | WholeNeeded:
    first = max(0, cursor.n - _kept(cursor) - WINDOW)
    if not cursor.anchor or first >= count:
        return WholeNeeded("there is no anchor, or the log is too short to hold it")
    return _span(cursor, first, count)


def _only(haystack: bytes, anchor: bytes, width: int) -> int | None:
    """Where the anchor stands on a record boundary, if it stands exactly once."""
    found: int | None = None
    at = haystack.find(anchor)
    while at >= 0:
        if at % width == 0:
            if found is not None:
                return None
            found = at
        at = haystack.find(anchor, at + 1)
    return found


class Edited(msgspec.Struct, frozen=True):
    """What an audit found: stored rows that the device no longer has, rows never stored."""

    missing: tuple[bytes, ...]
    extra: tuple[bytes, ...]


def audit(stored: Iterable[bytes], device: Iterable[bytes]) -> Edited | None:
    """Stored raw records against all those on the device, as multisets, in O(n); None if equal.

    Identical rows count: two stored and one on the device is one missing. Rows that the device
    dropped by itself are missing too; the caller knows from `Shifted` how many those may be.
    """
    balance = Counter(device)
    balance.subtract(stored)
    extra = tuple(raw for raw, times in balance.items() for _ in range(times))
    missing = tuple(raw for raw, times in balance.items() for _ in range(-times))
    return Edited(missing, extra) if missing or extra else None
