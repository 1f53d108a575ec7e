"""The kiosk's screen."""

import logging
import signal

import click

from terminal_agent.cli.setting import Setting, setting

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("kiosk")
@setting
def kiosk(setting: Setting) -> None:
    """Serve the kiosk's screen until SIGTERM: a page for a browser on the kiosk itself.

    Shows what the agent says over [kiosk].socket; where the agent is away it says so and waits. Open
    http://127.0.0.1:8080/?kiosk=1 (no pointer), or without ?kiosk=1 on a technician's machine.

    Example: terminal-agent --config agent.toml kiosk
    """
    # Only here: the agent itself must not pay for a web server's memory.
    from terminal_agent.kiosk import server

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
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
    server.serve(settings, wire)


COMMANDS = (kiosk,)
