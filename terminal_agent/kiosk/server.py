"""Serving the screen: the composition root of `terminal-agent kiosk`."""

import socket
from pathlib import Path

import uvicorn

from terminal_agent import config, identity
from terminal_agent.clock import Clock
from terminal_agent.door.client import Door
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.kiosk import app
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.relay import Relay
from terminal_agent.watchdog import Pulse, Watchdog, notify

_LEAVE_S = 1  # how long open pages may take to go when the server ends
_RELAY_ALLOWANCE = 60.0  # seconds


class _Server(uvicorn.Server):
    """Tells systemd that pages are answered: the tick comes from the loop that answers them, and
    stands still with it."""

    def __init__(self, config: uvicorn.Config, watchdog: Watchdog) -> None:
        super().__init__(config)
        self._watchdog = watchdog

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's."""
        self._watchdog.ready()
        self._watchdog.feed()
        return await super().on_tick(counter)


def serve(settings: config.Config, wire: socket.socket, boot_id: str = "") -> None:
    """Serve the screen on a bound socket until SIGTERM. `boot_id`: where /proc hides it."""
    path = Path(settings.kiosk.socket)
    clock = Clock(settings.kiosk.clock, boot_id)
    pulse = Pulse(clock.monotonic)
    relay = Relay(Door(path, "screen"), clock.wall, pulse.beater("relay", _RELAY_ALLOWANCE))
    site = app.build(relay, place(settings), path.parent / "preview.jpg")
    server = _Server(
        uvicorn.Config(
            site,
            http="h11",
            ws="none",
            loop="asyncio",
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_LEAVE_S,
            limit_concurrency=64,
        ),
        Watchdog(pulse, clock.monotonic),
    )
    server.run(sockets=[wire])
    notify("STOPPING=1")


def bound(screen: config.Screen) -> socket.socket:
    """The socket that the page is served on. Raises SourceUnavailable."""
    wire = socket.socket(socket.AF_INET6 if ":" in screen.host else socket.AF_INET)
    try:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind((screen.host, screen.port))
        wire.listen()  # whoever is told the address may come before the page is ready, and waits
    except OSError as problem:
        wire.close()
        where = f"{screen.host}:{screen.port}: {problem.strerror or problem}"
        raise SourceUnavailable("screen_address", where) from problem
    return wire


def place(settings: config.Config) -> Place:
    """Where this screen stands. A user who may not read the kiosk's keys reads no name."""
    try:
        name = identity.load(Path(settings.kiosk.state)).kid
    except SourceMisconfigured:
        name = "Hadir"
    return Place(
        name=name,
        zone=settings.kiosk.zone,
        east=config.ZONES[settings.kiosk.zone],
        camera=bool(settings.camera.source),
        finger=bool(settings.zkteco or settings.sensor),
        contact=settings.screen.contact,
    )
