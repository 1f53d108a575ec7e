"""The kiosk's screen."""

import signal
import threading
from pathlib import Path

import click

from terminal_agent import kernel_clock, log_ring
from terminal_agent.cli.setting import Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.watchdog import Pulse, Watchdog, notify

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


_boot_id = click.option("--boot-id", default="", help="Boot id where /proc hides it (systemd: %b).")


@click.command("kiosk")
@_boot_id
@setting
def kiosk(setting: Setting, boot_id: str) -> None:
    """Serve the kiosk's screen until SIGTERM: a page for a browser on the kiosk itself.

    Shows what the agent says over [kiosk].socket; where the agent is away it says so and waits. Open
    http://127.0.0.1:8080/?kiosk=1 (no pointer), or without ?kiosk=1 on a technician's machine.

    Example: terminal-agent --config agent.toml kiosk
    """
    # Only here: the agent itself must not pay for a web server's memory.
    from terminal_agent.kiosk import server

    log_ring.begin()
    with setting.explaining():
        settings = setting.load()
        wire = server.bound(settings.screen)
    # The server hands the signal on when it has ended; without this that would be exit by signal.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    host, port = settings.screen.host, wire.getsockname()[1]
    setting.tell("screen_open", host=f"[{host}]" if ":" in host else host, port=port)
    if host not in _LOOPBACK:
        setting.tell("screen_exposed", host=host)
    server.serve(settings, wire, boot_id)


@click.command("clock-word")
@click.option(
    "--to",
    "told",
    type=click.Path(path_type=Path),
    default=kernel_clock.TOLD,
    show_default=True,
    help="Where the agent reads it.",
)
@_boot_id
def clock_word(told: Path, boot_id: str) -> None:
    """Write down every 5 s, until SIGTERM, how well the kernel's clock is kept (NTP), for an agent
    whose unit may not ask the kernel. hadir-clock.service runs it.

    Example: terminal-agent clock-word
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    clock = Clock(boot_id=boot_id)
    watchdog = Watchdog(Pulse(clock.monotonic), clock.monotonic)

    def alive() -> None:
        watchdog.ready()
        watchdog.feed()

    kernel_clock.keep_written(told, clock.up_ms, stop, alive)
    notify("STOPPING=1")


COMMANDS = (kiosk, clock_word)
