"""/corrections/new and /corrections/outage: the forms that ask, filled with what is known of the day."""

from datetime import UTC, date, datetime, timedelta

import msgspec
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import attachments, localtime, office_log, posts, roster, rulings, wording
from sync_server.corrections import asking, outages, record
from sync_server.corrections.asking import Ask
from sync_server.daybook import book
from sync_server.errors import BadFile
from sync_server.fact import Fact, Point
from sync_server.roles import Viewer
from sync_server.web import frame, sent
from sync_server.web.gate import Forbidden, Posted, Signed
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_LOOK_BACK = timedelta(days=31)
_FIELDS = ("nip", "workdate", "kind", "reason", "document", "opd", "since", "until", "device")
_EMPTY = dict.fromkeys(_FIELDS, "")


class Whom(msgspec.Struct, frozen=True):
    """Whom a form is about, and the kinds of correction that the rules of the day have."""

    nip: str
    name: str
    opd: str
    kinds: tuple[str, ...]
    fact: Fact | None
    zone: int


@router.get("/corrections/new")
def new(request: Request, viewer: Signed, nip: str = "", date: str = "") -> Response:
    """The form for one person's day."""
    filled = {"nip": nip or viewer.nip, "workdate": date or _today(request).isoformat()}
    answer = _new(request, viewer, filled)
    if filled["nip"] != viewer.nip:  # the form shows the day as it stands
        here = place(request)
        with here.database.writing() as tx:
            office_log.note(
                tx, here.wall(), viewer.name, "read_day", whom=nip, detail=filled["workdate"]
            )
    return answer


@router.post("/corrections/new")
def ask(request: Request, viewer: Posted, form: Sent) -> Response:
    """Ask, or keep as a draft."""
    here = place(request)
    try:
        with here.database.writing() as tx:
            asked = Ask(
                kind=sent.text(form, "kind"),
                reason=sent.text(form, "reason"),
                nip=sent.text(form, "nip"),
                workdate=_day(sent.text(form, "workdate")),
                points=[point for point in record.POINTS if point in form.getlist("points")],
                document=sent.text(form, "document"),
            )
            no = _keep(tx, request, viewer, form, asked)
    except BadFile as bad:
        return _new(request, viewer, _said(form), bad)
    return RedirectResponse(f"/corrections/{no}", 303)


@router.get("/corrections/outage")
def outage(
    request: Request, viewer: Signed, since: int = 0, until: int = 0, device: str = ""
) -> Response:
    """The form for an office that could not record, with the holes that the ledger knows of."""
    opd = frame.office(request, viewer)
    zone = _zone(request, opd)
    filled = {"device": device, "opd": opd}
    if since and until:
        filled |= {"since": _written(since, zone), "until": _written(until, zone)}
    return _outage(request, viewer, filled)


@router.post("/corrections/outage")
def report_outage(request: Request, viewer: Posted, form: Sent) -> Response:
    """Ask that an outage excuse everybody whom it kept from recording."""
    here, opd = place(request), sent.text(form, "opd")
    zone = _zone(request, opd)
    try:
        with here.database.writing() as tx:
            asked = Ask(
                kind=sent.text(form, "kind"),
                reason=sent.text(form, "reason"),
                opd=opd,
                since=_moment(sent.text(form, "since"), zone),
                until=_moment(sent.text(form, "until"), zone),
                device=sent.text(form, "device"),
                document=sent.text(form, "document"),
            )
            no = _keep(tx, request, viewer, form, asked)
    except BadFile as bad:
        return _outage(request, viewer, _said(form), bad)
    return RedirectResponse(f"/corrections/{no}", 303)


def _keep(tx: Connection, request: Request, viewer: Viewer, form: FormData, asked: Ask) -> int:
    now = place(request).wall()
    if file := sent.upload(form, "attachment", attachments.MOST_BYTES, "scan_large"):
        digest = attachments.store(tx, file[0], file[1], viewer.name, now)
        asked = asked.with_file(digest)
    no = asking.draft(tx, asked, viewer, now)
    if sent.text(form, "then") != "keep":
        asking.submit(tx, no, viewer, now)
    return no


