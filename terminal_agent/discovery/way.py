"""The way to one configured terminal, which it may leave: the serial number says who answers.

Where nobody answers, or another one, the office's network is searched for the serial number, at
first after the second silence, then at ever longer distances up to an hour.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network

import msgspec

from terminal_agent.config import ZkDevice
from terminal_agent.discovery import look, nearby
from terminal_agent.discovery.addresses import Addresses, Known
from terminal_agent.discovery.look import Listed
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk.link import Link

log = logging.getLogger(__name__)

_FIRST_REST = 60.0
_LONGEST_REST = 3600.0
_SILENCES = 2  # a terminal that restarts is away for one

Failed = SourceUnavailable | SourceMisconfigured


class Way:
    """Of one terminal. `finding`: "address_changed" while it is read at another address than the
    configuration says; "device_exchanged" from when another took its place until the next start, for
    nobody but a person knows whether that was meant; else "". `networks`: where a terminal that was at a host is sought."""

    def __init__(
        self,
        device: ZkDevice,
        book: Addresses,
        networks: Callable[[str], list[IPv4Network]] = nearby.around,
    ) -> None:
        self.finding = ""
        self._device = device
        self._book = book
        self._networks = networks
        self._silences = 0
        self._rest = _FIRST_REST
        self._not_before = 0.0
        self._exchanged = False

    @contextmanager
    def reach(self, now: float, journalled: Callable[[str], bool]) -> Iterator[Link]:
        """A connection to this terminal and no other. `now`: monotonic seconds; `journalled`: whether
        a serial number was read by this kiosk before.

        Raises SourceUnavailable (`other_device`: another one of this kiosk's terminals answers) and
        SourceMisconfigured.
        """
        with ExitStack() as stack:
            yield self._reached(stack, _Asked(now, journalled))

    def _reached(self, stack: ExitStack, asked: "_Asked") -> Link:
        known = self._book.of(self._device.name)
        failed: Failed | None = None
        for address in self._candidates(known):
            try:
                return self._tried(stack, address, known)
            except (SourceUnavailable, SourceMisconfigured) as problem:
                failed = problem
        if known is None or failed is None:
            raise failed or SourceUnavailable("unreachable", f"nobody is at {self._device.host}")
        return self._elsewhere(stack, known, failed, asked)

    def _candidates(self, known: Known | None) -> list[str]:
        """First where it was last, unless the configuration was changed since."""
        host = self._device.host
        moved = known is not None and known.host == host
        return list(dict.fromkeys([known.address, host] if known and moved else [host]))

    def _tried(self, stack: ExitStack, address: str, known: Known | None) -> Link:
        device = self._device
        with ExitStack() as trial:
            link = Link(address, device.port, device.comm_key, udp=device.udp)
            trial.enter_context(link)
            serial = link.serial()
            if known is not None and serial != known.serial:
                raise Stranger(device, address, serial, known)
            stack.enter_context(trial.pop_all())
        self._settle(address, serial, known)
        return link

    def _elsewhere(self, stack: ExitStack, known: Known, failed: Failed, asked: "_Asked") -> Link:
        """The terminal at another address, or a new one in its place; else what failed is raised."""
        new = isinstance(failed, Stranger) and self._is_new(failed, known, asked.journalled)
        if new and known.host != self._device.host:  # the technician says: this one
            return self._tried(stack, self._device.host, None)
        if self._due(failed, asked.now, new=new) and (address := self._sought(known, asked.now)):
            return self._tried(stack, address, known)
        if new:
            log.warning("device.replaced name=%s serial=%s", self._device.name, known.serial)
            return self._tried(stack, self._device.host, None)
        raise failed

    def _is_new(
        self, stranger: "Stranger", known: Known, journalled: Callable[[str], bool]
    ) -> bool:
        """Whether the stranger may take the terminal's place: nobody else's, and never read here;
        the latter counts for nothing where the technician wrote another address meanwhile."""
        if stranger.address != self._device.host or self._book.owner(stranger.serial):
            return False
        return known.host != self._device.host or not journalled(stranger.serial)

    def _due(self, failed: Failed, now: float, *, new: bool) -> bool:
        """Whether the network may be searched. One that answers and is not ours is no mere silence,
        and before a new one takes its place it is sought in any case."""
        self._silences += 1
        silence = isinstance(failed, SourceUnavailable) and not isinstance(failed, Stranger)
        if new:
            return True
        return now >= self._not_before and not (silence and self._silences < _SILENCES)

    def _sought(self, known: Known, now: float) -> str | None:
        device = self._device
        self._not_before = now + self._rest
        self._rest = min(_LONGEST_REST, 2 * self._rest)
        networks = self._networks(device.host)
        log.info("address.seeking name=%s networks=%s", device.name, ",".join(map(str, networks)))
        reach = Listed(device.name, device.host, device.port, device.comm_key)
        return look.seek(known.serial, networks, reach, udp=device.udp)

    def _settle(self, address: str, serial: str, known: Known | None) -> None:
        host, was = self._device.host, self.finding
        before = self._book.of(self._device.name)
        self._exchanged |= before is not None and before.serial != serial
        here = "device_exchanged" if self._exchanged else ""
        self.finding = here if address == host else "address_changed"
        if address != host and (was != self.finding or (known and known.address != address)):
            log.warning("address.changed name=%s now=%s host=%s", self._device.name, address, host)
        elif was == "address_changed" and address == host:
            log.info("address.agrees name=%s host=%s", self._device.name, host)
        self._silences, self._rest = 0, _FIRST_REST
        self._book.learn(self._device.name, Known(host, serial, address))


class _Asked(msgspec.Struct, frozen=True):
    now: float
    journalled: Callable[[str], bool]


class Stranger(SourceUnavailable):
    """Another terminal answers where this one was. What happens next: it is not read as this one."""

    def __init__(self, device: ZkDevice, address: str, serial: str, known: Known) -> None:
        super().__init__(
            "other_device",
            f"{device.name}: {address} is terminal {serial}, not {known.serial}, which is nowhere",
        )
        self.address, self.serial = address, serial
