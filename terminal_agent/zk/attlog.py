"""What is new in a terminal's attendance log: tail first, the whole log only where it must be."""

import time

import msgspec

from terminal_agent.errors import SourceMisconfigured
from terminal_agent.zk import answers, bulk, tail
from terminal_agent.zk.answers import NoLog, Sizes
from terminal_agent.zk.bookmark import Bookmark
from terminal_agent.zk.bulk import Body, ReadRefused
from terminal_agent.zk.dialect import DialectUnclear, Hint, detect
from terminal_agent.zk.frames import Command
from terminal_agent.zk.link import Link
from terminal_agent.zk.records import Dialect
from terminal_agent.zk.tail import Cursor, Fresh, ReadRange, WholeNeeded


class Attlog(msgspec.Struct, frozen=True):
    """The attendance log of one poll. `fresh` is None where it is empty and always was: then no
    layout can be known. `whole`: all records, where all were read. The rest goes to the bookmark.
    """

    fresh: Fresh | None
    dialect: Dialect | None
    tail: bool
    legacy: bool
    prepare_ms: int
    whole: bytes | None = None


def read_new(link: Link, bookmark: Bookmark, this_year: int, audit: bool) -> Attlog:
    """The records since the bookmark, or all with `audit`.

    SourceMisconfigured: `no_attlog_mode`, `dialect_unclear`. A layout is tried twice, because a
    record may have been half written the first time.
    """
    found = _read_new(link, bookmark, this_year, audit)
    if isinstance(found, DialectUnclear):
        found = _read_new(link, bookmark, this_year, audit)
    if isinstance(found, DialectUnclear):
        raise SourceMisconfigured("dialect_unclear", found.sentence)
    return found


def follow(body: Body, cursor: Cursor) -> Fresh | WholeNeeded:
    """Tail reads until the tail machine knows; a firmware that refuses them needs a full read."""
    step: Fresh | ReadRange | WholeNeeded = tail.plan(cursor, body.total)
    while isinstance(step, ReadRange):
        try:
            chunk = body.read(step.start, step.size)
        except ReadRefused as why:
            return WholeNeeded(str(why), tail_denied=True)
        step = tail.judge(cursor, body.total, step, chunk)
    return step


def _read_new(
    link: Link, bookmark: Bookmark, this_year: int, audit: bool
) -> Attlog | DialectUnclear:
    began = time.monotonic()
    body = _open(link, bookmark)
    prepare_ms = int((time.monotonic() - began) * 1000)
    step = _tail(body, bookmark, audit)
    if isinstance(step, Fresh):
        body.free()
        return Attlog(step, bookmark.dialect, True, body.legacy, prepare_ms)
    promised = body.total
    whole = body.whole()
    body.free()
    dialect = _layout(link, whole, bookmark, this_year)
    if isinstance(dialect, DialectUnclear):
        return dialect
    fresh = tail.restart(bookmark.log, int(dialect), whole) if dialect else None
    # A body longer than its own total has padding at its end, which a tail would take for records.
    truthful = len(whole) == promised and not _contradicted(step, fresh)
    return Attlog(fresh, dialect, bookmark.tail and truthful, body.legacy, prepare_ms, whole)


def _open(link: Link, bookmark: Bookmark) -> Body:
    body = bulk.open_log(link, answers.ATTLOG, bookmark.legacy)
    if isinstance(body, Body):
        return body
    _refuse_unless_empty(body, link.sizes())
    return Body.here(link, answers.ATTLOG, b"", legacy=bookmark.legacy)


def _tail(body: Body, bookmark: Bookmark, audit: bool) -> Fresh | WholeNeeded:
    if audit or bookmark.log is None or not bookmark.tail:
        return WholeNeeded("a tail read was not wanted")
    return follow(body, bookmark.log)


def _contradicted(step: WholeNeeded, fresh: Fresh | None) -> bool:
    """Whether the full read finds the anchor in the very place where the tail read did not."""
    return step.tail_denied and fresh is not None and fresh.change is None


def _layout(
    link: Link, whole: bytes, bookmark: Bookmark, this_year: int
) -> Dialect | DialectUnclear | None:
    """The layout of the whole log; what was known before where the log is empty."""
    if not whole:
        return bookmark.dialect
    return detect(whole, this_year, Hint(link.sizes().records, bookmark.dialect))


def _refuse_unless_empty(refusal: NoLog, sizes: Sizes) -> None:
    """4991 and old firmware's refusals also mean an empty log; 4989 means a mode without one.

    pyzk issue 170; SDK changelog of 2017-11-15 in hmojicag/ZKTecoStandAlonePullSDK.
    """
    if refusal.code == Command.NO_DATA or sizes.records:
        raise SourceMisconfigured(
            "no_attlog_mode",
            f"the terminal keeps no attendance log in its present mode (answer {refusal.code}); "
            "set its device type to T&A PUSH / Time Attendance, or let it push (ADMS)",
        )
