"""The people's days of an office: what each rests on, read in few queries, and the fact of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain

import msgspec
from sqlalchemy import Connection

from sync_server import absences, corrections, pairing, plain, rulings
from sync_server.coverage import Coverage
from sync_server.daybook import ordinary, placing, watch
from sync_server.daybook.duties import Duties, Duty
from sync_server.daybook.placing import Body
from sync_server.fact import Fact, Point, Status
from sync_server.folded import fold
from sync_server.pairing import PersonDay
from sync_server.shifts import Window
from sync_server.touches import Measure
from sync_server.tukin.ruleset import Ruleset

_DAY = 86_400
_WHATEVER = ("LIBUR_NASIONAL", "CUTI_BERSAMA", "DIKECUALIKAN")  # no punch would change these
_WIDE_S = 10_800  # the index placed_wide is of punches whose time is a longer interval
Excuses = Mapping[tuple[str, date], tuple[Point, ...]]
Absences = Mapping[tuple[str, date], tuple[pairing.Absence, ...]]


class Placed:
    """Punches of some days by PIN, to be asked for those of a window; `rows` in the order of `hi`."""

    def __init__(self, rows: Iterable[tuple[str, int, int, bytes]]) -> None:
        self._sure: dict[str, tuple[list[int], list[bytes]]] = {}
        self._wide: dict[str, list[tuple[int, int, bytes]]] = {}
        for pin, lo, hi, body in rows:
            if lo != hi:
                self._wide.setdefault(pin, []).append((lo, hi, body))
                continue
            held = self._sure.get(pin)
            if held is None:
                held = self._sure[pin] = [], []
            held[0].append(lo)
            held[1].append(body)

    def within(self, pins: Sequence[str], first: int, last: int) -> list[Body]:
        """Those that may lie from first to last (UTC seconds)."""
        found = []
        for pin in pins:
            if pin in self._sure:
                times, bodies = self._sure[pin]
                these = bodies[bisect_left(times, first) : bisect_right(times, last)]
                found += [placing.read(body) for body in these]
            for lo, hi, body in self._wide.get(pin, ()):
                if lo <= last and hi >= first:
                    found.append(placing.read(body))
        return found


_EXEMPT = (
    "SELECT nip, valid_from, valid_to FROM post WHERE exempt AND valid_from <= ? AND valid_to >= ?"
)


class Exempt:
    """Whom a post frees from being recorded, between which dates."""

    def __init__(self, tx: Connection, first: date, last: date) -> None:
        self._spans: dict[str, list[tuple[str, str]]] = {}
        for nip, begin, end in plain.rows(tx, _EXEMPT, f"{last}", f"{first}"):
            self._spans.setdefault(nip, []).append((begin, end))

    def on(self, nip: str, day: date) -> bool:
        """Whether somebody is exempt on a date."""
        spans = self._spans.get(nip)
        if not spans:
            return False
        on = day.isoformat()
        return any(begin <= on <= end for begin, end in spans)


class Days(msgspec.Struct, frozen=True):
    """An office's people and dates, with what their days rest on."""

    duties: list[Duty]
    placed: Placed
    judge: Callable[[Window | None], Coverage]
    absences: Absences
    excuses: Excuses
    exempt: Exempt
    measures: Mapping[date, Measure]
    forked_since: int | None

    def each(self) -> Iterator[PersonDay]:
        """By date and NIP."""
        return map(self._day, self.duties)

    def kept(self) -> Iterator[tuple[str, date, Status, bytes]]:
        """NIP, date, status and folded fact of each."""
        for duty in self.duties:
            made = self._ordinary(duty)
            if made is None:
                one = self._held(pairing.pair(self._day(duty)), duty.window)
                made = one.status, fold(one)
            yield duty.nip, duty.workdate, *made

    def _ordinary(self, duty: Duty) -> tuple[Status, bytes] | None:
        of = duty.nip, duty.workdate
        if self.forked_since is not None or of in self.absences or of in self.excuses:
            return None
        if not self.judge(duty.window).complete or self.exempt.on(*of):
            return None
        return ordinary.of(duty, self._punches(duty), self.measures[duty.workdate])

    def _punches(self, duty: Duty) -> list[Body]:
        window = duty.window
        return self.placed.within(duty.pins, window.open, window.close) if window else []

    def _held(self, one: Fact, window: Window | None) -> Fact:
        """While a card may be a copy, its office's days wait for a person to look (`forks resolve`)."""
        since = self.forked_since
        if since is None or window is None or window.close < since - _DAY:
            return one
        if one.status in _WHATEVER:
            return one
        return msgspec.structs.replace(
            one,
            status="TUNGGU_DATA",
            late_min=0,
            early_min=0,
            coverage="incomplete",
            behind=(*one.behind, "fork"),
        )

    def _day(self, duty: Duty) -> PersonDay:
        window, of = duty.window, (duty.nip, duty.workdate)
        seen = self.judge(window)
        return PersonDay(
            nip=duty.nip,
            opd=duty.opd,
            workdate=duty.workdate,
            zone=duty.zone,
            shift=duty.shift,
            window=window,
            day_kind=duty.kind,
            works_on_holidays=duty.works_on_holidays,
            punches=[*map(placing.punch, self._punches(duty))],
            complete=seen.complete,
            behind=tuple([one.device for one in seen.behind]) if seen.behind else (),
            absences=self.absences.get(of, ()),
            excused=self.excuses.get(of, ()),
            measure=self.measures[duty.workdate],
            exempt=self.exempt.on(*of),
        )


