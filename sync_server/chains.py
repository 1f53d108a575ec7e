"""One chain's records read in order: its punches with derived times, and its coverage. Pure.

What the clock was worth at each record comes from the whole chain, later records included.
"""

from collections.abc import Mapping, Sequence, Set
from itertools import pairwise

import msgspec

from contract.event import (
    AnyRecord,
    Clock,
    Configuration,
    Covered,
    LogEdited,
    LogReplaced,
    ReceiptNoted,
    Scan,
)
from sync_server import clockmark, clocks, coverage, marks, punch, retime
from sync_server.clocks import History
from sync_server.coverage import SHORT_GAP_S, Claim
from sync_server.touches import Punch

LAST_S = 4_102_444_800  # the year 2100: no clock that is later is believed
_NEWEST, _BOOTS = 4, 3
KINDS = (
    "scan",
    "clock",
    "covered",
    "log_replaced",
    "log_edited",
    "configuration",
    "receipt_noted",
)


class Held(msgspec.Struct, frozen=True):
    """What the ledger holds of a (kid, epoch): (seq, server UTC seconds of arrival, record) of
    KINDS in order, the devices by index, the seqs of punches that arrived another way before."""

    kid: str
    epoch: int
    records: Sequence[tuple[int, int, AnyRecord]]
    serials: Mapping[int, str]
    repeats: Set[int]


class State(msgspec.Struct, frozen=True, array_like=True):
    """Where reading stands after event `seq`: everything that records leave for those after them.

    `shown` is the latest second that each device stamped, `up` the latest boot-time second of the
    kiosk's own scans in the newest mark's boot: what later clock marks may not reach back to.
    `unnamed`: a record named a device that the chain had not introduced.
    """

    seq: int = 0
    mark: int = -1
    configured: int = 0
    after: int | None = None
    measured: dict[int, tuple[str, int]] = {}
    whole: dict[int, int] = {}
    since: dict[int, int] = {}
    shown: dict[int, int] = {}
    up: int | None = None
    unnamed: bool = False
    claims: tuple[Claim, ...] = ()


START = State()


