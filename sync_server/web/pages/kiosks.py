"""Kiosk health: what needs somebody first, a map, and each kiosk by itself."""

from collections import Counter
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import admitting, applicants, commands, fleet, posts, renewing, roles, wording
from sync_server.authority import Registrar
from sync_server.errors import BadFile
from sync_server.fleet import Health
from sync_server.roles import Viewer
from sync_server.web import drawing, frame, gate, panels
from sync_server.web.gate import Forbidden
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)
_ORDERS = 20
Text = Annotated[str, Form()]
LEVELS = ("bad", "warn", "good", "off")


class _Wrong(msgspec.Struct, frozen=True):
    """What was asked and cannot be, and why."""

    code: str
    kid: str
    opd: str
    said: str


@router.get("/kiosks")
def kiosks(request: Request, viewer: gate.Signed, level: str = "") -> Response:
    """All kiosks that the viewer may see; of one level, if asked. Who admits kiosks sees who asks."""
    return _page(request, viewer, level)


@router.post("/kiosks")
def decide(  # noqa: PLR0913 - the fields of the form
    request: Request,
    viewer: gate.Posted,
    code: Text = "",
    kid: Text = "",
    opd: Text = "",
    then: Text = "approve",
) -> Response:
    """Admit a kiosk that asks, as a new one of an office, or with none as a new card of a known one; or
    refuse it."""
    gate.demand(viewer, "admit")
    here, kid = place(request), kid.strip().upper()

    def done(tx: Connection, by: Registrar) -> None:
        if then == "refuse":
            admitting.refuse(tx, by, code, viewer.name)
        else:
            admitting.approve(tx, by, code, kid, opd, viewer.name)

    try:
        renewing.decided(here.database, here.settings, int(here.wall()), done)
    except BadFile as bad:
        said = wording.say(frame.lang(request), bad.code, **bad.values)
        return _page(request, viewer, wrong=_Wrong(code, kid, opd, said[:1].upper() + said[1:]))
    said = "refused" if then == "refuse" else "approved"
    return RedirectResponse(f"/kiosks?said={said}", 303)


def _page(
    request: Request, viewer: Viewer, level: str = "", wrong: _Wrong | None = None
) -> Response:
    found = _fleet(request, viewer)
    chosen = [one for one in found if not level or one.level == level]
    places = [(one.lat, one.lon, one) for one in chosen if one.lat is not None is not one.lon]
    return frame.page(
        request,
        viewer,
        "kiosks.html",
        422 if wrong else 200,
        kiosks=chosen,
        level=level,
        levels=LEVELS,
        counts=Counter(one.level for one in found),
        chart=drawing.chart(places),
        decided=request.query_params.get("said"),
        wrong=wrong,
        **_asking(request, viewer),
        **_spoken(request),
    )


def _asking(request: Request, viewer: Viewer) -> dict[str, Any]:
    here = place(request)
    if not roles.may(viewer, "admit"):
        return {"admits": False}
    with here.database.reading() as tx:
        asking, offices = applicants.asking(tx, int(here.wall())), posts.offices(tx)
    return {"admits": True, "asking": asking, "offices": offices}


@router.get("/kiosks/{kid}")
def kiosk(request: Request, viewer: gate.Signed, kid: str) -> Response:
    """One kiosk: its devices, gaps, alerts and what became of commands."""
    found = next((one for one in _fleet(request, viewer) if one.standing.kid == kid), None)
    if found is None:
        raise HTTPException(404)
    with place(request).database.reading() as tx:
        orders = commands.fates(tx, kid)
    lang = frame.lang(request)
    return frame.page(
        request,
        viewer,
        "kiosk.html",
        one=found,
        orders=list(reversed(orders))[:_ORDERS],
        fate=lambda order: wording.fate(lang, order.fate, order.detail),
        boards=roles.may(viewer, "see_board", found.standing.opd),
        **_spoken(request),
    )


def _fleet(request: Request, viewer: Viewer) -> list[Health]:
    """Those who see boards see their own offices' kiosks. Raises Forbidden."""
    everywhere = roles.may(viewer, "see_kiosks")
    if not everywhere and not roles.may(viewer, "see_board"):
        raise Forbidden
    here = place(request)
    with here.database.reading() as tx:
        return fleet.fleet(tx, int(here.wall()), None if everywhere else viewer.reach)


def _spoken(request: Request) -> dict[str, Any]:
    lang, now = frame.lang(request), int(place(request).wall())
    return {
        "now": now,
        "moment": lambda t, zone: panels.moment_of(lang, t, zone, now),
        "age": lambda seconds: panels.aged(lang, seconds),
        "alert": lambda code: wording.alert(lang, code),
    }
