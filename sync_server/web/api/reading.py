"""What programs may read: facts, months, explanations."""

from fastapi import APIRouter, HTTPException
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from sync_server import closing, localtime, office_log, roles
from sync_server import sheet as sheets
from sync_server.daybook import book
from sync_server.explain import Explained
from sync_server.fact import Fact, to_json
from sync_server.roles import Viewer
from sync_server.sheet import Sheet
from sync_server.web.api.described import LINES, PREFIX, answer, day, gives
from sync_server.web.gate import Caller, Forbidden, demand
from sync_server.web.place import place

router = APIRouter(prefix=PREFIX, tags=["read"])


@router.get("/facts", responses=gives(Fact, LINES, "One daily fact a line, by NIP and date."))
def facts(
    request: Request, viewer: Caller, opd: str, month: str, since_rev: int | None = None
) -> Response:
    """An office's daily facts of a month. `Hadir-Rev` changes whenever one of them does: send it as
    `since_rev` next time, and an unchanged office answers with no line."""
    demand(viewer, "see_people", opd)
    here = place(request)
    first, last = localtime.month_days(month)
    with here.database.reading() as tx:
        rev = book.revision(tx, opd)
        found = [] if rev == since_rev else book.facts(tx, opd, first, last)
    _note(request, viewer, "api_facts", opd, month)
    lines = b"".join(to_json(one) + b"\n" for one in found)
    return Response(lines, media_type=LINES, headers={"Hadir-Rev": str(rev)})


@router.get("/months/{month}/{opd}", responses=gives(Sheet))
def month_of(request: Request, viewer: Caller, month: str, opd: str) -> Response:
    """An office's month: as it was closed or frozen, else as it stands now. `Hadir-State` and
    `Hadir-Digest` say which, and whose bytes these are."""
    demand(viewer, "see_pay", opd)
    localtime.month_days(month)
    with place(request).database.reading() as tx:
        found = closing.standing(tx, opd, month)
        body = closing.body(tx, found) if found else sheets.encode(sheets.sheet(tx, opd, month))
    state = found.state if found else "open"
    if roles.frozen_only(viewer) and state != "frozen":
        raise Forbidden
    _note(request, viewer, "api_month", opd, month)
    heads = {"Hadir-State": state, "Hadir-Digest": sheets.digest(body)}
    return Response(body, media_type="application/json", headers=heads)


@router.get("/explain/{nip}/{date}", responses=gives(Explained))
def explained(request: Request, viewer: Caller, nip: str, date: str) -> Response:
    """Why a person's day costs what it costs, down to the raw punches."""
    with place(request).database.reading() as tx:
        found = closing.explained(tx, nip, day(date))
    if found is None:
        if viewer.nip != nip:
            demand(viewer, "see_people")
        raise HTTPException(404)
    if not roles.may_see(viewer, nip, found.opd):
        raise Forbidden
    _note(request, viewer, "api_explain", found.opd, f"{nip} {date}")
    if not roles.may_see_pay(viewer, nip, found.opd):
        found = replace(found, money=None)  # the day without the rupiah
    return answer(found)


def _note(request: Request, viewer: Viewer, did: str, opd: str, detail: str) -> None:
    here = place(request)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, did, opd, detail=detail)
