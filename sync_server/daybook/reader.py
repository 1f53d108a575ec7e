"""Chains into the book: punches with their derived times, and coverage, as far as events have come.

What was read stays in `placed` and `claim`. New events are read on from the newest state that still
holds (unchanged.py); what they change is written and its days are marked, nothing else.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Select, delete, insert, select

from contract.event import AnyRecord, read
from sync_server import chains, clocks, dirt, localtime, marks, schema, vouching
from sync_server.chains import START, Chain, Held, State
from sync_server.clocks import History
from sync_server.coverage import Claim
from sync_server.daybook import placing, states, unchanged
from sync_server.daybook.states import Read
from sync_server.marks import Mentioned
from sync_server.touches import Punch

Record = tuple[int, int, AnyRecord]
Row = tuple[int, str, int, int, bytes]  # seq, PIN, lo, hi, body
ENDS = (-(1 << 62), 1 << 62)  # where nothing bounds a time
_RARE = tuple(kind for kind in chains.KINDS if kind != "scan")
_DAY = timedelta(days=1)


class Source(msgspec.Struct, frozen=True):
    """A chain in the ledger, with everything up to `acked`; `zone` of its office, in minutes."""

    kid: str
    epoch: int
    acked: int
    opd: str
    zone: int


class Found(msgspec.Struct, frozen=True):
    """What a chain tells from after event `seq` on: rows of `placed`, all its claims, and its new
    standing."""

    seq: int
    rows: dict[int, Row]
    claims: tuple[Claim, ...]
    read: Read


def whole(tx: Connection, source: Source) -> Found:
    """A chain read from its first event."""
    return _read(tx, source, Read(opd=source.opd, zone=source.zone))


def onward(tx: Connection, source: Source, found: Found) -> Found:
    """What was found before, read on up to where the chain stands now."""
    known = _of(source, found.read)
    if known.upto == source.acked:
        return found
    more = _read(tx, source, known)
    kept = {seq: row for seq, row in found.rows.items() if seq <= more.seq}
    return replace(more, seq=found.seq, rows=kept | more.rows)


def advance(tx: Connection, source: Source, now: float) -> None:
    """Read a chain on up to where it stands, write what that changes and mark the days.

    `now`: server UTC seconds.
    """
    known = _of(source, states.of_chain(tx, source.kid, source.epoch))
    if known.upto < source.acked:
        write(tx, source, _read(tx, source, known), now)


def _of(source: Source, known: Read) -> Read:
    """What was read, for as long as the chain is of the same office: nothing otherwise."""
    if (known.opd, known.zone) == (source.opd, source.zone):
        return known
    return Read(opd=source.opd, zone=source.zone)


def write(tx: Connection, source: Source, found: Found, now: float) -> int:
    """Make the book say what was found; how many rows of it had said something else."""
    changed = _write_rows(tx, source, found, now) + _write_claims(tx, source, found.claims, now)
    states.keep(tx, source.kid, source.epoch, found.read)
    return changed


def differing(tx: Connection, source: Source) -> list[int]:
    """The events whose rows in the book are not what the chain says; 0 stands for its claims. What
    reading on would replace is not compared. Writes nothing."""
    known, its = _of(source, states.of_chain(tx, source.kid, source.epoch)), schema.placed.c
    is_read = known.upto >= source.acked
    end = ENDS[1] if is_read else _read(tx, source, known).seq
    found = whole(tx, source)
    wanted = {seq: (*row, source.opd) for seq, row in found.rows.items() if seq <= end}
    kept = {row.seq: tuple(row) for row in tx.execute(_kept(source).where(its.seq <= end))}
    out = [seq for seq in sorted({*wanted, *kept}) if wanted.get(seq) != kept.get(seq)]
    return [*out, 0] if is_read and _claims(tx, source) != {*found.claims} else out


def _claims(tx: Connection, source: Source) -> set[Claim]:
    its = schema.claim.c
    query = select(its.serial, its.since, its.through, its.spare)
    query = query.where(its.kid == source.kid, its.epoch == source.epoch)
    return {Claim(*row) for row in tx.execute(query)}


def _read(tx: Connection, source: Source, known: Read) -> Found:
    serials = _serials(tx, source)
    rare = _records(tx, source, 0, known.upto, _RARE) if known.upto else []
    told = _as_it_was(marks.mentioned(rare), known.lasts)
    new = _records(tx, source, known.upto, source.acked, chains.KINDS)
    now = marks.mentioned(new, told)
    history = clocks.history(now.marks, now.sights)
    rests = [one for one in known.rests if now.holds(one.after)]
    state = _state(replace(known, rests=tuple(rests)), told, history, len(serials))
    between = _records(tx, source, state.seq, known.upto, chains.KINDS) if known.upto else []
    repeats = _repeats(tx, source, state.seq)
    held = Held(source.kid, source.epoch, [*between, *new], serials, repeats)
    chain = Chain(held, source.zone, history, state)
    kept = (*(rest for rest in rests if rest.seq <= state.seq), *chain.rests)
    read_now = Read(
        upto=source.acked,
        opd=source.opd,
        zone=source.zone,
        devices=len(serials),
        lasts=[mark.last for mark in now.marks],
        rests=_worth_keeping(kept),
    )
    rows = {row[0]: row for row in map(_row, chain.punches)}
    return Found(state.seq, rows, chain.rests[-1].claims, read_now)


def _state(known: Read, told: Mentioned, history: History, devices: int) -> State:
    """From where what was read holds."""
    rests = [one for one in known.rests if not one.unnamed or devices == known.devices]
    if not rests:
        return START
    old = clocks.history(told.marks, told.sights)
    return unchanged.newest(rests, old, history) or START


_MOST_RESTS = 8


def _worth_keeping(rests: tuple[State, ...]) -> tuple[State, ...]:
    """One for each clock mark, the newest last."""
    by_mark = {rest.mark: rest for rest in rests}
    return tuple(sorted(by_mark.values(), key=lambda rest: rest.seq)[-_MOST_RESTS:])


def _as_it_was(told: Mentioned, lasts: list[int | None]) -> Mentioned:
    """With what the kiosk's own scans told of the marks: they are not read again."""
    marked = [replace(mark, last=last) for mark, last in zip(told.marks, lasts, strict=True)]
    return Mentioned(marked, told.sights, told.notes)