def load(tx: Connection, who: Duties, on: Collection[date]) -> Days:
    """What the days of these people rest on. Raises BadFile where a file lacks."""
    who.check()
    found = [duty for day in sorted(on) for duty in who.of_day(day)]
    windows = [duty.window for duty in found if duty.window]
    seen = watch.load(tx, who.opd)
    nips, first, last = {duty.nip for duty in found}, min(on), max(on)
    span = (
        min((window.open for window in windows), default=0),
        max((window.close for window in windows), default=0),
    )
    rulesets = rulings.rulesets(tx)
    return Days(
        duties=found,
        placed=Placed(_placed(tx, who.opd, *span)),
        judge=cache(seen.judge),
        absences=_costing(absences.of_people(tx, nips, first, last), rulesets),
        excuses=corrections.excuses(tx, who.opd, first, last),
        exempt=Exempt(tx, first, last),
        measures={day: rulings.measure_on(rulesets, day) for day in on},
        forked_since=seen.devices.forked_since,
    )


def _costing(found: Absences, rulesets: Sequence[Ruleset]) -> Absences:
    """The absences with what they cost on days that have several documents."""

    def costing(day: date, one: pairing.Absence) -> pairing.Absence:
        cost = rulings.leave_costs(rulesets, day).get(one.code, (0, 0))
        return msgspec.structs.replace(one, cost=cost)

    return {
        (nip, day): tuple(costing(day, one) for one in several) if len(several) > 1 else several
        for (nip, day), several in found.items()
    }


# In the order of the index, so that nobody has to sort.
_NEAR = (
    "SELECT pin, lo, hi, body FROM placed "
    "WHERE opd = ? AND lo <= ? AND hi >= ? AND hi <= ? ORDER BY hi"
)
# In the words of the index, so that PostgreSQL knows it again.
_WIDE = (
    "SELECT pin, lo, hi, body FROM placed "
    "WHERE opd = ? AND lo <= ? AND hi - lo > 10800 AND hi > ? ORDER BY hi"
)


def _placed(
    tx: Connection, opd: str, first: int, last: int
) -> Iterable[tuple[str, int, int, bytes]]:
    """What may have happened between two UTC seconds. Nearly all punches have a time, so that the
    index by it finds them; the others have an index of their own."""
    wide = last + _WIDE_S
    near = plain.rows(tx, _NEAR, opd, last, first, wide)
    return chain(near, plain.rows(tx, _WIDE, opd, last, wide))
