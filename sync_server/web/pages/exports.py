"""/exports: an office's month as files; each download is in the office log."""

from typing import Literal

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sync_server import closing, localtime, office_log, posts, roles
from sync_server.closing import Revision
from sync_server.exports import issue, manifest, pages, workbook
from sync_server.reports import known
from sync_server.web import frame
from sync_server.web.gate import Forbidden, Signed, demand
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

Kind = Literal["xlsx", "pdf", "zip"]
_TYPES: dict[Kind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
_SHOWN = 6  # months


class Line(msgspec.Struct, frozen=True):
    """An office's month; only what is `ready` can be taken."""

    opd: str
    name: str
    month: str
    state: str
    rev: int
    ready: bool


@router.get("/exports")
def exports(request: Request, viewer: Signed) -> Response:
    """The months that can be taken, newest first."""
    demand(viewer, "export")
    here = place(request)
    today = localtime.day(here.wall(), localtime.WIB)
    lines: list[Line] = []
    with here.database.reading() as tx:
        peopled = known.offices(tx, viewer.reach)
        offices = [one for one in posts.offices(tx) if roles.may(viewer, "export", one.opd)]
        offices = [one for one in offices if one.opd in peopled]
        for month in localtime.months(today, _SHOWN):
            found, ready = closing.of_month(tx, month), issue.countable(tx, month)
            if found or ready:  # before the centre there was nothing
                lines += [_line(one, month, found.get(one.opd), ready) for one in offices]
    if roles.frozen_only(viewer):
        lines = [line for line in lines if line.state == "frozen"]
    return frame.page(request, viewer, "exports.html", lines=lines)


@router.get("/exports/{month}/{opd}.{kind}")
def take(request: Request, viewer: Signed, month: str, opd: str, kind: Kind) -> Response:
    """One file of an office's month."""
    demand(viewer, "export", opd)
    here = place(request)
    with here.database.reading() as tx:
        paper = issue.paper(tx, opd, month, here.settings.web.title)
    if roles.frozen_only(viewer) and not paper.final:
        raise Forbidden
    lang = frame.lang(request)
    data = {
        "xlsx": lambda: workbook.made(paper, lang),
        "pdf": lambda: pages.made(paper, lang),
        "zip": lambda: manifest.packed(paper),
    }[kind]()
    name = f"hadir-{opd}-{month}-rev{paper.rev}.{kind}"
    with here.database.writing() as tx:
        at = int(here.wall())
        office_log.note(tx, at, viewer.name, "export", opd=opd, detail=f"{name} {paper.digest}")
    heads = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=_TYPES[kind], headers=heads)


def _line(office: posts.Office, month: str, found: Revision | None, ready: set[str]) -> Line:
    state, rev = (found.state, found.rev) if found else ("open", 0)
    return Line(
        office.opd, office.name, month, state, rev, found is not None or office.opd in ready
    )
