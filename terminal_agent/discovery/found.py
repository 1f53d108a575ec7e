"""What a look around found, as values. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

import msgspec
from msgspec.structs import replace

# Of a larger network only the part around this kiosk is swept: 1022 silent addresses take 24 s.
LONGEST_SWEEP = 22
_LONGEST_NAME = 64
_CROWD = 8  # so many terminals of one kind and no more there may well be

Way = Literal["tcp", "udp", "push"]
Key = Literal["", "none", "right", "needed", "unknown"]
PortKind = Literal["gnss", "finger", "held", "silent", "denied"]


class FoundTerminal(msgspec.Struct, frozen=True):
    """A ZKTeco terminal at an address. `serial` is its identity, "" where it would not tell. `way`:
    what it answers to; "push" answers nothing and shows only a ZKTeco network card, so it probably
    pushes only (ADMS). `key`: "none" was asked for, the one we had is "right", another is "needed".
    `held`: this kiosk speaks to it now, so it was left alone and the serial is the remembered one.
    `family` and `firmware` as the device names them; counters -1 where it was not asked."""

    address: str
    port: int = 4370
    way: Way = "tcp"
    serial: str = ""
    family: str = ""
    firmware: str = ""
    key: Key = "unknown"
    held: bool = False
    users: int = -1
    records: int = -1
    record_capacity: int = -1
    name: str = ""
    """Its name in this kiosk's configuration, "" where it is not in it."""
    mac: str = ""
    problem: str = ""
    """The code of what went wrong while it was asked (as in errors), "" = nothing."""
    also: tuple[str, ...] = ()
    """Where else the very same answers: see `merged`."""


class FoundCamera(msgspec.Struct, frozen=True):
    """A camera: `source` is what belongs into [camera] source, `title` what it calls itself."""

    source: str
    title: str = ""


class FoundPort(msgspec.Struct, frozen=True):
    """A serial port by its stable path, and what speaks there. "held": another process has it, so
    nothing was written; "denied": it may not be opened. `speed` in baud, 0 where nothing spoke."""

    port: str
    kind: PortKind
    speed: int = 0
    title: str = ""


class FoundKiosk(msgspec.Struct, frozen=True):
    """A kiosk that announces itself. `setup`: it is not provisioned yet and shows its /setup page."""

    kid: str
    address: str
    port: int = 0
    version: str = ""
    setup: bool = False


def merged(found: Sequence[FoundTerminal], swept: int) -> list[FoundTerminal]:
    """One for each serial number: a router may answer for many addresses, and only one terminal can be
    meant. Those without a number are one where more than half of the `swept` addresses are alike."""
    alike = defaultdict(list)
    for one in sorted(
        found, key=lambda one: (not one.held, not one.name, IPv4Address(one.address))
    ):
        alike[
            (one.serial, "") if one.serial else ("", f"{one.way} {one.key} {one.problem}")
        ].append(one)
    kept = list[FoundTerminal]()
    for (serial, _), group in alike.items():
        if serial or (len(group) > _CROWD and 2 * len(group) > swept):
            also = sorted((one.address for one in group[1:]), key=IPv4Address)
            kept.append(replace(group[0], also=tuple(also)))
        else:
            kept += group
    return sorted(kept, key=lambda one: IPv4Address(one.address))


def plain(text: str) -> str:
    """What somebody in the network calls itself, as a terminal may show it: no control characters, and
    not too much."""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_NAME]


def hosts(network: IPv4Network, own: Sequence[IPv4Address] = ()) -> list[IPv4Address]:
    """The addresses of a network that may be somebody else's, lowest first."""
    mine = set(own)
    return [address for address in network.hosts() if address not in mine]


def within_limit(network: IPv4Network, own: IPv4Address | None = None) -> IPv4Network:
    """The network, or of one that is too large to sweep the part around `own` (or its beginning)."""
    if network.prefixlen >= LONGEST_SWEEP:
        return network
    around = own if own is not None and own in network else network.network_address
    return IPv4Network((around, LONGEST_SWEEP), strict=False)
