"""What waits for a superior: whose activities somebody may verify, which of them are overdue, and what
was decided.

Those who may: the superior of that day, the superior of today (an acting one takes over what waits), and,
once the days for verifying are over, the heads of the office and of those above it.
"""

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import Connection

from sync_server import decisions, localtime, office_log, posts
from sync_server.ekinerja import diary
from sync_server.ekinerja.activity import Activity
from sync_server.ekinerja.deadlines import Deadlines
from sync_server.errors import BadFile
from sync_server.posts import Ladder
from sync_server.roles import Viewer


class Waiting(msgspec.Struct, frozen=True):
    """A submitted activity. `until`: the last day for verifying it; `overdue`: that day is over."""

    activity: Activity
    until: date
    overdue: bool


def waiting(tx: Connection, nip: str, now: float) -> list[Waiting]:
    """What somebody may verify, oldest first."""
    if not nip:
        return []
    today = localtime.newest_day(now)
    nips = posts.below(tx, nip)
    bounds = Deadlines(tx)
    found = [_weighed(bounds, one, today) for one in diary.waiting(tx, nips)]
    ladder = posts.ladder(tx, {one.activity.nip for one in found})
    return [one for one in found if nip in _verifiers(ladder, one, today)]


def everything(tx: Connection, offices: Collection[str] | None, now: float) -> list[Waiting]:
    """What waits for anybody, oldest first; of the people of these offices (None: all)."""
    today, bounds = localtime.newest_day(now), Deadlines(tx)
    found = [_weighed(bounds, one, today) for one in diary.waiting(tx, None)]
    if offices is None:
        return found
    ladder = posts.ladder(tx, {one.activity.nip for one in found})
    return [one for one in found if ladder.office(one.activity.nip, today) in offices]


def verify(tx: Connection, nos: Collection[int], viewer: Viewer, now: float) -> int:
    """Verify many at once; returns how many. Raises BadFile where one is not his to verify; then the
    caller's transaction has to be undone."""
    for no in nos:
        _decide(tx, no, viewer, now)
    return len(nos)


def send_back(tx: Connection, no: int, viewer: Viewer, now: float, note: str) -> None:
    """Return an activity to its doer, with the reason. Raises BadFile."""
    if not note.strip():
        raise BadFile("ekinerja", "note", "return_needs_note")
    _decide(tx, no, viewer, now, note.strip())


def _decide(tx: Connection, no: int, viewer: Viewer, now: float, note: str = "") -> None:
    found = diary.get(tx, no)
    if found is None or not _may(tx, found, viewer, now):
        raise BadFile("ekinerja", "", "activity_not_yours")
    state = "returned" if note else "verified"
    verdict = {"state": state, "verifier": viewer.name, "decided": int(now), "note": note}
    if not diary.decide(tx, found, verdict):
        raise BadFile("ekinerja", "", "activity_decided")
    decisions.decide(tx, "activity", str(no), state, viewer, now, note)
    opd = posts.office_of(tx, found.nip, found.entry.workdate) or ""
    office_log.note(tx, now, viewer.name, f"activity_{state}", opd, found.nip, str(no))


def _may(tx: Connection, found: Activity, viewer: Viewer, now: float) -> bool:
    """Nobody verifies his own, whatever the posts say."""
    if not viewer.nip or viewer.nip == found.nip:
        return False
    today = localtime.newest_day(now)
    ladder = posts.ladder(tx, [found.nip])
    return viewer.nip in _verifiers(ladder, _weighed(Deadlines(tx), found, today), today)


def _verifiers(ladder: Ladder, one: Waiting, today: date) -> set[str]:
    nip, day = one.activity.nip, one.activity.entry.workdate
    found = {ladder.superior(nip, day), ladder.superior(nip, today)}
    if one.overdue:
        found.update(ladder.heads(nip, today))
    return found - {nip, ""}


def _weighed(bounds: Deadlines, one: Activity, today: date) -> Waiting:
    until = bounds.verifying(one.entry.workdate, localtime.newest_day(one.submitted))
    return Waiting(one, until, today > until)
