"""What hangs on the kiosk: screen, loudspeaker, satellite receiver, fingerprint sensors."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from terminal_agent.config import Config, Screen
from terminal_agent.discovery import ports
from terminal_agent.doctor.finding import Finding, Level

_CARDS = Path("/proc/asound/cards")
_PATIENCE = 5.0
_ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is written there


def attached(config: Config, *, screen: bool) -> Iterator[Finding]:
    """Everything that is configured. `screen`: the kiosk is to show one."""
    yield _screen(config.screen, wanted=screen)
    if config.screen.sound:
        yield _sound()
    if config.gnss.port:
        yield _port("gnss", config.gnss.port, "gnss_unplugged")
    for sensor in config.sensor:
        yield _port(sensor.name, sensor.port, "sensor_unplugged")


def _screen(screen: Screen, *, wanted: bool) -> Finding:
    host = _ANYWHERE.get(screen.host, screen.host)
    where = f"{host}:{screen.port}"
    wire = HTTPConnection(host, screen.port, timeout=_PATIENCE)
    try:
        wire.request("GET", "/")
        shown = wire.getresponse().status
    except (OSError, UnicodeError, HTTPException):  # the latter of a host that is no name
        return Finding("screen_away", "warn" if wanted else "info", "screen", {"where": where})
    finally:
        wire.close()
    kind: tuple[str, Level] = ("screen_up", "ok") if shown < 500 else ("screen_broken", "warn")
    return Finding(*kind, "screen", {"where": where})


def _sound() -> Finding:
    if shutil.which("aplay") is None:
        return Finding("no_player", "warn", "sound")
    cards = ""
    with suppress(OSError):
        cards = _CARDS.read_text("utf-8", "replace")
    if "[" not in cards:
        return Finding("no_sound_card", "warn", "sound")
    return Finding("sound_there", "ok", "sound")


def _port(name: str, port: str, missing: str) -> Finding:
    """By the path that stays its own; who holds the port is left alone."""
    path = Path(port)
    if not path.exists():
        return Finding(missing, "fail", name, {"where": port, "detail": port})
    if ports.holders(path):
        return Finding("port_in_use", "ok", name, {"where": port})
    return Finding("port_unread", "warn", name, {"where": port})
