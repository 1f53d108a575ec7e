"""What people were told and when it truly happened, and the one check of it all. Pure but for reading
the ledger: a history is written while a world runs, and judged when it has come to rest.

Who is meant is told by the work code of a scan: every touch of a world has its own number, so that a
clock that repeats its seconds makes no two touches one.
"""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from contract.event import Scan, canonical, read
from sync_server import punch, schema
from sync_server.chains import KINDS, Chain, Held
from tests.process.check import Copy, chains

WIB = 420
# A refusal that nobody thought of bears the name of an exception (sync_server.desk), or none.
_UNNAMED = re.compile(r"\w+(Error|Exception|Warning): |$")


class Touch(msgspec.Struct):
    """A person at a device at `true_ms` (UTC). `told`: the bytes of which the screen said that they
    are recorded; `on_device`: a terminal keeps it and gives it again to whoever asks."""

    serial: str
    pin: str
    true_ms: int
    on_device: bool
    told: bytes = b""
    gone: str = ""  # every copy was destroyed before any could be receipted, and by what


class History:
    """Every touch of a world by its number, and every event that a card ever committed."""

    def __init__(self) -> None:
        self.touches: list[Touch] = []
        self.committed: dict[tuple[str, int, int], set[bytes]] = {}

    def touch(self, serial: str, pin: str, true_ms: int, *, on_device: bool) -> int:
        """Somebody touches a device; the number of it."""
        self.touches.append(Touch(serial, pin, true_ms, on_device))
        return len(self.touches) - 1

    def told(self, scan: Scan) -> None:
        """The screen said that this scan is recorded."""
        self.touches[scan.work].told = canonical(scan)

    def copied(self, copy: Copy) -> None:
        """What a card holds; it may be destroyed after this."""
        for (epoch, seq), (record, _) in copy.events.items():
            self.committed.setdefault((copy.kid, epoch, seq), set()).add(record)


class Seen(msgspec.Struct, frozen=True):
    """A scan in the ledger: where it stands, the scan, its bytes, its key if it has one."""

    kid: str
    epoch: int
    seq: int
    scan: Scan
    data: bytes
    keyed: bool


def check(history: History, tx: Connection, copies: list[Copy]) -> list[str]:
    """What is wrong, as sentences. `copies`: the journals of the cards that are still there."""
    seen = list(_scans(tx))
    return [
        *_once(history, tx, seen),
        *_identical(history, tx),
        *(one for copy in copies for one in chains(f"journal {copy.kid}", copy)),
        *_ledger_chains(tx),
        *_refusals(tx),
        *_times(history, tx, seen),
        *_receipts(tx, copies),
    ]


def numbers(tx: Connection) -> set[int]:
    """The touches of which the ledger has a scan."""
    return {one.scan.work for one in _scans(tx)}


def _scans(tx: Connection) -> Iterator[Seen]:
    event = schema.event.c
    serials: dict[tuple[str, int], dict[int, str]] = {}
    for row in tx.execute(schema.device.select()):
        serials.setdefault((row.kid, row.epoch), {})[row.idx] = row.serial
    rows = schema.event.select().where(event.kind == "scan")
    for row in tx.execute(rows.order_by(event.kid, event.epoch, event.seq)):
        scan = read(row.record)
        assert isinstance(scan, Scan)
        key = punch.key(scan, serials.get((row.kid, row.epoch), {}), row.received)
        yield Seen(row.kid, row.epoch, row.seq, scan, row.record, key is not None)


def _once(history: History, tx: Connection, seen: list[Seen]) -> Iterator[str]:
    """Every touch that was recorded counts once. A repeat stands beside the first as evidence, and so
    does what a clock stamped that no clock can be: those are never merged (contract of the key)."""
    repeats = {(row.kid, row.epoch, row.seq) for row in tx.execute(schema.repeat.select())}
    counted = Counter(
        one.scan.work for one in seen if one.keyed and (one.kid, one.epoch, one.seq) not in repeats
    )
    there = {one.scan.work for one in seen}
    for number, touch in enumerate(history.touches):
        owed = touch.told or touch.on_device
        if owed and number not in there and not touch.gone:
            yield f"lost: touch {number} ({touch.serial}, PIN {touch.pin}) is not in the ledger"
        if counted[number] > 1:
            yield f"doubled: touch {number} counts {counted[number]} times"
    for one in seen:
        touch = history.touches[one.scan.work]
        if touch.pin != one.scan.pin:
            yield f"invented: {one.kid}-{one.epoch}-{one.seq} says PIN {one.scan.pin}"


