"""The frame of every page: head, places to go, and what templates may call."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import jinja2
import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sync_server import localtime, posts, roles, wording, written
from sync_server.roles import Act, Viewer
from sync_server.web.place import place

HERE = Path(__file__).parent
ASSETS = HERE / "static"
LANGUAGES = ("id", "en")
_KEEP_S = 365 * 86400
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}

# Where people go: address, word, and the act it takes (None: whoever has a NIP). Only what the
# application has is shown.
NAV: tuple[tuple[str, str, Act | None], ...] = (
    ("/", "nav_board", "see_board"),
    ("/saya", "nav_mine", None),
    ("/ekinerja", "nav_ekinerja", None),
    ("/corrections", "nav_corrections", None),
    ("/absences", "nav_absences", "see_people"),
    ("/people", "nav_people", "see_people"),
    ("/months", "nav_months", "see_pay"),
    ("/reports", "nav_reports", "see_people"),
    ("/exports", "nav_exports", "export"),
    ("/kiosks", "nav_kiosks", "see_kiosks"),
    ("/whatif", "nav_whatif", "whatif"),
    ("/data", "nav_data", "data"),
    ("/audit", "nav_audit", "audit"),
    ("/accounts", "nav_accounts", "accounts"),
)


class Link(msgspec.Struct, frozen=True):
    """A place to go."""

    path: str
    word: str
    here: bool


def page(
    request: Request,
    viewer: Viewer | None,
    template: str,
    http_status: int = 200,
    /,
    **values: object,
) -> HTMLResponse:  # fmt: skip
    """A whole page. Templates extend frame.html and fill its blocks title, head and main."""
    answer = part(request, viewer, template, http_status, **values)
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        secure = place(request).settings.web.secure
        answer.set_cookie("lang", asked, _KEEP_S, secure=secure, httponly=True, samesite="lax")
    return answer


def part(
    request: Request,
    viewer: Viewer | None,
    template: str,
    http_status: int = 200,
    /,
    **values: object,
) -> HTMLResponse:  # fmt: skip
    """A fragment of a page, for htmx."""
    text = environment().get_template(template).render(_given(request, viewer), **values)
    return HTMLResponse(text, http_status)


def lang(request: Request) -> str:
    """The reader's language: as asked, as kept, otherwise Indonesian."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "id"


def home(viewer: Viewer) -> str:
    """The first page after a login."""
    if roles.may(viewer, "see_board"):
        return "/"
    if roles.may(viewer, "see_pay"):
        return "/months"
    if roles.may(viewer, "accounts"):
        return "/accounts"
    if roles.may(viewer, "see_kiosks"):
        return "/kiosks"
    return "/saya"


def office(request: Request, viewer: Viewer) -> str:
    """The office that a page is about: as asked (?opd=), as chosen in the head, his own; always one
    within his reach, or ""."""
    asked = (request.query_params.get("opd"), request.cookies.get("opd"), viewer.opd)
    return next((one for one in asked if one and _reaches(viewer, one)), "")


def money(rupiah: int) -> str:
    """Rp 1.234.567, as Indonesia writes it."""
    return f"{'-' if rupiah < 0 else ''}Rp {written.rupiah(abs(rupiah))}"


def clock(utc: datetime | float, zone: int) -> str:
    """An instant as the office's clock showed it, with the zone's name; `zone`: minutes east."""
    return f"{localtime.at(utc, zone):%H.%M} {_ZONES.get(zone // 60, '')}".rstrip()


def stamp(utc: float, zone: int = localtime.WIB) -> str:
    """An instant with its date, for lists: 30-01-2026 10.15; `zone`: minutes east, WIB without."""
    return f"{localtime.at(utc, zone):%d-%m-%Y %H.%M}"


def day_of(language: str) -> Callable[[date | str], str]:
    """How a date (or 2026-01-13) is written in a language: Sel 13 Jan 2026."""

    def written(day: date | str) -> str:
        return wording.day(language, date.fromisoformat(day) if isinstance(day, str) else day)

    return written


def month_of(language: str) -> Callable[[str], str]:
    """How a month (2026-01) is written in a language: Januari 2026."""

    def written(month: str) -> str:
        year, number = month.split("-")
        return f"{wording.say(language, 'months_whole').split()[int(number) - 1]} {year}"

    return written


@lru_cache(maxsize=1)
def version() -> str:
    """Of the site's own files: it is part of their address, so that they may be kept for ever."""
    files = sorted(path for path in ASSETS.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates: whatever they are given is escaped, whatever they miss is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        money=money,
        percent=written.percent,
        clock=clock,
        stamp=stamp,
        static=lambda name: f"/static/{version()}/{name}",
        vendor=lambda name: f"/vendor/{version()}/{name}",
    )
    return made


def _given(request: Request, viewer: Viewer | None) -> dict[str, object]:
    language = lang(request)
    session = getattr(request.state, "session", None)

    def say(code: str, /, **values: object) -> str:
        return wording.say(language, code, **values)

    def may(act: Act, opd: str | None = None) -> bool:
        return viewer is not None and roles.may(viewer, act, opd)

    return {
        "viewer": viewer,
        "lang": language,
        "other_lang": _turned(request, "en" if language == "id" else "id"),
        "csrf": session.csrf if session else "",
        "title_of_site": place(request).settings.web.title,
        "nav": _nav(request, viewer),
        "offices": _offices(request, viewer),
        "office_here": office(request, viewer) if viewer else "",
        "path": request.url.path,
        "say": say,
        "may": may,
        "day": day_of(language),
        "named": month_of(language),
        "kind_of": lambda kind: wording.kind_of(language, kind),
        "deed": lambda did: wording.deed(language, did),
    }


def _turned(request: Request, language: str) -> str:
    """This page in the other language; a form's answer cannot be asked for again, so its home."""
    url = request.url if request.method == "GET" else request.url.replace(path="/", query="")
    asked = url.include_query_params(lang=language)
    # An address that begins with two strokes is another host's, where a page's link leads.
    return f"/{asked.path.lstrip('/')}?{asked.query}"


def _nav(request: Request, viewer: Viewer | None) -> list[Link]:
    if viewer is None:
        return []
    known: frozenset[str] = request.app.state.paths
    shown = [
        (path, word)
        for path, word, act in NAV
        if path in known and (roles.may(viewer, act) if act else _has_own(viewer, path))
    ]
    now = _section(request.url.path, viewer)
    found = [path for path, _ in shown if now == path or (path != "/" and now.startswith(path))]
    return [Link(path, word, path in found) for path, word in shown]


def _section(path: str, viewer: Viewer) -> str:
    """The place to go that a page belongs to, where its address does not say so."""
    if viewer.nip and path.startswith((f"/people/{viewer.nip}", f"/explain/{viewer.nip}")):
        return "/saya"
    if path.startswith("/explain/"):
        return "/people"
    return "/" if path.startswith("/offices/") else path


def _has_own(viewer: Viewer, path: str) -> bool:
    """Whether he has something of his own there; corrections also wait for those who decide."""
    decides = path == "/corrections" and roles.may(viewer, "see_people")
    return bool(viewer.nip) or decides


def _offices(request: Request, viewer: Viewer | None) -> Sequence[object]:
    """The offices that he may choose between; nothing to choose where there is one."""
    if viewer is None or not (viewer.reach is None or len(viewer.reach) > 1):
        return ()
    with place(request).database.reading() as tx:
        every = posts.offices(tx)
    return [one for one in every if _reaches(viewer, one.opd)]


def _reaches(viewer: Viewer, opd: str) -> bool:
    return viewer.reach is None or opd in viewer.reach
