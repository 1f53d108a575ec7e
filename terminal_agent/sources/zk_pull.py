"""A ZKTeco terminal, polled by tail reads; its live events only say that it is time to look.

The device's log is the truth: nothing is ever cleared there, and the device is never locked. What a
poll brings is committed with the cursor in one transaction before the next poll.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from contract.event import LogEdited, LogReplaced, LogShifted, Record, Scan
from contract.event import Operation as OperationNoted
from contract.event import Unreadable as UnreadableNoted
from terminal_agent.clock import Look
from terminal_agent.config import ZkDevice
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.discovery.addresses import Addresses
from terminal_agent.discovery.way import Way
from terminal_agent.errand import Errand
from terminal_agent.errors import SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.rollcall import RollCall
from terminal_agent.zk import oplog, records, tail, users
from terminal_agent.zk.bookmark import CLEAN, NEVER, Finding, Remembered, remembered
from terminal_agent.zk.events import ATTLOG
from terminal_agent.zk.link import ClockReading, Link
from terminal_agent.zk.oplog import Operation
from terminal_agent.zk.poll import PollResult, poll, read_users
from terminal_agent.zk.records import Dialect, Row, Unreadable
from terminal_agent.zk.tail import Replaced, Shifted

log = logging.getLogger(__name__)

_SLICE = 1.0  # seconds that stopping may have to wait for a silent device
_ALMOST_FULL = 0.8
_LAST_YEAR = 2099  # of the protocol's two-digit years


class ZkPull:
    """Keeps one terminal read. `zone`: seconds east of UTC, for the hour of the audit. `salt` is for
    the digests of templates; without one they are not read. `book`: where the kiosk's terminals are."""

    def __init__(
        self, device: ZkDevice, zone: int, salt: bytes = b"", book: Addresses | None = None
    ) -> None:
        self.name = device.name
        self._device = device
        self._night = device.audit_hour * 3600 - zone
        self._live = device.live
        self._way = Way(device, book or Addresses())
        self.rollcall = RollCall(self.name, self._night, salt)

    def run(self, intake: Intake) -> None:
        """Poll until the agent stops. Raises SourceUnavailable, SourceMisconfigured, JournalFailed."""
        while errand := self._until_lent(intake):
            if not errand.lend(intake.wait):
                return

    def _until_lent(self, intake: Intake) -> Errand | None:
        """Poll over one connection until somebody else needs the terminal; None = go home."""
        now = intake.clock.monotonic()
        with self._way.reach(now, lambda serial: intake.remembered(serial) is not None) as link:
            self._listen(link)
            while True:
                errand = intake.errand()
                if errand and errand.aside:
                    intake.begun()
                    return errand
                again = self.poll_once(link, intake, errand)
                if not again:
                    self.rollcall.call(link, intake)
                if not (intake.wait(0) if again else self._wait(link, intake)):
                    return None

    def _listen(self, link: Link) -> None:
        if not self._live:
            return
        try:
            link.register_live()
        except SourceUnavailable as problem:
            # Some firmware refuses events; polling alone misses nothing.
            self._live = problem.code != "refused"
            raise

    def _wait(self, link: Link, intake: Intake) -> bool:
        """Until the next poll is due or the device hints at a punch; False = go home."""
        if not self._live:
            return intake.wait(self._device.every)
        until = intake.clock.monotonic() + self._device.every
        while (left := until - intake.clock.monotonic()) > 0:
            if not intake.wait(0):
                return False
            if intake.errand():
                break
            if hint := link.next_event(min(left, _SLICE)):
                log.info("punch.hint name=%s", self.name)
                if hint.code == ATTLOG:
                    intake.hint(hint.pin or "", hint.verify or 0)
                break
        return intake.wait(0)

    def poll_once(self, link: Link, intake: Intake, errand: Errand | None = None) -> bool:
        """Read what is new and commit it; True where more came in meanwhile. Raises as `run` does.

        `errand`: the poll that was asked for; a full one compares the whole log, as at night.
        """
        known = intake.remembered(link.serial())
        since = known.cursor if known else b""
        before = remembered(since)
        look = intake.clock.look()
        today = (look.wall - self._night) // 86_400
        whole = errand is not None and errand.full
        audit = before is not None and (whole or before.audited != today)
        result = poll(
            link,
            before.bookmark if before else None,
            lambda: int(intake.clock.wall() * 1000),
            newest_year(look),
            audit=audit,
        )
        # A log that was replaced is delivered anew; what of it is stored is known after that.
        audit = audit and not isinstance(result.change, Replaced)
        found, edits = before.found if before else CLEAN, list[Reading]()
        if audit and before:
            found, edits = self._audit(link, intake.raws(result.serial), result, found)
        audited = today if audit or not before else before.audited
        parcel = Delivery(
            serial=result.serial,
            family=result.platform,
            firmware=result.firmware,
            readings=(*_readings(result, first=before is None), *edits),
            offset_ms=offset_ms(result.clock),
            read_at=look.wall,
            count=result.on_device,
            since=since,
            cursor=msgspec.json.encode(
                Remembered(result.bookmark, audited, found, *_looked(before, result))
            ),
        )
        fresh = len(intake.store(parcel).records)
        self._report(intake, result, fresh)
        if errand:
            intake.begun()
            errand.done(f"new={fresh} on_device={result.on_device}")
        return result.poll_again

    def _audit(
        self, link: Link, stored: list[bytes], result: PollResult, before: Finding
    ) -> tuple[Finding, list[Reading]]:
        """Compare the whole log with what is stored; a finding is declared once.

        What was not stored is stored with it, so tomorrow only the missing rows are left to find.
        """
        on_device = result.device_raws or []
        new = Counter(row.raw for row in result.rows)
        edited = tail.audit([*_still_there(stored, on_device), *new.elements()], on_device)
        if edited is None:
            return CLEAN, []
        # Of two equal rows (one second, one person) one is enough: no finding.
        there = set(on_device)
        gone = [raw for raw in edited.missing if raw not in there]
        if not gone and not edited.extra:
            return CLEAN, []
        times = sorted(_times(_decode(link, result, gone)))
        first, last = (times[0], times[-1]) if times else (0, 0)
        missing, extra = len(gone), len(edited.extra)
        log.error("log.edited name=%s missing=%d extra=%d", self.name, missing, extra)
        found = (missing, 0, first, last)
        declared = [Reading(LogEdited(0, missing, extra, first, last))]
        return found, [
            *(declared if extra or found != before else []),
            *(_reading(row, True) for row in _decode(link, result, edited.extra)),
        ]

    def _report(self, intake: Intake, result: PollResult, fresh: int) -> None:
        almost_full = result.capacity is not None and result.capacity >= _ALMOST_FULL
        finding = self._way.finding or self.rollcall.finding
        intake.tell("log_almost_full" if almost_full else finding)
        log.info(
            "poll.done name=%s new=%d on_device=%d bytes=%d prepare_ms=%d",
            self.name,
            fresh,
            result.on_device,
            result.bytes_in + result.bytes_out,
            result.prepare_ms,
        )


