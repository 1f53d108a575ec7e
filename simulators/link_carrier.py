"""The process that carries a link's packets; `simulators.link` starts it and talks to it.

It makes both namespaces and removes them when its starter lets go of the socket, however that came:
a killed test leaves nothing behind.
"""

import contextlib
import heapq
import os
import random
import select
import signal
import socket
import struct
import sys
import time
from io import BufferedWriter
from itertools import count
from pathlib import Path

import msgspec

from simulators import namespaces
from simulators.wire_weather import Road, Way, Weather

SIDES = ("kiosk", "centre")
ADDRESSES = ("10.77.0.1", "10.77.0.2")
_LONGEST_PACKET = 65_535
_LINKTYPE_RAW = 101  # of the pcap format: IP packets without a frame


class Order(msgspec.Struct, frozen=True):
    """What the carrier is started with; `up` is from the kiosk to the centre."""

    up: Weather
    down: Weather
    seed: int = 0
    tcp: namespaces.Habits = namespaces.Habits()
    capture: str = ""


class Ask(msgspec.Struct, frozen=True, omit_defaults=True):
    """What it is asked while it runs; every question is answered with the counters."""

    whole: bool | None = None
    reset: bool = False
    up: Weather | None = None
    down: Weather | None = None


class Counters(msgspec.Struct, frozen=True):
    """What each direction has carried since the start or the last reset."""

    up: Way
    down: Way

    @property
    def octets(self) -> int:
        """Bytes that both sides put on the link, lost ones included: what a metered link bills."""
        return self.up.offered.octets + self.down.offered.octets

    @property
    def packets(self) -> int:
        """Packets that both sides put on the link."""
        return self.up.offered.packets + self.down.offered.packets


class Carrier:
    """Two TUN devices and the two roads between them."""

    def __init__(self, order: Order, devices: tuple[int, int], wire: socket.socket) -> None:
        chance = random.Random(order.seed).random
        self._devices = devices
        self._roads = (Road(order.up, chance), Road(order.down, chance))
        self._wire = wire
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._number = count()
        self._capture: BufferedWriter | None = None
        if order.capture:
            self._capture = Path(order.capture).open("wb")  # noqa: SIM115 - closed in run
            header = (0xA1B2C3D4, 2, 4, 0, 0, _LONGEST_PACKET, _LINKTYPE_RAW)
            self._capture.write(struct.pack("<IHHiIII", *header))

    def run(self) -> None:
        """Carry until the starter is gone."""
        readers = [*self._devices, self._wire.fileno()]
        while True:
            ready, _, _ = select.select(readers, [], [], self._patience())
            self._deliver()
            if readers[2] in ready and not self._answer():
                break
            for side in (0, 1):
                if readers[side] in ready:
                    self._take(side)
        if self._capture:
            self._capture.close()

    def _patience(self) -> float | None:
        return max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else None

    def _take(self, side: int) -> None:
        """Everything that one side has put on its device."""
        while True:
            try:
                packet = os.read(self._devices[side], _LONGEST_PACKET)
            except BlockingIOError:
                return
            now = time.monotonic()
            for due in self._roads[side].offer(now, len(packet)):
                heapq.heappush(self._under_way, (due, next(self._number), side, packet))
            self._note(now, packet)

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._under_way and self._under_way[0][0] <= now:
            _, _, side, packet = heapq.heappop(self._under_way)
            if self._roads[side].arrive(len(packet)):
                os.write(self._devices[1 - side], packet)

    def _note(self, now: float, packet: bytes) -> None:
        if self._capture:
            length = len(packet)
            seconds, micro = divmod(int(now * 1e6), 1_000_000)
            self._capture.write(struct.pack("<IIII", seconds, micro, length, length) + packet)

    def _answer(self) -> bool:
        data = self._wire.recv(65_536)
        if not data:
            return False
        asked = msgspec.json.decode(data, type=Ask)
        up, down = self._roads
        for road, weather in ((up, asked.up), (down, asked.down)):
            road.weather = weather or road.weather
            road.whole = road.whole if asked.whole is None else asked.whole
        if self._capture:
            self._capture.flush()
        counters = Counters(up.way, down.way)
        self._wire.send(msgspec.json.encode(counters))
        if asked.reset:
            self._start_over()
        return True

    def _start_over(self) -> None:
        """Count from here; what is under way counts as offered again, so that nothing is missing."""
        for side, road in enumerate(self._roads):
            road.way = Way()
            for _, _, whose, packet in self._under_way:
                if whose == side:
                    road.way.offered = road.way.offered.plus(len(packet))


def main(handle: int, order: Order) -> None:
    """Make the namespaces, carry, remove them. Answers "ready" or why not before anything else."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the end is the starter's, or Ctrl-C would leave all
    names = [f"{namespaces.PREFIX}{os.getpid()}-{side}" for side in SIDES]
    with socket.socket(fileno=handle) as wire, contextlib.ExitStack() as stack:
        try:
            namespaces.remove_stale()
            devices = []
            for name, address, peer in zip(names, ADDRESSES, reversed(ADDRESSES), strict=True):
                stack.callback(namespaces.remove, name)
                devices.append(namespaces.add(name, address, peer, order.tcp))
        except OSError as problem:
            wire.send(f"! {problem}".encode())
            return
        wire.send("\n".join(names).encode())
        Carrier(order, (devices[0], devices[1]), wire).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Order))
