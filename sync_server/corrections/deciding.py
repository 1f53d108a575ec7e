"""Who says yes and no."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from sync_server import decisions, dirt, notices, posts, roles, roster, rulings
from sync_server.corrections import asking, excusing, record
from sync_server.corrections.asking import WHAT, By
from sync_server.corrections.record import SUBJECT, Correction
from sync_server.corrections.seats import Matter, Past, State, refusal
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.tukin import reading


def approve(tx: Connection, no: int, viewer: Viewer, now: float, note: str = "") -> State:
    """Say yes; the state after it. The second yes excuses the checkpoints. Raises BadFile."""
    state = _decide(tx, no, "approve", By(viewer, now, note))
    if state == "approved":
        one = asking.fetched(tx, no)
        _mark(tx, one, now)
        _tell(tx, one, now)
    return state


def reject(tx: Connection, no: int, viewer: Viewer, now: float, note: str) -> State:
    """Say no, with the reason. Raises BadFile."""
    if not note.strip():
        raise BadFile(WHAT, "", "correction_why")
    state = _decide(tx, no, "reject", By(viewer, now, note.strip()))
    _tell(tx, asking.fetched(tx, no), now)
    return state


def barred(tx: Connection, one: Correction, viewer: Viewer, verdict: str = "approve") -> str:
    """Why somebody may not decide it now (a code of wording), "" where he may."""
    if not roles.may(viewer, "approve"):
        return "correction_not_seat"
    if one.state not in record.OPEN:
        return "correction_state"
    [matter] = _matters(tx, [one])
    return refusal(viewer, matter, verdict)


def for_viewer(tx: Connection, viewer: Viewer) -> list[Correction]:
    """What waits for somebody's yes or no, the oldest first."""
    if not roles.may(viewer, "approve"):
        return []
    found = record.of_offices(tx, viewer.reach, viewer.juniors, record.OPEN)
    known = zip(found, _matters(tx, found), strict=True)
    return [one for one, matter in known if not refusal(viewer, matter, "approve")]


def may_see(viewer: Viewer, one: Correction) -> bool:
    """Whether somebody may read a correction: his own, his juniors', those of his offices. An outage
    is for whoever has people in its office."""
    if one.asked_by == viewer.name:
        return True
    if one.is_outage:
        return roles.may(viewer, "see_people", one.opd)
    return roles.may_see(viewer, one.nip, one.opd)


def _decide(tx: Connection, no: int, verdict: str, by: By) -> State:
    one = asking.locked(tx, no)
    if code := barred(tx, one, by.viewer, verdict):
        raise BadFile(WHAT, "", code, no=no, state=one.state, name=by.viewer.name)
    return asking.move(tx, one, verdict, by)


def _matters(tx: Connection, found: Sequence[Correction]) -> Iterator[Matter]:
    """What each of them is about, in their order."""
    acts = decisions.of_many(tx, SUBJECT, [one.ref for one in found])
    known = rulings.rulesets(tx)
    ladder = posts.ladder(tx, {one.nip for one in found if not one.is_outage})
    for one in found:
        rules = reading.in_force(known, one.workdate)
        kind = rules.regularise.get(one.kind) if rules else None
        superior = "" if one.is_outage else ladder.superior(one.nip, one.workdate)
        past = tuple(
            Past(done.verdict, done.who, done.nip, done.role) for done in acts.get(one.ref, ())
        )
        yield Matter(one.nip, one.opd, superior, kind.approvers if kind else (), past)


def _tell(tx: Connection, one: Correction, now: float) -> None:
    """Other applications learn what was decided, and nothing of why."""
    body: dict[str, object] = {
        "no": one.no,
        "opd": one.opd,
        "nip": one.nip,
        "workdate": one.workdate.isoformat(),
    }
    body |= {"kind": one.kind, "points": list(one.points), "state": one.state}
    notices.tell(tx, "correction.decided", body, int(now))


def _mark(tx: Connection, one: Correction, now: float) -> None:
    if not one.is_outage:
        dirt.mark_person(tx, one.nip, one.workdate, one.workdate, now)
        return
    dirt.mark(tx, one.opd, *excusing.reach(one, roster.people(tx, one.opd)), now)
