"""The ledger's events of one office, as pairing needs them: punches with derived times, coverage.

Facts are made of punches, not of events: a repeat of a punch by another way is left out here.
"""

from collections import defaultdict
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from contract.event import (
    AnyRecord,
    Clock,
    Configuration,
    Covered,
    LogEdited,
    LogReplaced,
    Scan,
    read,
)
from sync_server import clocks, punch, retime, schema
from sync_server.clocks import ClockMark, History
from sync_server.coverage import Claim
from sync_server.touches import Punch

_YEAR_2100 = 4_102_444_800


class Office(msgspec.Struct, frozen=True):
    """What an office's kiosks have told: punches by PIN, coverage, its devices by serial, and since
    when (UTC seconds) a fork is unresolved (None: there is none)."""

    punches: Mapping[str, list[Punch]]
    claims: list[Claim]
    devices: frozenset[str]
    forked_since: int | None


def of_office(tx: Connection, opd: str, zone: int) -> Office:
    """Everything that the kiosks of an office have told; `zone` in minutes east of UTC."""
    kiosk, chain = schema.kiosk.c, schema.chain.c
    kids = tx.execute(select(kiosk.kid).where(kiosk.opd == opd)).scalars().all()
    chains = tx.execute(
        select(chain.kid, chain.epoch, chain.opened, chain.forked)
        .where(chain.kid.in_(kids))
        .order_by(chain.kid, chain.opened, chain.epoch)
    ).all()
    punches: dict[str, list[Punch]] = defaultdict(list)
    claims: list[Claim] = []
    devices: dict[str, set[str]] = {kid: set() for kid in kids}
    configured: dict[str, int] = {}
    for kid, epoch, _, _ in chains:
        told = _Chain(tx, kid, epoch, zone)
        devices[kid].update(told.serials.values())
        configured[kid] = told.configured or configured.get(kid, 0)
        claims += told.claims
        for pin, one in told.punches:
            punches[pin].append(one)
    forks = [row.opened for row in chains if row.forked]
    everything = frozenset().union(*devices.values(), _unknown(tx, devices, configured))
    return Office(punches, claims, everything, min(forks, default=None))


def _unknown(
    tx: Connection, devices: Mapping[str, set[str]], configured: Mapping[str, int]
) -> set[str]:
    """What stands for devices that nothing is known of, and for events that are missing: a kiosk
    that never spoke or has read fewer terminals than it is to read, and an open gap."""
    gap = schema.gap.c
    open_gaps = tx.execute(select(gap.kid).where(gap.closed == 0, gap.kid.in_(devices))).scalars()
    unread = {kid for kid in devices if len(devices[kid]) < max(1, configured.get(kid, 1))}
    return {f"kiosk {kid}" for kid in unread} | {f"gap {kid}" for kid in open_gaps}


