"""What the kernel knows of the office's network: our own networks and addresses, neighbours, and to
whom this machine speaks. Only networks with a wire of their own count: nothing is ever swept over a
modem's point-to-point line, where every packet is paid for.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise
from pathlib import Path

import msgspec

from terminal_agent.discovery.found import within_limit
from terminal_agent.errors import SourceMisconfigured

_NET = Path("/proc/thread-self/net")  # this thread's: /proc/net is hidden by ProcSubset=pid
_INTERFACES = Path("/sys/class/net")
_BROADCAST, _POINT_TO_POINT, _NO_ARP = 0x2, 0x10, 0x80  # linux/if.h
_UP, _GATEWAY = 0x1, 0x2  # linux/route.h
_COMPLETE = 0x2  # linux/if_arp.h, ATF_COM
_ESTABLISHED = "01"  # net/tcp_states.h, also of a connected UDP socket
_LOOPBACK = IPv4Network("127.0.0.0/8")
# Of ZKTeco's network cards, as terminals sold in Indonesia show it too (X105: 00:17:61:12:7e:04).
_OUI = "00:17:61"


class Attached(msgspec.Struct, frozen=True):
    """A network at one of our wires, and our own address there."""

    network: IPv4Network
    own: IPv4Address


def attached() -> list[Attached]:
    """The networks of this machine's wired and wireless interfaces; none without such."""
    own = addresses(_read("fib_trie"))
    return [
        Attached(network, address)
        for name, network in routes(_read("route"))
        for address in own
        if address in network and _is_lan(name)
    ]


def networks() -> list[IPv4Network]:
    """Our own networks, of large ones the part around us."""
    return list(dict.fromkeys(within_limit(one.network, one.own) for one in attached()))


def typed(text: str) -> IPv4Network:
    """A network as people type it, with or without the figures behind the slash. Raises
    SourceMisconfigured. Where strangers live is no office: nobody looks around there."""
    whole = text.strip()
    try:
        network = IPv4Network(whole if "/" in whole else f"{whole}/24", strict=False)
    except ValueError as problem:
        raise SourceMisconfigured("bad_network", text) from problem
    own = any(network.overlaps(one.network) for one in attached())
    if network.is_global and not own:
        raise SourceMisconfigured("foreign_network", text)
    return network


def around(host: str) -> list[IPv4Network]:
    """Where a terminal that was at `host` may be found again: our own networks; for a loopback
    address, where rehearsals are, its 256 neighbours and nothing else."""
    with suppress(ValueError):  # a name
        if IPv4Address(host) in _LOOPBACK:
            return [IPv4Network((host, 24), strict=False)]
    return networks()


def held(port: int) -> set[str]:
    """The addresses to whose `port` this machine has a connection: a small terminal speaks to one
    at a time, so these are left alone. Where the kernel does not tell, none."""
    return connected(_read("tcp"), port) | connected(_read("udp"), port)


def zkteco_cards() -> dict[str, str]:
    """Neighbours that were heard lately and have a network card of ZKTeco: address to MAC."""
    return {
        address: mac for address, mac in neighbours(_read("arp")).items() if mac.startswith(_OUI)
    }


# How /proc/net writes it (proc(5)): addresses are hex of the machine's own byte order.


def routes(text: str) -> list[tuple[str, IPv4Network]]:
    """Interface and network of every route that needs no gateway, from `route`."""
    found = []
    for line in text.splitlines()[1:]:
        name, destination, _, flags, _, _, _, mask, *_ = line.split()
        if int(flags, 16) & (_UP | _GATEWAY) == _UP:
            network = IPv4Network(f"{_address(destination)}/{_address(mask)}")
            if 0 < network.prefixlen < 31 and not network.is_link_local:
                found.append((name, network))
    return found


def addresses(text: str) -> list[IPv4Address]:
    """Our own addresses, from `fib_trie`: the line before each "/32 host LOCAL"."""
    lines = [line.split() for line in text.splitlines()]
    mine = [before[-1] for before, line in pairwise(lines) if line[-3:] == ["/32", "host", "LOCAL"]]
    return list(dict.fromkeys(map(IPv4Address, mine)))


def connected(text: str, port: int) -> set[str]:
    """The far addresses of connections to this port, from `tcp` or `udp`."""
    found = set()
    for line in text.splitlines()[1:]:
        _, _, far, state, *_ = line.split()
        address, _, far_port = far.partition(":")
        if state == _ESTABLISHED and int(far_port, 16) == port:
            found.add(str(_address(address)))
    return found


def neighbours(text: str) -> dict[str, str]:
    """Address to MAC (lower case) of neighbours that answered, from `arp`."""
    found = {}
    for line in text.splitlines()[1:]:
        address, _, flags, mac, *_ = line.split()
        if int(flags, 16) & _COMPLETE:
            found[address] = mac.lower()
    return found


def own_addresses() -> Sequence[IPv4Address]:
    """Every IPv4 address of this machine."""
    return addresses(_read("fib_trie"))


def _address(text: str) -> IPv4Address:
    return IPv4Address(bytes.fromhex(text)[:: -1 if sys.byteorder == "little" else 1])


def _read(name: str) -> str:
    """ "" where the kernel was built without it: then nothing is known, and nothing breaks."""
    with suppress(OSError):
        return (_NET / name).read_text()
    return ""


def _is_lan(name: str) -> bool:
    try:
        flags = int((_INTERFACES / name / "flags").read_text(), 16)
    except OSError:  # gone meanwhile
        return False
    return bool(flags & _BROADCAST) and not flags & (_POINT_TO_POINT | _NO_ARP)
