"""The kiosk's own camera."""

import logging
import signal
import threading

import click

from terminal_agent.cli.setting import Setting, setting
from terminal_agent.clock import Clock


@click.command("camera")
@click.option("--boot-id", default="", help="Boot id where /proc hides it (systemd: %b).")
@setting
def camera(setting: Setting, boot_id: str) -> None:
    """Recognise faces before [camera].source until SIGTERM, and tell the agent.

    What the agent has not answered yet is told when it is back. A camera that goes away is tried
    again; the screen says so meanwhile.

    Example: terminal-agent --config agent.toml camera
    """
    # Only here: the agent itself must not pay for OpenCV's memory.
    from terminal_agent.camera import watch

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with setting.explaining():
        settings = setting.load()
        watch.run(settings, Clock(settings.kiosk.clock, boot_id), stop)


COMMANDS = (camera,)
