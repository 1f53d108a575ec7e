"""Worked examples judged: each through pairing, price and month as people's days go. Pure.

Their file is in case_file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from sync_server import pairing, shifts
from sync_server.calendar import Calendar
from sync_server.errors import BadFile
from sync_server.fact import Fact
from sync_server.pairing import PersonDay
from sync_server.retime import Derived
from sync_server.shifts import Shift, Window
from sync_server.touches import Punch
from sync_server.tukin import month, productivity, reading
from sync_server.tukin.case_file import Case, DayCase, Event, MonthCase, MonthDay, Worked
from sync_server.tukin.price import price
from sync_server.tukin.ruleset import Ruleset

_NIP, _OPD = "000000000000000000", "kasus"
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?(\+1)?")
_EPOCH = date(1970, 1, 1)


class Files(msgspec.Struct, frozen=True):
    """What the examples stand on."""

    rulesets: Sequence[Ruleset]
    shifts: Mapping[str, Shift]
    calendar: Calendar


class Outcome(msgspec.Struct, frozen=True):
    """One example: what was expected, and the same keys as they came out."""

    id: str
    title: str
    holds: bool
    expected: dict[str, Any]
    got: dict[str, Any]


def judge(case: Case, files: Files, file: str = "cases.json") -> Outcome:
    """One example through pairing, price and month, as people's days go. Raises BadFile."""
    if case.tz not in shifts.ZONES:
        raise BadFile(file, case.id, "unknown_zone", zone=case.tz)
    found = _day(case, files, file) if isinstance(case, DayCase) else _month(case, files, file)
    strange = case.expect.keys() - found.keys()
    if strange:
        raise BadFile(file, case.id, "case_bad", id=case.id, detail=", ".join(sorted(strange)))
    got = {key: found[key] for key in case.expect}
    return Outcome(case.id, case.title, _alike(got, case.expect), case.expect, got)


