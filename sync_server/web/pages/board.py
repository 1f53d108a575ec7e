"""The live board: one office now, or all of the viewer's at a glance; and the streams of both."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from sync_server import office_log, posts, roles, roster
from sync_server.roles import Viewer
from sync_server.web import frame, gate, panels
from sync_server.web.panels import Panels, Wanted
from sync_server.web.place import place
from sync_server.web.streams import Publisher, Stream

router = APIRouter(include_in_schema=False)


@router.get("/")
def overview(request: Request, viewer: gate.Signed, state: str = "") -> Response:
    """Every office of the viewer's tree; the office itself where there is one."""
    if not roles.may(viewer, "see_board"):
        return RedirectResponse(frame.home(viewer), 303)
    wanted = _region(request, viewer, state)
    if len(wanted.opds) == 1:
        return RedirectResponse(f"/offices/{wanted.opds[0]}", 303)
    drawn = dict(_panels(request).now(wanted))
    totals = drawn.pop("region-totals")
    return frame.page(
        request,
        viewer,
        "board_region.html",
        wanted=wanted,
        totals=totals,
        rows=list(drawn.values()),
        states=("late", "not_yet", "no_data", "duty", "leave"),
        stream=f"/live?state={wanted.show}&lang={wanted.lang}",
    )


@router.get("/board")
def chosen(request: Request, viewer: gate.Signed) -> Response:
    """The board of the office that was chosen in the head."""
    opd = frame.office(request, viewer)
    seen = bool(opd) and roles.may(viewer, "see_board", opd)
    return RedirectResponse(f"/offices/{opd}" if seen else "/", 303)


@router.get("/offices/{opd}")
def office(request: Request, viewer: gate.Signed, opd: str, state: str = "") -> Response:
    """One office now."""
    gate.board_of(request, viewer, opd)
    wanted = _office(request, viewer, opd, state)
    here = place(request)
    with here.database.writing() as tx:
        known = posts.office(tx, opd)
        if wanted.names:
            office_log.note(tx, here.wall(), viewer.name, "board", opd=opd, detail=wanted.show)
    return frame.page(
        request,
        viewer,
        "board.html",
        wanted=wanted,
        heading=known.name if known else opd,
        up=viewer.reach is None or len(viewer.reach) > 1,
        panels=_panels(request).now(wanted),
        path="/board",
        office_here=opd,
        path_here=f"/offices/{opd}",
        stream=f"/live/{opd}?state={wanted.show}&lang={wanted.lang}",
    )


@router.get("/live")
def live_region(request: Request, state: str = "") -> Response:
    """What changes on the overview, as server-sent events."""
    viewer = _watcher(request)
    if viewer is None or not roles.may(viewer, "see_board"):
        return PlainTextResponse("log in again", 401)
    return _stream(request, _region(request, viewer, state))


@router.get("/live/{opd}")
def live_office(request: Request, opd: str, state: str = "") -> Response:
    """What changes on an office's board, as server-sent events."""
    viewer = _watcher(request)
    if viewer is None or not roles.may(viewer, "see_board", opd):
        return PlainTextResponse("log in again", 401)
    gate.board_of(request, viewer, opd)
    return _stream(request, _office(request, viewer, opd, state))


def _watcher(request: Request) -> Viewer | None:
    """Whoever is logged in. A stream is not sent to the login page: the browser would ask again at
    once, for ever, where an error makes it wait longer each time."""
    viewer = gate.look(request)
    return None if viewer is None or request.state.must_change else viewer


def _stream(request: Request, wanted: Wanted) -> Response:
    publisher: Publisher = request.app.state.publisher
    who = request.state.session.digest
    if publisher.full(who):
        return PlainTextResponse("too many pages are open", 429, {"Retry-After": "60"})
    return Stream(publisher, wanted, who)


def _panels(request: Request) -> Panels:
    found: Panels = request.app.state.panels
    return found


def _region(request: Request, viewer: Viewer, state: str) -> Wanted:
    with place(request).database.reading() as tx:
        reached = [o.opd for o in posts.offices(tx) if roles.may(viewer, "see_board", o.opd)]
        every = [opd for opd in reached if roster.zone(tx, opd) is not None]  # it has people
    opds = tuple(every) or ((viewer.opd,) if viewer.opd else ())
    return Wanted("region", opds, frame.lang(request), _show(state))


def _office(request: Request, viewer: Viewer, opd: str, state: str) -> Wanted:
    return Wanted(
        kind="office",
        opds=(opd,),
        lang=frame.lang(request),
        show=_show(state),
        names=roles.may(viewer, "see_people", opd),
        kiosks=roles.may(viewer, "see_kiosks", opd),
    )


def _show(state: str) -> str:
    return state if state in panels.GROUPS else ""