def _identical(history: History, tx: Connection) -> Iterator[str]:
    """The ledger says nothing but what a card committed under that number, byte by byte; and what the
    screen showed stands there with the same bytes."""
    event = schema.event.c
    held: set[bytes] = set()
    for row in tx.execute(schema.event.select().order_by(event.kid, event.epoch, event.seq)):
        held.add(row.record)
        if row.record not in history.committed.get((row.kid, row.epoch, row.seq), ()):
            yield f"invented: {row.kid}-{row.epoch}-{row.seq} was never committed by its kiosk"
    for number, touch in enumerate(history.touches):
        if touch.told and not touch.gone and touch.told not in held and not touch.on_device:
            yield f"changed: touch {number} stands in the ledger with other bytes"


def _ledger_chains(tx: Connection) -> Iterator[str]:
    copies: dict[str, Copy] = {}
    for row in tx.execute(schema.event.select()):
        copy = copies.setdefault(row.kid, Copy(row.kid, {}, {}))
        copy.events[row.epoch, row.seq] = (row.record, row.head)
    for kid, copy in copies.items():
        yield from chains(f"ledger {kid}", copy)


def _refusals(tx: Connection) -> Iterator[str]:
    for row in tx.execute(schema.refused.select()):
        if _UNNAMED.match(row.reason):
            yield f"a frame of {row.kid} was refused without a name: {row.reason}"


def _times(history: History, tx: Connection, seen: list[Seen]) -> Iterator[str]:
    """The centre's own reading of each chain claims an interval; the truth lies in it."""
    numbers = {(one.kid, one.epoch, one.seq): one.scan.work for one in seen}
    for row in tx.execute(schema.chain.select()).all():
        for _, one in Chain(held(tx, row.kid, row.epoch), WIB).punches:
            seq = int(one.event.rpartition("-")[2])
            number = numbers[row.kid, row.epoch, seq]
            true_ms, claim = history.touches[number].true_ms, one.derived
            early = claim.lo is not None and claim.lo * 1000 > true_ms
            # A bound in whole seconds means all of its last second.
            if early or (claim.hi is not None and claim.hi * 1000 + 999 < true_ms):
                yield (
                    f"time: touch {number} ({row.kid}-{row.epoch}-{seq}) happened at "
                    f"{true_ms / 1000:.0f}, claimed {claim}"
                )


def held(tx: Connection, kid: str, epoch: int) -> Held:
    """What the book of days reads of a chain, whole."""
    event, device = schema.event.c, schema.device.c
    rows = tx.execute(
        schema.event.select()
        .where(event.kid == kid, event.epoch == epoch, event.kind.in_(KINDS))
        .order_by(event.seq)
    )
    records = [(row.seq, row.received, read(row.record)) for row in rows]
    known = tx.execute(schema.device.select().where(device.kid == kid, device.epoch == epoch))
    serials = {row.idx: row.serial for row in known}
    return Held(kid, epoch, [one for one in records if one[2]], serials, set())


def _receipts(tx: Connection, copies: list[Copy]) -> Iterator[str]:
    """No card believes that the centre has what it has not: only a receipt forgets."""
    stored = {(row.kid, row.epoch): row.acked for row in tx.execute(schema.chain.select())}
    for copy in copies:
        for epoch, acked in copy.acked.items():
            if acked > stored.get((copy.kid, epoch), 0):
                yield (
                    f"{copy.kid} epoch {epoch}: the card was receipted up to {acked}, the ledger "
                    f"holds {stored.get((copy.kid, epoch), 0)}"
                )
