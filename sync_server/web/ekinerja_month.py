"""Somebody's month of activities as the pages show it, and who may see it."""

from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection
from starlette.requests import Request

from sync_server import localtime, office_log, posts, roles, roster, rulings
from sync_server.ekinerja import diary, earning, inbox
from sync_server.ekinerja.activity import Activity
from sync_server.ekinerja.deadlines import Deadlines
from sync_server.ekinerja.earning import Counted, Earned
from sync_server.roles import Viewer
from sync_server.tukin.ruleset import Ruleset
from sync_server.web.place import Place


class Shown(msgspec.Struct, frozen=True):
    """A month: what was done, what counts, who verifies, until when today may be written."""

    nip: str
    name: str
    month: str
    before: str
    after: str
    today: date
    activities: list[Activity]
    counted: list[Counted]
    earned: Earned | None
    rules: Ruleset | None
    superior: str
    until: date
    waits: int

    def minutes(self, state: str) -> int:
        """All minutes in a state."""
        return sum(one.entry.minutes for one in self.activities if one.state == state)

    def in_state(self, state: str) -> list[Activity]:
        """The activities in a state, all where it is ""."""
        return [one for one in self.activities if state in ("", one.state)]


def asked(text: str, today: date) -> str:
    """A month out of an address, this month where it is none."""
    return text if localtime.is_month(text) else f"{today:%Y-%m}"


def shown(tx: Connection, viewer: Viewer, nip: str, text: str, now: float) -> Shown:
    """Somebody's month ("2026-01", anything else is this month)."""
    today = localtime.newest_day(now)
    month = asked(text, today)
    first, last = localtime.month_days(month)
    rules = rulings.in_force(tx, last)
    above = posts.superior_of(tx, nip, today)
    return Shown(
        nip=nip,
        name=name(tx, nip),
        month=month,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{last + timedelta(days=1):%Y-%m}" if last < today else "",
        today=today,
        activities=diary.month(tx, nip, month),
        counted=earning.counted(tx, nip, month, rules) if rules else [],
        earned=earning.earned(tx, nip, month, rules) if rules else None,
        rules=rules,
        superior=name(tx, above) if above else "",
        until=Deadlines(tx).entering(today),
        waits=len(inbox.waiting(tx, viewer.nip, now)),
    )


def told(request: Request, shown: Shown) -> dict[str, object]:
    """What the templates of a month are given."""
    return {"shown": shown, "asked": request.query_params, "imported_day": localtime.newest_day}


def name(tx: Connection, nip: str) -> str:
    """Somebody's name, the NIP where nobody was imported under it."""
    return roster.names(tx, [nip]).get(nip, nip)


def may_see(tx: Connection, viewer: Viewer, one: Activity, now: float) -> bool:
    """Whoever may see the person, and whoever may verify what waits."""
    opd = posts.office_of(tx, one.nip, localtime.newest_day(now)) or ""
    if roles.may_see(viewer, one.nip, opd):
        return True
    return any(other.activity.no == one.no for other in inbox.waiting(tx, viewer.nip, now))


def log(here: Place, viewer: Viewer, nip: str, detail: str) -> None:
    """Note that somebody's activities were read."""
    with here.database.writing() as tx:
        opd = posts.office_of(tx, nip, localtime.newest_day(here.wall())) or ""
        office_log.note(tx, here.wall(), viewer.name, "ekinerja_read", opd, nip, detail)
