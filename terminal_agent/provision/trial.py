"""One thing that is to be configured, tried: it is asked once, and nothing is changed at it.

What went wrong is told in the words of whoever stands before it (`setup_…` in wording), because the
words of the running agent speak of trying again by itself.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from terminal_agent.clock import Clock
from terminal_agent.config import FingerSensor, Gnss, ZkDevice
from terminal_agent.config_shown import shown_source
from terminal_agent.discovery import nearby, ports, probe
from terminal_agent.discovery.found import FoundTerminal, PortKind
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

if TYPE_CHECKING:
    from terminal_agent.provision.picture import Picture

_NOT_WHAT = {
    "held": "setup_port_held",
    "denied": "setup_port_denied",
    "silent": "setup_port_silent",
}


def terminal(device: ZkDevice) -> FoundTerminal:
    """Reach a terminal, be let in with its communication key, read its serial number. Raises
    SourceMisconfigured and SourceUnavailable."""
    where = f"{device.host}:{device.port}"
    if device.host in nearby.held(device.port):
        raise SourceUnavailable("setup_held", where)
    try:
        return probe.asked(device.host, device.port, device.comm_key, udp=device.udp)
    except SourceMisconfigured as problem:
        code = "setup_key_wrong" if device.comm_key else "setup_key_wanted"
        raise SourceMisconfigured(code, where) from problem
    except SourceUnavailable as problem:
        raise SourceUnavailable(_why_not(problem, udp=device.udp), where) from problem


def camera(source: str, clock: Clock) -> "Picture":
    """Open a camera and take a picture. Raises SourceUnavailable and SourceMisconfigured."""
    from terminal_agent.provision import picture  # only here: the agent must not load OpenCV

    try:
        return picture.taken(source, clock)
    except (SourceUnavailable, SourceMisconfigured) as problem:
        if problem.code == "no_picamera2":
            raise
        raise SourceUnavailable(_no_picture(source), shown_source(source)) from problem


def receiver(gnss: Gnss) -> None:
    """Hear a satellite receiver. Raises SourceUnavailable."""
    _port(gnss.port, "gnss", gnss.speed)


def sensor(one: FingerSensor) -> None:
    """Be answered by a fingerprint sensor. Raises SourceUnavailable."""
    _port(one.port, "finger", one.speed)


def _port(port: str, kind: PortKind, speed: int) -> None:
    path = Path(port)
    if not path.exists():
        raise SourceUnavailable("setup_port_gone", port)
    if ports.holders(path):
        raise SourceUnavailable("setup_port_held", port)
    found = ports.asked(path)
    if found.kind != kind:
        raise SourceUnavailable(_NOT_WHAT.get(found.kind, "setup_port_other"), port)
    if found.speed != speed:
        raise SourceUnavailable("setup_port_speed", f"{port}: speed = {found.speed}")


def _no_picture(source: str) -> str:
    if source.startswith("/dev/"):
        return "setup_camera_gone"
    return "setup_camera_silent" if "://" in source else "setup_camera_unknown"


def _why_not(problem: SourceUnavailable, *, udp: bool) -> str:
    """Nobody there, a closed port, a terminal that serves somebody else, and something else."""
    match problem.__cause__:
        case ConnectionRefusedError():
            return "setup_port_closed"
        case UnicodeError():  # cannot be a name at all
            return "setup_no_such_host"
        case OSError(errno=int(number)) if number < 0:  # getaddrinfo's own numbers (netdb.h)
            return "setup_no_such_host"
    if problem.code == "unreachable" or (udp and problem.code == "timeout"):
        return "setup_unreachable"
    if problem.code in ("timeout", "connection_lost", "refused"):
        return "setup_occupied"
    return "setup_strange" if problem.code == "broken_frame" else problem.code