def _new(
    request: Request, viewer: Viewer, filled: dict[str, str], bad: BadFile | None = None
) -> Response:
    with place(request).database.reading() as tx:
        whom = _whom(tx, filled)
        others = _may_enter(tx, request, viewer)
    if not asking.may_ask(viewer, whom.nip, whom.opd or viewer.opd or "-"):
        raise Forbidden
    points = set(filled.get("points", "").split()) or _suggested(whom.fact)
    values = {"whom": whom, "others": others, "filled": _EMPTY | filled, "points": points}
    wrong = _complaint(request, bad)
    status = 422 if bad else 200
    return frame.page(request, viewer, "corrections_new.html", status, wrong=wrong, **values)


def _outage(
    request: Request, viewer: Viewer, filled: dict[str, str], bad: BadFile | None = None
) -> Response:
    opd = filled.get("opd", "")
    if not asking.may_ask(viewer, "", opd or "-"):
        raise Forbidden
    today = _today(request)
    with place(request).database.reading() as tx:
        office, zone = posts.office(tx, opd), roster.zone(tx, opd) or localtime.WIB
        holes = outages.suggested(tx, opd, today - _LOOK_BACK, today)
        kinds = _kinds(tx, today, "office")
    values = {"office": office.name if office else opd, "zone": zone, "holes": holes}
    wrong = _complaint(request, bad)
    status = 422 if bad else 200
    answer: dict[str, object] = {
        "filled": _EMPTY | filled,
        "kinds": kinds,
        "wrong": wrong,
        "opd": opd,
    }
    answer |= {"local": localtime.day}
    return frame.page(request, viewer, "corrections_outage.html", status, **values, **answer)


def _whom(tx: Connection, filled: dict[str, str]) -> Whom:
    nip = filled["nip"]
    try:
        day = date.fromisoformat(filled["workdate"])
    except ValueError:
        return Whom(nip, "", "", (), None, localtime.WIB)
    opd = posts.office_of(tx, nip, day) or ""
    name = next((one.nama for one in roster.people(tx, opd) if one.nip == nip), "")
    fact = next(iter(book.of_person(tx, nip, day, day)), None)
    return Whom(
        nip, name, opd, _kinds(tx, day, "person"), fact, roster.zone(tx, opd) or localtime.WIB
    )


def _kinds(tx: Connection, day: date, scope: str) -> tuple[str, ...]:
    rules = rulings.in_force(tx, day)
    return (
        tuple(name for name, its in rules.regularise.items() if its.scope == scope) if rules else ()
    )


def _suggested(fact: Fact | None) -> set[Point]:
    """What the day lacks: the points without a punch, those late or early."""
    if fact is None:
        return set()
    points = set(fact.missing)
    points |= {"in"} if fact.late_min else set()
    return points | ({"out"} if fact.early_min else set())


def _may_enter(tx: Connection, request: Request, viewer: Viewer) -> list[roster.Person]:
    """The people of the chosen office, for whoever asks for others."""
    opd = frame.office(request, viewer)
    return roster.people(tx, opd) if opd and asking.may_ask(viewer, "", opd) else []


def _said(form: FormData) -> dict[str, str]:
    points = " ".join(str(point) for point in form.getlist("points"))
    return {name: sent.text(form, name) for name in _FIELDS} | {"points": points}


def _complaint(request: Request, bad: BadFile | None) -> str:
    if bad is None:
        return ""
    return wording.complaint(frame.lang(request), "", "", bad.code, bad.values)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile(asking.WHAT, "", "not_a_day", column="tanggal", text=text) from problem


def _moment(text: str, zone: int) -> int:
    """UTC seconds of a local time as a form brings it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        raise BadFile(asking.WHAT, "", "not_a_moment", text=text) from problem
    return int(found.replace(tzinfo=UTC).timestamp()) - zone * 60


def _written(t: int, zone: int) -> str:
    local = datetime.fromtimestamp(t + zone * 60, UTC)
    return f"{local:%Y-%m-%dT%H:%M}"


def _zone(request: Request, opd: str) -> int:
    with place(request).database.reading() as tx:
        return roster.zone(tx, opd) or localtime.WIB


def _today(request: Request) -> date:
    return localtime.day(place(request).wall(), localtime.WIB)
