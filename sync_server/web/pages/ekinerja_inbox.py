"""/ekinerja/inbox: what waits for a superior; /ekinerja/of/NIP: a junior's month."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import localtime, office_log, posts, roles, roster, wording
from sync_server.ekinerja import inbox
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.web import ekinerja_month, frame, sent
from sync_server.web.gate import Forbidden, Posted, Signed, demand
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_SHOWN = 200


@router.get("/ekinerja/inbox")
def waiting(request: Request, viewer: Signed) -> Response:
    """What waits, oldest first."""
    demand(viewer, "verify")
    return _page(request, viewer)


@router.post("/ekinerja/verify")
def verify(request: Request, viewer: Posted, form: Sent) -> Response:
    """Verify all that were selected, or none where one of them cannot be."""
    demand(viewer, "verify")
    here = place(request)
    nos = sent.numbers(form, "no")
    if not nos:
        return _page(request, viewer, "ekinerja_pick")
    try:
        with here.database.writing() as tx:
            count = inbox.verify(tx, nos, viewer, here.wall())
    except BadFile as bad:
        return _page(request, viewer, bad.code)
    return RedirectResponse(f"/ekinerja/inbox?said=verified&count={count}", 303)


@router.post("/ekinerja/return")
def send_back(request: Request, viewer: Posted, form: Sent) -> Response:
    """Return one with a reason."""
    demand(viewer, "verify")
    here = place(request)
    nos, note = sent.numbers(form, "no"), sent.text(form, "note")
    try:
        with here.database.writing() as tx:
            for no in nos[:1]:
                inbox.send_back(tx, no, viewer, here.wall(), note)
    except BadFile as bad:
        return _page(request, viewer, bad.code)
    return RedirectResponse("/ekinerja/inbox?said=returned", 303)


@router.get("/ekinerja/of/{nip}")
def junior(request: Request, viewer: Signed, nip: str) -> Response:
    """Somebody's month, to read."""
    here = place(request)
    asked = request.query_params.get("month", "")
    with here.database.reading() as tx:
        opd = posts.office_of(tx, nip, localtime.newest_day(here.wall())) or ""
        if not roles.may_see(viewer, nip, opd):
            raise Forbidden
        shown = ekinerja_month.shown(tx, viewer, nip, asked, here.wall())
    if nip != viewer.nip:
        ekinerja_month.log(here, viewer, nip, shown.month)
    return frame.page(request, viewer, "ekinerja_of.html", **ekinerja_month.told(request, shown))


def _page(request: Request, viewer: Viewer, wrong: str = "") -> Response:
    here = place(request)
    with here.database.reading() as tx:
        every = inbox.waiting(tx, viewer.nip, here.wall())
        people = sorted(posts.juniors(tx, viewer.nip, localtime.newest_day(here.wall())))
        nips = {one.activity.nip for one in every} | set(people)
        names = roster.names(tx, nips)
    with here.database.writing() as tx:
        read = sorted({one.activity.nip for one in every})
        office_log.note_each(tx, here.wall(), viewer.name, "ekinerja_read", viewer.opd, read)
    said = wording.say(frame.lang(request), wrong) if wrong else ""
    values = {
        "waits": every[:_SHOWN],
        "count": len(every),
        "names": names,
        "people": people,
        "wrong": said[:1].upper() + said[1:],
        "asked": request.query_params,
    }
    return frame.page(request, viewer, "ekinerja_inbox.html", **values)
