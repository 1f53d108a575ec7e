"""The checkpoints of the last months, for whoever keeps them outside the centre."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sync_server import checkpoints, office_log
from sync_server.web import frame, gate, sent
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

_SHOWN = 100
_LARGEST = 2**53


@router.get("/audit/checkpoints")
def listed(request: Request, viewer: gate.Signed) -> Response:
    """The newest checkpoints, each to be taken as a file."""
    gate.demand(viewer, "audit")
    with place(request).database.reading() as tx:
        found = checkpoints.latest(tx, _SHOWN)
    return frame.page(request, viewer, "checkpoints.html", found=found)


@router.get("/audit/checkpoints/{no}.txt")
def take(request: Request, viewer: gate.Signed, no: str) -> Response:
    """One checkpoint as it is mailed; who took it is in the office's log."""
    gate.demand(viewer, "audit")
    here, number = place(request), sent.whole(no)
    with here.database.reading() as tx:
        kept = checkpoints.of_no(tx, number) if 0 < number < _LARGEST else None
    if kept is None:
        raise HTTPException(404)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "checkpoint_taken", detail=f"{number}")
    name = f"hadir-checkpoint-{kept.no}-{kept.day}.txt"
    heads = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(kept.file, headers=heads)
