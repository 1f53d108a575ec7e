"""What programs may watch: an office at this moment, as it changes."""

from collections.abc import Mapping
from datetime import date

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sync_server import office_log, wording
from sync_server.errors import BadFile
from sync_server.live import Board, Boards, Row, State
from sync_server.web import frame
from sync_server.web.api.described import PREFIX, gives
from sync_server.web.gate import Caller, board_of, demand
from sync_server.web.place import place
from sync_server.web.streams import Publisher, Stream

router = APIRouter(prefix=PREFIX, tags=["watch"])
_EVENTS = "text/event-stream"
_ABOUT = (
    "Server-sent events: the data of each is one such object, the office as it now is. The first comes "
    "at once, the others only when something changed; a comment line every 20 seconds says that the "
    "line lives. It ends after 15 minutes: ask again."
)


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """An office at this moment. `counts`: how many people stand how; `expected`: how many are to be
    in the office; `newest`: up to where all devices were read (UTC seconds, null: one of them never);
    `error`: why there is no board."""

    opd: str
    name: str = ""
    today: date | None = None
    counts: dict[State, int] = {}
    expected: int = 0
    newest: int | None = None
    people: tuple[Row, ...] = ()
    error: str = ""


class Watched(msgspec.Struct, frozen=True):
    """What a program watches; equal for all who see the same."""

    opd: str
    lang: str


def feed(boards: Boards) -> Publisher:
    """What tells programs of offices, from the same boards as the pages."""
    encoder = msgspec.json.Encoder(order="deterministic")

    def draw(wanted: object, before: object) -> tuple[object, Mapping[str, str] | None]:
        if not isinstance(wanted, Watched):
            raise TypeError(wanted)
        found = boards.of([wanted.opd])[wanted.opd]
        if found is before:
            return found, None
        return found, {wanted.opd: encoder.encode(_snapshot(wanted, found)).decode()}

    return Publisher(draw, part=lambda _opd, body: body)


@router.get("/live/{opd}", responses=gives(Snapshot, _EVENTS, _ABOUT))
def watch(request: Request, viewer: Caller, opd: str) -> Response:
    """An office's live board as server-sent events of JSON."""
    demand(viewer, "see_people", opd)
    board_of(request, viewer, opd)
    publisher: Publisher = request.app.state.feed
    if publisher.full(viewer.name):
        return JSONResponse({"error": "too many streams"}, 429, {"Retry-After": "60"})
    here = place(request)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, "api_live", opd)
    return Stream(publisher, Watched(opd, frame.lang(request)), viewer.name)


def _snapshot(wanted: Watched, found: Board | BadFile) -> Snapshot:
    if isinstance(found, BadFile):
        said = wording.complaint(wanted.lang, found.file, found.where, found.code, found.values)
        return Snapshot(opd=wanted.opd, error=said)
    return Snapshot(
        opd=found.opd,
        name=found.name,
        today=found.today,
        counts=dict(found.counts),
        expected=found.expected,
        newest=found.newest,
        people=found.rows,
    )
