"""/bukti: is my punch in? For anybody with a code from a kiosk's screen; it shows no name."""

import threading
from collections import OrderedDict

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from sync_server import localtime, posts, roster, schema, standing
from sync_server.errors import BadFile
from sync_server.standing import Evidence
from sync_server.web import frame, gate
from sync_server.web.place import place
from sync_server.wording import complaint, say

router = APIRouter(include_in_schema=False)

_A_MINUTE = 20  # questions from one address; a queue of colleagues asks fewer
_ADDRESSES = 10_000


class Patience:
    """How often each address has asked within the minute. In memory: a restart forgives."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, address: str, now: float) -> bool:
        """Whether one more question is answered; `now` in UTC seconds."""
        minute = int(now) // 60
        with self._lock:
            began, times = self._asked.pop(address, (minute, 0))
            times = times + 1 if began == minute else 1
            self._asked[address] = (minute, times)
            while len(self._asked) > _ADDRESSES:
                self._asked.popitem(last=False)
        return times <= _A_MINUTE


_patience = Patience()


@router.get("/bukti")
def proof(request: Request, code: str = "") -> Response:
    """The form, and what became of a code."""
    here = place(request)
    viewer, lang = gate.look(request), frame.lang(request)
    values: dict[str, object] = {"code": code, "found": None, "wrong": "", "missing": ""}
    if not code.strip():
        return frame.page(request, viewer, "proof.html", **values)
    address = request.client.host if request.client else ""
    if not _patience.admits(address, here.wall()):
        return frame.page(
            request, viewer, "proof.html", 429, **(values | {"wrong": say(lang, "proof_busy")})
        )
    try:
        with here.database.reading() as tx:
            found = standing.by_code(tx, code)
            values |= _told(tx, found) if found else {"missing": _missing(tx, code)}
    except BadFile as bad:
        wrong = complaint(lang, "", bad.where, bad.code, bad.values)
        return frame.page(request, viewer, "proof.html", 422, **(values | {"wrong": wrong}))
    return frame.page(request, viewer, "proof.html", **values)


def _missing(tx: Connection, code: str) -> str:
    """The word for a code that no event has: not come yet, or against what came under its number."""
    return "proof_other" if standing.numbered(tx, code) else "proof_not"


def _told(tx: Connection, found: Evidence) -> dict[str, object]:
    """What everybody may know of an event: where, and when it arrived; not whose."""
    kiosk = schema.kiosk.c
    opd = tx.execute(schema.kiosk.select().where(kiosk.kid == found.kid)).one().opd
    office = posts.office(tx, opd)
    name = f"{found.kid}-{found.epoch:08x}-{found.seq}"
    where = office.name if office else opd
    zone = roster.zone(tx, opd) or localtime.WIB
    received = localtime.day(found.received, zone)
    return {"found": found, "name": name, "where": where, "zone": zone, "received": received}
