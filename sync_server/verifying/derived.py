"""What was read out of the chains when it arrived, read out again: PINs, devices, punches, repeats.

A repeat that stands for nothing would hide somebody's scan, a punch that is gone would count it twice.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select

from contract.event import Device, Scan, read
from sync_server import bulk, punch, schema
from sync_server.verifying.found import Broken, Check, Tally

_Keys = dict[int, tuple[str, str, int]]
_TEXTS = ("serial", "family", "firmware")


class _Groups:
    """The rows of a table, chain by chain in the order of the database, by seq."""

    def __init__(self, tx: Connection, table: Table, kid: str | None) -> None:
        its = table.c
        query = select(its.kid, its.epoch, its.seq, its.serial, its.pin, its.t)
        if kid is not None:
            query = query.where(its.kid == kid)
        rows = tx.execute(query.order_by(its.kid, its.epoch, its.seq))
        self._groups = groupby(rows, key=lambda row: (row.kid, row.epoch))
        self._next = next(self._groups, None)

    def of(self, which: tuple[str, int]) -> _Keys:
        """The rows of a chain; chains have to be asked for in the order of the database."""
        if self._next is None or self._next[0] != which:
            return {}
        found = {seq: (serial, pin, t) for _, _, seq, serial, pin, t in self._next[1]}
        self._next = next(self._groups, None)
        return found

    def left(self) -> tuple[str, int] | None:
        """A chain that nobody asked for."""
        return self._next[0] if self._next else None


def punches(tx: Connection, kid: str | None = None) -> Check:
    """Compare what is stored beside every chain (of one kiosk) with what its events say."""
    chain = schema.chain.c
    query = select(chain.kid, chain.epoch).order_by(chain.kid, chain.epoch)
    if kid is not None:
        query = query.where(chain.kid == kid)
    tally = Tally("punches")
    first, again = _Groups(tx, schema.punch, kid), _Groups(tx, schema.repeat, kid)
    for which in tx.execute(query).all():
        for broken in _of_chain(tx, tuple(which), first.of(tuple(which)), again.of(tuple(which))):
            tally.look(broken)
    for groups in (first, again):
        if left := groups.left():
            tally.look(Broken("punch_stray", *left))
    return tally.check()


def _of_chain(
    tx: Connection, which: tuple[str, int], first: _Keys, again: _Keys
) -> Iterator[Broken | None]:
    pins: list[tuple[str, int]] = []
    devices: dict[int, tuple[str, ...]] = {}
    seen: set[str] = set()
    for seq, received, record in _events(tx, which):
        if isinstance(record, Device):
            texts = tuple(bulk.storable(tx, getattr(record, name)) for name in _TEXTS)
            devices.setdefault(record.index, texts)
            continue
        if record.pin not in seen:
            seen.add(record.pin)
            pins.append((bulk.storable(tx, record.pin), seq))
        yield _scan(tx, (*which, seq), _key(tx, record, devices, received), (first, again))
    for left in sorted({*first, *again}):
        yield Broken("punch_stray", *which, left)
    yield _same(tx, which, schema.pin, ("pin", "first_seq"), dict(enumerate(pins)), "pins_differ")
    yield _same(tx, which, schema.device, _TEXTS, devices, "devices_differ")


def _events(tx: Connection, which: tuple[str, int]) -> Iterator[tuple[int, int, Scan | Device]]:
    event = schema.event.c
    rows = tx.execute(
        select(event.seq, event.received, event.record)
        .where(event.kid == which[0], event.epoch == which[1])
        .where(event.kind.in_(("scan", "device")))
        .order_by(event.seq)
    )
    for seq, received, data in rows:
        record = read(data) if isinstance(data, bytes) else None
        if isinstance(record, Scan | Device):
            yield seq, received, record


def _key(
    tx: Connection, scan: Scan, devices: dict[int, tuple[str, ...]], received: int
) -> tuple[str, str, int] | None:
    serials = {index: texts[0] for index, texts in devices.items()}
    key = punch.key(scan, serials, received)
    return (key.serial, bulk.storable(tx, key.pin), key.t) if key else None


def _scan(
    tx: Connection,
    event: tuple[str, int, int],
    key: tuple[str, str, int] | None,
    stored: tuple[_Keys, _Keys],
) -> Broken | None:
    """A scan is a punch or the repeat of one, never both and never neither. Takes it from `stored`."""
    first, again = (held.pop(event[2], None) for held in stored)
    if key is None:
        return Broken("punch_stray", *event) if first or again else None
    if first and again:
        return Broken("punch_twice", *event)
    if (first or again) != key:
        return Broken("punch_differs" if first or again else "punch_missing", *event)
    if again and not _repeats(tx, event, key):
        return Broken("repeat_of_nothing", *event)
    return None


def _repeats(tx: Connection, event: tuple[str, int, int], key: tuple[str, str, int]) -> bool:
    its = schema.punch.c
    where = (its.serial == key[0], its.t == key[2], its.pin == key[1])
    row = tx.execute(select(its.kid, its.epoch, its.seq).where(*where)).first()
    return row is not None and tuple(row) != event


def _same(  # noqa: PLR0913 - a table, its columns, what they should hold
    tx: Connection,
    which: tuple[str, int],
    table: Table,
    columns: tuple[str, ...],
    wanted: dict[int, tuple[Any, ...]],
    why: str,
) -> Broken | None:
    its = table.c
    query = select(its.idx, *(its[name] for name in columns))
    rows = tx.execute(query.where(its.kid == which[0], its.epoch == which[1])).all()
    held = {row[0]: tuple(row[1:]) for row in rows}
    return None if held == wanted else Broken(why, *which)
