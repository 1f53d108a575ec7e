"""From open to frozen: closed by the office, approved by its head, frozen by BKPSDM.

Closing proposes the month and begins the masa sanggah. The approvals are two, by two people; they
are given for the digest of the sheet's bytes. If facts change in between, a new revision stands in
the place of the old one and has to be approved again; the masa sanggah is not counted anew.
"""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sync_server import decisions, localtime, notices, office_log, roles
from sync_server import sheet as sheets
from sync_server.closing import drafts, lacks, stored
from sync_server.closing.deed import Deed
from sync_server.closing.drafts import Draft
from sync_server.closing.lacks import Lack, NotYet
from sync_server.closing.stored import Revision
from sync_server.database import Database
from sync_server.daybook import book
from sync_server.decisions import Decision
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.sheet import Made
from sync_server.sheet.members import members

SUBJECT = "month"


def may_close(viewer: Viewer, opd: str) -> bool:
    """Whether he may propose the office's month: its head, its administrator, or BKPSDM."""
    entering = viewer.role == "admin_opd" and roles.may(viewer, "enter", opd)
    return entering or roles.may(viewer, "close", opd)


def may_approve(viewer: Viewer, opd: str) -> bool:
    """Whether the first of the two approvals is his: the head of the office, or of one above it."""
    return viewer.role == "kepala" and roles.may(viewer, "close", opd)


def may_reopen(viewer: Viewer, opd: str, state: str) -> bool:
    """Whether he may take it back: what was proposed, whoever may propose; what was approved, only who
    gives one of the approvals, the office's head or BKPSDM."""
    return {"closed": may_close(viewer, opd), "approved": roles.may(viewer, "close", opd)}.get(
        state, False
    )


def close(database: Database, opd: str, month: str, deed: Deed) -> Revision:
    """Propose the month; days may still wait, which approving does not allow. Raises NotYet while
    the month lasts or has no rules, BadFile where it is not his or already closed."""
    _demand(may_close(deed.viewer, opd), opd, month, "month_not_yours")
    with database.reading() as tx:
        drawn = drafts.draw(tx, opd, month)
    with database.writing() as tx:
        return close_drawn(tx, drawn, deed)


def close_drawn(tx: Connection, drawn: Draft, deed: Deed) -> Revision:
    """The writing of `close`."""
    made, opd, month = drawn.made, drawn.made.sheet.opd, drawn.made.sheet.month
    rev = 1 + len(stored.revisions(tx, opd, month))  # before it is asked what stands
    if found := stored.standing(tx, opd, month, lock=True):
        raise _other_state(found.state, opd, month)
    blocking = [one for one in lacks.of_sheet(made.sheet) if one.code in ("NO_RULES", "NO_PEOPLE")]
    _refuse([*lacks.running(tx, opd, month, deed.at), *blocking, *drafts.moved(tx, drawn)])
    return _propose(tx, made, rev, deed)


def approve(database: Database, opd: str, month: str, deed: Deed, seen: str = "") -> Revision:
    """The first approval, after the masa sanggah and with nothing waiting. `seen`: the digest that
    he looked at, where he looked. Raises NotYet, BadFile."""
    _demand(may_approve(deed.viewer, opd), opd, month, "month_not_yours")
    with database.reading() as tx:
        drawn = drafts.draw(tx, opd, month)
    with database.writing() as tx:
        found = _standing(tx, opd, month, "closed")
        changed = [Lack("CHANGED", detail=drawn.digest)] if seen not in ("", drawn.digest) else []
        in_the_way = _in_the_way(tx, drawn)
        _refuse([*in_the_way, *lacks.of_time(tx, found, deed.at), *changed])
        if drawn.digest != found.digest:
            found = _overtake(tx, found, drawn.made, deed)
        _decide(tx, found, "approved", deed)
        return stored.move(tx, found, "approved")


def freeze(database: Database, opd: str, month: str, deed: Deed) -> Revision:
    """The second approval. Makes the month anew from the raw events first; where that, or the sheet,
    is not what was approved, nothing is frozen. Raises NotYet, BadFile."""
    with database.reading() as tx:
        _may_freeze(tx, opd, month, deed)
        offices = sorted({opd}.union(*(one.elsewhere for one in members(tx, opd, month))))
    differing = [one for office in offices for one in _anew(database, office, month, deed.at)]
    _refuse(differing)
    with database.reading() as tx:
        drawn = drafts.draw(tx, opd, month)
    with database.writing() as tx:
        frozen = _freeze(tx, drawn, deed)
    if isinstance(frozen, Lack):  # raised here, so that what stands in its place is kept
        raise NotYet([frozen])
    return frozen


