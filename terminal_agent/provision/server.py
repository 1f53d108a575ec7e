"""Serving the setup page: the composition root of `terminal-agent setup`."""

import asyncio
import secrets
import socket
import threading
from contextlib import closing
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from terminal_agent import config
from terminal_agent.clock import Clock
from terminal_agent.discovery import nearby
from terminal_agent.discovery.kiosks import Herald
from terminal_agent.kiosk import server as screen
from terminal_agent.provision import app
from terminal_agent.provision.desk import Desk
from terminal_agent.watchdog import Pulse, Watchdog, notify

_FAREWELL = 4.0  # seconds: the phone and the screen show how it went before the page goes


def bound(host: str, port: int) -> socket.socket:
    """The socket that the page is served on. Raises SourceUnavailable."""
    return screen.bound(config.Screen(host=host, port=port))


def address_at(port: int) -> str:
    """Where a phone in the office's network finds this kiosk, "" = on no network."""
    own = next((one.own for one in nearby.attached()), None)
    return f"http://{own}:{port}" if own else ""


def serve(file: Path, clock: Clock, wire: socket.socket, version: str) -> bool:
    """Serve until the kiosk has its name, or SIGTERM; whether it has. Raises SourceMisconfigured."""
    port, at = wire.getsockname()[1], Desk(file, clock)
    outside = app.Outside(
        chance=secrets.token_bytes,
        monotonic=clock.monotonic,
        address=lambda: address_at(port),
        end=lambda: served.end(),
    )
    watchdog = Watchdog(Pulse(clock.monotonic), clock.monotonic)
    served = _Server(_settings(app.build(at, outside)), watchdog)
    stop = threading.Event()
    herald = Herald("hadir-baru", port, version, setup=True)
    voice = threading.Thread(target=herald.run, args=(stop,), name="herald", daemon=True)
    voice.start()
    with closing(wire):
        served.run(sockets=[wire])
    stop.set()
    notify("STOPPING=1")
    return served.done


class _Server(uvicorn.Server):
    """Tells systemd that pages are answered, and ends a little after the kiosk has its name."""

    def __init__(self, settings: uvicorn.Config, watchdog: Watchdog) -> None:
        super().__init__(settings)
        self._watchdog = watchdog
        self.done = False

    def end(self) -> None:
        """Called within the loop."""
        self.done = True
        asyncio.get_running_loop().call_later(_FAREWELL, self._leave)

    def _leave(self) -> None:
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's."""
        self._watchdog.ready()
        self._watchdog.feed()
        return await super().on_tick(counter)


def _settings(site: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        site,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        limit_concurrency=32,
    )
