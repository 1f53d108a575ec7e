"""Who answers at a port: every address of a network is tried, 64 at a time.

A connection that is taken is closed without a word; over UDP a terminal is asked for a session and
told that it is over at once. Nothing else is said to strangers.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from terminal_agent.zk import frames
from terminal_agent.zk.frames import Command, FrameError, Packet

_AT_ONCE = 64
_PATIENCE = 1.5  # seconds: the kernel sends a lost SYN again after one
_TWICE = 2  # a datagram may be lost
_BREATH = 0.05  # seconds between 64 datagrams: small switches and Wi-Fi drop bursts
_CONNECTED = (Command.OK, Command.UNAUTHORISED)


def tcp(addresses: Iterable[str], port: int) -> list[str]:
    """The addresses that take a TCP connection; 254 silent ones take 6 seconds."""
    return asyncio.run(_tcp(list(addresses), port))


def udp(addresses: Iterable[str], port: int, broadcasts: Sequence[str] = ()) -> list[str]:
    """The addresses from which a terminal answers a CONNECT over UDP, in the order of answering.
    `broadcasts`: addresses that mean everybody on a network."""
    return asyncio.run(_udp(list(addresses), port, broadcasts))


async def _tcp(addresses: list[str], port: int) -> list[str]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def takes(address: str) -> bool:
        async with gate:
            with suppress(OSError):  # a refusal, no route, and TimeoutError as well
                _, writer = await asyncio.wait_for(
                    asyncio.open_connection(address, port), _PATIENCE
                )
                writer.close()
                await writer.wait_closed()
                return True
            return False

    took = await asyncio.gather(*map(takes, addresses))
    return [address for address, answered in zip(addresses, took, strict=True) if answered]


class _Ear(asyncio.DatagramProtocol):
    """Hears who answers a CONNECT, and ends the session that this made."""

    def __init__(self) -> None:
        self.heard: dict[str, None] = {}
        self._transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with suppress(FrameError):
            packet = frames.decode(data)
            if packet.command in _CONNECTED and addr[0] not in self.heard:
                self.heard[addr[0]] = None
                over = Packet(Command.EXIT, packet.session, 1)
                self._transport.sendto(frames.encode(over), addr)


async def _udp(addresses: list[str], port: int, broadcasts: Sequence[str]) -> list[str]:
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(
        _Ear,
        local_addr=("0.0.0.0", 0),  # noqa: S104 - whichever of our networks it is
        allow_broadcast=True,
    )
    hello = frames.encode(Packet(Command.CONNECT, 0, 0))
    try:
        for _ in range(_TWICE):
            for number, address in enumerate((*broadcasts, *addresses), 1):
                if address not in ear.heard:
                    transport.sendto(hello, (address, port))
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(_BREATH)
            await asyncio.sleep(_PATIENCE / _TWICE)
    finally:
        transport.close()
    return list(ear.heard)
