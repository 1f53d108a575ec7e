"""Who has hours when: the rota, the calendar and the shift file together."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cache

from sqlalchemy import Connection, select

from sync_server import rulings, schema, shifts
from sync_server.roster import Person
from sync_server.shifts import Window

_SATURDAY = 5
Worked = Callable[[str, date, int], Window | None]


def worked(tx: Connection, nips: Collection[str]) -> Worked:
    """A function of NIP, date and zone (minutes east of UTC) that gives the hours of that day in
    UTC; None where the person has none, by rota or by calendar."""
    table, years, turns = rulings.shift_table(tx), rulings.calendars(tx), _turns(tx, nips)
    windows = cache(shifts.window)

    def on(nip: str, day: date, zone: int) -> Window | None:
        code = next((code for first, last, code in turns.get(nip, ()) if first <= day <= last), "")
        calendar = years.get(day.year)
        shift = table.get(calendar.shift_on(code, day) if calendar else code)
        if shift is None:
            return None
        off = calendar is not None and calendar.day_kind(day) != "workday"
        return None if off and not shift.works_on_holidays else windows(shift, day, zone)

    return on


def workdays(tx: Connection, person: Person | None, since: date, until: date) -> int:
    """How many workdays lie after `since`, up to `until`: of a person's rota and calendar, or
    (None, and days without a turn) Monday to Friday without holidays and joint leave."""
    nips = {person.nip} if person else set()
    on, turns, years = worked(tx, nips), _turns(tx, nips), rulings.calendars(tx)

    def is_workday(day: date) -> bool:
        own = (
            [one for one in turns.get(person.nip, ()) if one[0] <= day <= one[1]] if person else []
        )
        if person and own:
            return on(person.nip, day, shifts.zone(person.zona)) is not None
        calendar = years.get(day.year)
        is_free = calendar is not None and calendar.day_kind(day) != "workday"
        return day.weekday() < _SATURDAY and not is_free

    return sum(map(is_workday, _after(since, until)))


def _after(since: date, until: date) -> Iterator[date]:
    for n in range(1, (until - since).days + 1):
        yield since + timedelta(days=n)


def _turns(tx: Connection, nips: Collection[str]) -> dict[str, list[tuple[date, date, str]]]:
    its = schema.rota.c
    found: dict[str, list[tuple[date, date, str]]] = {}
    for row in tx.execute(select(schema.rota).where(its.nip.in_(nips))):
        days = date.fromisoformat(row.valid_from), date.fromisoformat(row.valid_to)
        found.setdefault(row.nip, []).append((*days, row.shift))
    return found
