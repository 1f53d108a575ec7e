"""Who is asking: the one door that every page stands behind."""

import hmac
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sync_server import posts, roles
from sync_server.accounts import sessions, tokens, viewing
from sync_server.roles import Act, Viewer
from sync_server.web.place import place

CHANGE = "/me/password"  # where somebody goes who has to choose another password
_ALWAYS = (CHANGE, "/logout")
_BEARER = "bearer "


class ToLogin(Exception):
    """Nobody is logged in, or not fully. `to`: where he has to go first."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class Forbidden(Exception):
    """He may not. `code`: the sentence."""

    def __init__(self, code: str = "forbidden") -> None:
        super().__init__(code)
        self.code = code


class Unknown(Exception):
    """A program's key is missing, wrong, ended or revoked."""


def cookie(request: Request) -> str:
    """The login cookie's name; its prefix binds it to https and to this host (RFC 6265bis)."""
    return "__Host-hadir" if place(request).settings.web.secure else "hadir"


def signed(request: Request) -> Viewer:
    """Whoever is logged in; raises ToLogin."""
    viewer = look(request)
    if viewer is None:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        onward = f"?next={quote(back)}" if request.method == "GET" and back != "/" else ""
        raise ToLogin("/login" + onward)
    if request.state.must_change and request.url.path not in _ALWAYS:
        raise ToLogin(CHANGE)
    return viewer


def look(request: Request) -> Viewer | None:
    """Whoever is logged in, if anybody; his session stays in `request.state`."""
    request.state.session = None
    secret = request.cookies.get(cookie(request), "")
    if not secret:
        return None
    here = place(request)
    now = here.wall()
    with here.database.reading() as tx:
        found = sessions.find(tx, secret, now)
        seen = found and viewing.viewer(tx, found[0].account, now)
    if not found or not seen:
        return None
    session, due = found
    if due:
        with here.database.writing() as tx:
            sessions.touch(tx, session.digest, now)
    request.state.session = session
    request.state.must_change = seen[1]
    return seen[0]


Signed = Annotated[Viewer, Depends(signed)]


async def posted(request: Request, viewer: Signed) -> Viewer:
    """Whoever sent a form of ours: it carries the word of his session. Raises Forbidden."""
    word = request.headers.get("x-csrf", "")
    if not word:
        word = str((await request.form()).get("csrf", ""))
    if not hmac.compare_digest(word.encode(), request.state.session.csrf.encode()):
        await request.close()  # files that came with it
        raise Forbidden("csrf")
    return viewer


Posted = Annotated[Viewer, Depends(posted)]


def caller(request: Request) -> Viewer:
    """A program by its key (`Authorization: Bearer …`), or whoever is logged in, who then has to
    show X-CSRF with whatever changes something. Raises Unknown and Forbidden."""
    shown = request.headers.get("authorization", "")
    if shown:
        return _by_key(request, shown)
    viewer = look(request)
    if viewer is None or request.state.must_change:
        raise Unknown
    word = request.headers.get("x-csrf", "")
    if request.method not in ("GET", "HEAD") and not hmac.compare_digest(
        word.encode(), request.state.session.csrf.encode()
    ):
        raise Forbidden("csrf")
    return viewer


Caller = Annotated[Viewer, Depends(caller)]


def _by_key(request: Request, shown: str) -> Viewer:
    here = place(request)
    now = here.wall()
    key = shown[len(_BEARER) :].strip() if shown.lower().startswith(_BEARER) else ""
    with here.database.reading() as tx:
        name = tokens.account(tx, key, now)
        seen = viewing.viewer(tx, name, now) if name else None
    if seen is None:
        raise Unknown
    return seen[0]


def board_of(request: Request, viewer: Viewer, opd: str) -> None:
    """Raises Forbidden where he may not see the office's board, and HTTPException where there is no such
    office: boards are remembered by office, and whoever sees all might name any."""
    demand(viewer, "see_board", opd)
    if viewer.reach is None:
        with place(request).database.reading() as tx:
            if not posts.is_known(tx, opd):
                raise HTTPException(404)


def demand(viewer: Viewer, act: Act, opd: str | None = None) -> None:
    """Raises Forbidden unless his role has this act, and the office is in his reach."""
    if not roles.may(viewer, act, opd):
        raise Forbidden
