"""/reports: what heads of offices ask for, each line with its evidence."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import office_log, posts, reports, roles, roster
from sync_server.daybook import book
from sync_server.errors import BadFile
from sync_server.fact import Fact
from sync_server.reports import Span, control_lines, controls, holiday, lines, manual
from sync_server.reports.known import Staff
from sync_server.roles import Viewer
from sync_server.web import frame, records
from sync_server.web.gate import Forbidden, Signed, demand
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

Kind = Literal["inactive", "holiday", "manual", "patterns", "discipline", "controls"]
Place = Literal["all", "by_ten", "later", "excused", "absent", "waiting"]
Hand = Literal["secret", "witness", "corrected", "on_alive"]
_HANDS: dict[Hand, Callable[[Fact], int]] = {
    "secret": manual.secret,
    "witness": manual.witness,
    "corrected": manual.corrected,
    "on_alive": manual.entries,
}


_OF_PEOPLE = ("inactive", "discipline")


class Line(msgspec.Struct, frozen=True):
    """A day of somebody behind a figure."""

    nip: str
    name: str
    day: date
    status: str
    count: int


class _What(msgspec.Struct, frozen=True):
    """Which figure: of which report, month and office, its word, and the days that it is of."""

    kind: Kind
    month: str
    opd: str
    word: str
    span: Span


@router.get("/reports")
def index(request: Request, viewer: Signed) -> Response:
    """The reports that there are."""
    demand(viewer, "see_people")
    values = {"kinds": _kinds(viewer), "month": f"{records.today(request):%Y-%m}"}
    return frame.page(request, viewer, "reports.html", **values)


@router.get("/reports/choose")
def choose(_viewer: Signed, kind: Kind, month: str, opd: str = "") -> Response:
    """The report that a form asks for."""
    about = f"?opd={quote(opd)}" if opd else ""
    return RedirectResponse(f"/reports/{kind}/{quote(month)}{about}", 303)


@router.get("/reports/{kind}/{month}")
def report(request: Request, viewer: Signed, kind: Kind, month: str, opd: str = "") -> Response:
    """One report of one month, about the offices in reach or the one that is named."""
    demand(viewer, "see_people")
    if kind not in _kinds(viewer):
        raise Forbidden
    span = _begun(request, records.span(month))
    with place(request).database.reading() as tx:
        opds = _offices(tx, viewer)
        if opd and opd not in opds:
            raise Forbidden
        found = _made(tx, viewer, kind, [opd] if opd else opds, span)
        known = [one for one in posts.offices(tx) if one.opd in opds]
    _note(request, viewer, opd, f"{kind} {month}")
    names = {one.opd: one.name for one in known}
    values = {"kind": kind, "month": month, "found": found, "opd": opd, "names": names}
    more = {"kinds": _kinds(viewer), "offices": known, "line": lines.finding}
    more |= {"control": control_lines.sentence, "control_kinds": controls.KINDS}
    return frame.page(request, viewer, "report.html", **values, **more)


@router.get("/reports/holiday/{month}/{opd}/{on}")
def returned(  # noqa: PLR0913 - five of them are the address
    request: Request,
    viewer: Signed,
    month: str,
    opd: str,
    on: str,
    of: Annotated[Place, Query(alias="place")] = "all",
) -> Response:
    """The people behind a figure of the recap after a holiday."""
    day = records.day(on)

    def counts(fact: Fact) -> int:
        return int(holiday.is_due(fact) and of in ("all", holiday.place(fact)))

    what = _What("holiday", month, opd, f"th_{of}", Span(day, day))
    return _parts(request, viewer, what, counts)


@router.get("/reports/manual/{month}/{opd}")
def by_hand(
    request: Request, viewer: Signed, month: str, opd: str, by: Hand = "secret"
) -> Response:
    """The days behind a figure of what was entered by hand."""
    what = _What("manual", month, opd, f"th_{by}", records.span(month))
    return _parts(request, viewer, what, _HANDS[by])


def _parts(
    request: Request, viewer: Viewer, what: _What, counts: Callable[[Fact], int]
) -> Response:
    demand(viewer, "see_people", what.opd)
    with place(request).database.reading() as tx:
        staff = Staff(tx, [what.opd])
        facts = book.facts(tx, what.opd, what.span.first, what.span.last)
    if what.word == "th_on_alive":
        alive = manual.alive(facts)
        facts = [fact for fact in facts if fact.workdate in alive]
    found = [
        Line(fact.nip, staff.name(fact.nip), fact.workdate, fact.status, counts(fact))
        for fact in facts
        if counts(fact)
    ]
    _note(request, viewer, what.opd, f"{what.kind} {what.month} {what.word}")
    values = {"kind": what.kind, "month": what.month, "opd": what.opd, "word": what.word}
    return frame.page(request, viewer, "report_parts.html", **values, lines=found)


def _note(request: Request, viewer: Viewer, opd: str, detail: str) -> None:
    here = place(request)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "read_report", opd, detail=detail)


def _begun(request: Request, span: Span) -> Span:
    """A month that has not begun is no page."""
    try:
        return reports.asked(span, place(request).wall())
    except BadFile as bad:
        raise HTTPException(404) from bad


def _kinds(viewer: Viewer) -> tuple[str, ...]:
    """The reports for somebody: a superior without an office of his own has people, not offices."""
    if not _has_offices(viewer):
        return _OF_PEOPLE
    kinds = tuple(reports.MADE)
    # Those who look into terminals: the inspectorate and BKPSDM.
    return kinds if roles.may(viewer, "see_kiosks") else tuple(k for k in kinds if k != "controls")


def _has_offices(viewer: Viewer) -> bool:
    return viewer.reach is None or bool(viewer.reach)


def _offices(tx: Connection, viewer: Viewer) -> list[str]:
    """The offices in reach, or those of his juniors."""
    if not _has_offices(viewer):
        return sorted({opd for nip in viewer.juniors for opd, _ in roster.posts(tx, nip)})
    every = reports.offices(tx, viewer.reach)
    return [one for one in every if roles.may(viewer, "see_people", one)]


def _made(tx: Connection, viewer: Viewer, kind: Kind, opds: list[str], span: Span) -> object:
    found = reports.MADE[kind](tx, opds, span)
    if _has_offices(viewer) or not isinstance(found, list):
        return found
    return [one for one in found if one.nip in viewer.juniors]
