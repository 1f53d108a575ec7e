"""Logging in with the region's account."""

import logging

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import office_log, wording
from sync_server.accounts import book, oidc
from sync_server.web import frame
from sync_server.web.pages.login import came_from, let_in
from sync_server.web.place import place

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

_PATH = "/login/oidc"
_COOKIE = "hadir-oidc"


@router.get(_PATH)
def leave(request: Request, next: str = "") -> Response:
    """Send the browser to the identity provider."""
    provider, here = _provider(request), place(request)
    try:
        to, secret = provider.begin(next, here.wall())
    except oidc.Away as problem:
        log.warning("oidc.away detail=%s", problem)
        return _refused(request, "oidc_away", 502)
    answer = RedirectResponse(to, 303)
    secure = here.settings.web.secure
    # Lax: the provider's redirect is a navigation, with which a browser sends it.
    answer.set_cookie(
        _COOKIE, secret, 600, path=_PATH, secure=secure, httponly=True, samesite="lax"
    )
    return answer


@router.get(_PATH + "/kembali")
def come_back(request: Request, state: str = "", code: str = "") -> Response:
    """Let in whom the provider names, if an account is linked to him."""
    provider, here = _provider(request), place(request)
    now = here.wall()
    try:
        browser = request.cookies.get(_COOKIE, "")
        subject, onward = provider.finish(state, code, browser, now)
    except oidc.Refused as problem:
        log.warning("oidc.refused detail=%s", problem)
        if request.app.state.doorkeeper.is_news(came_from(request), now):
            with here.database.writing() as tx:
                office_log.note(tx, now, "oidc", "login_failed", detail=came_from(request))
        return _refused(request, "oidc_refused", 403)
    except oidc.Away as problem:
        log.warning("oidc.away detail=%s", problem)
        return _refused(request, "oidc_away", 502)
    with here.database.reading() as tx:
        account = book.by_subject(tx, subject)
    if account is None or account.disabled:
        with here.database.writing() as tx:
            office_log.note(tx, now, subject[:64], "login_failed", detail=came_from(request))
        return _refused(request, "oidc_stranger", 403, subject=subject)
    answer = let_in(request, account, onward, subject=subject)
    if answer is None:
        return _refused(request, "oidc_stranger", 403, subject=subject)
    answer.delete_cookie(_COOKIE, path=_PATH)
    return answer


def _provider(request: Request) -> oidc.Provider:
    provider: oidc.Provider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _refused(request: Request, wrong: str, code: int, **values: object) -> Response:
    sentence = wording.say(frame.lang(request), wrong, **values)
    given = {"onward": "", "name": "", "wrong": sentence, "oidc": True}
    return frame.page(request, None, "login.html", code, **given)
