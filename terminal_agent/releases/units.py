"""The processes of a kiosk, as systemd has them."""

import subprocess
from pathlib import Path

AGENT = "hadir-agent.service"
# What runs from the tree. Those that are not running stay so; the browser runs nothing of it.
_RUNNING = ("hadir-clock.service", "hadir-camera.service", "hadir-kiosk.service")
_AT_WORK = Path("/run/hadir-update")  # systemd has it there while the keeper works
_PATIENCE = 180.0  # seconds for systemctl: a camera loads its models before it is ready


def restart() -> None:
    """Start everything anew from the release in force; whether it comes up is seen later."""
    _systemctl("restart", "--no-block", AGENT)
    _systemctl("try-restart", "--no-block", *_RUNNING)


def processes() -> dict[str, int]:
    """The process of each unit that has said READY; none before, and while it is away."""
    shown = _systemctl("show", "--property=Id,ActiveState,SubState,MainPID", AGENT, *_RUNNING)
    units = (
        dict(line.partition("=")[::2] for line in one.splitlines()) for one in shown.split("\n\n")
    )
    return {
        said["Id"]: int(said["MainPID"])
        for said in units
        if (said.get("ActiveState"), said.get("SubState")) == ("active", "running")
    }


def is_keeper_at_work() -> bool:
    """Whether hadir-update.service runs at this moment; anybody may ask."""
    return _AT_WORK.exists()


def _systemctl(*words: str) -> str:
    """What it printed; a systemd that does not answer is a kiosk that is not ready."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            ["/usr/bin/systemctl", *words],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
