"""The office's network and the way to the broker, as far as it goes."""

from collections.abc import Iterator
from pathlib import Path

from contract.invitation import Invitation
from terminal_agent import windows
from terminal_agent.clock import Clock
from terminal_agent.config import ZONES, Kiosk
from terminal_agent.discovery import nearby
from terminal_agent.doctor import broker
from terminal_agent.doctor.finding import Finding

_ROUTES = Path("/proc/net/route")
_EVERYWHERE = "00000000"


def network() -> Iterator[Finding]:
    """Our own networks, and whether there is a way out of them."""
    attached = nearby.attached()
    gateway = has_gateway(_ROUTES.read_text() if _ROUTES.exists() else "")
    if attached:
        shown = ", ".join(f"{one.own}/{one.network.prefixlen}" for one in attached)
        yield Finding("network_up", "ok", "network", {"addresses": shown})
    else:
        yield Finding("network_down", "warn", "network")
    if not gateway:
        yield Finding("no_gateway", "warn", "network")


def has_gateway(routes: str) -> bool:
    """Whether a route leads everywhere, in the words of /proc/net/route (proc(5))."""
    rows = [line.split() for line in routes.splitlines()[1:]]
    return any(row[1] == _EVERYWHERE and row[7] == _EVERYWHERE for row in rows)


def centre(invited: Invitation, kiosk: Kiosk, clock: Clock, *, knock: bool) -> Iterator[Finding]:
    """Whether the broker answers, unless the link is off at this hour. `knock`: also ask for
    admission; not beside an agent, whose connection would be taken from it."""
    now = clock.look()
    local = now.wall + ZONES[kiosk.zone]
    wait = windows.opens_in(windows.read(kiosk.windows), local) if now.trust else 0
    if wait:
        yield Finding("link_off_now", "info", "network", {"minutes": round(wait / 60)})
        return
    yield from broker.visit(invited, clock, knock=knock)
