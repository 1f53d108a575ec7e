"""What people see when something cannot be done: a page of the site, in their language, without a
traceback. Programs get JSON."""

import logging
import secrets

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from sync_server import wording
from sync_server.errors import BadFile
from sync_server.web import frame, gate
from sync_server.web.guard import HEADERS

log = logging.getLogger(__name__)

_KNOWN = {403: "forbidden", 404: "sentence_404", 405: "sentence_405"}
_PROGRAMS = "/api/"


def explain(app: FastAPI) -> None:
    """Let every error of this application end in a sentence."""
    app.add_exception_handler(gate.ToLogin, _to_login)
    app.add_exception_handler(gate.Forbidden, _forbidden)
    app.add_exception_handler(gate.Unknown, _unknown)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BadFile, _bad_file)
    for beyond in (OverflowError, DataError):
        app.add_exception_handler(beyond, _beyond)
    app.add_exception_handler(IntegrityError, _crossed)
    app.add_exception_handler(Exception, _broken)


def said(request: Request, code: int, sentence: str, number: str = "") -> Response:
    """An error as a page of the site, or as JSON for programs."""
    if request.url.path.startswith(_PROGRAMS):
        found = {"error": sentence} | ({"number": number} if number else {})
        return JSONResponse(found, code)
    viewer = None if code >= 500 else gate.look(request)
    heading = wording.say(frame.lang(request), f"error_{code}")
    values = {"heading": heading, "sentence": sentence, "code": code, "number": number}
    return frame.page(request, viewer, "error.html", code, **values)


def _to_login(request: Request, problem: Exception) -> Response:
    to = problem.to if isinstance(problem, gate.ToLogin) else "/login"
    if request.headers.get(
        "hx-request"
    ):  # htmx would put the login page into the middle of another
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, 303)


def _forbidden(request: Request, problem: Exception) -> Response:
    code = problem.code if isinstance(problem, gate.Forbidden) else "forbidden"
    return said(request, 403, wording.say(frame.lang(request), code))


def _unknown(request: Request, _problem: Exception) -> Response:
    answer = JSONResponse({"error": wording.say(frame.lang(request), "key_unknown")}, 401)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="hadir"'
    return answer


def _http(request: Request, problem: Exception) -> Response:
    code = problem.status_code if isinstance(problem, HTTPException) else 500
    if code not in _KNOWN:
        code = 404 if code < 500 else 500
    return said(request, code, wording.say(frame.lang(request), _KNOWN.get(code, "sentence_500")))


def _invalid(request: Request, problem: Exception) -> Response:
    found = problem.errors() if isinstance(problem, RequestValidationError) else []
    fields = ", ".join(dict.fromkeys(str(one["loc"][-1]) for one in found))
    return said(request, 422, wording.say(frame.lang(request), "sentence_422", fields=fields))


def _bad_file(request: Request, bad: Exception) -> Response:
    if not isinstance(bad, BadFile):
        return _broken(request, bad)
    lang = frame.lang(request)
    return said(request, 422, wording.complaint(lang, bad.file, bad.where, bad.code, bad.values))


def _beyond(request: Request, _problem: Exception) -> Response:
    """A number or date in an address that no database and no calendar holds: nothing has it."""
    return said(request, 404, wording.say(frame.lang(request), "sentence_404"))


def _crossed(request: Request, problem: Exception) -> Response:
    """Two people wrote the same at the same moment: one of them did, and the other looks again."""
    said_ = str(getattr(problem, "orig", problem)).partition("\n")[0]
    log.warning("web.crossed path=%s reason=%s", request.url.path, said_)
    return said(request, 409, wording.say(frame.lang(request), "sentence_409"))


def _broken(request: Request, problem: Exception) -> Response:
    """A mistake of ours. It is answered outside of the guard, so it brings the guard's headers."""
    number = secrets.token_hex(4)
    log.error("web.failed number=%s path=%s kind=%s", number, request.url.path, type(problem))
    sentence = wording.say(frame.lang(request), "sentence_500")
    answer = said(request, 500, sentence, number)
    answer.headers.update(HEADERS | {"Cache-Control": "no-store"})
    return answer
