"""Which of the kiosk's units run: those its configuration, its enrolment and its machine ask for.

A unit that is not named here starts itself by its own conditions, so it is always enabled.
"""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from terminal_agent import config, identity
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

FOLDER = Path("/usr/lib/systemd/system")
_RUNNING = Path("/run/systemd/system")
_OF_THE_CENTRE = ("hadir-web", "hadir-ingest@")
_BROWSER = ("cage", "chromium")


def wanted(file: Path, folder: Path = FOLDER) -> dict[str, bool]:
    """Every unit of the kiosk in `folder`, and whether it is to run with the configuration in `file`;
    nothing where the package is not installed. Raises SourceMisconfigured."""
    chosen = config.load(file)
    enrolled = _enrolled(Path(chosen.kiosk.state))
    browser = all(map(shutil.which, _BROWSER))
    screen = browser or "screen" in tomllib.loads(file.read_text("utf-8"))
    follow = {
        "hadir-agent.service": enrolled,
        "hadir-camera.service": enrolled and bool(chosen.camera.source),
        "hadir-setup.service": not enrolled,  # until then it has the screen's port
        "hadir-kiosk.service": enrolled and screen,
        "hadir-browser.service": browser,
    }
    return {name: follow.get(name, True) for name in _there(folder)}


def bring_about(units: dict[str, bool]) -> None:
    """Enable and start the wanted ones, stop and disable the others; where systemd does not run, as in
    an image that is being made, only enable. Raises SourceUnavailable with systemd's own words."""
    on = [name for name, run in units.items() if run]
    off = [name for name, run in units.items() if not run]
    _systemctl("disable", *off)
    _systemctl("enable", *on)
    if _RUNNING.is_dir():
        _systemctl("stop", *off)
        _systemctl("start", "--no-block", *on)


def _there(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("hadir-*.*")):
        ours = not path.name.startswith(_OF_THE_CENTRE)
        if ours and re.search(r"(?m)^\[Install\]$", path.read_text("utf-8")):
            yield path.name


def _enrolled(state: Path) -> bool:
    try:
        identity.load(state)
    except SourceMisconfigured:
        return False
    return True


def _systemctl(verb: str, *words: str) -> None:
    if not [word for word in words if not word.startswith("-")]:
        return
    try:
        done = subprocess.run(  # noqa: S603 - units by their names
            ["/usr/bin/systemctl", "--quiet", verb, *words],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as problem:
        raise SourceUnavailable("units_failed", str(problem)) from problem
    if done.returncode:
        raise SourceUnavailable("units_failed", done.stderr.strip())
