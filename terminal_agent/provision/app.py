"""The setup page's web application. It is there only while the kiosk has no name.

On the kiosk's own screen: the address and the one-time code, as a QR code. On a phone in the same
network: the steps, for the one phone that had the code.
"""

import hmac
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import jinja2
import msgspec
from anyio import CapacityLimiter, WouldBlock, to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from terminal_agent.kiosk.guard import Guard
from terminal_agent.provision.code import Code
from terminal_agent.provision.desk import Desk
from terminal_agent.provision.forms import Asked, Eye, Forget, Join, Look, Nothing, Place, Take
from terminal_agent.provision.steps import Page, Steps
from terminal_agent.sticks import qr
from terminal_agent.wording import say

HERE = Path(__file__).parent
FORMS: dict[str, type[msgspec.Struct]] = {
    "now": Nothing,
    "place": Place,
    "look": Look,
    "port": Take,
    "device": Asked,
    "forget": Forget,
    "camera": Eye,
    "scan": Nothing,
    "join": Join,
}
_COOKIE = "hadir_setup"
_MOST_BODY = 8192

_Form = TypeVar("_Form", bound=msgspec.Struct)


class Enter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code from the kiosk's screen."""

    code: str


class Standing(msgspec.Struct, frozen=True):
    """What the kiosk's own screen shows. `word`: a sentence on what is going on."""

    address: str
    code: str
    word: str
    done: bool


class Outside(msgspec.Struct, frozen=True):
    """What the application asks of the world: random bytes, monotonic seconds, the address at which
    phones find this kiosk ("" = it is on no network), and to end once the kiosk has its name."""

    chance: Callable[[int], bytes]
    monotonic: Callable[[], float]
    address: Callable[[], str]
    end: Callable[[], None]


def build(at: Desk, outside: Outside) -> Starlette:
    """The application."""
    site = Site(at, outside)
    return Starlette(
        routes=[
            Route("/", site.screen),
            Route("/standing", site.standing),
            Route("/qr.svg", site.picture_of_code),
            Route("/setup", site.page),
            Route("/setup/enter", site.enter, methods=["POST"]),
            Route("/setup/picture", site.picture),
            Route("/setup/{step}", site.step, methods=["POST"]),
            Route("/healthz", site.health),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Guard)],
    )


class Site:
    """What each address answers."""

    def __init__(self, at: Desk, outside: Outside) -> None:
        self._desk, self._outside = at, outside
        self._code = Code(outside.chance)
        self._key = ""  # of the one phone that had the code
        self._kid = self._waiting = ""
        self._limit = CapacityLimiter(1)
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    async def screen(self, request: Request) -> Response:
        """For the kiosk's own screen; whoever comes from elsewhere is sent to the steps."""
        if not _is_own(request):
            return RedirectResponse("/setup")
        return self._html("waiting.html", request)

    async def standing(self, request: Request) -> Response:
        """The code, for the kiosk's own screen alone."""
        if not _is_own(request):
            return PlainTextResponse("only on the kiosk itself", 403)
        return _json(200, self._standing(_lang(request)))

    async def picture_of_code(self, request: Request) -> Response:
        """The address with the code, as a QR code; for the kiosk's own screen alone."""
        if not _is_own(request):
            return PlainTextResponse("only on the kiosk itself", 403)
        text = f"{self._outside.address()}/setup#{self._code.shown}"
        return Response(qr.picture(text, ".svg"), media_type="image/svg+xml")

    async def page(self, request: Request) -> Response:
        """The steps. Without the code it shows nothing but a field for it."""
        return self._html("setup.html", request)

    async def enter(self, request: Request) -> Response:
        """The code against a cookie; a second phone with the next code takes the first one's place."""
        form = _read(await _body(request), Enter)
        if form is None:
            return _said(400, _lang(request), "setup_bad_form")
        who = request.client.host if request.client else ""
        wrong = self._code.enter(form.code, who, self._outside.monotonic())
        if wrong:
            return _said(429 if wrong == "setup_slow" else 403, _lang(request), wrong)
        self._key = self._outside.chance(16).hex()
        answer = _said(200, _lang(request), "setup_entered")
        answer.set_cookie(_COOKIE, self._key, path="/setup", httponly=True, samesite="strict")
        return answer

    async def picture(self, request: Request) -> Response:
        """What the camera saw last."""
        seen = self._desk.picture
        if not self._is_let_in(request) or seen is None:
            return PlainTextResponse("", 404)
        return Response(seen.jpeg, media_type="image/jpeg")

    async def step(self, request: Request) -> Response:
        """One step: 401 without the code, 429 while another step is at work."""
        name = request.path_params["step"]
        if name not in FORMS:
            return PlainTextResponse("not found", 404)
        if not self._is_let_in(request):
            had_one = _COOKIE in request.cookies
            return _said(401, _lang(request), "setup_locked" if had_one else "setup_code_first")
        form = _read(await _body(request), FORMS[name])
        if form is None:
            return _said(400, _lang(request), "setup_bad_form")
        return await self._taken(name, form, Steps(self._desk, _lang(request)), request)

    async def health(self, _request: Request) -> Response:
        """200 while the server runs."""
        return PlainTextResponse("setup")

    async def _taken(self, name: str, form: object, steps: Steps, request: Request) -> Response:
        try:
            self._limit.acquire_nowait()
        except WouldBlock:
            return _said(429, _lang(request), "setup_busy")
        try:
            if name == "scan":
                page = await to_thread.run_sync(steps.scan)
            else:
                page = await to_thread.run_sync(steps.take, form)
        finally:
            self._limit.release()
        self._note(page)
        return _json(200, page)

    def _note(self, page: Page) -> None:
        self._waiting = page.waiting
        if page.kid:
            self._kid = page.kid
            self._outside.end()

    def _standing(self, lang: str) -> Standing:
        code = "setup_at_work" if self._key else "setup_begin"
        if not self._outside.address():
            code = "setup_no_address"
        if self._waiting:
            code = "enrol_waits"
        if self._kid:
            code = "setup_done"
        word = say(lang, code, shown=self._waiting, kid=self._kid)
        address = self._outside.address()
        return Standing(address, self._code.shown, word, bool(self._kid))

    def _is_let_in(self, request: Request) -> bool:
        told = request.cookies.get(_COOKIE, "")
        return bool(self._key) and hmac.compare_digest(told.encode(), self._key.encode())

    def _html(self, name: str, request: Request) -> Response:
        lang = _lang(request)
        page = self._pages.get_template(name).render(
            lang=lang,
            other="id" if lang == "en" else "en",
            label=lambda code, **values: say(lang, code, **values),
        )
        return HTMLResponse(page)


def _is_own(request: Request) -> bool:
    """From this machine; Guard lets no name but an address of ours through."""
    return request.client is not None and ip_address(request.client.host).is_loopback


def _lang(request: Request) -> str:
    return "en" if request.query_params.get("lang") == "en" else "id"


async def _body(request: Request) -> bytes:
    """At most so much; more is no form of ours, so what was read does not parse."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return b""
    return body


def _read(body: bytes, form: type[_Form]) -> _Form | None:
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _said(status: int, lang: str, code: str) -> Response:
    return _json(status, {"ok": status == 200, "line": say(lang, code), "code": code})


def _json(status: int, value: object) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
