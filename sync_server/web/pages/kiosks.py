"""Kiosk health: what needs somebody first, a map, and each kiosk by itself."""

from collections import Counter
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sync_server import commands, fleet, roles, wording
from sync_server.fleet import Health
from sync_server.roles import Viewer
from sync_server.web import drawing, frame, gate, panels
from sync_server.web.gate import Forbidden
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)
_ORDERS = 20
LEVELS = ("bad", "warn", "good", "off")


@router.get("/kiosks")
def kiosks(request: Request, viewer: gate.Signed, level: str = "") -> Response:
    """All kiosks that the viewer may see; of one level, if asked."""
    found = _fleet(request, viewer)
    chosen = [one for one in found if not level or one.level == level]
    places = [(one.lat, one.lon, one) for one in chosen if one.lat is not None is not one.lon]
    return frame.page(
        request,
        viewer,
        "kiosks.html",
        kiosks=chosen,
        level=level,
        levels=LEVELS,
        counts=Counter(one.level for one in found),
        chart=drawing.chart(places),
        **_spoken(request),
    )


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
