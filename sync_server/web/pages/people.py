"""/people: who is in reach; /people/{nip}/{month}: somebody's month, and the parts of its figures."""

from datetime import date, timedelta

import msgspec
from fastapi import APIRouter, HTTPException
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import closing, posts, roles, roster, rulings, schema
from sync_server.closing import Revision
from sync_server.roles import Viewer
from sync_server.web import calendars, frame, parts, records
from sync_server.web.gate import Signed, demand
from sync_server.web.place import place
from sync_server.web.records import Whose

router = APIRouter(include_in_schema=False)

_MOST = 200  # people on one page; whoever looks for somebody else types a name


class Found(msgspec.Struct, frozen=True):
    """Somebody in a list."""

    nip: str
    name: str
    opd: str
    title: str


@router.get("/people")
def people(request: Request, viewer: Signed, q: str = "") -> Response:
    """The people in the viewer's reach: those of the chosen office, or those that a search finds."""
    demand(viewer, "see_people")
    today = records.today(request)
    with place(request).database.reading() as tx:
        opds = [frame.office(request, viewer)] if not q else None
        found = _found(tx, viewer, today, opds, q.strip().casefold())
    shown = found[:_MOST]
    return frame.page(request, viewer, "people.html", found=shown, more=len(found) > _MOST, q=q)


@router.get("/saya")
def own(request: Request, viewer: Signed) -> Response:
    """One's own record; the account's page where no office has the NIP."""
    with place(request).database.reading() as tx:
        recorded = viewer.nip and roster.posts(tx, viewer.nip)
    return RedirectResponse(f"/people/{viewer.nip}" if recorded else "/me", 303)


@router.get("/people/{nip}")
def newest(request: Request, _viewer: Signed, nip: str, month: str = "") -> Response:
    """Somebody's record of this month, or of the one that is asked for."""
    month = month or f"{records.today(request):%Y-%m}"
    return RedirectResponse(f"/people/{nip}/{month}", 303)


@router.get("/people/{nip}/{month}")
def month(request: Request, viewer: Signed, nip: str, month: str) -> Response:
    """Somebody's month: every day with its status, hours, minutes and cut, and what they come to."""
    span = records.span(month)
    with place(request).database.reading() as tx:
        whom = records.whose(tx, viewer, nip, span.last)
        sheet = calendars.month(tx, nip, month, records.today(request, whom.zone))
        stands = _stands(tx, whom, month)
        why = "" if sheet.record else _unpriced(tx, whom, span.last)
    records.note(request, viewer, "read_month", whom, month)
    around = {
        "before": f"{span.first - timedelta(days=1):%Y-%m}",
        "after": f"{span.last + timedelta(days=1):%Y-%m}",
    }
    values = {"whom": whom, "sheet": sheet, "stands": stands, "month": month, "why": why, **around}
    return frame.page(request, viewer, "person_month.html", **values)


@router.get("/people/{nip}/{month}/parts/{what}")
def of_what(request: Request, viewer: Signed, nip: str, month: str, what: str) -> Response:
    """What one figure of a month is the sum of."""
    span = records.span(month)
    with place(request).database.reading() as tx:
        whom = records.whose(tx, viewer, nip, span.last)
        if what in parts.MONEY and not whom.pay:
            raise HTTPException(404)
        found = parts.of(tx, nip, month, what, frame.lang(request))
    if found is None:
        raise HTTPException(404)
    records.note(request, viewer, "read_month", whom, f"{month} {what}")
    values = {"whom": whom, "found": found, "month": month, "what": what}
    return frame.page(request, viewer, "person_parts.html", **values)


def _found(
    tx: Connection, viewer: Viewer, today: date, opds: list[str] | None, word: str
) -> list[Found]:
    """The people whom the viewer may see, each once, by name."""
    reach = opds if opds is not None else [one.opd for one in posts.offices(tx)]
    homes = {opd for opd in reach if opd and roles.may(viewer, "see_people", opd)}
    ladder = posts.ladder(tx, viewer.juniors)
    homes |= {ladder.office(nip, today) for nip in viewer.juniors}
    known: dict[str, Found] = {}
    titles = posts.posts_of(tx, None, today)
    for opd in sorted(homes):
        for one in roster.people(tx, opd):
            if one.mulai <= today <= one.selesai and roles.may_see(viewer, one.nip, opd):
                post = titles.get(one.nip)
                known[one.nip] = Found(one.nip, one.nama, opd, post.title if post else "")
    named = (one for one in known.values() if word in f"{one.name} {one.nip}".casefold())
    return sorted(named, key=lambda one: (one.name, one.nip))


def _unpriced(tx: Connection, whom: Whose, last: date) -> str:
    """Why a month has no figures, as a code: what has to be done first comes first."""
    if rulings.in_force(tx, last) is None:
        return "basis_none"
    kiosk = schema.kiosk.c
    if tx.execute(select(kiosk.kid).where(kiosk.opd == whom.opd)).first() is None:
        return "unpriced_no_kiosk"
    turn = schema.rota.c
    if tx.execute(select(turn.nip).where(turn.nip == whom.nip)).first() is None:
        return "unpriced_no_turn"
    return "unpriced_no_data"


def _stands(tx: Connection, whom: Whose, month: str) -> Revision | None:
    """How far the office's month is closed."""
    return closing.of_month(tx, month).get(whom.opd)
