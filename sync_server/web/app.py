"""The pages as one application: every topic's addresses, the guard before them, errors behind them."""

from functools import partial
from importlib.metadata import files
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from sync_server.accounts.oidc import Provider
from sync_server.accounts.pace import Doorkeeper
from sync_server.live import Boards
from sync_server.web import api, failing, frame
from sync_server.web.api import described, watching
from sync_server.web.guard import Guard
from sync_server.web.pages import ROUTERS
from sync_server.web.panels import Panels
from sync_server.web.place import Place
from sync_server.web.streams import Publisher

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_VENDOR = ("htmx-4.min.js", "ext/hx-sse-4.min.js")


def build(place: Place) -> FastAPI:
    """The application. It holds nothing between requests but what slows guessing down."""
    app = FastAPI(
        redirect_slashes=False,
        title=place.settings.web.title,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page loads from other hosts
        redoc_url=None,
    )
    app.state.place = place
    boards = Boards(place.database, place.wall)
    app.state.panels = Panels(boards)
    app.state.publisher = Publisher(app.state.panels.changed)
    app.state.feed = watching.feed(boards)
    app.state.doorkeeper = Doorkeeper()
    oidc = place.settings.oidc
    app.state.provider = Provider(oidc) if oidc.issuer else None
    for router in (*ROUTERS, *api.ROUTERS):
        app.include_router(router)
    app.openapi = partial(described.document, app, api.ROUTERS)  # type: ignore[method-assign] # as FastAPI asks
    for kind, known in (("static", _static()), ("vendor", _vendor())):
        app.add_route(
            f"/{kind}/{{version}}/{{name:path}}", partial(_asset, known), include_in_schema=False
        )
    app.state.paths = frozenset(path for path, _ in addresses())
    failing.explain(app)
    app.add_middleware(Guard, secure=place.settings.web.secure)
    return app


def addresses() -> list[tuple[str, frozenset[str]]]:
    """Every address that a page or a form has, and its methods."""
    found = (one for router in ROUTERS for one in router.routes)
    return [(one.path, frozenset(one.methods or ())) for one in found if isinstance(one, Route)]


async def _asset(known: dict[str, Path], request: Request) -> FileResponse:
    """A file of the site, or of htmx. The address holds the version: another file has another."""
    found = known.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return FileResponse(found, headers=_FOREVER)


def _static() -> dict[str, Path]:
    """The site's own files; what is not listed is not there, whatever the address says."""
    files = (path for path in frame.ASSETS.rglob("*") if path.is_file())
    return {path.relative_to(frame.ASSETS).as_posix(): path for path in files}


def _vendor() -> dict[str, Path]:
    """htmx out of the wheel that carries it (django-htmx, never imported)."""
    found = {}
    for file in files("django-htmx") or ():
        for wanted in _VENDOR:
            if str(file).endswith(f"static/django_htmx/{wanted}"):
                found[Path(wanted).name] = Path(str(file.locate()))
    return found
