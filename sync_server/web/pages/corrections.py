"""/corrections: what one asked and what waits for one's yes; each with its evidence and decisions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import (
    attachments,
    corrections,
    decisions,
    localtime,
    office_log,
    posts,
    roles,
    roster,
    wording,
)
from sync_server.corrections import (
    SUBJECT,
    Correction,
    asking,
    deadlines,
    deciding,
    excusing,
    record,
)
from sync_server.corrections.record import Asked
from sync_server.decisions import Decision
from sync_server.errors import BadFile
from sync_server.fact import Point
from sync_server.roles import Viewer
from sync_server.web import frame, sent
from sync_server.web.gate import Forbidden, Posted, Signed
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_SHOWN = 200


class Line(msgspec.Struct, frozen=True):
    """A correction in a list, with the name of the person or office, and the office's minutes east."""

    one: Correction
    whom: str
    zone: int


class Detail(msgspec.Struct, frozen=True):
    """A correction with all that was done about it. `barred`: why the viewer may not decide ("" where
    he may). `excused`: whom an outage forgives what."""

    line: Line
    acts: Sequence[Decision]
    barred: str
    own: bool
    late: bool
    file: str
    excused: Sequence[tuple[str, str, date, tuple[Point, ...]]]


def _asked(nip: str = "", month: str = "", state: str = "", before: int = 0) -> Asked:
    """What a form asks for; what is no month asks for every one."""
    return Asked(nip, month if localtime.is_month(month) else "", state, before)


