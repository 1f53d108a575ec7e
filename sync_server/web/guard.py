"""What every answer says to browsers, and which requests are not even looked at."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.wording import say

LARGEST = 16 * 1024 * 1024  # bytes of a request; the largest is a region's roster as xlsx
# Where files and programs' letters go: their bodies are read after their sender is known. All other
# forms are words, and may be read before.
_UPLOADS = ("/absences", "/api/", "/audit/", "/corrections", "/data", "/ekinerja", "/whatif")
_WORDS = 64 * 1024  # bytes of any other request
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # Not no-referrer: a browser then sends "Origin: null" with our own forms (Fetch, 3.2).
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_LONG = "max-age=31536000; includeSubDomains"


class Guard:
    """Refuses other sites' forms and what is too large; puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": _LONG} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what may come."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = _strange(scope) or _refusal(scope["method"], scope["path"], Headers(scope=scope))
        app = _said(*refusal) if refusal else self._app
        await app(scope, receive, headed)


def _said(status: int, code: str) -> PlainTextResponse:
    """In both languages: which one the reader has is not looked at before he may come in."""
    return PlainTextResponse("\n".join(say(lang, code) for lang in ("id", "en")), status)


def _refusal(method: str, path: str, headers: Headers) -> tuple[int, str] | None:
    """Why not. A program shows a key and no cookie; whatever shows a cookie is a browser, and what it
    changes has to come from a page of ours."""
    if "transfer-encoding" in headers:  # it counts even where a length stands beside it (RFC 9112)
        return 411, "refused_length"
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > (LARGEST if path.startswith(_UPLOADS) else _WORDS):
        return 413, "refused_large"
    if method in ("GET", "HEAD") or (path.startswith("/api/") and "cookie" not in headers):
        return None
    if _site(headers.get("origin", "")) != headers.get("host", ""):
        return 403, "refused_site"
    return None


def _strange(scope: Scope) -> tuple[int, str] | None:
    """No address of ours holds a NUL, and PostgreSQL keeps none."""
    query = scope["query_string"]
    return (404, "sentence_404") if "\0" in scope["path"] or b"%00" in query else None


def _site(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # "http://[": no browser sends that
        return "?"
