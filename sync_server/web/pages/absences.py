"""/absences: leave and duty by letter of an office's people; entered, imported, withdrawn."""

from collections.abc import Sequence
from datetime import date

import msgspec
from fastapi import APIRouter, HTTPException
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import (
    absences,
    attachments,
    imports,
    localtime,
    office_log,
    posts,
    roles,
    roster,
    rulings,
    wording,
)
from sync_server.absences import Entry, letters
from sync_server.errors import BadFile
from sync_server.reports import known
from sync_server.roles import Viewer
from sync_server.web import frame, sent
from sync_server.web.gate import Forbidden, Posted, Signed, demand
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_FORM = "surat"  # what messages about the form are about
_MOST_IMPORT = 5_000_000
_FIELDS = ("dokumen", "kode", "cakupan", "mulai", "selesai", "tempat", "keperluan")


@router.get("/absences")
def everything(request: Request, viewer: Signed, month: str = "") -> Response:
    """The letters of a month, and the forms."""
    demand(viewer, "see_people")
    here, opd = place(request), frame.office(request, viewer)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "absences_read", opd, detail=month)
    return _page(request, viewer, month)


@router.post("/absences")
def enter(request: Request, viewer: Posted, form: Sent) -> Response:
    """Enter one letter for one or many people."""
    here = place(request)
    try:
        with here.database.writing() as tx:
            entries = _entries(tx, form, viewer, here.wall())
            odd = absences.check(tx, list(enumerate(entries, 1)), _FORM)
            if strange := absences.outside(tx, entries, viewer.reach):
                raise BadFile(_FORM, "", "absence_outside", nip=strange[0])
            absences.store(tx, entries, viewer.name, here.wall())
    except BadFile as bad:
        return _page(request, viewer, "", _Said(bad, form))
    return _done(request, viewer, entries[0].first, odd)


@router.post("/absences/import")
def take(request: Request, viewer: Posted, form: Sent) -> Response:
    """Import letters from a file."""
    demand(viewer, "enter")
    here = place(request)
    try:
        file = sent.upload(form, "file", _MOST_IMPORT)
        if file is None:
            raise BadFile(_FORM, "", "absence_no_file")
        upload = imports.Upload(file[0], file[1], viewer.name, here.wall(), viewer.reach)
        with here.database.reading() as tx:
            table = imports.read(tx, "absence", upload)
        with here.database.writing() as tx:
            done = imports.take(tx, table)
    except BadFile as bad:
        return _page(request, viewer, "", _Said(bad))
    return _page(request, viewer, "", _Said(odd=done.oddities, taken=done))


@router.get("/absences/file")
def file(request: Request, viewer: Signed, document: str, nip: str) -> Response:
    """The scan of a letter, for whoever may see the person's record."""
    here = place(request)
    with here.database.reading() as tx:
        rows = [one for one in absences.of_document(tx, document) if one.nip == nip]
        opds = _offices(tx, rows)
        if not any(roles.may_see(viewer, nip, opd) for opd in opds):
            raise Forbidden
        kept = next(filter(None, (attachments.load(tx, one.attachment) for one in rows)), None)
    if kept is None:
        raise HTTPException(404)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "absence_file", opds[0], nip, document)
    heads = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return Response(
        kept.body, media_type=kept.kind, headers=heads | {"X-Content-Type-Options": "nosniff"}
    )


@router.post("/absences/withdraw")
def withdraw(request: Request, viewer: Posted, form: Sent) -> Response:
    """Take a letter back, for one person."""
    here, document, nip = place(request), sent.text(form, "document"), sent.text(form, "nip")
    with here.database.writing() as tx:
        rows = [one for one in absences.of_document(tx, document) if one.nip == nip]
        opds = _offices(tx, rows)
        if not any(roles.may(viewer, "enter", opd) for opd in opds):
            raise Forbidden
        absences.withdraw(tx, document, [nip], viewer.name, here.wall())
    return RedirectResponse(f"/absences?month={sent.text(form, 'month')}", 303)


def _offices(tx: Connection, rows: Sequence[Entry]) -> list[str]:
    """Where the letter's people are on its days: an office of long ago has no say in it."""
    days = {(one.nip, day) for one in rows for day in (one.first, one.last)}
    return sorted({posts.office_of(tx, nip, day) or "" for nip, day in days})


def _entries(tx: Connection, form: FormData, viewer: Viewer, now: float) -> list[Entry]:
    """One entry for each NIP of the form, read as a file's row is read."""
    demand(viewer, "enter")
    digest = ""
    if file := sent.upload(form, "attachment", attachments.MOST_BYTES, "scan_large"):
        digest = attachments.store(tx, file[0], file[1], viewer.name, now)
    row = {name: sent.text(form, name) for name in _FIELDS}
    nips = [str(one) for one in form.getlist("nip")] + sent.text(form, "nips").split()
    if not nips:
        raise BadFile(_FORM, "", "absence_nobody")
    found = (letters.entry(row | {"nip": nip}, _FORM, 1) for nip in dict.fromkeys(nips))
    return [msgspec.structs.replace(one, attachment=digest) for one in found]


def _done(request: Request, viewer: Viewer, day: date, odd: Sequence[BadFile]) -> Response:
    if odd:
        return _page(request, viewer, f"{day:%Y-%m}", _Said(odd=odd))
    return RedirectResponse(f"/absences?month={day:%Y-%m}", 303)


def _sentence(lang: str, bad: BadFile) -> str:
    """A form has no lines."""
    where = "" if bad.file == _FORM else bad.where
    return wording.complaint(lang, "", where, bad.code, bad.values)


class _Said(msgspec.Struct, frozen=True):
    """What the page answers: what was refused, with what was typed, or what was taken and is odd."""

    refused: BadFile | None = None
    form: FormData | None = None
    odd: Sequence[BadFile] = ()
    taken: imports.Preview | None = None


_NOTHING = _Said()


def _in_reach(tx: Connection, viewer: Viewer) -> set[str]:
    """Everybody whose record he may read, where no office is chosen."""
    offices = known.offices(tx, viewer.reach)
    return {one.nip for opd in offices for one in roster.people(tx, opd)} | viewer.juniors


def _page(request: Request, viewer: Viewer, month: str, told: _Said = _NOTHING) -> Response:
    today = localtime.day(place(request).wall(), localtime.WIB)
    month = month if localtime.is_month(month) else f"{today:%Y-%m}"
    opd, lang = frame.office(request, viewer), frame.lang(request)
    with place(request).database.reading() as tx:
        people = roster.people(tx, opd) if opd and roles.may(viewer, "see_people", opd) else []
        names = {person.nip: person.nama for person in people}
        asked = {*names, *viewer.juniors} if opd else _in_reach(tx, viewer)
        found = absences.listed(tx, asked, *localtime.month_days(month))
        called = roster.names(tx, {one.nip for one in found}) | names
        rules = rulings.in_force(tx, today)
    odd = [told.refused] if told.refused else told.odd
    said, form, refused = [_sentence(lang, bad) for bad in odd], told.form, bool(told.refused)
    values: dict[str, object] = {
        "found": found,
        "names": names,
        "called": called,
        "month": month,
        "opd": opd,
        "taken": told.taken,
    }
    values |= {"codes": sorted(rules.leave.items()) if rules else [], "said": said}
    filled = {name: sent.text(form, name) if form else "" for name in (*_FIELDS, "nips")}
    chosen = [str(one) for one in form.getlist("nip")] if form else []
    again = {"filled": filled, "chosen": chosen, "refused": refused}
    return frame.page(request, viewer, "absences.html", 422 if refused else 200, **values, **again)
