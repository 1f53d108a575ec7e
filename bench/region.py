"""A region's staff and their punches, in the centre's tables and in the one plain table of a peer.

Everybody punches on most working days; one in a hundred days has no punch, one in forty lacks one.
A twelfth of the staff works at night. Nobody is a real person.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import msgspec
from sqlalchemy import Connection

from sync_server import calendar, regulations, rulings, schema, shifts
from sync_server.calendar import Calendar
from sync_server.database import Database
from sync_server.daybook import placing
from sync_server.retime import Derived
from sync_server.shifts import Shift, Window
from sync_server.touches import Punch

OFFICE = 60
BASE = 3_000_000
_WIB = 420
_ALWAYS = {"valid_from": "0001-01-01", "valid_to": "9999-12-31"}
_RULES = "rules-40-60"

Scan = tuple[str, int]  # NIP, UTC seconds


class Region(msgspec.Struct, frozen=True):
    """So many staff in offices of sixty, from `first` to `last`."""

    staff: int
    first: date
    last: date

    @property
    def offices(self) -> list[str]:
        """Their codes."""
        return [f"1.{no:03}" for no in range(-(-self.staff // OFFICE))]

    @property
    def days(self) -> list[date]:
        """Every date."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def people(self, opd: str) -> list[tuple[str, str]]:
        """(NIP, shift) of an office."""
        first = int(opd.partition(".")[2]) * OFFICE
        return [(f"{no:018}", shift(no)) for no in range(first, min(first + OFFICE, self.staff))]


class Hours:
    """The shipped shifts and calendar of 2026, as a peer may know them: windows by shift and date."""

    def __init__(self) -> None:
        self._shifts: dict[str, Shift] = shifts.parse(regulations.text("shifts.toml"), "shifts")
        self._calendar: Calendar = calendar.parse(regulations.text("calendar-2026.toml"))

    def window(self, code: str, day: date) -> Window | None:
        """The hours that somebody has to work; None on a day off."""
        found = self._shifts[self._calendar.shift_on(code, day)]
        if self._calendar.day_kind(day) != "workday" and not found.works_on_holidays:
            return None
        return shifts.window(found, day, _WIB)


def shift(no: int) -> str:
    """Whose night it is."""
    return "RS_MALAM" if no % 12 == 7 else "REG"


def furnish(database: Database, region: Region, hours: Hours) -> int:
    """Make the region in an empty database, with a peer's table `scan`; how many punches it has."""
    draw, count = Random(5), 0  # noqa: S311 - no secret
    with database.writing() as tx:
        _imports(tx)
        tx.exec_driver_sql("CREATE TABLE scan (nip TEXT NOT NULL, t BIGINT NOT NULL)")
    for opd in region.offices:
        with database.writing() as tx:
            _office(tx, region, opd)
            scans = list(_scans(region, opd, hours, draw))
            _store(tx, opd, scans)
            count += len(scans)
    with database.writing() as tx:
        tx.exec_driver_sql("CREATE INDEX scan_nip_t ON scan (nip, t)")
        tx.exec_driver_sql("ANALYZE")
    return count


def _imports(tx: Connection) -> None:
    for kind, name, file in (
        ("shifts", "shifts", "shifts.toml"),
        ("calendar", "2026", "calendar-2026.toml"),
    ):
        rulings.store_ruling(tx, kind, name, regulations.text(file), 0)
    rulings.store_rules(tx, regulations.text(_RULES), _RULES, 0, "bench")


def _office(tx: Connection, region: Region, opd: str) -> None:
    people = region.people(opd)
    named = {"opd": opd, "name": "", "zone": "WIB"}
    tx.execute(
        schema.person.insert(), [{"nip": n, "pin": n, **named, **_ALWAYS} for n, _ in people]
    )
    tx.execute(schema.rota.insert(), [{"nip": n, "shift": s, **_ALWAYS} for n, s in people])
    tx.execute(schema.post.insert(), [{"nip": n, "base": BASE, **_ALWAYS} for n, _ in people])
    kid = f"K{opd}"
    row = {"kid": kid, "opd": opd, "mac_key": b"", "invited": 0}
    tx.execute(schema.kiosk.insert().values(**row))
    what = {"serial": kid, "family": "ZKTeco", "firmware": ""}
    tx.execute(schema.device.insert().values(kid=kid, epoch=1, idx=1, **what))
    span = {"since": 0, "through": 1 << 40, "spare": 0}
    tx.execute(schema.claim.insert().values(kid=kid, epoch=1, serial=kid, **span))


def _scans(region: Region, opd: str, hours: Hours, draw: Random) -> Iterator[Scan]:
    for nip, code in region.people(opd):
        for day in region.days:
            window = hours.window(code, day)
            fate = draw.random()
            if window is None or fate < 0.01:
                continue
            if fate > 0.025:
                arrived = window.due_in + draw.randint(-2_400, 1_200)
                yield nip, arrived
                if fate > 0.8:
                    yield nip, arrived + 4  # to be sure
            if not 0.01 <= fate < 0.02:
                yield nip, window.due_out + draw.randint(-900, 3_600)


def _store(tx: Connection, opd: str, scans: list[Scan]) -> None:
    kid = f"K{opd}"
    rows = []
    for seq, (nip, t) in enumerate(scans, 1):
        derived = Derived(t, t - 5, t + 5, "ok", "device")
        body = placing.body(Punch(f"{kid}-00000001-{seq}", kid, "finger", derived))
        where = {"kid": kid, "epoch": 1, "seq": seq, "opd": opd, "pin": nip}
        rows.append({**where, "lo": t, "hi": t, "body": body})
    tx.execute(schema.placed.insert(), rows)
    mark = "%s" if tx.dialect.name == "postgresql" else "?"
    tx.exec_driver_sql(f"INSERT INTO scan VALUES ({mark}, {mark})", scans)  # noqa: S608 - ours
