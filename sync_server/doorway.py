"""Where visitors of the enrolment door come in: TLS, a thread for each, and an end for those who dawdle."""

import contextlib
import logging
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

log = logging.getLogger(__name__)

PATIENCE = 20.0  # seconds for each thing that a satellite link carries
_LONGEST = 60.0  # seconds for a visit
_LONGEST_FETCH = 600.0  # seconds for a piece of a release, and for its manifest, at 10 kbit/s
_MOST_AT_ONCE = 64


class Doorway(ThreadingHTTPServer):
    """`visit` answers one request."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, where: tuple[str, int], visit: type[BaseHTTPRequestHandler], tls: ssl.SSLContext
    ) -> None:
        self._tls = tls
        self._room = threading.BoundedSemaphore(_MOST_AT_ONCE)
        self._visit = threading.local()
        super().__init__(where, visit)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A thread for each visitor, as many as there is room for: others come again."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """The handshake here: whoever dawdles holds up nobody but himself, and not for long."""
        wire = self._visit.request = request
        self._ends_in(_LONGEST)
        try:
            request.settimeout(PATIENCE)
            wire = self._tls.wrap_socket(request, server_side=True)
            self.finish_request(wire, client_address)
        except OSError as problem:  # a scanner, or a link that broke
            log.info("enrol.broke address=%s %s", client_address[0], problem)
        finally:
            self._visit.late.cancel()
            self._room.release()
            self.shutdown_request(wire)

    def patient(self) -> None:
        """Who fetches a release is given longer than who enrols; each block still has its time alone."""
        self._visit.late.cancel()
        self._ends_in(_LONGEST_FETCH)

    def _ends_in(self, seconds: float) -> None:
        """Cut this thread's visit off then."""
        self._visit.late = threading.Timer(seconds, _cut, (self._visit.request,))
        self._visit.late.daemon = True
        self._visit.late.start()


def _cut(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
