"""/data/rules: a file of a decree, shipped or a region's own, looked at before it is put in force."""

from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import office_log, regulations, ruling_files, uploads, wording
from sync_server.errors import BadFile, unusable
from sync_server.roles import Viewer
from sync_server.ruling_files import Ruling
from sync_server.web import frame, sent
from sync_server.web.gate import Posted, Signed, demand
from sync_server.web.pages.data import complaint
from sync_server.web.place import place
from sync_server.web.sent import Sent

router = APIRouter(include_in_schema=False)
_EXAMPLE = "CONTOH"  # what the decrees of shipped files begin with
_LONGEST = 300  # letters of an answer
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
        first = _first(form)
        text = ruling_files.amended(text, sent.text(form, "decree"), first)
        with here.database.writing() as tx:
            ruling = ruling_files.read(tx, text, file)
            if ruling.decree.startswith(_EXAMPLE) and not sent.text(form, "example"):
                raise BadFile("", "", "decree_example")
            ruling_files.take(tx, ruling, file, viewer.name, here.wall())
            for said in _answers(ruling, form):
                office_log.note(tx, here.wall(), viewer.name, "rules_answer", detail=said)
            uploads.drop(tx, word, viewer.name)
    except BadFile as bad:
        return _page(request, viewer, (file, text), held, bad)
    return RedirectResponse("/data?said=ruling#rules", 303)


def _answers(ruling: Ruling, form: FormData) -> Iterator[str]:
    """What the makers of the decree said to its questions, as far as somebody wrote it down."""
    for n, one in enumerate(ruling.asks):
        if said := sent.text(form, f"answer-{n}"):
            yield f"{ruling.name} {wording.say('id', one.code, **one.values)} → {said[:_LONGEST]}"


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
