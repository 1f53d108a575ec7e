"""Where each configured terminal is: its serial number is its identity, its address a hint.

Remembered in the kiosk's state, never in /etc: the technician's file stays the technician's.
"""

import logging
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from terminal_agent.config import ZkDevice
from terminal_agent.durable import write_whole

log = logging.getLogger(__name__)

_FILE = "addresses.json"


class Known(msgspec.Struct, frozen=True):
    """One configured terminal. `host`: what the configuration said when it was read last, `address`
    where it answered then."""

    host: str
    serial: str
    address: str


def recall(state: Path) -> Mapping[str, Known]:
    """What is remembered by name. Nothing where there is no file, or another version's: then a
    terminal that is silent is not sought until it was read once."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode((state / _FILE).read_bytes(), type=dict[str, Known])
    return {}


def placed(device: ZkDevice, known: Mapping[str, Known]) -> ZkDevice:
    """The device with the address at which it is read now; whoever else speaks to it wants that."""
    at = known.get(device.name)
    if at is None or at.host != device.host:  # the configuration was changed since: it is newer
        return device
    return replace(device, host=at.address)


class Addresses:
    """The book of the agent, for all its terminals. `state` None: kept in memory only."""

    def __init__(self, state: Path | None = None, names: Collection[str] | None = None) -> None:
        self._state = state
        self._lock = threading.Lock()
        told = recall(state) if state else {}
        self._known = {n: k for n, k in told.items() if names is None or n in names}

    def of(self, name: str) -> Known | None:
        """What is remembered of a terminal, None before it was read once."""
        return self._known.get(name)

    def owner(self, serial: str) -> str:
        """The name under which a serial number is read, "" = none."""
        with self._lock:
            return next((n for n, known in self._known.items() if known.serial == serial), "")

    def learn(self, name: str, known: Known) -> None:
        """Remember; written only where it changes. A full disk costs the memory, never a poll."""
        with self._lock:
            if self._known.get(name) == known:
                return
            self._known[name] = known
            if self._state is None:
                return
            try:
                write_whole(self._state / _FILE, msgspec.json.encode(self._known))
            except OSError as problem:
                log.warning("address.not_kept name=%s %s", name, problem)