class Chain:
    """The records of one (kid, epoch), read; `zone` in minutes east of UTC. Where the records are
    those after a `state`, `history` is of the whole chain."""

    def __init__(
        self, held: Held, zone: int, history: History | None = None, state: State = START
    ) -> None:
        self._name, self._kid, self._zone = f"{held.kid}-{held.epoch:08x}", held.kid, zone
        self.serials, self._repeats = held.serials, held.repeats
        if history is None:
            told = marks.mentioned(held.records)
            history = clocks.history(told.marks, told.sights)
        self._clocks = history
        self._resume(state)
        self.punches: list[tuple[str, Punch]] = []  # (PIN, punch) of all that are no repeats
        self.rests: list[State] = []  # from where it may be worth to read again, newest last
        rests = _rests(history)
        self._belied = marks.belied_notes(held.records)
        for seq, received, record in held.records:
            if isinstance(record, Clock) and self._mark + 1 in rests:
                self.rests.append(self._rest())
            if isinstance(record, Covered | Scan) and record.device not in self.serials:
                self._unnamed = True
            self._take(seq, received, record)
            self._seq = seq
        self.rests.append(self._rest())

    def _resume(self, state: State) -> None:
        self._seq = state.seq
        self._measured = dict(state.measured)  # boot and offset (ms) of each device
        self._after = state.after  # the server time of the newest receipt noted
        self._mark: int = state.mark  # position of the newest clock mark while reading
        self._whole = dict(state.whole)  # up to where each device was read whole
        self._since = dict(state.since)  # from where on its log is known to hold everything
        self._shown, self._up, self._unnamed = dict(state.shown), state.up, state.unnamed
        self.configured = state.configured
        # What was read whole, as far as a trusted clock says so.
        self.claims: list[Claim] = list(state.claims)

    def _rest(self) -> State:
        self.claims = list(coverage.joined(self.claims))
        return State(
            seq=self._seq,
            mark=self._mark,
            configured=self.configured,
            after=self._after,
            measured=dict(self._measured),
            whole=dict(self._whole),
            since=dict(self._since),
            shown=dict(self._shown),
            up=self._up,
            unnamed=self._unnamed,
            claims=tuple(self.claims),
        )

    def _take(self, seq: int, received: int, record: AnyRecord) -> None:
        match record:
            case Clock():
                self._tick()
            case ReceiptNoted() if seq not in self._belied:
                self._after = clockmark.most(self._after, record.server_time)
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

    def _tick(self) -> None:
        before = self._clocks.marks[self._mark].boot if self._mark >= 0 else ""
        self._mark += 1
        mark = self._clocks.marks[self._mark]
        self._measured |= {at: (mark.boot, ms) for at, ms in mark.offsets.items()}
        if mark.boot != before:
            self._up = None

    def _scan(self, seq: int, received: int, record: Scan) -> None:
        self._reach(record)
        latest = self._stored_by(record, self._mark, received)
        whole = self._whole.get(record.device)
        earliest = whole if record.source in retime.DEVICE_SOURCES else self._after
        scan = _scan(record, self._mark, earliest, latest)
        one = self._punch(seq, record, scan)
        if one.derived.t is not None:
            first = self._since.get(record.device, one.derived.t)
            self._since[record.device] = min(first, one.derived.t)
        if seq not in self._repeats:
            self.punches.append((record.pin, one))

    def _reach(self, record: Scan) -> None:
        """How late what was read so far is, by the clocks that stamped it."""
        if record.impossible or not 0 <= record.t < LAST_S:
            return  # no clock gives it a time
        if record.source in retime.DEVICE_SOURCES:
            self._shown[record.device] = max(record.t, self._shown.get(record.device, record.t))
        elif self._mark >= 0:
            mark = self._clocks.marks[self._mark]
            self._up = clockmark.most(self._up, mark.up + record.t + mark.redated - mark.wall)

    def _cover(self, record: Covered) -> None:
        """A device's own log vouches for the time from its oldest record on, not for what may have
        been cleared before; a camera for the time that it was up."""
        through = self._trusted(record.through, self._mark)
        if through is None:
            return
        self._whole[record.device] = through
        first = self._since.setdefault(record.device, through)
        serial = self.serials[record.device]
        if record.since:
            up_since = record.since + through - record.through
            self.claims.append(Claim(serial, up_since, through, SHORT_GAP_S))
        else:
            self.claims.append(Claim(serial, first, through))

    def _trusted(self, t: int, mark: int) -> int | None:
        """A kiosk time as UTC seconds, None where nobody vouches for the clock that gave it. What
        its error allows is taken off: it says up to when something is certain."""
        if mark < 0 or self._clocks.marks[mark].trust < 1:
            return None
        by = self._clocks.marks[mark]
        true = t + by.redated
        return true - clockmark.error_at(by, by.up + true - by.wall) + clockmark.SLACK_S

    def _stored_by(self, record: Scan, mark: int, received: int) -> int:
        """UTC seconds by which the kiosk had stored a scan; a backlog is received weeks later.

        The lag of a device's scan was counted with the offset of the mark before it. Without an
        offset it is 0, and what does not lie between that mark and the arrival proves nothing.
        """
        before = self._clocks.marks[mark] if mark >= 0 else None
        if before is None or before.trust < 1 or not record.lag or record.impossible:
            return received
        boot, offset_ms = self._measured.get(record.device, ("", 0))
        if record.source not in retime.DEVICE_SOURCES or boot != before.boot:
            return received
        stored = record.t + record.lag - offset_ms // 1_000
        return stored + clockmark.error_s(before) if before.wall <= stored < received else received

    def _punch(self, seq: int, record: Scan, scan: retime.Scan) -> Punch:
        derived = retime.derive(scan, self._clocks, self._zone)
        return Punch(
            event=f"{self._name}-{seq}",
            terminal=self.serials.get(record.device, self._kid),
            mode=punch.mode(record.verify),
            derived=derived,
            raw=retime.raw(scan, derived, self._zone),
        )


def _rests(history: History) -> set[int]:
    """The newest marks, and the first ones of the newest boots: what comes later mostly changes
    what follows one of these."""
    marks = history.marks
    begun = [at for at, (old, new) in enumerate(pairwise(marks), 1) if old.boot != new.boot]
    return {*range(max(0, len(marks) - _NEWEST), len(marks)), *begun[-_BOOTS:]}


def _scan(record: Scan, mark: int, earliest: int | None, latest: int) -> retime.Scan:
    return retime.Scan(
        t=record.t,
        source=record.source,
        mark=mark,
        device=record.device,
        impossible=record.impossible or not 0 <= record.t < LAST_S,
        earliest=earliest,
        latest=latest,
    )
