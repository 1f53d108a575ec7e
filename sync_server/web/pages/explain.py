"""/explain/{nip}/{date}: why somebody's day costs what it costs."""

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sync_server import closing, written
from sync_server.explain import told
from sync_server.web import frame, records
from sync_server.web.gate import Signed
from sync_server.web.place import place
from sync_server.wording import reasons

router = APIRouter(include_in_schema=False)


@router.get("/explain/{nip}/{date}")
def why(request: Request, viewer: Signed, nip: str, date: str, opd: str = "") -> Response:
    """From the cut down to the raw punch."""
    day = records.day(date)
    with place(request).database.reading() as tx:
        whom = records.whose(tx, viewer, nip, day)
        found = (
            closing.explained(tx, nip, day, opd)
            if day <= records.today(request, whom.zone)
            else None
        )
    if found is None:
        raise HTTPException(404)
    records.note(request, viewer, "read_day", whom, date)
    return frame.page(
        request,
        viewer,
        "explain.html",
        whom=whom,
        found=found,
        told=told,
        dotted=written.rupiah,
        reason=reasons.sentence,
        month=f"{day:%Y-%m}",
        now=int(place(request).wall()),
        today=records.today(request, whom.zone),
    )
