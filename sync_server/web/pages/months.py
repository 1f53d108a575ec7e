"""/months: every office's months and their state; an office's sheet; one person's month in parts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import (
    closing,
    decisions,
    localtime,
    office_log,
    posts,
    roles,
    roster,
    rulings,
)
from sync_server import sheet as sheets
from sync_server.closing import Deed, Lack, NotYet, Revision, Susulan
from sync_server.decisions import Decision
from sync_server.reports import known
from sync_server.roles import Viewer
from sync_server.sheet import Sheet, Waiting
from sync_server.web import frame
from sync_server.web.components import components
from sync_server.web.gate import Forbidden, Posted, Signed, demand
from sync_server.web.place import Place, place

router = APIRouter(include_in_schema=False)
_SHOWN = 6  # months
Text = Annotated[str, Form()]


class Seen(msgspec.Struct, frozen=True):
    """A month as somebody may see it: the sheet, frozen or of this moment, and where it stands."""

    sheet: Sheet
    digest: str
    standing: Revision | None

    @property
    def state(self) -> str:
        """open, or the standing revision's."""
        return self.standing.state if self.standing else "open"


@router.get("/months")
def months(request: Request, viewer: Signed) -> Response:
    """Offices by months, each with its state."""
    demand(viewer, "see_pay")
    here = place(request)
    shown = localtime.months(localtime.day(here.wall(), localtime.WIB), _SHOWN)
    with here.database.reading() as tx:
        peopled = known.offices(tx, viewer.reach)
        offices = [one for one in posts.offices(tx) if roles.may(viewer, "see_pay", one.opd)]
        offices = [one for one in offices if one.opd in peopled]
        states = {month: closing.of_month(tx, month) for month in shown}
    return frame.page(
        request,
        viewer,
        "months.html",
        months=shown,
        offices=offices,
        states=states,
        frozen_only=roles.frozen_only(viewer),
    )


@router.get("/months/{month}/{opd}")
def month(request: Request, viewer: Signed, month: str, opd: str) -> Response:
    """The office's sheet."""
    return _page(request, viewer, month, opd)


@router.get("/months/{month}/{opd}/{nip}")
def person(request: Request, viewer: Signed, month: str, opd: str, nip: str) -> Response:
    """One person's month: each day's cut, and the way from base to gross."""
    if not roles.may_see_pay(viewer, nip, opd):
        raise Forbidden
    here = place(request)
    with here.database.reading() as tx:
        seen = _seen(tx, viewer, month, opd)
        rulesets = rulings.rulesets(tx)
    row = next((one for one in seen.sheet.rows if one.record.nip == nip), None)
    if row is None:
        raise HTTPException(404)
    if nip != viewer.nip:
        _log(here, viewer, opd, nip, month)
    values = {
        "row": row,
        "seen": seen,
        "month": month,
        "opd": opd,
        "reads": roles.may_see(viewer, nip, opd),
        "shares": components(rulesets, row.record),
    }
    return frame.page(request, viewer, "months_person.html", **values)


@router.post("/months/{month}/{opd}/close")
def close(request: Request, viewer: Posted, month: str, opd: str) -> Response:
    """Propose the month."""
    here = place(request)
    try:
        closing.close(here.database, opd, month, _deed(here, viewer))
    except NotYet as not_yet:
        return _page(request, viewer, month, opd, not_yet.lacks)
    return _back(month, opd)


@router.post("/months/{month}/{opd}/approve")
def approve(request: Request, viewer: Posted, month: str, opd: str, digest: Text) -> Response:
    """The first approval, of the figures that were shown."""
    here = place(request)
    try:
        closing.approve(here.database, opd, month, _deed(here, viewer), digest)
    except NotYet as not_yet:
        return _page(request, viewer, month, opd, not_yet.lacks)
    return _back(month, opd)


@router.post("/months/{month}/{opd}/freeze")
def freeze(request: Request, viewer: Posted, month: str, opd: str) -> Response:
    """The second approval."""
    here = place(request)
    try:
        closing.freeze(here.database, opd, month, _deed(here, viewer))
    except NotYet as not_yet:
        return _page(request, viewer, month, opd, not_yet.lacks)
    return _back(month, opd)


@router.post("/months/{month}/{opd}/reopen")
def reopen(request: Request, viewer: Posted, month: str, opd: str, why: Text) -> Response:
    """Take a closing back."""
    here = place(request)
    closing.reopen(here.database, opd, month, _deed(here, viewer, why))
    return _back(month, opd)


@router.post("/months/{month}/{opd}/pin")
def answer(  # noqa: PLR0913 - an argument of each part of the path and of the form
    request: Request, viewer: Posted, month: str, opd: str, pin: Text, why: Text
) -> Response:  # fmt: skip
    """Answer for a PIN's being no employee's."""
    here = place(request)
    with here.database.writing() as tx:
        closing.answer(tx, opd, pin.strip(), _deed(here, viewer, why))
    return _back(month, opd)


@router.post("/months/{month}/{opd}/susulan")
def note(request: Request, viewer: Posted, month: str, opd: str, pay_in: Text) -> Response:
    """Note what a frozen month should have paid, for a later month to pay."""
    here = place(request)
    with here.database.writing() as tx:
        closing.note(tx, opd, month, pay_in, _deed(here, viewer))
    return _back(month, opd)


