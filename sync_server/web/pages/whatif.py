"""/whatif: a draft rule file against a month, person by person. Nothing is stored."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync_server import office_log, posts, whatif, wording
from sync_server.errors import BadFile, unusable
from sync_server.roles import Viewer
from sync_server.tukin import reading
from sync_server.tukin.ruleset import Ruleset
from sync_server.web import frame, sent
from sync_server.web.gate import Posted, Signed, demand
from sync_server.web.place import place
from sync_server.web.sent import Sent
from sync_server.whatif import WhatIf

router = APIRouter(include_in_schema=False)
_MOST = 256 * 1024  # bytes; the longest rule file that ships has 6 kB


@router.get("/whatif")
def ask(request: Request, viewer: Signed) -> Response:
    """The form."""
    demand(viewer, "whatif")
    day = datetime.fromtimestamp(place(request).wall(), UTC)
    return _page(request, viewer, (f"{day:%Y-%m}", ""))


@router.post("/whatif")
def compare(request: Request, viewer: Posted, form: Sent) -> Response:
    """The month as it is and as the draft would have it."""
    demand(viewer, "whatif")
    here = place(request)
    month, opd = sent.text(form, "month"), sent.text(form, "opd")
    try:
        draft = _read(*(sent.upload(form, "rules", _MOST) or ("rules.toml", b"")))
        with here.database.reading() as tx:
            found = whatif.compare(tx, draft, month, [opd] if opd else [])
    except BadFile as bad:
        lang = frame.lang(request)
        said = wording.complaint(lang, bad.file, bad.where, bad.code, bad.values)
        return _page(request, viewer, (month, opd), wrong=said)
    with here.database.writing() as tx:
        detail = f"{month} {draft.id}"
        office_log.note(tx, here.wall(), viewer.name, "whatif", opd, detail=detail)
    return _page(request, viewer, (month, opd), found)


def _page(
    request: Request,
    viewer: Viewer,
    asked: tuple[str, str],
    found: WhatIf | None = None,
    wrong: str = "",
) -> Response:  # fmt: skip
    """`asked`: month and office, "" for all; `wrong`: the sentence of what cannot be used."""
    with place(request).database.reading() as tx:
        every = posts.offices(tx)
    code = 422 if wrong else 200
    values = {"month": asked[0], "opd": asked[1], "found": found, "wrong": wrong, "every": every}
    return frame.page(request, viewer, "whatif.html", code, **values)


def _read(name: str, body: bytes) -> Ruleset:
    if not body:
        raise BadFile(name, "", "whatif_empty")
    try:
        return reading.parse(body.decode(), name)
    except UnicodeDecodeError as problem:
        unusable(name, problem)
