"""The kiosk's own camera."""

import signal
import threading

import click

from terminal_agent import log_ring
from terminal_agent.cli.setting import Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.config_shown import camera_secrets


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

    log_ring.begin()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with setting.explaining():
        settings = setting.load()
        log_ring.hide(camera_secrets(settings.camera.source))
        watch.run(settings, Clock(settings.kiosk.clock, boot_id), stop)


COMMANDS = (camera,)