def _page(
    request: Request, viewer: Viewer, month: str, opd: str, lacks: Sequence[Lack] = ()
) -> Response:
    demand(viewer, "see_pay", opd)
    here = place(request)
    now = here.wall()
    with here.database.reading() as tx:
        seen = _seen(tx, viewer, month, opd)
        office = posts.office(tx, opd)
        if office is None and not seen.sheet.rows:
            raise HTTPException(404)
        values = {
            **_acts(tx, viewer, seen, now),
            "pending": _pending(tx, seen.sheet, now),
            "overdue": closing.long_waiting(tx, seen.sheet, now),
            "revisions": closing.revisions(tx, opd, month),
            "decisions": _decided(tx, opd, month),
            **_times(tx, seen, now),
            "noted": (noted := closing.noted_of(tx, opd, month)),
            "opens": _opens(tx, viewer, noted),
            "reads": roles.may(viewer, "see_people", opd),
            "zone": roster.zone(tx, opd) or 0,
            "date_of": localtime.day,
        }
    _log(here, viewer, opd, "", month)
    return frame.page(
        request,
        viewer,
        "months_sheet.html",
        409 if lacks else 200,
        seen=seen,
        sheet=seen.sheet,
        month=month,
        opd=opd,
        office=office.name if office else opd,
        lacks=lacks,
        **values,
    )


def _seen(tx: Connection, viewer: Viewer, month: str, opd: str) -> Seen:
    """Frozen as it was stored, otherwise as it is now; who pays (BPKAD) sees only what is frozen."""
    standing = closing.standing(tx, opd, month)
    if standing is not None and standing.state == "frozen":
        return Seen(sheets.decode(closing.body(tx, standing)), standing.digest, standing)
    if roles.frozen_only(viewer):
        raise Forbidden("month_only_frozen")
    made = sheets.sheet(tx, opd, month)
    return Seen(made, sheets.digest(sheets.encode(made)), standing)


def _acts(tx: Connection, viewer: Viewer, seen: Seen, now: float) -> dict[str, object]:
    """What this viewer may do next, and the differences where the month is frozen."""
    opd, month, state = seen.sheet.opd, seen.sheet.month, seen.state
    freezing = roles.may(viewer, "freeze", opd)
    frozen = state == "frozen"
    looks = frozen and not roles.frozen_only(viewer)
    return {
        "may_close": state == "open" and closing.may_close(viewer, opd),
        "may_approve": state == "closed" and closing.may_approve(viewer, opd),
        "may_freeze": state == "approved" and freezing,
        "may_reopen": closing.may_reopen(viewer, opd, state),
        "may_note": frozen and freezing,
        "may_answer": not frozen and closing.may_answer(viewer, opd),
        "differences": closing.differences(tx, opd, month) if looks else (),
        "pay_in": _payable(tx, opd, month, now),
    }


def _payable(tx: Connection, opd: str, month: str, now: float) -> str:
    """The first month after this one, and not before the present one, that is still open."""
    here = f"{closing.today(tx, opd, now):%Y-%m}"
    found = max(_next(month), here)
    while closing.standing(tx, opd, found) is not None:
        found = _next(found)
    return found


def _pending(tx: Connection, made: Sheet, now: float) -> list[Waiting]:
    """What waits, days to come left out: nobody expects anything of them yet."""
    here = closing.today(tx, made.opd, now).isoformat()
    return [one for one in made.pending if one.workdate < here]


def _times(tx: Connection, seen: Seen, now: float) -> dict[str, object]:
    """`closes`: the day from which the month may be closed, None where it may; `until`: the last day
    of the masa sanggah, which `lasts` or is over."""
    opd, month, standing = seen.sheet.opd, seen.sheet.month, seen.standing
    last = localtime.month_days(month)[1]
    closes = None if closing.is_over(tx, opd, month, now) else last + timedelta(days=1)
    if standing is None or standing.state == "frozen":
        return {"closes": closes, "until": None, "lasts": False}
    until = closing.objections_until(tx, opd, month, standing.closed)
    return {"closes": closes, "until": until, "lasts": closing.today(tx, opd, now) <= until}


def _opens(tx: Connection, viewer: Viewer, noted: Sequence[Susulan]) -> set[str]:
    """The months that pay these susulan, as far as he may look at them."""
    paying = {(one.opd, one.paid_in) for one in noted}
    if roles.frozen_only(viewer):
        found = {pair: closing.standing(tx, *pair) for pair in paying}
        paying = {pair for pair, at in found.items() if at is not None and at.state == "frozen"}
    return {month for _, month in paying}


def _decided(tx: Connection, opd: str, month: str) -> list[tuple[int, Decision]]:
    """(revision, decision) of everybody who decided, oldest first."""
    found = [
        (one.rev, decision)
        for one in closing.revisions(tx, opd, month)
        for decision in decisions.of(tx, closing.SUBJECT, one.ref)
    ]
    return sorted(found, key=lambda pair: pair[1].no)


def _deed(here: Place, viewer: Viewer, why: str = "") -> Deed:
    return Deed(viewer, here.wall(), why)


def _log(here: Place, viewer: Viewer, opd: str, nip: str, month: str) -> None:
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "month_read", opd, nip, month)


def _back(month: str, opd: str) -> Response:
    return RedirectResponse(f"/months/{month}/{opd}", 303)


def _next(month: str) -> str:
    return f"{localtime.month_days(month)[1] + timedelta(days=1):%Y-%m}"