@router.get("/corrections")
def everything(
    request: Request, viewer: Signed, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """One's own, what waits for one's yes, and those of people in reach."""
    opd = frame.office(request, viewer)
    with place(request).database.reading() as tx:
        every = deciding.for_viewer(tx, viewer)
        waiting = lines(tx, every[:_SHOWN])
        own = lines(tx, corrections.of_person(tx, viewer.nip) if viewer.nip else [])
        others = _others(tx, viewer, opd, asked)
        found = lines(tx, others[:_SHOWN])
    if found or waiting:
        _log_list(request, viewer, opd, asked.nip)
    kept = {name: value for name, value in msgspec.structs.asdict(asked).items() if value}
    more = len(others) > _SHOWN
    older = "?" + urlencode(kept | {"before": found[-1].one.no}) + "#all" if more else ""
    values = {"waiting": waiting, "count": len(every), "own": own, "found": found, "older": older}
    states = {"states": record.STATES, "sees": roles.may(viewer, "see_people"), "asked": asked}
    return frame.page(request, viewer, "corrections.html", **values, **states)


@router.get("/corrections/{no:int}")
def detail(request: Request, viewer: Signed, no: int) -> Response:
    """One correction, its evidence, and who did what with it."""
    return _detail(request, viewer, no)


@router.post("/corrections/{no:int}/{verdict}")
def act(request: Request, viewer: Posted, form: Sent, no: int, verdict: str) -> Response:
    """Send, withdraw, approve or reject it."""
    here, note = place(request), sent.text(form, "note")
    if verdict not in _ACTS:
        raise HTTPException(404)
    with here.database.reading() as tx:
        _visible(tx, viewer, no)
    try:
        with here.database.writing() as tx:
            _ACTS[verdict](tx, no, viewer, here.wall(), note)
    except BadFile as bad:
        return _detail(request, viewer, no, bad)
    return RedirectResponse(f"/corrections/{no}", 303)


@router.get("/corrections/{no:int}/file")
def file(request: Request, viewer: Signed, no: int) -> Response:
    """The evidence, for whoever may see the correction; never shown inside the site."""
    here = place(request)
    with here.database.reading() as tx:
        one = _visible(tx, viewer, no)
        kept = attachments.load(tx, one.attachment)
    if kept is None:
        raise HTTPException(404)
    _log(request, viewer, one, "correction_file")
    heads = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return Response(
        kept.body, media_type=kept.kind, headers=heads | {"X-Content-Type-Options": "nosniff"}
    )


def lines(tx: Connection, found: Sequence[Correction]) -> list[Line]:
    """Corrections with the names of those whom they concern."""
    names = roster.names(tx, {one.nip for one in found})
    names |= {office.opd: office.name for office in posts.offices(tx)}
    opds = {one.opd for one in found}
    zones = {opd: roster.zone(tx, opd) or localtime.WIB for opd in opds}
    return [
        Line(one, names.get(one.nip or one.opd, one.nip or one.opd), zones[one.opd])
        for one in found
    ]


def _detail(request: Request, viewer: Viewer, no: int, bad: BadFile | None = None) -> Response:
    with place(request).database.reading() as tx:
        one = _visible(tx, viewer, no)
        shown = _shown(tx, viewer, one)
    _log(request, viewer, one, "correction_read")
    wrong = (
        wording.complaint(frame.lang(request), "", "", bad.code, _told(request, bad)) if bad else ""
    )
    status = 422 if bad else 200
    values = {"shown": shown, "wrong": wrong, "local": localtime.day}
    return frame.page(request, viewer, "corrections_one.html", status, **values)


def _told(request: Request, bad: BadFile) -> dict[str, object]:
    values = dict(bad.values)
    if "state" in values:
        lang = frame.lang(request)
        values["state"] = wording.say(lang, f"correction_state_{values['state']}")
    return values


def _shown(tx: Connection, viewer: Viewer, one: Correction) -> Detail:
    acts = decisions.of(tx, SUBJECT, one.ref)
    asked = any(done.is_by(viewer) for done in acts if done.verdict == "ask")
    kept = attachments.load(tx, one.attachment) if one.attachment else None
    line = lines(tx, [one])[0]
    excused: list[tuple[str, str, date, tuple[Point, ...]]] = []
    if one.is_outage:
        names = {person.nip: person.nama for person in roster.people(tx, one.opd)}
        found = sorted(excusing.spread(tx, one).items())
        excused = [(nip, names[nip], day, points) for (nip, day), points in found]
    return Detail(
        line=line,
        acts=acts,
        barred=deciding.barred(tx, one, viewer),
        own=asked,
        late=deadlines.is_late(tx, one),
        file=kept.name if kept else "",
        excused=excused,
    )


def _visible(tx: Connection, viewer: Viewer, no: int) -> Correction:
    one = corrections.get(tx, no)
    if one is None:
        raise HTTPException(404)
    if not deciding.may_see(viewer, one):
        raise Forbidden
    return one


def _others(tx: Connection, viewer: Viewer, opd: str, asked: Asked) -> list[Correction]:
    """Those of one person, or of the chosen office, the newest first; one more than a page shows."""
    if not asked.nip and not roles.may(viewer, "see_people"):
        return []
    his = corrections.of_person(tx, asked.nip) if asked.nip else ()
    if any(not deciding.may_see(viewer, one) for one in his):
        raise Forbidden
    offices = {opd} if opd and roles.may(viewer, "see_people", opd) else frozenset[str]()
    return record.newest(tx, record.at(offices, viewer.juniors), asked, _SHOWN + 1)


def _log(request: Request, viewer: Viewer, one: Correction, did: str) -> None:
    """Every look at another person's is written down; an outage names all whom it excuses."""
    here = place(request)
    if one.is_outage or one.nip != viewer.nip:
        with here.database.writing() as tx:
            office_log.note(tx, here.wall(), viewer.name, did, one.opd, one.nip, one.ref)


def _log_list(request: Request, viewer: Viewer, opd: str, nip: str) -> None:
    here = place(request)
    if not nip or nip != viewer.nip:
        with here.database.writing() as tx:
            office_log.note(tx, here.wall(), viewer.name, "corrections_read", opd, nip)


def _submit(tx: Connection, no: int, viewer: Viewer, now: float, _note: str) -> None:
    asking.submit(tx, no, viewer, now)


_ACTS: Mapping[str, Callable[[Connection, int, Viewer, float, str], object]] = {
    "submit": _submit,
    "withdraw": asking.withdraw,
    "approve": deciding.approve,
    "reject": deciding.reject,
}
