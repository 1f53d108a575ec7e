"""Serving the pages: a socket, a thread, and an end that is waited for."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn

from sync_server.beside import beside
from sync_server.errors import PortTaken
from sync_server.web import app
from sync_server.web.place import Place

log = logging.getLogger(__name__)

_LEAVE_S = 2  # how long open pages may take to go when the server ends
_LOOK_S = 0.02


@contextmanager
def serving(place: Place, stop: threading.Event) -> Iterator[str]:
    """Serve the pages in a thread of their own; their address. A server that dies sets `stop`: its
    supervisor starts the whole anew. Raises PortTaken."""
    with ExitStack() as stack:
        wire = stack.enter_context(_bound(place.settings.web.host, place.settings.web.port))
        server = _Server(_shape(place), stop)
        stack.enter_context(beside("web", lambda: server.run(sockets=[wire]), stop))
        stack.callback(setattr, server, "should_exit", True)
        while not server.started and not stop.wait(_LOOK_S):
            pass
        host = place.settings.web.host
        address = f"http://{f'[{host}]' if ':' in host else host}:{wire.getsockname()[1]}"
        log.info("web.started address=%s", address)
        yield address


class _Server(uvicorn.Server):
    """Live pages end in good order: they would not by themselves, and be cut off. `stop` is looked at
    with every turn of the loop that answers, which shows that it turns."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's."""
        return self._stop.is_set() or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        its = self.config.app.state  # type: ignore[union-attr]
        for publisher in (its.publisher, its.feed):
            publisher.end()
        await super().shutdown(sockets)


def _shape(place: Place) -> uvicorn.Config:
    """`secure` says that a proxy on this machine ends TLS: it tells whose request it hands on."""
    return uvicorn.Config(
        app.build(place),
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=place.settings.web.secure,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=_LEAVE_S,
    )


def _bound(host: str, port: int) -> socket.socket:
    wire = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind((host, port))
    except OSError as problem:
        wire.close()
        raise PortTaken(port) from problem
    return wire
