"""One poll of one terminal: everything new, and proof that nothing was passed over.

    clock, what is new in the attendance log, free, counters, what is new in the operation log

The caller stores rows, operations and bookmark in one transaction, and only then polls again.
Nothing here locks the device or deletes on it.
"""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk import answers, attlog, bulk, oplog, records, tail, users
from terminal_agent.zk.answers import NoLog, Sizes
from terminal_agent.zk.attlog import Attlog
from terminal_agent.zk.bookmark import Bookmark, settle
from terminal_agent.zk.link import ClockReading, Link
from terminal_agent.zk.oplog import Operation
from terminal_agent.zk.records import Dialect, Row, Unreadable
from terminal_agent.zk.tail import Fresh, Replaced, Shifted

# Its buffered answers under-report their length (MrFaviod/pyzk-wl10 README).
LEGACY_PLATFORMS = ("AK3750",)


class PollResult(msgspec.Struct, frozen=True):
    """What one poll found. Bytes are those on top of TCP or UDP, of this poll alone.

    `rows` are new, in the device's order; after `Replaced` they are the whole log again.
    `change` and `operations_change` declare a discontinuity. `capacity` is the share of the log
    that is full, None where the device does not say. `device_raws` is the whole log, for audits
    only. `poll_again`: a punch came while reading. `operations_missed`: reading the operation
    log broke the connection; it is tried again when its count moves.
    """

    serial: str
    firmware: str
    platform: str
    clock: ClockReading
    sizes: Sizes
    rows: list[Row | Unreadable]
    change: Shifted | Replaced | None
    dialect: Dialect | None
    on_device: int
    capacity: float | None
    operations: list[Operation]
    operations_change: Shifted | Replaced | None
    operations_missed: bool
    bookmark: Bookmark
    poll_again: bool
    prepare_ms: int
    bytes_out: int
    bytes_in: int
    device_raws: list[bytes] | None = None


def poll(
    link: Link,
    bookmark: Bookmark | None,
    now: Callable[[], int],
    this_year: int,
    *,
    audit: bool = False,
) -> PollResult:
    """Read what is new since the bookmark; everything without one, or for another serial number.

    `now` stamps the clock measurement in the caller's units; `this_year` bounds what dates are
    plausible when a layout must be recognised. `audit` reads the whole log for `tail.audit`.
    SourceUnavailable: nothing was lost, connect again later. SourceMisconfigured: codes
    `no_attlog_mode`, `dialect_unclear`, `users_unclear` tell what a person must do.
    """
    began = (link.bytes_out, link.bytes_in)
    identity = (link.serial(), link.firmware(), link.platform())
    bookmark = _own(bookmark, *identity)
    clock = link.device_time(now)
    log = attlog.read_new(link, bookmark, this_year, audit)
    sizes = link.sizes()
    rows = _decode(link, log, sizes)
    change = log.fresh.change if log.fresh else None
    on_device = log.fresh.cursor.n if log.fresh else 0
    again, surplus = settle(bookmark.surplus, sizes.records, on_device, fresh=bool(rows))
    bookmark = _remember(bookmark, log, surplus)
    operations = _operations(link, bookmark, sizes, audit or change is not None)
    return PollResult(
        *identity,
        clock=clock,
        sizes=sizes,
        rows=rows,
        change=change,
        dialect=log.dialect,
        on_device=on_device,
        capacity=on_device / sizes.record_cap if sizes.record_cap > 0 else None,
        operations=oplog.decode(operations.fresh.records) if operations.fresh else [],
        operations_change=operations.fresh.change if operations.fresh else None,
        operations_missed=operations.missed,
        bookmark=operations.bookmark,
        poll_again=again,
        prepare_ms=log.prepare_ms,
        bytes_out=link.bytes_out - began[0],
        bytes_in=link.bytes_in - began[1],
        device_raws=_split(log) if audit else None,
    )


def _own(bookmark: Bookmark | None, serial: str, firmware: str, platform: str) -> Bookmark:
    """The bookmark, if it is this device's and its firmware has not changed under it.

    New firmware keeps the log's cursor, but may have learned what the old one could not do.
    """
    fresh = Bookmark(serial, firmware, legacy=platform.startswith(LEGACY_PLATFORMS))
    if bookmark is None or bookmark.serial != serial:
        return fresh
    if bookmark.firmware == firmware:
        return bookmark
    return replace(
        bookmark, firmware=firmware, tail=fresh.tail, legacy=fresh.legacy, surplus=fresh.surplus
    )


def _remember(bookmark: Bookmark, log: Attlog, surplus: int) -> Bookmark:
    return replace(
        bookmark,
        dialect=log.dialect,
        tail=log.tail,
        legacy=log.legacy,
        surplus=surplus,
        log=log.fresh.cursor if log.fresh else None,
    )


def _split(log: Attlog) -> list[bytes]:
    if log.whole is None or log.dialect is None:
        return []
    width = int(log.dialect)
    whole = len(log.whole) - len(log.whole) % width
    return [log.whole[at : at + width] for at in range(0, whole, width)]


# Rows, and the people behind them


def _decode(link: Link, log: Attlog, sizes: Sizes) -> list[Row | Unreadable]:
    if log.dialect is None or log.fresh is None or not log.fresh.records:
        return []
    pins = None
    if log.dialect is Dialect.UID8:  # its records carry no PIN
        pins = users.pins(read_users(link, log.legacy, sizes))
    return records.decode(log.dialect, log.fresh.records, pins)


def read_users(link: Link, legacy: bool, sizes: Sizes) -> list[users.User | Unreadable]:
    """The device's users. SourceMisconfigured (`users_unclear`) where their width is ambiguous."""
    body = bulk.open_log(link, answers.USERS, legacy)
    if isinstance(body, NoLog):
        return []
    table = body.whole()
    body.free()
    found = users.decode(table, sizes.users)
    if isinstance(found, users.UsersUnclear):
        raise SourceMisconfigured("users_unclear", found.sentence)
    return found


# The operation log


class _Operations(msgspec.Struct, frozen=True):
    fresh: Fresh | None
    bookmark: Bookmark
    missed: bool = False


def _operations(link: Link, bookmark: Bookmark, sizes: Sizes, suspicious: bool) -> _Operations:
    """New operations when their count moved, or when the attendance log shows a reason to look.

    Whatever happens here must not cost the punches that were read before it.
    """
    if sizes.op_records == bookmark.op_count and not suspicious:
        return _Operations(None, bookmark)
    seen = replace(bookmark, op_count=sizes.op_records)
    try:
        fresh = _new_operations(link, bookmark)
    except SourceUnavailable:
        return _Operations(None, seen, missed=True)
    if fresh is None:
        return _Operations(None, seen)
    return _Operations(fresh, replace(seen, operations=fresh.cursor))


def _new_operations(link: Link, bookmark: Bookmark) -> Fresh | None:
    body = bulk.open_log(link, answers.OPLOG, bookmark.legacy)
    if isinstance(body, NoLog):
        return None
    cursor = bookmark.operations
    fresh = attlog.follow(body, cursor) if cursor and bookmark.tail else None
    if not isinstance(fresh, Fresh):
        fresh = tail.restart(cursor, oplog.WIDTH, body.whole())
    body.free()
    return fresh