def _alike(got: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """The order of codes is nobody's claim."""
    return all(
        sorted(got[key]) == sorted(value) if key == "codes" else got[key] == value
        for key, value in expected.items()
    )


def _day(case: DayCase, files: Files, file: str) -> dict[str, Any]:
    rules = _rules(case, files, case.day, file)
    fact = _fact(case, case, case.day, [_punch(n, e) for n, e in enumerate(case.events)], files)
    priced = price(fact, rules, case.streak)
    return {"status": priced.status, "codes": list(priced.codes), "cut_bp": priced.cut_bp}


def _month(case: MonthCase, files: Files, file: str) -> dict[str, Any]:
    given = {day: one for one in case.days for day in _dates(one, case, file)}
    days = []
    for day in _of_month(case, file):
        rules = _rules(case, files, day, file)
        days.append((_worked(case, given.get(day), day, files, file), rules))
    last = days[-1][1]
    try:
        earned = case.ekinerja and productivity.percent_bp(last, case.ekinerja_kind, case.ekinerja)
    except ValueError as problem:
        raise BadFile(file, case.id, "case_bad", id=case.id, detail=problem) from problem
    earned_bp = earned if isinstance(earned, int) else None
    record = month.total(_NIP, _OPD, case.month, days, case.tpp, earned_bp, case.carried)
    found = msgspec.json.decode(msgspec.json.encode(record))
    kept = ("days", "rulesets", "nip", "opd")
    return {key: value for key, value in found.items() if key not in kept}


def _of_month(case: MonthCase, file: str) -> Iterator[date]:
    try:
        day = date.fromisoformat(f"{case.month}-01")
    except ValueError as problem:
        raise BadFile(file, case.id, "case_bad", id=case.id, detail=case.month) from problem
    while day.strftime("%Y-%m") == case.month:
        yield day
        day += timedelta(days=1)


def _dates(one: MonthDay, case: MonthCase, file: str) -> Iterator[date]:
    first = one.day or one.first
    if first is None:
        raise BadFile(file, case.id, "case_bad", id=case.id, detail="date")
    for n in range(((one.last or first) - first).days + 1):
        yield first + timedelta(days=n)


def _rules(case: Case, files: Files, day: date, file: str) -> Ruleset:
    named = [case.ruleset] if isinstance(case.ruleset, str) else case.ruleset
    known = [one for one in files.rulesets if one.id in named]
    if len(known) < len(named):
        lost = next(name for name in named if name not in {one.id for one in known})
        raise BadFile(file, case.id, "case_no_rules", id=case.id, ruleset=lost)
    return (reading.in_force(known, day) or known[0]) if len(known) > 1 else known[0]


def _worked(case: MonthCase, one: MonthDay | None, day: date, files: Files, file: str) -> Fact:
    """A day of a month: as it is told, and otherwise worked from begin to end (or not at all)."""
    if one is None:
        usual = MonthDay()
        window = _window(case, day, files)
        on_time = window is not None and case.others == "on_time" and _due(case, day, files)
        times = _on_time(window) if window is not None and on_time else []
        return _fact(case, usual, day, [_at(n, t) for n, t in enumerate(times)], files)
    punches = [_punch(n, event) for n, event in enumerate(one.events)]
    for clock in (one.arrival, one.departure):
        if clock is not None:
            punches.append(_at(len(punches), _local(clock, day, case, file)))
    return _fact(case, one, day, punches, files)


def _on_time(window: Window) -> list[int]:
    return [window.due_in, *(begin for begin, _ in window.mid), window.due_out]


def _due(case: Case, day: date, files: Files) -> bool:
    shift = files.shifts[files.calendar.shift_on(case.shift, day)]
    return shift.works_on_holidays or files.calendar.day_kind(day) == "workday"


def _local(clock: str, day: date, case: Case, file: str) -> int:
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise BadFile(file, case.id, "not_a_time", text=clock)
    hour, minute, second, next_day = found.groups()
    midnight = (day - _EPOCH).days * 86_400 - shifts.zone(case.tz) * 60
    later = 86_400 if next_day else 0
    return midnight + int(hour) * 3_600 + int(minute) * 60 + int(second or 0) + later


def _window(case: Case, day: date, files: Files) -> Window | None:
    code = files.calendar.shift_on(case.shift, day)
    if code not in files.shifts:
        raise BadFile("cases", case.id, "unknown_shift", shift=code)
    return shifts.window(files.shifts[code], day, shifts.zone(case.tz))


def _fact(case: Case, one: Worked, day: date, punches: Sequence[Punch], files: Files) -> Fact:
    """The day's fact. A day's `apel` says whether there was a roll call, and where the shift file has
    no hours for one, also who answered it; a month's days follow the shift file."""
    window = _window(case, day, files)
    code = files.calendar.shift_on(case.shift, day)
    if window is not None and one.apel is None and isinstance(case, DayCase):
        window = msgspec.structs.replace(window, apel=None)
    rules = _rules(case, files, day, "cases")
    fact = pairing.pair(
        PersonDay(
            nip=_NIP,
            opd=_OPD,
            workdate=day,
            zone=shifts.zone(case.tz),
            shift=code,
            window=window,
            day_kind=files.calendar.day_kind(day),
            works_on_holidays=files.shifts[code].works_on_holidays,
            punches=punches,
            complete=one.coverage_complete,
            absences=one.absences,
            excused=one.excused,
            measure=rules.measure,
            exempt=one.exempt,
        )
    )
    if one.apel is None or (window is not None and window.apel is not None):
        return fact
    answered = one.apel in (True, "attended")
    return msgspec.structs.replace(fact, apel="attended" if answered else "missed")


def _at(n: int, t: int) -> Punch:
    return Punch(f"K{n:03}", "K", "finger", Derived(t, t, t, "ok", "case"))


def _punch(n: int, event: Event) -> Punch:
    t = int(event.t.timestamp())
    if event.clock == "unknown":
        return Punch(f"K{n:03}", "K", "finger", Derived(None, None, None, "unknown", "case"))
    if event.clock == "bounded":
        lo, hi = (int(at.timestamp()) if at else None for at in (event.lo, event.hi))
        return Punch(f"K{n:03}", "K", "finger", Derived(None, lo, hi, "bounded", "case"))
    return Punch(f"K{n:03}", "K", "finger", Derived(t, t, t, event.clock, "case"))
