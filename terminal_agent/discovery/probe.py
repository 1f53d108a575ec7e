"""What a terminal at one address says of itself. Nothing is changed there and no log is read."""

from contextlib import suppress

from msgspec.structs import replace

from terminal_agent.discovery.found import FoundTerminal, plain
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk.link import Link

_PATIENCE = 4.0  # seconds for each answer: on the office's own network they come at once
_TRIES = 2  # a small terminal may still be closing the connection that found it


def terminal(address: str, port: int, comm_key: int = 0, *, udp: bool = False) -> FoundTerminal:
    """Ask for serial number, family, firmware, counters. What went wrong is in `problem`: a port that
    is open is something, even where it speaks another language."""
    found = FoundTerminal(address, port, "udp" if udp else "tcp")
    try:
        return asked(address, port, comm_key, udp=udp)
    except SourceMisconfigured:
        return replace(found, key="needed")
    except SourceUnavailable as why:
        return replace(found, problem=why.code)


def asked(address: str, port: int, comm_key: int = 0, *, udp: bool = False) -> FoundTerminal:
    """As `terminal`, for one that has to be there. Raises SourceUnavailable, and SourceMisconfigured
    where it refuses the communication key."""
    for _ in range(_TRIES - 1):
        with suppress(SourceUnavailable):
            return _asked_once(address, port, comm_key, udp=udp)
    return _asked_once(address, port, comm_key, udp=udp)


def _asked_once(address: str, port: int, comm_key: int, *, udp: bool) -> FoundTerminal:
    with Link(address, port, comm_key, _PATIENCE, udp) as link:
        return _told(FoundTerminal(address, port, "udp" if udp else "tcp"), link)


def _told(found: FoundTerminal, link: Link) -> FoundTerminal:
    sizes = link.sizes()
    return replace(
        found,
        serial=plain(link.serial()),
        family=plain(link.platform()),
        firmware=plain(link.firmware()),
        key="none" if link.default_key else "right",
        users=sizes.users,
        records=sizes.records,
        record_capacity=sizes.record_cap,
    )
