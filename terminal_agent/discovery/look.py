"""A look around for ZKTeco terminals: `terminals` for people who set up or repair, `seek` for a
terminal that changed its address.

A terminal that this machine speaks to is left alone: small ones serve one connection at a time.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network

import msgspec
from msgspec.structs import replace

from terminal_agent.discovery import nearby, probe, sweep
from terminal_agent.discovery.found import FoundTerminal, hosts, merged

_NO_KEY = 0
_AT_ONCE = 32


class Listed(msgspec.Struct, frozen=True):
    """A terminal of this kiosk's configuration, where it is read now and, once it was read, its
    serial number."""

    name: str
    address: str
    port: int = 4370
    comm_key: int = 0
    serial: str = ""


def terminals(
    networks: Sequence[IPv4Network],
    port: int = 4370,
    comm_key: int = 0,
    listed: Sequence[Listed] = (),
) -> list[FoundTerminal]:
    """Every terminal on these networks, by address. `comm_key` is tried where one is asked for and
    the configuration knows none. Takes some 10 s for 254 addresses that are silent."""
    held = nearby.held(port)
    everyone = _addresses(networks)
    free = [address for address in everyone if address not in held]
    found = [_held(address, port, listed) for address in everyone if address in held]
    keys = {one.address: one.comm_key for one in listed}
    by_tcp = sweep.tcp(free, port)
    found += _all(by_tcp, port, keys, comm_key)
    silent = [address for address in free if address not in by_tcp]
    # A broadcast reaches the held ones too, and may cost them their connection.
    broadcasts = [] if held else [str(network.broadcast_address) for network in networks]
    by_udp = [one for one in sweep.udp(silent, port, broadcasts) if one not in by_tcp]
    found += _all(by_udp, port, keys, comm_key, udp=True)
    return merged(_with_cards(found, networks, listed), len(everyone))


def seek(serial: str, networks: Sequence[IPv4Network], reach: Listed, *, udp: bool) -> str | None:
    """The address at which the terminal with this serial number answers now, None where it is on
    none of these networks. `reach`: its port and communication key, which every terminal that
    answers there gets to hear."""
    held = nearby.held(reach.port)
    free = [address for address in _addresses(networks) if address not in held]
    answering = (sweep.udp if udp else sweep.tcp)(free, reach.port)
    for address in answering:
        if probe.terminal(address, reach.port, reach.comm_key, udp=udp).serial == serial:
            return address
    return None


def _addresses(networks: Sequence[IPv4Network]) -> list[str]:
    own = nearby.own_addresses()
    in_order = (str(one) for network in networks for one in hosts(network, own))
    return list(dict.fromkeys(in_order))


def _all(
    addresses: Sequence[str],
    port: int,
    keys: Mapping[str, int],
    otherwise: int,
    *,
    udp: bool = False,
) -> list[FoundTerminal]:
    """Many at a time: behind a router that answers for everybody each of them costs seconds."""

    def asked(address: str) -> FoundTerminal:
        return _asked(address, port, keys.get(address, otherwise), udp=udp)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(asked, addresses))


def _asked(address: str, port: int, comm_key: int, *, udp: bool = False) -> FoundTerminal:
    """With a key only where none did not do: a stranger need not hear it."""
    open_to_all = probe.terminal(address, port, _NO_KEY, udp=udp)
    if open_to_all.key != "needed" or not comm_key:
        return open_to_all
    return probe.terminal(address, port, comm_key, udp=udp)


def _held(address: str, port: int, listed: Sequence[Listed]) -> FoundTerminal:
    serial = next((one.serial for one in listed if one.address == address), "")
    return FoundTerminal(address, port, serial=serial, held=True)


def _with_cards(
    found: Sequence[FoundTerminal], networks: Sequence[IPv4Network], listed: Sequence[Listed]
) -> list[FoundTerminal]:
    """With what the network cards tell, and the names of those that are configured."""
    cards: Mapping[str, str] = nearby.zkteco_cards()
    answered = {one.address for one in found}
    pushing = [
        FoundTerminal(address, 0, "push")
        for address in cards
        if address not in answered and any(IPv4Address(address) in one for one in networks)
    ]
    return [
        replace(one, mac=cards.get(one.address, ""), name=_name(one, listed))
        for one in (*found, *pushing)
    ]


def _name(found: FoundTerminal, listed: Sequence[Listed]) -> str:
    """By the serial number where both are known, else by the address."""
    for one in listed:
        if found.serial and one.serial:
            if found.serial == one.serial:
                return one.name
        elif found.address == one.address:
            return one.name
    return ""
