"""Serving the pages: a socket, a thread, and an end that is waited for."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

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
    with _bound(place.settings.web.host, place.settings.web.port) as wire:
        server = uvicorn.Server(_shape(place))
        thread = threading.Thread(target=_serve, args=(server, wire, stop), name="web", daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(_LOOK_S)
        host = place.settings.web.host
        address = f"http://{f'[{host}]' if ':' in host else host}:{wire.getsockname()[1]}"
        log.info("web.started address=%s", address)
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(_LEAVE_S * 3)


def _serve(server: uvicorn.Server, wire: socket.socket, stop: threading.Event) -> None:
    try:
        server.run(sockets=[wire])
    finally:
        stop.set()


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