def reopen(database: Database, opd: str, month: str, deed: Deed) -> Revision:
    """Take back a closing that was not frozen, with the reason; closing again begins another masa
    sanggah. Raises BadFile."""
    if not deed.note.strip():
        raise BadFile("month", f"{opd}/{month}", "month_why")
    _demand(may_close(deed.viewer, opd), opd, month, "month_not_yours")
    with database.writing() as tx:
        found = _standing(tx, opd, month, "closed", "approved")
        _demand(may_reopen(deed.viewer, opd, found.state), opd, month, "month_not_yours")
        _decide(tx, found, "reopened", deed)
        return stored.move(tx, found, "reopened")


def _may_freeze(tx: Connection, opd: str, month: str, deed: Deed) -> Revision:
    _demand(roles.may(deed.viewer, "freeze", opd), opd, month, "month_not_yours")
    found = _standing(tx, opd, month, "approved")
    for acted in _acts(tx, found):
        if acted.is_by(deed.viewer):
            raise BadFile("month", found.ref, "month_same_person", who=acted.who)
    return found


def _acts(tx: Connection, found: Revision) -> Iterator[Decision]:
    """What was decided since the month was closed, whatever revision stood then."""
    for one in stored.revisions(tx, found.opd, found.month):
        if one.closed == found.closed:
            yield from decisions.of(tx, SUBJECT, one.ref)


def _freeze(tx: Connection, drawn: Draft, deed: Deed) -> Revision | Lack:
    found = _may_freeze(tx, drawn.made.sheet.opd, drawn.made.sheet.month, deed)
    _refuse(drafts.moved(tx, drawn))
    if drawn.digest != found.digest:
        _overtake(tx, found, drawn.made, deed)
        return Lack("CHANGED", detail=drawn.digest)
    _refuse(_in_the_way(tx, drawn))
    _decide(tx, found, "frozen", deed)
    return stored.move(tx, found, "frozen", int(deed.at))


def _in_the_way(tx: Connection, drawn: Draft) -> list[Lack]:
    sheet = drawn.made.sheet
    return [*lacks.of_sheet(sheet), *lacks.paid_elsewhere(tx, sheet), *drafts.moved(tx, drawn)]


def _anew(database: Database, opd: str, month: str, now: float) -> list[Lack]:
    first, last = localtime.month_days(month)
    return [
        Lack("DIFFERS", nip=one.nip, workdate=str(one.workdate), detail=opd)
        for one in book.rebuild(database, opd, first, last, now)
    ]


def _propose(tx: Connection, made: Made, rev: int, deed: Deed) -> Revision:
    opd, month = made.sheet.opd, made.sheet.month
    found = Revision(
        opd=opd,
        month=month,
        rev=rev,
        digest=sheets.digest(sheets.encode(made.sheet)),
        state="closed",
        closed=int(deed.at),
        closed_by=deed.viewer.name,
        frozen=0,
    )
    try:
        stored.propose(tx, made, found)
    except IntegrityError as problem:  # somebody closed it since we looked
        raise _other_state("closed", opd, month) from problem
    _decide(tx, found, "closed", deed)
    return found


def _overtake(tx: Connection, old: Revision, made: Made, deed: Deed) -> Revision:
    """A revision of what is now, in the place of one whose digest no longer fits."""
    detail = f"{old.month} rev {old.rev} {old.digest}"
    office_log.note(tx, deed.at, deed.viewer.name, "month_overtaken", old.opd, detail=detail)
    stored.move(tx, old, "overtaken")
    digest = sheets.digest(sheets.encode(made.sheet))
    new = msgspec.structs.replace(old, rev=old.rev + 1, digest=digest, state="closed", frozen=0)
    stored.propose(tx, made, new)
    return new


def _decide(tx: Connection, found: Revision, verdict: str, deed: Deed) -> None:
    """Keep who did it, in the office's log too, and tell the applications that asked."""
    decisions.decide(
        tx, SUBJECT, found.ref, verdict, deed.viewer, deed.at, deed.note or found.digest
    )
    detail = f"{found.month} rev {found.rev} {found.digest}"
    office_log.note(tx, deed.at, deed.viewer.name, f"month_{verdict}", found.opd, detail=detail)
    if verdict in ("closed", "frozen"):
        body: dict[str, object] = {"opd": found.opd, "month": found.month, "rev": found.rev}
        body |= {"digest": found.digest, "state": verdict}
        notices.tell(tx, f"month.{verdict}", body, int(deed.at))


def _demand(allowed: bool, opd: str, month: str, code: str) -> None:
    if not allowed:
        raise BadFile("month", f"{opd}/{month}", code, opd=opd)


def _standing(tx: Connection, opd: str, month: str, *wanted: str) -> Revision:
    found = stored.standing(tx, opd, month, lock=True)
    if found is None:
        raise _other_state("open", opd, month)
    if found.state not in wanted:
        raise _other_state(found.state, opd, month)
    return found


def _other_state(state: str, opd: str, month: str) -> BadFile:
    return BadFile("month", f"{opd}/{month}", f"month_is_{state}", month=month, opd=opd)


def _refuse(found: list[Lack]) -> None:
    if found:
        raise NotYet(found)
