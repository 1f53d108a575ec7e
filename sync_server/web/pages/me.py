"""One's own account: password, keys for programs, and who read one's record."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import office_log, wording
from sync_server.accounts import book, choosing, passwords, tokens
from sync_server.office_log import Filter
from sync_server.roles import Viewer
from sync_server.web import frame, gate
from sync_server.web.pages.login import came_from, give_cookie
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]

_DAYS = range(1, 367)
_LINES = 50


@router.get("/me")
def me(request: Request, viewer: gate.Signed) -> Response:
    """The account, and what belongs to it."""
    return _me(request, viewer)


@router.get("/mine")
def mine(_viewer: gate.Signed) -> Response:
    """One's own record, by its English name."""
    return RedirectResponse("/saya", 303)


@router.get("/me/password")
def ask_password(request: Request, viewer: gate.Signed) -> Response:
    """The page where a password is changed."""
    return _password(request, viewer, "")


@router.post("/me/password")
def change_password(
    request: Request, viewer: gate.Posted, old: Text, new: Text, again: Text
) -> Response:
    """Change the password; every login of the account ends, this browser has a new one."""
    here = place(request)
    now = here.wall()
    doorkeeper = request.app.state.doorkeeper
    with here.database.reading() as tx:
        kept = book.kept(tx, viewer.name)
    # Whoever found an open browser must not guess either.
    if doorkeeper.ask(viewer.name, came_from(request), now):
        wrong = "password_old_wrong"
    else:
        wrong = choosing.unfit(viewer, kept, old, new, again)
    if wrong:
        if wrong != "password_old_wrong":
            doorkeeper.right(viewer.name, came_from(request))
        return _password(request, viewer, wrong)
    doorkeeper.right(viewer.name, came_from(request))
    with here.database.writing() as tx:
        secret = choosing.change(tx, viewer, new, now)
    return give_cookie(request, RedirectResponse(frame.home(viewer), 303), secret)


@router.post("/me/keys")
def make_key(request: Request, viewer: gate.Posted, label: Text, days: Text) -> Response:
    """Make a key for a program; it is shown on this page and never again."""
    here = place(request)
    now = here.wall()
    if not (days.isascii() and days.isdigit() and int(days[:4]) in _DAYS):
        return _me(request, viewer, 422, wrong="key_days_wrong")
    with here.database.writing() as tx:
        key = tokens.make(tx, viewer.name, label.strip()[:60] or "-", now, int(days))
        office_log.note(tx, now, viewer.name, "key_made", viewer.opd, viewer.name, label[:60])
    return _me(request, viewer, key=key)


@router.post("/me/keys/{digest}")
def revoke_key(request: Request, viewer: gate.Posted, digest: str) -> Response:
    """End a key of one's own."""
    here = place(request)
    now = here.wall()
    with here.database.writing() as tx:
        if tokens.revoke(tx, viewer.name, digest, now):
            office_log.note(tx, now, viewer.name, "key_revoked", viewer.opd, viewer.name)
    return RedirectResponse("/me", 303)


def _me(
    request: Request, viewer: Viewer, code: int = 200, wrong: str = "", key: str = ""
) -> Response:
    here = place(request)
    with here.database.reading() as tx:
        keys = tokens.of(tx, viewer.name)
        about = office_log.lines(tx, Filter(whom=viewer.nip), _LINES) if viewer.nip else []
    others = [line for line in about if line.who != viewer.name]
    values = {"keys": keys, "now": here.wall(), "key": key, "reads": others}
    said = wording.say(frame.lang(request), wrong) if wrong else ""
    return frame.page(request, viewer, "me.html", code, wrong=said, **values)


def _password(request: Request, viewer: Viewer, wrong: str) -> Response:
    lang = frame.lang(request)
    said = wording.say(lang, wrong, least=passwords.LEAST) if wrong else ""
    values = {"wrong": said, "must": request.state.must_change}
    return frame.page(request, viewer, "password.html", 422 if wrong else 200, **values)
