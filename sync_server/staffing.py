"""What a kiosk is told of its office: who may stand before it, and everybody's hours of the coming
days, small enough for a satellite.

People on one shift share one list of hours. A NIP leaves as a mark that only that kiosk can make.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection

from contract.command import Member, Staff, Window
from contract.people import nip_mark
from sync_server import letters, roster, rulings, shifts
from sync_server.calendar import Calendar
from sync_server.errors import BadFile
from sync_server.ledger import Kiosk
from sync_server.roster import Person, Turn
from sync_server.shifts import Shift

_ROOM = 39_000  # bytes of people and hours in one command
_NO_HOURS: tuple[Window, ...] = ()


class _Rules(msgspec.Struct, frozen=True):
    shifts: dict[str, Shift]
    calendars: dict[int, Calendar]
    turns: dict[str, list[Turn]]


class Briefing(msgspec.Struct, frozen=True):
    """Orders that tell a kiosk its people. `until` is the last day whose hours are in it: earlier
    than asked for where the next year's calendar was not imported yet."""

    orders: tuple[Staff, ...]
    people: int
    until: date


def briefing(tx: Connection, kiosk: Kiosk, days: int, now: int) -> Briefing:
    """Tell a kiosk the people of its office and their hours: from yesterday (a night shift ends
    today) on for `days` days from today. `now`: server UTC seconds, the version. Raises BadFile
    where shifts, this year's calendar or the office's people were never imported."""
    people = roster.people(tx, kiosk.opd)
    if not people:
        raise BadFile("roster", "", "no_people", opd=kiosk.opd)
    rules = _Rules(rulings.shift_table(tx), rulings.calendars(tx), roster.rota(tx))
    if not rules.shifts:
        raise BadFile("roster", "", "no_shifts")
    zone = shifts.zone(people[0].zona)
    today = datetime.fromtimestamp(now + zone * 60, UTC).date()
    span = _span(rules, today, days)
    marks = letters.number_marks(tx)
    entries = [
        (
            Member(one.pin, one.nama, nip_mark(kiosk.mac_key, one.nip), marks.get(one.nip, "")),
            _hours(one, rules, span),
        )
        for one in _present(people, today, span[-1])
    ]
    return Briefing(_parts(entries, now), len(entries), span[-1])


def _span(rules: _Rules, today: date, days: int) -> list[date]:
    """The days, as far as there is a calendar for them. Raises BadFile where there is none today."""
    if today.year not in rules.calendars:
        raise BadFile("roster", today.isoformat(), "no_calendar", year=today.year)
    wanted = [today + timedelta(days=n) for n in range(-1, days)]
    return [day for day in wanted if day.year in rules.calendars]


def _present(people: Sequence[Person], today: date, last: date) -> list[Person]:
    """Whose each PIN is: who has it today, else who is the first to have it in the coming days."""
    chosen: dict[str, Person] = {}
    for one in sorted(people, key=lambda one: one.mulai):
        if one.selesai >= today and one.mulai <= last:
            chosen.setdefault(one.pin, one)
    return sorted(chosen.values(), key=lambda one: (one.nip, one.pin))


def _hours(person: Person, rules: _Rules, span: Iterable[date]) -> tuple[Window, ...]:
    found = (_window(person, rules, day) for day in span if person.mulai <= day <= person.selesai)
    return tuple(window for window in found if window is not None)


def _window(person: Person, rules: _Rules, day: date) -> Window | None:
    """The hours that the daily fact of that day will be judged by; None where there are none."""
    turns = rules.turns.get(person.nip, ())
    code = next((turn.shift for turn in turns if turn.mulai <= day <= turn.selesai), None)
    if code is None:
        return None
    calendar = rules.calendars[day.year]
    shift = rules.shifts.get(calendar.shift_on(code, day))
    if shift is None:
        raise BadFile("roster", day.isoformat(), "unknown_shift", shift=code)
    if calendar.day_kind(day) != "workday" and not shift.works_on_holidays:
        return None
    hours = shifts.window(shift, day, shifts.zone(person.zona))
    if hours is None:
        return None
    return Window(hours.open, hours.due_in, hours.split, hours.due_out, hours.close)


def _parts(entries: Sequence[tuple[Member, tuple[Window, ...]]], version: int) -> tuple[Staff, ...]:
    """People in parts that each fit a command, with the hours that the people of the part need."""
    parts: list[tuple[list[Member], dict[tuple[Window, ...], int]]] = [([], {})]
    room = _ROOM
    for member, hours in entries:
        size = len(msgspec.json.encode(member)) + 4
        members, lists = parts[-1]
        if size + _size(hours, lists) > room:
            members, lists = [], {}
            parts.append((members, lists))
            room = _ROOM
        room -= size + _size(hours, lists)
        if hours != _NO_HOURS:
            index = lists.setdefault(hours, len(lists))
            member = msgspec.structs.replace(member, windows=index)
        members.append(member)
    return tuple(
        Staff(version, tuple(members), tuple(lists), number, len(parts))
        for number, (members, lists) in enumerate(parts, 1)
    )


def _size(hours: tuple[Window, ...], lists: dict[tuple[Window, ...], int]) -> int:
    return 0 if hours in lists or hours == _NO_HOURS else len(msgspec.json.encode(hours)) + 1