def _looked(before: Remembered | None, result: PollResult) -> tuple[int, tuple[int, int]]:
    """When the users were looked at; never, where the operation log tells that they changed since."""
    if before is None:
        return NEVER, (0, 0)
    changed = any(one.code in oplog.ENROLMENT for one in result.operations)
    return NEVER if changed else before.looked, before.enrolled


def offset_ms(clock: ClockReading) -> int | None:
    """Milliseconds that the device's wall clock is ahead of ours; the device shows whole seconds,
    so half of one is added, and the middle of question and answer is when it looked."""
    if clock.device.impossible:
        return None
    return clock.device.t * 1000 + 500 - (clock.asked + clock.answered) // 2


def _readings(result: PollResult, *, first: bool) -> list[Reading]:
    """Everything a poll brought, declared discontinuities before the rows they explain."""
    out = [*_declared(result.change, result.on_device)]
    placed = not first and not isinstance(result.change, Replaced)
    out += [_reading(row, placed) for row in result.rows]
    placed = not first and not isinstance(result.operations_change, Replaced)
    out += [Reading(_operation(item), placed=placed) for item in result.operations]
    return out


def _declared(change: Shifted | Replaced | None, has: int) -> list[Reading]:
    if isinstance(change, Shifted):
        return [Reading(LogShifted(0, change.dropped))]
    if isinstance(change, Replaced):
        return [Reading(LogReplaced(0, change.lost_sight_of, has))]
    return []


def _reading(row: Row | Unreadable, placed: bool) -> Reading:
    record: Record
    if isinstance(row, Unreadable):
        record = UnreadableNoted(0, row.raw, row.reason)
    else:
        record = Scan(0, row.pin, row.t, row.impossible, 0, row.verify, row.punch, row.work, "pull")
    return Reading(record, row.raw, placed)


def _operation(item: Operation) -> OperationNoted:
    return OperationNoted(0, item.code, item.admin, item.t, item.impossible, item.params)


def newest_year(look: Look) -> int:
    """The newest year that a record may carry; a clock that nobody vouches for bounds nothing."""
    year = datetime.fromtimestamp(look.wall, UTC).year
    return year if look.trust else _LAST_YEAR


def _decode(link: Link, result: PollResult, raws: Sequence[bytes]) -> Sequence[Row | Unreadable]:
    if result.dialect is None or not raws:
        return []
    pins = None
    if result.dialect is Dialect.UID8:
        pins = users.pins(read_users(link, result.bookmark.legacy, result.sizes))
    return records.decode(result.dialect, b"".join(raws), pins)


def _still_there(stored: Sequence[bytes], on_device: Sequence[bytes]) -> list[bytes]:
    """Stored rows from the first that the device still holds: the ones before were dropped from
    the head, which is declared when it happens. Of equal rows the first ones were dropped."""
    there, left = Counter(on_device), Counter(stored)
    for at, raw in enumerate(stored):
        if left[raw] <= there[raw]:
            return list(stored[at:])
        left[raw] -= 1
    return []


def _times(rows: Sequence[Row | Unreadable]) -> list[int]:
    return [row.t for row in rows if isinstance(row, Row) and not row.impossible]
