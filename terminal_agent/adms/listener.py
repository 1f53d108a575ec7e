"""The HTTP listener that terminals call. It admits, bounds and reads requests; others judge them.

A request is read whole within some seconds by one of a few threads, and only for a terminal that is
on the list; who calls from elsewhere is heard too, to be named, and takes no place of theirs. Each
connection carries one request. The time in the answer comes from the kiosk's own
clock, and only where that may set a terminal's: terminals take it as theirs (PUSH 4.0, 4).
"""

import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec

from terminal_agent.adms.guests import Guests
from terminal_agent.errors import SourceMisconfigured

log = logging.getLogger(__name__)

LARGEST = 2 * 1024 * 1024  # bytes of a body that is kept; batches of 128 punches were seen
_LARGEST_PHOTO = 10 * 1024 * 1024  # read past and dropped
_SILENT = 5.0  # seconds without a byte
_WHOLE = 30.0  # seconds for a request altogether
_MOST = 16
_MOST_OF_ONE = 4
_MOST_STRANGERS = 2  # besides; all addresses that no terminal on the list calls from
_ELSEWHERE = ""
_CHUNK = 65_536
_BOTH_WAYS = 2  # SHUT_RDWR


class Request(msgspec.Struct, frozen=True):
    """One request of an admitted terminal. `path` without /iclock/; names in `query` as they came.
    `dropped`: the body was too dear to keep."""

    peer: str
    serial: str
    method: str
    path: str
    query: dict[str, str]
    body: bytes = b""
    token: str = ""
    dropped: bool = False


class Answer(msgspec.Struct, frozen=True):
    """`date`: UTC seconds for the Date header, None = no time is told."""

    status: int
    text: str = "OK\n"
    date: int | None = None


Judge = Callable[[Request], Answer]


class Listener:
    """Listens at (address, port) while the context lasts; `guests` are asked before a body is read,
    `judge` afterwards; both in the request's thread. Raises SourceMisconfigured."""

    def __init__(self, address: str, port: int, guests: Guests, judge: Judge) -> None:
        try:
            self._server = _Server((address, port), guests, judge)
        except OSError as problem:
            sentence = f"adms: {address or '*'} port {port}: {problem}"
            raise SourceMisconfigured("push_port", sentence) from problem
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="adms", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], guests: Guests, judge: Judge) -> None:
        self.guests, self.judge = guests, judge
        self._lock = threading.Lock()
        self._of: Counter[str] = Counter()
        super().__init__(address, _Call)

    def server_bind(self) -> None:
        """Without the look-up of a name that HTTPServer does: a kiosk may have no DNS."""
        TCPServer.server_bind(self)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401, ARG002
        peer = self._counted_as(client_address)
        with self._lock:
            full = peer != _ELSEWHERE and self._of.total() - self._of[_ELSEWHERE] >= _MOST
            most = _MOST_STRANGERS if peer == _ELSEWHERE else _MOST_OF_ONE
            if full or self._of[peer] >= most:
                log.warning("push.full peer=%s", client_address[0])
                return False
            self._of[peer] += 1
        return True

    def _counted_as(self, client_address: Any) -> str:  # noqa: ANN401
        peer = str(client_address[0])
        return peer if self.guests.expects(peer) else _ELSEWHERE

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        late = threading.Timer(_WHOLE, _cut, (request,))
        late.daemon = True
        late.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            late.cancel()
            with self._lock:
                self._of[self._counted_as(client_address)] -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """A caller that hangs up is its own business; anything else ends the agent."""
        if not isinstance(sys.exception(), OSError | ValueError):
            raise
        log.info("push.broken peer=%s %s", client_address[0], sys.exception())


def _cut(request: Any) -> None:  # noqa: ANN401
    try:
        request.shutdown(_BOTH_WAYS)
    except OSError:  # it is gone already
        return


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SILENT
    server: _Server

    def do_GET(self) -> None:
        """Options, calls for commands, pings."""
        self._take()

    def do_POST(self) -> None:
        """Uploads and answers."""
        self._take()

    def _take(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        serial, peer = query.get("SN", ""), str(self.client_address[0])
        if not url.path.startswith("/iclock/") or not serial:
            self._say(Answer(404, "not found\n"))
        elif not self.server.guests.admit(peer, serial):
            self._say(Answer(403, "not on the list\n"))
        else:
            path = url.path.removeprefix("/iclock/").removesuffix(".aspx")
            self._judge(Request(peer, serial, self.command, path, query, token=self._token()))

    def _judge(self, request: Request) -> None:
        length = self.headers.get("Content-Length", "0").strip()
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdecimal()):
            self._say(Answer(411, "length required\n"))
            return
        photo = "PHOTO" in request.query.get("table", "").upper() or request.path == "fdata"
        if len(length) > 9 or int(length) > (_LARGEST_PHOTO if photo else LARGEST):
            log.error("push.too_large name=%s bytes=%s", request.serial, length[:12])
            self._say(Answer(413, "too large\n"))
            return
        body = self._body(int(length), keep=not photo)
        if body is not None:
            self._say(self.server.judge(msgspec.structs.replace(request, body=body, dropped=photo)))

    def _body(self, length: int, *, keep: bool) -> bytes | None:
        """The body, or nothing of it; None where the caller hung up before its end."""
        if keep:
            body = self.rfile.read(length)
            return body if len(body) == length else None
        while length > 0:
            chunk = self.rfile.read(min(length, _CHUNK))
            if not chunk:
                return None
            length -= len(chunk)
        return b""

    def _token(self) -> str:
        parts = (part.strip().partition("=") for part in self.headers.get("Cookie", "").split(";"))
        return next((value for name, _, value in parts if name == "token"), "")

    def _say(self, answer: Answer) -> None:
        body = answer.text.encode()
        self.close_connection = True
        self.send_response_only(answer.status)
        if answer.date is not None:
            self.send_header("Date", formatdate(answer.date, usegmt=True))
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def send_error(
        self,
        code: int,
        message: str | None = None,  # noqa: ARG002
        explain: str | None = None,  # noqa: ARG002
    ) -> None:
        """What is no request of the protocol, without a page and without the time."""
        self._say(Answer(int(code), "malformed\n"))

    def log_message(self, format: str, *args: object) -> None:
        """Requests hold names and PINs; what matters is logged where it is judged."""
