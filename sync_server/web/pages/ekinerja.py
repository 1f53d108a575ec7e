"""/ekinerja: one's own days of a month, and the form that adds to them."""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import attachments, localtime, wording
from sync_server.ekinerja import diary
from sync_server.ekinerja.activity import OPEN, Entry
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.web import ekinerja_month, frame, sent
from sync_server.web.gate import Forbidden, Posted, Signed
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_FIELDS = ("workdate", "title", "output", "volume", "minutes", "evidence")


@router.get("/ekinerja")
def own(request: Request, viewer: Signed) -> Response:
    """One's own month, and the form."""
    if not viewer.nip:
        return RedirectResponse("/ekinerja/inbox", 303)
    return _page(request, viewer)


@router.post("/ekinerja")
def write(request: Request, viewer: Posted, form: Sent) -> Response:
    """Keep an activity, new or changed; send it where that was asked for."""
    here = place(request)
    now, again = here.wall(), sent.numbers(form, "no")
    try:
        with here.database.writing() as tx:
            entry = _entry(tx, form, again, viewer, now)
            no = again[0] if again else diary.write(tx, entry, viewer, now)
            if again:
                diary.change(tx, no, entry, viewer, now)
            if sent.text(form, "then") == "send":
                diary.submit(tx, [no], viewer, now)
    except BadFile as bad:
        return _page(request, viewer, bad, form)
    said = "sent" if sent.text(form, "then") == "send" else "kept"
    return _back(entry.workdate, said, 1)


@router.post("/ekinerja/send")
def send(request: Request, viewer: Posted, form: Sent) -> Response:
    """Send drafts: the one that was named, or all of a month."""
    here = place(request)
    month = ekinerja_month.asked(sent.text(form, "month"), localtime.newest_day(here.wall()))
    try:
        with here.database.writing() as tx:
            ready = [one.no for one in diary.month(tx, viewer.nip, month) if one.state in OPEN]
            count = diary.submit(tx, sent.numbers(form, "no") or ready, viewer, here.wall())
    except BadFile as bad:
        return _page(request, viewer, bad)
    return _back(month, "sent", count)


@router.post("/ekinerja/remove")
def remove(request: Request, viewer: Posted, form: Sent) -> Response:
    """Throw a draft away."""
    here = place(request)
    month = ekinerja_month.asked(sent.text(form, "month"), localtime.newest_day(here.wall()))
    try:
        with here.database.writing() as tx:
            for no in sent.numbers(form, "no"):
                diary.remove(tx, no, viewer, here.wall())
    except BadFile as bad:
        return _page(request, viewer, bad)
    return _back(month, "removed", 1)


@router.post("/ekinerja/copy")
def copy(request: Request, viewer: Posted, form: Sent) -> Response:
    """Draft today as the last day was."""
    here = place(request)
    try:
        with here.database.writing() as tx:
            day = _day(sent.text(form, "workdate"))
            count = diary.copy(tx, day, viewer, here.wall())
    except BadFile as bad:
        return _page(request, viewer, bad)
    return _back(day, "copied", count)


@router.get("/ekinerja/evidence/{no}")
def evidence(request: Request, viewer: Signed, no: int) -> Response:
    """The file that somebody attached, for whoever may see the activity."""
    here = place(request)
    with here.database.reading() as tx:
        found = diary.get(tx, no)
        if found is None or not ekinerja_month.may_see(tx, viewer, found, here.wall()):
            raise Forbidden
        kept = attachments.load(tx, found.entry.attachment)
    if kept is None:
        raise Forbidden
    if found.nip != viewer.nip:
        ekinerja_month.log(here, viewer, found.nip, f"activity {no}")
    heads = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return Response(kept.body, media_type=kept.kind, headers=heads)


def _entry(
    tx: Connection, form: FormData, again: list[int], viewer: Viewer, now: float
) -> Entry:  # fmt: skip
    """What the form says; a file that was there stays where none is chosen anew."""
    before = diary.get(tx, again[0]) if again else None
    digest = before.entry.attachment if before and before.nip == viewer.nip else ""
    if file := sent.upload(form, "attachment", attachments.MOST_BYTES, "scan_large"):
        digest = attachments.store(tx, file[0], file[1], viewer.name, now)
    return Entry(
        workdate=_day(sent.text(form, "workdate")),
        title=sent.text(form, "title"),
        output=sent.text(form, "output"),
        volume=sent.text(form, "volume"),
        minutes=_minutes(sent.text(form, "minutes")),
        evidence=sent.text(form, "evidence"),
        attachment=digest,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile("ekinerja", "workdate", "ekinerja_not_day", text=text) from problem


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadFile("ekinerja", "minutes", "ekinerja_not_number", text=text)
    return int(text)


def _page(
    request: Request,
    viewer: Viewer,
    bad: BadFile | None = None,
    form: FormData | None = None,
) -> Response:  # fmt: skip
    """The month, with what was typed where it could not be used."""
    here = place(request)
    asked = request.query_params
    with here.database.reading() as tx:
        shown = ekinerja_month.shown(tx, viewer, viewer.nip, asked.get("month", ""), here.wall())
        wanted = sent.whole(asked.get("edit", ""))
        editing = diary.get(tx, wanted) if wanted else None
    again = sent.numbers(form, "no") if form else []
    filled = {name: sent.text(form, name) for name in _FIELDS} if form else {}
    if editing and editing.nip == viewer.nip and editing.state in OPEN and not form:
        again = [editing.no]
        filled = {name: str(getattr(editing.entry, name)) for name in _FIELDS}
    values = ekinerja_month.told(request, shown) | {
        "again": again,
        "filled": {"workdate": shown.today.isoformat(), **filled},
        "wrong": _said(request, bad) if bad else {},
    }
    return frame.page(request, viewer, "ekinerja.html", **values)


def _said(request: Request, bad: BadFile) -> dict[str, str]:
    """The sentence by the field that it is about; "" for the whole."""
    name = str(bad.where) if bad.where in _FIELDS else ""
    said = wording.say(frame.lang(request), bad.code, **bad.values)
    return {name: said[:1].upper() + said[1:]}


def _back(day: date | str, said: str, count: int) -> Response:
    query = urlencode({"month": str(day)[:7], "said": said, "count": count})
    return RedirectResponse(f"/ekinerja?{query}", 303)
