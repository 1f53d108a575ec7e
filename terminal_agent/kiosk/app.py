"""The screen's web application: a page, its news, the camera's picture, and the keypad's questions."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import jinja2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from terminal_agent.kiosk import moment, streams
from terminal_agent.kiosk.asked import Asking, Form, MineForm, TypedForm, VouchedForm
from terminal_agent.kiosk.guard import Guard
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.relay import Relay
from terminal_agent.kiosk.speech import Speech

HERE = Path(__file__).parent
FORMS: dict[str, type[Form]] = {"typed": TypedForm, "vouched": VouchedForm, "mine": MineForm}


def build(relay: Relay, place: Place, picture: Path) -> Starlette:
    """The application. `picture` is the JPEG that the camera process keeps replacing."""
    site = Site(relay, place, picture)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        relay.start()
        yield
        relay.stop()

    return Starlette(
        routes=[
            Route("/", site.page),
            Route("/events", site.events),
            Route("/preview", site.preview),
            Route("/healthz", site.health),
            Route("/{form}", site.ask, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Guard)],
        lifespan=life,
    )


class Site:
    """What each address answers."""

    def __init__(self, relay: Relay, place: Place, picture: Path) -> None:
        self._relay = relay
        self._place = place
        self._picture = picture
        self._asking = Asking(relay, place)
        self._build = _digest()
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    async def page(self, request: Request) -> Response:
        """The screen. ?lang=en for English; ?kiosk=1 where there is no pointer; ?theme=day|night."""
        speech = _speech(request)
        now, place = self._relay.now(), self._place
        fixed = request.query_params.get("theme", "")
        page = self._pages.get_template("screen.html").render(
            lang=speech.lang,
            other_lang="id" if speech.lang == "en" else "en",
            kiosk=request.query_params.get("kiosk") == "1",
            fixed=fixed in ("day", "night"),
            theme=fixed if fixed in ("day", "night") else moment.theme(now, place.east),
            place=place,
            time=moment.clock(now, place.east),
            date=moment.date(now, place.east, speech),
            label=speech.label,
            notice=speech.notice(place.contact),
        )
        return HTMLResponse(page)

    async def events(self, request: Request) -> Response:
        """Server-sent events for one page."""
        telling = streams.Telling(self._relay, self._place, _speech(request), self._build)
        return StreamingResponse(telling.events(), media_type="text/event-stream")

    async def preview(self, _request: Request) -> Response:
        """The camera's picture as MJPEG; ends with the connection."""
        kind = f"multipart/x-mixed-replace; boundary={streams.BOUNDARY}"
        return StreamingResponse(streams.preview(self._picture), media_type=kind)

    async def health(self, _request: Request) -> Response:
        """200 while the server runs; the text says whether the agent is there."""
        return PlainTextResponse("ok" if self._relay.present.here else "no agent")

    async def ask(self, request: Request) -> Response:
        """One of the keypad's forms."""
        form = FORMS.get(request.path_params["form"])
        if form is None:
            return PlainTextResponse("not found", 404)
        return await self._asking.answer(request, form, _speech(request))


def _speech(request: Request) -> Speech:
    return Speech("en" if request.query_params.get("lang") == "en" else "id")


def _digest() -> str:
    """Of the page's own files: an open page starts anew where an update has changed them."""
    files = sorted((HERE / "static").iterdir()) + sorted((HERE / "templates").iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
