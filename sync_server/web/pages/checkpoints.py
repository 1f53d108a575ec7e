"""The checkpoints of the last months, for whoever keeps them outside the centre; and whether one that was
kept there is still true."""

from pathlib import Path

import msgspec
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sync_server import authority, checkpoints, office_log, verifying, wording
from sync_server.checkpoints import Checkpoint
from sync_server.errors import BadFile
from sync_server.roles import Viewer
from sync_server.verifying import Check
from sync_server.web import frame, gate, sent
from sync_server.web.place import Place, place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)

_SHOWN = 100
_LARGEST = 2**53
_MOST = 4_000_000  # bytes: some 40,000 chains, more than a province has kiosks
_TEXT = "utf-8-sig"  # an editor of Windows marks what it saves


class _Compared(msgspec.Struct, frozen=True):
    """A checkpoint from elsewhere beside this ledger; of the first thing that differs `where` it is and
    `why`, "" where all agrees."""

    said: Checkpoint
    short: str
    check: Check
    where: str = ""
    why: str = ""


@router.get("/audit/checkpoints")
def listed(request: Request, viewer: gate.Signed) -> Response:
    """The newest checkpoints, each to be taken as a file; and the form for one that was kept."""
    gate.demand(viewer, "audit")
    return _page(request, viewer)


@router.post("/audit/checkpoints")
def compare(request: Request, viewer: gate.Posted, form: Sent) -> Response:
    """Whether this ledger still agrees with a checkpoint that was kept elsewhere; the file is not kept,
    and that somebody asked is in the office's log."""
    gate.demand(viewer, "audit")
    here = place(request)
    try:
        found = _compared(here, frame.lang(request), sent.upload(form, "file", _MOST))
    except BadFile as bad:
        lang = frame.lang(request)
        said = wording.complaint(lang, bad.file, bad.where, bad.code, bad.values)
        return _page(request, viewer, wrong=said)
    detail = f"{found.short} {found.check.first.why if found.check.first else '='}"
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "checkpoint_compared", detail=detail)
    return _page(request, viewer, found)


@router.get("/audit/checkpoints/{no}.txt")
def take(request: Request, viewer: gate.Signed, no: str) -> Response:
    """One checkpoint as it is mailed; who took it is in the office's log."""
    gate.demand(viewer, "audit")
    here, number = place(request), sent.whole(no)
    with here.database.reading() as tx:
        kept = checkpoints.of_no(tx, number) if 0 < number < _LARGEST else None
    if kept is None:
        raise HTTPException(404)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "checkpoint_taken", detail=f"{number}")
    name = f"hadir-checkpoint-{kept.no}-{kept.day}.txt"
    heads = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(kept.file, headers=heads)


def _compared(here: Place, lang: str, given: tuple[str, bytes] | None) -> _Compared:
    if given is None:
        raise BadFile("", "", "data_none")
    name, text = given[0], _decoded(*given)
    signer = authority.signing(Path(here.settings.state))
    with here.database.reading() as tx:
        said, check = verifying.against(tx, text, name, signer.key)
    where, why = verifying.told(lang, check.first) if check.first else ("", "")
    short = checkpoints.short(checkpoints.digest(checkpoints.parse(text, name)[1]))
    return _Compared(said, short, check, where, why)


def _decoded(name: str, body: bytes) -> str:
    try:
        return body.decode(_TEXT)
    except UnicodeDecodeError as problem:
        raise BadFile(name, "", "not_a_checkpoint") from problem


def _page(
    request: Request, viewer: Viewer, compared: _Compared | None = None, wrong: str = ""
) -> Response:
    """`wrong`: the sentence of why a file cannot be compared."""
    with place(request).database.reading() as tx:
        found = checkpoints.latest(tx, _SHOWN)
    values = {"found": found, "compared": compared, "wrong": wrong}
    return frame.page(request, viewer, "checkpoints.html", **values)
