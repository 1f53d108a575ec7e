"""Which terminals may call: a serial number is no secret, so it counts only from its own address."""

import logging
import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network

log = logging.getLogger(__name__)

_MOST_STRANGERS = 4  # each of them is in every birth
_SERIAL = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


class Guests:
    """`listed`: serial number to the address or network that it may call from. Asked by many
    threads; strangers are remembered once each, so that somebody can put them on the list."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        self._listed = {serial: ip_network(where, strict=False) for serial, where in listed.items()}
        self._strangers: dict[tuple[str, str], None] = {}

    def expects(self, peer: str) -> bool:
        """Whether any terminal on the list may call from `peer`."""
        where = ip_address(peer)
        return any(where in network for network in self._listed.values())

    def admit(self, peer: str, serial: str) -> bool:
        """Whether a caller at `peer` may be the terminal `serial`."""
        network = self._listed.get(serial)
        if network is not None and ip_address(peer) in network:
            return True
        caller = (serial if _SERIAL.fullmatch(serial) else "?", peer)
        if caller not in self._strangers and len(self._strangers) < _MOST_STRANGERS:
            self._strangers[caller] = None
            log.warning("push.unknown serial=%s address=%s", *caller)
        return False

    def strangers(self) -> list[tuple[str, str]]:
        """Serial number and address of callers that are not on the list."""
        return list(self._strangers)
