"""Daily facts of an office: roster x rota x calendar x punches x coverage."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache, partial
from itertools import chain, groupby

import msgspec
from sqlalchemy import Connection

from sync_server import coverage, events, fact, pairing, roster, shifts
from sync_server.calendar import Calendar
from sync_server.coverage import Coverage
from sync_server.errors import BadFile
from sync_server.events import Office
from sync_server.fact import Fact
from sync_server.pairing import PersonDay
from sync_server.roster import Person, Turn
from sync_server.shifts import Shift, Window
from sync_server.touches import Punch

_DAY = 86_400


class Rules(msgspec.Struct, frozen=True):
    """What was imported: shifts by code, calendars by year, turns by NIP."""

    shifts: dict[str, Shift]
    calendars: dict[int, Calendar]
    turns: dict[str, list[Turn]]


def facts(tx: Connection, opd: str, first: date, last: date) -> Iterator[Fact]:
    """The facts of an office's people from `first` to `last`, by NIP and date.

    A person without a turn on a date has no fact for it. Raises BadFile where something that the
    facts rest on was never imported.
    """
    rules = Rules(roster.shift_table(tx), roster.calendars(tx), roster.rota(tx))
    if not rules.shifts:
        raise BadFile("facts", "", "no_shifts")
    people = roster.people(tx, opd)
    if not people:
        raise BadFile("facts", "", "no_people", opd=opd)
    office = events.of_office(tx, opd, shifts.zone(people[0].zona))
    covered = cache(partial(_coverage, office))  # people on one shift share its window
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for _, entries in groupby(people, key=lambda person: person.nip):
        own = list(entries)
        for day in days:
            if known := [person for person in own if person.mulai <= day <= person.selesai]:
                yield from _fact(known, day, office, rules, covered)


def json_lines(found: Iterable[Fact]) -> str:
    """One JSON object a line."""
    return "".join(fact.to_json(one).decode() + "\n" for one in found)


def table(found: Iterable[Fact]) -> str:
    """CSV with the columns of the schema; NIP stays text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fact.COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(fact.row, found))
    return out.getvalue()


def _fact(
    known: list[Person],
    day: date,
    office: Office,
    rules: Rules,
    covered: Callable[[Window | None], Coverage],
) -> Iterator[Fact]:
    """`known`: the entries of one person that are valid on the day, one for each PIN."""
    person = known[0]
    turns = rules.turns.get(person.nip, ())
    code = next((turn.shift for turn in turns if turn.mulai <= day <= turn.selesai), None)
    if code is None:
        return
    if day.year not in rules.calendars:
        raise BadFile("facts", day.isoformat(), "no_calendar", year=day.year)
    calendar = rules.calendars[day.year]
    code = calendar.shift_on(code, day)
    if code not in rules.shifts:
        raise BadFile("facts", day.isoformat(), "unknown_shift", shift=code)
    shift = rules.shifts[code]
    zone = shifts.zone(person.zona)
    window = shifts.window(shift, day, zone)
    seen = covered(window)
    one = pairing.pair(
        PersonDay(
            nip=person.nip,
            opd=person.opd,
            workdate=day,
            zone=zone,
            shift=shift.code,
            window=window,
            day_kind=calendar.day_kind(day),
            works_on_holidays=shift.works_on_holidays,
            punches=_around(chain(*(office.punches.get(p.pin, ()) for p in known)), window),
            complete=seen.complete,
            behind=tuple(one.device for one in seen.behind),
        )
    )
    yield _held_by_fork(one, office, window)


def _coverage(office: Office, window: Window | None) -> Coverage:
    if window is None:
        return Coverage(complete=True, behind=())
    return coverage.judge(office.claims, office.devices, window.open, window.close)


def _around(punches: Iterable[Punch], window: Window | None) -> list[Punch]:
    """Punches that may concern the day: by their time, or by the bounds of one without a time."""
    if window is None:
        return []
    first, last = window.open - _DAY, window.close + _DAY
    return [
        one
        for one in punches
        if (one.derived.hi is None or one.derived.hi >= first)
        and (one.derived.lo is None or one.derived.lo <= last)
    ]


def _held_by_fork(one: Fact, office: Office, window: Window | None) -> Fact:
    """While a card may be a copy, its office's days wait for a person to look (`forks resolve`)."""
    since = office.forked_since
    if since is None or window is None or window.close < since - _DAY:
        return one
    if one.status in ("LIBUR_NASIONAL", "CUTI_BERSAMA"):
        return one  # whatever the branches hold, it is a day off
    return msgspec.structs.replace(
        one,
        status="TUNGGU_DATA",
        late_min=0,
        early_min=0,
        coverage="incomplete",
        behind=(*one.behind, "fork"),
    )
