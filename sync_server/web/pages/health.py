"""What programs that watch over the centre ask: is it there, and how are its kiosks."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sync_server import roles
from sync_server.web import gate, measures
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

_HERE = ("127.0.0.1", "::1")


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """200 while the database answers."""
    with place(request).database.reading() as tx:
        measures.answers(tx)
    return PlainTextResponse("ok\n")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus' text format; for this machine, and elsewhere for whoever may see kiosks."""
    forwarded = "x-forwarded-for" in request.headers
    near = not forwarded and request.client and request.client.host in _HERE
    if not near and not roles.may(gate.caller(request), "see_kiosks"):
        raise HTTPException(403)
    here = place(request)
    with here.database.reading() as tx:
        text = measures.text(tx, here.wall())
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")
