"""/corrections/report: who approved how many for whom, and how much of the record was made by hand."""

from fastapi import APIRouter, HTTPException
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import office_log, posts, roles, roster
from sync_server.corrections import record, tally
from sync_server.roles import Viewer
from sync_server.web import frame
from sync_server.web.gate import Signed, demand
from sync_server.web.pages.corrections import lines
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)
_WIB = 420


@router.get("/corrections/report")
def report(request: Request, viewer: Signed, month: str = "") -> Response:
    """The report of a month of the offices in reach."""
    demand(viewer, "see_people")
    month = _month(request, month)
    with place(request).database.reading() as tx:
        given = tally.tally(tx, _matters(tx, viewer, month))
        offices = [one.opd for one in posts.offices(tx) if roles.may(viewer, "see_people", one.opd)]
        shares = [tally.share(tx, opd, month) for opd in offices]
    shares = [one for one in shares if one.days]
    here = place(request)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "corrections_counted", detail=month)
    values = {"given": given, "shares": shares, "month": month}
    return frame.page(request, viewer, "corrections_report.html", **values)


@router.get("/corrections/report/parts")
def parts(request: Request, viewer: Signed, month: str, who: str, nip: str) -> Response:
    """The decisions that one figure counts: of one person about another (`nip` an office's code for
    outages)."""
    demand(viewer, "see_people")
    month = _month(request, month)
    with place(request).database.reading() as tx:
        found = _matters(tx, viewer, month)
        wanted = (who, request.query_params.get("verdict", ""), nip)
        chosen = [
            (done, one)
            for done, one in found
            if (done.who, done.verdict, one.nip or one.opd) == wanted
        ]
        about = lines(tx, [one for _, one in chosen])
    shown = [(done, line) for (done, _), line in zip(chosen, about, strict=True)]
    values = {"shown": shown, "month": month, "local": record.local_day}
    return frame.page(request, viewer, "corrections_parts.html", **values)


@router.get("/corrections/report/by-hand")
def by_hand(
    request: Request, viewer: Signed, month: str, opd: str, every: bool = False
) -> Response:
    """The days that a share by hand counts, or `every` day that it is a share of."""
    demand(viewer, "see_people", opd)
    month = _month(request, month)
    with place(request).database.reading() as tx:
        facts = (tally.worked if every else tally.by_hand)(tx, opd, month)
        names = roster.names(tx, {one.nip for one in facts})
    values = {"facts": facts, "names": names, "month": month, "opd": opd, "every": every}
    return frame.page(request, viewer, "corrections_by_hand.html", **values)


def _matters(tx: Connection, viewer: Viewer, month: str) -> tally.Matters:
    """What was decided about people and offices that the viewer sees, and about his juniors."""
    return [
        (done, one)
        for done, one in tally.matters(tx, month, None)
        if roles.may_for(viewer, "see_people", one.nip, one.opd)
    ]


def _month(request: Request, month: str) -> str:
    if month and not tally.is_month(month):
        raise HTTPException(404)
    return month or f"{record.local_day(place(request).wall(), _WIB):%Y-%m}"