class _Chain:
    """The records of one (kid, epoch) in order, with what the clock was worth at each."""

    def __init__(self, tx: Connection, kid: str, epoch: int, zone: int) -> None:
        self._kid, self._epoch, self._zone = kid, epoch, zone
        device, repeat = schema.device.c, schema.repeat.c
        of_chain = (device.kid == kid, device.epoch == epoch)
        found = tx.execute(select(device.idx, device.serial).where(*of_chain))
        self.serials: dict[int, str] = {idx: serial for idx, serial in found}
        again = (repeat.kid == kid, repeat.epoch == epoch)
        self._repeats = set(tx.execute(select(repeat.seq).where(*again)).scalars())
        records = self._read(tx)
        marks = [_mark(record) for _, _, record in records if isinstance(record, Clock)]
        self._clocks: History = clocks.history(marks)
        self._mark = -1  # position of the newest clock mark while reading
        self._whole: dict[int, int] = {}  # up to where each device was read whole
        self._since: dict[int, int] = {}  # from where on its log is known to hold everything
        self.configured = 0
        self.punches: list[tuple[str, Punch]] = []  # (PIN, punch) of all that are no repeats
        self.claims: list[Claim] = []  # what was read whole, as far as a trusted clock says so
        for seq, received, record in records:
            self._take(seq, received, record)

    def _take(self, seq: int, received: int, record: AnyRecord) -> None:
        match record:
            case Clock():
                self._mark += 1
            case Configuration():
                self.configured = record.devices
            case Covered() if record.device in self.serials:
                self._cover(record)
            case LogEdited():
                self._whole.pop(record.device, None)  # what comes now may be older
            case LogReplaced():
                self._whole.pop(record.device, None)
                self._since.pop(record.device, None)  # what was cleared unread, nobody knows
            case Scan():
                self._scan(seq, received, record)

    def _scan(self, seq: int, received: int, record: Scan) -> None:
        latest = self._stored_by(record, self._mark, received)
        scan = _scan(record, self._mark, self._whole.get(record.device), latest)
        one = self._punch(seq, record, scan)
        if one.derived.t is not None:
            first = self._since.get(record.device, one.derived.t)
            self._since[record.device] = min(first, one.derived.t)
        if seq not in self._repeats:
            self.punches.append((record.pin, one))

    def _cover(self, record: Covered) -> None:
        """A device's own log vouches for the time from its oldest record on, not for what may have
        been cleared before; a camera for the time that it was up."""
        through = self._trusted(record.through, self._mark)
        if through is None:
            return
        self._whole[record.device] = through
        first = self._since.setdefault(record.device, through)
        since = record.since + through - record.through if record.since else first
        self.claims.append(Claim(self.serials[record.device], since, through))

    def _read(self, tx: Connection) -> list[tuple[int, int, AnyRecord]]:
        table = schema.event.c
        kinds = ("scan", "clock", "covered", "log_replaced", "log_edited", "configuration")
        rows = tx.execute(
            select(table.seq, table.received, table.record)
            .where(table.kid == self._kid, table.epoch == self._epoch, table.kind.in_(kinds))
            .order_by(table.seq)
        )
        decoded = ((seq, received, read(record)) for seq, received, record in rows)
        return [(seq, received, record) for seq, received, record in decoded if record]

    def _trusted(self, t: int, mark: int) -> int | None:
        """A kiosk time as UTC seconds, None where nobody vouches for the clock that gave it."""
        if mark < 0 or self._clocks.marks[mark].trust < 1:
            return None
        return t + self._clocks.marks[mark].redated

    def _stored_by(self, record: Scan, mark: int, received: int) -> int:
        """UTC seconds by which the kiosk had stored a scan; a backlog is received weeks later.

        The lag of a device's scan was counted with the offset of the mark before it. Without an
        offset it is 0, and what does not lie between that mark and the arrival proves nothing.
        """
        before = self._clocks.marks[mark] if mark >= 0 else None
        if before is None or before.trust < 1 or not record.lag or record.impossible:
            return received
        if record.source not in retime.DEVICE_SOURCES or record.device not in before.offsets:
            return received
        stored = record.t + record.lag - before.offsets[record.device] // 1_000
        return stored + clocks.error_s(before) if before.wall <= stored < received else received

    def _punch(self, seq: int, record: Scan, scan: retime.Scan) -> Punch:
        derived = retime.derive(scan, self._clocks, self._zone)
        return Punch(
            event=f"{self._kid}-{self._epoch:08x}-{seq}",
            terminal=self.serials.get(record.device, self._kid),
            mode=punch.mode(record.verify),
            derived=derived,
            raw=retime.raw(scan, derived, self._zone),
        )


def _scan(record: Scan, mark: int, earliest: int | None, latest: int) -> retime.Scan:
    return retime.Scan(
        t=record.t,
        source=record.source,
        mark=mark,
        device=record.device,
        impossible=record.impossible or not 0 <= record.t < _YEAR_2100,
        earliest=earliest,
        latest=latest,
    )


def _mark(record: Clock) -> ClockMark:
    return ClockMark(
        wall=record.wall,
        trust=record.trust,
        error_ms=record.error_ms,
        boot=record.boot,
        up=record.up,
        offsets=dict(record.offsets),
    )
