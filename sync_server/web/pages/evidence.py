"""/events/{kid}/{epoch}/{seq}: one raw event, the end of every trace."""

from datetime import timedelta

from fastapi import APIRouter, HTTPException
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import localtime, office_log, roles, roster
from sync_server.explain import told, trace
from sync_server.explain.trace import Traced
from sync_server.roles import Viewer
from sync_server.web import frame
from sync_server.web.gate import Forbidden, Signed
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

_LARGEST = 2**53


@router.get("/events/{kid}/{epoch}/{seq}")
def event(request: Request, viewer: Signed, kid: str, epoch: str, seq: int) -> Response:
    """The event as the ledger holds it. `epoch` in hex, as facts and evidence name it."""
    here = place(request)
    with here.database.reading() as tx:
        found = trace.trace(tx, kid, _epoch(epoch), seq) if 0 < seq < _LARGEST else None
        nip = _whose(tx, found) if found else ""
        zone = roster.zone(tx, found.opd) if found else None
    _demand(viewer, found, nip)
    if found is None:
        raise HTTPException(404)
    if nip != viewer.nip:
        with here.database.writing() as tx:
            name = f"{kid}-{epoch}-{seq}"
            office_log.note(tx, here.wall(), viewer.name, "read_event", found.opd, nip, name)
    values: dict[str, object] = {
        "found": found,
        "name": f"{kid}-{epoch}-{seq}",
        "zone": zone or localtime.WIB,
        "nip": nip,
    }
    if found.derived is not None:
        values["method"] = told.method(frame.lang(request), found.derived.method)
    return frame.page(request, viewer, "event.html", **values)


def _epoch(text: str) -> int:
    """The epoch in an address; what is none is no page."""
    try:
        return int(text, 16) % 2**32
    except ValueError as problem:
        raise HTTPException(404) from problem


def _whose(tx: Connection, found: Traced) -> str:
    """Whose scan it is by the office's roster, "" where it is nobody's."""
    at = found.received.date()
    people = [one for one in roster.people(tx, found.opd) if found.pin and one.pin == found.pin]
    near = (p for p in people if p.mulai <= at + timedelta(days=1) and at <= p.selesai)
    return next((one.nip for one in near), people[-1].nip if people else "")


def _demand(viewer: Viewer, found: Traced | None, nip: str) -> None:
    """A scan is for those who may read its person's record; what else a kiosk tells, for those who see
    people or kiosks there. Whoever may see neither does not learn whether it exists."""
    opd = found.opd if found else None
    if nip and roles.may_see(viewer, nip, opd or ""):
        return
    if roles.may(viewer, "see_people", opd) or (not nip and roles.may(viewer, "see_kiosks", opd)):
        return
    raise Forbidden
