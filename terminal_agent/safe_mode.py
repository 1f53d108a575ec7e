"""Fingers only: a technician's switch for a kiosk whose camera or screen makes trouble.

A file in the kiosk's state, so that it outlives every start and every process sees it.
"""

from pathlib import Path

from terminal_agent import durable

_FILE = "safe-mode"


def is_on(state: Path) -> bool:
    """Whether the camera stays off."""
    return (state / _FILE).exists()


def switch(state: Path, *, on: bool) -> None:
    """From now on, for all processes, until it is switched again. Raises OSError."""
    if on:
        durable.write_whole(state / _FILE, b"")
    else:
        durable.remove(state / _FILE)


def alert(state: Path) -> str:
    """The alert's code, "" = none."""
    return "safe_mode" if is_on(state) else ""