def _records(
    tx: Connection, source: Source, after: int, upto: int, kinds: tuple[str, ...]
) -> list[Record]:
    event = schema.event.c
    rows = tx.execute(
        select(event.seq, event.received, event.record)
        .where(event.kid == source.kid, event.epoch == source.epoch, event.kind.in_(kinds))
        .where(event.seq > after, event.seq <= upto)
        .order_by(event.seq)
    )
    distrusted = vouching.of_chain(tx, source.kid, source.epoch)
    decoded = (
        (seq, received, read(record)) for seq, received, record in rows if seq not in distrusted
    )
    return [(seq, received, record) for seq, received, record in decoded if record]


def _serials(tx: Connection, source: Source) -> Mapping[int, str]:
    device = schema.device.c
    rows = tx.execute(
        select(device.idx, device.serial).where(
            device.kid == source.kid, device.epoch == source.epoch
        )
    )
    return {idx: serial for idx, serial in rows}


def _repeats(tx: Connection, source: Source, after: int) -> set[int]:
    its = schema.repeat.c
    of_chain = (its.kid == source.kid, its.epoch == source.epoch, its.seq > after)
    return set(tx.execute(select(its.seq).where(*of_chain)).scalars())


def _row(one: tuple[str, Punch]) -> Row:
    pin, found = one
    lo = ENDS[0] if found.lo is None else found.lo
    hi = ENDS[1] if found.hi is None else found.hi
    return int(found.event.rpartition("-")[2]), pin, lo, hi, placing.body(found)


