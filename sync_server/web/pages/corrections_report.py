"""/corrections/report: who approved how many for whom, and how much of the record was made by hand."""

from fastapi import APIRouter, HTTPException
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import localtime, office_log, posts, roles, roster
from sync_server.corrections import tally
from sync_server.roles import Viewer
from sync_server.web import frame
from sync_server.web.gate import Signed, demand
from sync_server.web.pages.corrections import lines
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)
_ROWS = 100  # on a page


@router.get("/corrections/report")
def report(request: Request, viewer: Signed, month: str = "") -> Response:
    """The report of a month of the offices in reach."""
    demand(viewer, "see_people")
    month = _month(request, month)
    with place(request).database.reading() as tx:
        given = tally.tally(tx, _matters(tx, viewer, month))
        every = {one.opd: one.name for one in posts.offices(tx)}
        offices = [opd for opd in every if roles.may(viewer, "see_people", opd)]
        shares = [tally.share(tx, opd, month) for opd in offices]
    shares = [one for one in shares if one.days]
    _log(request, viewer, "", month)
    values = {"given": given, "shares": shares, "month": month, "names": every}
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
    _log(request, viewer, "", f"{month} {who} {nip}")
    values = {"shown": shown, "month": month, "local": localtime.day}
    return frame.page(request, viewer, "corrections_parts.html", **values)


@router.get("/corrections/report/by-hand")
def by_hand(  # noqa: PLR0913 - the fields of its address
    request: Request, viewer: Signed, month: str, opd: str, every: bool = False, page: int = 1
) -> Response:
    """The days that a share by hand counts, or `every` day that it is a share of; a page of them."""
    demand(viewer, "see_people", opd)
    month = _month(request, month)
    with place(request).database.reading() as tx:
        facts = (tally.worked if every else tally.by_hand)(tx, opd, month)
        begin = _ROWS * max(0, min(page - 1, (len(facts) - 1) // _ROWS))
        shown = facts[begin : begin + _ROWS]
        names = roster.names(tx, {one.nip for one in shown})
    _log(request, viewer, opd, f"{month} {opd}")
    values = {"facts": shown, "names": names, "month": month, "opd": opd, "every": every}
    values |= {"page": begin // _ROWS + 1, "all": len(facts), "rows": _ROWS}
    return frame.page(request, viewer, "corrections_by_hand.html", **values)


def _matters(tx: Connection, viewer: Viewer, month: str) -> tally.Matters:
    """What was decided about people and offices that the viewer sees, and about his juniors."""
    return [
        (done, one)
        for done, one in tally.matters(tx, month, None)
        if roles.may_for(viewer, "see_people", one.nip, one.opd)
    ]


def _log(request: Request, viewer: Viewer, opd: str, detail: str) -> None:
    here = place(request)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "corrections_counted", opd, detail=detail)


def _month(request: Request, month: str) -> str:
    if month and not localtime.is_month(month):
        raise HTTPException(404)
    return month or f"{localtime.day(place(request).wall(), localtime.WIB):%Y-%m}"
