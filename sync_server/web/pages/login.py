"""Logging in and out."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import office_log, posts, wording
from sync_server.accounts import book, passwords, sessions, viewing
from sync_server.accounts.book import Account
from sync_server.accounts.pace import Doorkeeper
from sync_server.web import frame, gate
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]

_SHORT = 40  # characters of a name


@router.get("/login")
def ask(request: Request, next: str = "") -> Response:
    """The page where people log in."""
    viewer = gate.look(request)
    if viewer is not None:
        return RedirectResponse(_inside(next) or frame.home(viewer), 303)
    return _form(request, next, "", "")


@router.post("/login")
def log_in(request: Request, name: Text, password: Text, next: Text = "") -> Response:
    """Let somebody in."""
    here = place(request)
    now = here.wall()
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    if seconds := doorkeeper.ask(name, came_from(request), now):
        if doorkeeper.is_news(came_from(request), now):
            with here.database.writing() as tx:
                office_log.note(tx, now, _short(name), "login_slowed", detail=came_from(request))
        return _form(request, next, name, "login_wait", 429, seconds=seconds)
    with here.database.reading() as tx:
        account = book.find(tx, name)
        kept = book.kept(tx, name)
    good = passwords.fits(kept, password)
    if not good or account is None or account.disabled:
        with here.database.writing() as tx:
            office_log.note(tx, now, _short(name), "login_failed", detail=came_from(request))
        return _form(request, next, name, "login_wrong", 403)
    answer = let_in(request, account, next, password=kept)
    if answer is None:
        return _form(request, next, name, "login_wrong", 403)
    doorkeeper.right(name, came_from(request))
    if passwords.is_dated(kept):
        with here.database.writing() as tx:
            book.renew(tx, account.name, kept, password)
    return answer


def let_in(request: Request, account: Account, onward: str, **proof: str) -> Response | None:
    """Begin a session of somebody who has proven who he is; the old one of this browser ends. None
    where the account was disabled, or what he proved it by (`proof`: columns) changed, meanwhile."""
    here = place(request)
    now = here.wall()
    old = request.cookies.get(gate.cookie(request), "")
    with here.database.writing() as tx:
        if not book.holds(tx, account.name, **proof):
            return None
        found = sessions.find(tx, old, now) if old else None
        if found:
            sessions.end(tx, found[0].digest)
        sessions.end_oldest(tx, account.name)
        secret = sessions.begin(tx, account.name, now)
        office_log.note(tx, now, account.name, "login", account.opd, detail=came_from(request))
        seen = viewing.viewer(tx, account.name, now)
    to = _inside(onward) or (frame.home(seen[0]) if seen else "/")
    return give_cookie(request, RedirectResponse(to, 303), secret)


def give_cookie(request: Request, answer: Response, secret: str) -> Response:
    """Let a browser show this session from now on."""
    answer.set_cookie(
        gate.cookie(request),
        secret,
        max_age=sessions.LIFE,
        secure=place(request).settings.web.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/logout")
def log_out(request: Request, viewer: gate.Posted) -> Response:
    """End this login."""
    here = place(request)
    with here.database.writing() as tx:
        sessions.end(tx, request.state.session.digest)
        office_log.note(tx, here.wall(), viewer.name, "logout", viewer.opd)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(gate.cookie(request), secure=here.settings.web.secure, httponly=True)
    return answer


@router.get("/office")
def choose(request: Request, viewer: gate.Signed, opd: str = "", next: str = "") -> Response:
    """Keep the office that pages are about."""
    to = _inside(next)
    if to.startswith("/offices/"):
        to = f"/offices/{opd}"
    answer = RedirectResponse(to or "/", 303)
    if _known(request, opd) and (viewer.reach is None or opd in viewer.reach):
        secure = place(request).settings.web.secure
        answer.set_cookie("opd", opd, secure=secure, httponly=True, samesite="lax")
    return answer


def _known(request: Request, opd: str) -> bool:
    with place(request).database.reading() as tx:
        return posts.office(tx, opd) is not None


def came_from(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else ""


def _short(name: str) -> str:
    """What somebody typed as a name: a password that went into the wrong field is not kept whole."""
    known = name.strip().lower()
    return known if len(known) <= _SHORT else f"{known[:4]}…"


def _form(
    request: Request, onward: str, name: str, wrong: str, code: int = 200, **values: object
) -> Response:
    sentence = wrong and wording.say(frame.lang(request), wrong, **values)
    given = {
        "onward": onward,
        "name": name,
        "wrong": sentence,
        "oidc": bool(place(request).settings.oidc.issuer),
    }
    return frame.page(request, None, "login.html", code, **given)


def _inside(onward: str) -> str:
    """Where to go on, if that is a page of ours: a way out would lend our name to a trap."""
    try:
        parts = urlsplit(onward)
    except ValueError:  # "//["
        return ""
    own = not parts.scheme and not parts.netloc and onward.startswith("/")
    return onward if own and "\\" not in onward and not onward.startswith("//") else ""