def _write_rows(tx: Connection, source: Source, found: Found, now: float) -> int:
    its = schema.placed.c
    of_chain = (its.kid == source.kid, its.epoch == source.epoch)
    kept = {row.seq: row for row in tx.execute(_kept(source).where(its.seq > found.seq))}
    old = {seq: _as_row(row) for seq, row in kept.items()}
    strange = {seq for seq, row in kept.items() if row.opd != source.opd}
    gone = [seq for seq, row in old.items() if found.rows.get(seq) != row or seq in strange]
    come = [row for seq, row in found.rows.items() if old.get(seq) != row or seq in strange]
    for seq in gone:
        tx.execute(delete(schema.placed).where(*of_chain, its.seq == seq))
    if come:
        where: dict[str, Any] = {"kid": source.kid, "epoch": source.epoch, "opd": source.opd}
        names = ("seq", "pin", "lo", "hi", "body")
        rows = [{**where, **dict(zip(names, row, strict=True))} for row in come]
        tx.execute(insert(schema.placed), rows)
    spans = [(row[2], row[3]) for row in (*come, *(old[seq] for seq in gone))]
    _mark(tx, source.opd, source.zone, spans, now)
    for opd in {kept[seq].opd for seq in strange}:
        _mark(tx, opd, source.zone, [old[seq][2:4] for seq in strange], now)
    return len({*gone, *(row[0] for row in come)})


def _kept(source: Source) -> Select[Any]:
    its = schema.placed.c
    query = select(its.seq, its.pin, its.lo, its.hi, its.body, its.opd)
    return query.where(its.kid == source.kid, its.epoch == source.epoch)


def _as_row(row: Any) -> Row:  # noqa: ANN401 - a row of the database has no other type
    return row.seq, row.pin, row.lo, row.hi, row.body


def _write_claims(tx: Connection, source: Source, claims: Iterable[Claim], now: float) -> int:
    its = schema.claim.c
    of_chain = (its.kid == source.kid, its.epoch == source.epoch)
    old, new = _claims(tx, source), set(claims)
    if old == new:
        return 0
    for one in old - new:
        span = (its.serial == one.device, its.since == one.since, its.through == one.through)
        tx.execute(delete(schema.claim).where(*of_chain, *span))
    if come := new - old:
        names = ("kid", "epoch", "serial", "since", "through", "spare")
        rows = [(source.kid, source.epoch, *msgspec.structs.astuple(one)) for one in come]
        tx.execute(insert(schema.claim), [dict(zip(names, row, strict=True)) for row in rows])
    _mark(tx, source.opd, source.zone, _differences(old, new), now)
    return len(old ^ new)


def _differences(old: set[Claim], new: set[Claim]) -> list[tuple[int, int]]:
    """Seconds whose coverage may have changed; all of them where a camera's first claim came or
    went, because before it nobody could have stood there."""
    spans = []
    for serial in {one.device for one in old ^ new}:
        was = [one for one in old if one.device == serial]
        now = [one for one in new if one.device == serial]
        if any(one.spare for one in (*was, *now)) and _first(was) != _first(now):
            spans.append(ENDS)
        spans += _unlike(was, now)
    return spans


def _first(claims: list[Claim]) -> int | None:
    return min((one.since for one in claims), default=None)


def _unlike(was: list[Claim], now: list[Claim]) -> list[tuple[int, int]]:
    """The hulls of what only one side covers; where a claim only grew, what it grew by."""
    out = []
    for one in {*was} ^ {*now}:
        others = now if one in was else was
        grown = [other for other in others if other.since == one.since]
        begin = min((min(other.through, one.through) for other in grown), default=one.since)
        out.append((begin, one.through))
    return out


def _mark(
    tx: Connection, opd: str, zone: int, spans: Iterable[tuple[int, int]], now: float
) -> None:
    """The days whose windows may have something of these seconds: a window ends within two days."""
    days: set[date] = set()
    for lo, hi in sorted(set(spans)):
        first, last = _local(lo, zone) - _DAY, _local(hi, zone)
        if (last - first).days > 3:
            dirt.mark(tx, opd, first, last, now)
        else:
            days.update(first + _DAY * n for n in range((last - first).days + 1))
    for day in sorted(days):  # as all do who mark: PostgreSQL locks row by row
        dirt.mark(tx, opd, day, day, now)


def _local(t: int, zone: int) -> date:
    """A local date; the ends of time are the first and the last that there is."""
    if not 0 <= t < chains.LAST_S:
        return date.min + _DAY if t < 0 else date.max
    return localtime.day(t, zone)
