"""The office's log for whoever has to look: who did what about whom, newest first."""

from datetime import date, timedelta
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sync_server import localtime, office_log, wording
from sync_server.office_log import Filter
from sync_server.web import frame, gate, sent
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

_ROWS = 100
_WORDS = ("who", "did", "opd", "whom")


@router.get("/audit")
def audit(request: Request, viewer: gate.Signed) -> Response:
    """A page of the log; `since` and `until` are days in WIB, both included."""
    gate.demand(viewer, "audit")
    asked = {name: request.query_params.get(name, "") for name in (*_WORDS, "since", "until")}
    wanted = Filter(
        **{name: asked[name].strip() for name in _WORDS},
        since=_start(asked["since"], 0),
        until=_start(asked["until"], 1),
        before=sent.whole(request.query_params.get("before", "")),
    )
    with place(request).database.reading() as tx:
        found = office_log.lines(tx, wanted, _ROWS + 1)
        count = office_log.count(tx, msgspec.structs.replace(wanted, before=0))
    lines, more = found[:_ROWS], len(found) > _ROWS
    kept = {name: value for name, value in asked.items() if value}
    older = "?" + urlencode(kept | {"before": lines[-1].no}) if more else ""
    values = {
        "lines": lines,
        "count": count,
        "kinds": wording.deeds(),
        "asked": asked,
        "older": older,
    }
    return frame.page(request, viewer, "audit.html", first="?" + urlencode(kept), **values)


def _start(text: str, later: int) -> int:
    """The UTC seconds at which a day begins in WIB, or the one `later`; 0 where none is named."""
    if not text:
        return 0
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
    except (ValueError, OverflowError) as problem:
        raise HTTPException(404) from problem
    return localtime.midnight(day, localtime.WIB)
