"""/data/rules: a file of a decree, shipped or a region's own, looked at before it is put in force."""

from datetime import date

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import regulations, ruling_files, uploads
from sync_server.errors import BadFile, unusable
from sync_server.roles import Viewer
from sync_server.ruling_files import Ruling
from sync_server.web import frame, sent
from sync_server.web.gate import Posted, Signed, demand
from sync_server.web.pages.data import complaint
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_MOST = 256 * 1024  # bytes; the longest file that ships has 6 kB


@router.get("/data/rules")
def look(request: Request, viewer: Signed, name: str = "") -> Response:
    """A file that comes with Hadir."""
    demand(viewer, "data")
    if name not in ruling_files.shipped():
        raise HTTPException(404)
    return _page(request, viewer, (name, regulations.text(name)), {"name": name})


@router.post("/data/rules")
def hand_in(request: Request, viewer: Posted, form: Sent) -> Response:
    """A region's own file."""
    demand(viewer, "data")
    here = place(request)
    try:
        given = sent.upload(form, "file", _MOST)
        if given is None:
            raise BadFile("", "", "data_none")
        text = _decoded(given)
    except BadFile as bad:
        return _page(request, viewer, ("", ""), {}, bad)
    with here.database.writing() as tx:
        word = uploads.keep(tx, given[0], given[1], viewer.name, here.wall())
    return _page(request, viewer, (given[0], text), {"word": word})


@router.post("/data/rules/take")
def take(request: Request, viewer: Posted, form: Sent) -> Response:
    """Put it in force, with the region's own decree and date where they were given."""
    demand(viewer, "data")
    here = place(request)
    name, word = sent.text(form, "name"), sent.text(form, "word")
    file, text = _found(request, viewer, name, word)
    held = {"word": word} if word else {"name": name}
    try:
        changed = ruling_files.amended(text, sent.text(form, "decree"), _first(form))
        with here.database.writing() as tx:
            ruling = ruling_files.read(tx, changed, file)
            ruling_files.take(tx, ruling, file, viewer.name, here.wall())
            uploads.drop(tx, word, viewer.name)
    except BadFile as bad:
        return _page(request, viewer, (file, text), held, bad)
    return RedirectResponse("/data?said=ruling#rules", 303)


def _first(form: FormData) -> date | None:
    text = sent.text(form, "first")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise BadFile("", "", "not_a_date", text=text) from problem


def _found(request: Request, viewer: Viewer, name: str, word: str) -> tuple[str, str]:
    if name in ruling_files.shipped():
        return name, regulations.text(name)
    with place(request).database.reading() as tx:
        kept = uploads.find(tx, word, viewer.name)
    if kept is None:
        raise HTTPException(404)
    return kept[0], _decoded(kept)


def _decoded(given: tuple[str, bytes]) -> str:
    try:
        return given[1].decode()
    except UnicodeDecodeError as problem:
        unusable(given[0], problem)


def _page(
    request: Request,
    viewer: Viewer,
    file: tuple[str, str],
    held: dict[str, str],
    bad: BadFile | None = None,
) -> Response:  # fmt: skip
    """`file`: its name and text; `held`: how the next form names it."""
    ruling: Ruling | None = None
    try:
        with place(request).database.reading() as tx:
            ruling = ruling_files.read(tx, file[1], file[0]) if file[1] else None
    except BadFile as problem:
        bad = bad or problem
    values = {
        "file": file[0],
        "text": file[1],
        "held": held,
        "ruling": ruling,
        "wrong": complaint(request, bad) if bad else "",
    }
    return frame.page(request, viewer, "data_rules.html", **values)
