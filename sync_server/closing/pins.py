"""Whose touches hold no month: somebody answers for a PIN's being no employee's, as a guard's is."""

from sqlalchemy import Connection

from sync_server import decisions, office_log, roles
from sync_server.closing import steps
from sync_server.closing.deed import Deed
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.sheet import unowned


def may_answer(viewer: Viewer, opd: str) -> bool:
    """Whether he may answer for an office's PINs: who gives one of the two approvals."""
    return steps.may_approve(viewer, opd) or roles.may(viewer, "freeze", opd)


def answer(tx: Connection, opd: str, pin: str, deed: Deed) -> None:
    """Keep that this PIN is no employee's, and who says so and why (the deed's note), for all months.
    Raises BadFile where it is not his to say, or he does not say why."""
    if not may_answer(deed.viewer, opd):
        raise BadFile("pin", f"{opd}/{pin}", "month_not_yours", opd=opd)
    if not deed.note.strip():
        raise BadFile("pin", f"{opd}/{pin}", "pin_why", pin=pin)
    ref = unowned.ref(opd, pin)
    decisions.decide(tx, unowned.SUBJECT, ref, "stranger", deed.viewer, deed.at, deed.note.strip())
    detail = f"{pin}: {deed.note.strip()}"
    office_log.note(tx, deed.at, deed.viewer.name, "pin_stranger", opd, detail=detail)
