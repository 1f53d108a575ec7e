"""Kiosks announce themselves on the office's own network (zeroconf, `_hadir._tcp`), and `discover`
lists them. Multicast of this kind never leaves the local network, and no interface but a wired or
wireless one is used: it costs no data on any link class, and names no person.
"""

import logging
import threading
from collections.abc import Callable
from ipaddress import IPv4Address

from zeroconf import (
    Error,
    IPVersion,
    NonUniqueNameException,
    ServiceBrowser,
    ServiceListener,
    Zeroconf,
)
from zeroconf import ServiceInfo as Announcement

from terminal_agent.discovery import nearby
from terminal_agent.discovery.found import FoundKiosk, plain

log = logging.getLogger(__name__)

_TYPE = "_hadir._tcp.local."
_LOOK = 30.0  # seconds: an address that DHCP gave late is announced within them
_ANSWER_MS = 1000


class Herald:
    """Announces this kiosk while it runs. `port`: of the page to look at, 0 = none for others.
    `setup`: it is not provisioned yet."""

    def __init__(
        self,
        kid: str,
        port: int,
        version: str,
        *,
        setup: bool = False,
        at: Callable[[], list[IPv4Address]] | None = None,
    ) -> None:
        self._kid = kid
        self._port = port
        self._told = {"kid": kid, "version": version, "setup": "1" if setup else ""}
        self._at = at or _lan_addresses

    def run(self, stop: threading.Event) -> None:
        """Announce until `stop`; anew where our addresses change. No network ends nothing here."""
        voice: Zeroconf | None = None
        announced: list[IPv4Address] = []
        while not stop.is_set():
            now = self._at()
            if now != announced:
                _hush(voice)
                voice, announced = self._announced(now), now
            stop.wait(_LOOK)
        _hush(voice)

    def _announced(self, addresses: list[IPv4Address]) -> Zeroconf | None:
        if not addresses:
            return None
        try:
            voice = Zeroconf([str(one) for one in addresses], ip_version=IPVersion.V4Only)
        except OSError as problem:
            log.warning("herald.silent %s", problem)
            return None
        told = Announcement(
            _TYPE,
            f"{self._kid}.{_TYPE}",
            port=self._port,
            properties=self._told,
            addresses=[one.packed for one in addresses],
        )
        try:
            voice.register_service(told, allow_name_change=True)
        except (OSError, Error, NonUniqueNameException) as problem:
            log.warning("herald.silent %r", problem)
        log.info("herald.announced addresses=%s", ",".join(map(str, addresses)))
        return voice


def kiosks(seconds: float, addresses: list[IPv4Address] | None = None) -> list[FoundKiosk]:
    """The kiosks that announce themselves within so many seconds, by kid. `addresses`: our own ones,
    at whose networks to listen; none = there is no network, and nobody is found."""
    at = _lan_addresses() if addresses is None else addresses
    if not at:
        return []
    try:
        ear = Zeroconf([str(one) for one in at], ip_version=IPVersion.V4Only)
    except OSError as problem:
        log.warning("herald.deaf %s", problem)
        return []
    with ear:
        names = _Names()
        ServiceBrowser(ear, _TYPE, names)
        threading.Event().wait(seconds)
        found = [_kiosk(ear, name) for name in sorted(names.heard)]
    return [one for one in found if one is not None]


class _Names(ServiceListener):
    def __init__(self) -> None:
        self.heard: set[str] = set()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        del zc, type_
        self.heard.add(name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.add_service(zc, type_, name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        del zc, type_
        self.heard.discard(name)


def _kiosk(ear: Zeroconf, name: str) -> FoundKiosk | None:
    told = ear.get_service_info(_TYPE, name, timeout=_ANSWER_MS)
    if told is None or not told.parsed_addresses():
        return None
    words = {k: v or "" for k, v in told.decoded_properties.items()}
    return FoundKiosk(
        plain(words.get("kid", name.removesuffix(f".{_TYPE}"))),
        told.parsed_addresses()[0],
        told.port or 0,
        plain(words.get("version", "")),
        bool(words.get("setup")),
    )


def _hush(voice: Zeroconf | None) -> None:
    if voice is not None:
        voice.close()


def _lan_addresses() -> list[IPv4Address]:
    return sorted({one.own for one in nearby.attached()})
