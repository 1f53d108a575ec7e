"""The ledger's events of one office, as pairing needs them: punches with derived times, coverage.

Facts are made of punches, not of events: a repeat of a punch by another way is left out here.
"""

from collections import defaultdict
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from contract.event import AnyRecord, Clock, Covered, LogEdited, LogReplaced, Scan, read
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
    devices: set[str] = set()
    for kid, epoch, _, _ in chains:
        told = _Chain(tx, kid, epoch, zone)
        devices.update(told.serials.values())
        claims += told.claims()
        for pin, one in told.punches():
            punches[pin].append(one)
    silent = set(kids) - {row.kid for row in chains}
    forks = [row.opened for row in chains if row.forked]
    # A kiosk that was invited and never spoke may have devices behind it: nothing is complete yet.
    everything = frozenset(devices | {f"kiosk {kid}" for kid in silent})
    return Office(punches, claims, everything, min(forks, default=None))


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
        self._records = self._read(tx)
        marks = [_mark(record) for _, _, record in self._records if isinstance(record, Clock)]
        self._clocks: History = clocks.history(marks)

    def punches(self) -> list[tuple[str, Punch]]:
        """(PIN, punch) of every scan that is not a repeat."""
        out = []
        mark, whole = -1, dict[int, int]()
        for seq, received, record in self._records:
            if isinstance(record, Clock):
                mark += 1
            elif isinstance(record, Covered):
                if (through := self._trusted(record.through, mark)) is not None:
                    whole[record.device] = through
            elif isinstance(record, LogReplaced | LogEdited):
                whole.pop(record.device, None)  # what comes now may be older than the last read
            elif isinstance(record, Scan) and seq not in self._repeats:
                latest = self._stored_by(record, mark, received)
                scan = _scan(record, mark, whole.get(record.device), latest)
                out.append((record.pin, self._punch(seq, record, scan)))
        return out

    def claims(self) -> list[Claim]:
        """What was read whole, as far as a trusted clock says so."""
        out, mark = [], -1
        for _, _, record in self._records:
            if isinstance(record, Clock):
                mark += 1
            elif isinstance(record, Covered) and record.device in self.serials:
                through = self._trusted(record.through, mark)
                if through is not None:
                    since = record.since and record.since + through - record.through
                    out.append(Claim(self.serials[record.device], since, through))
        return out

    def _read(self, tx: Connection) -> list[tuple[int, int, AnyRecord]]:
        table = schema.event.c
        kinds = ("scan", "clock", "covered", "log_replaced", "log_edited")
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
