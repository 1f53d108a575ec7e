"""Peers for the link: the simulated terminal, and a scripted one for what no terminal should do."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from threading import Thread

import pytest

from simulators.zk.device import Device
from simulators.zk.faults import Faults
from simulators.zk.profiles import F19, Profile
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from terminal_agent.zk import frames
from terminal_agent.zk.frames import Command, Deframer, Packet

NOON = datetime(2025, 6, 2, 5, 0, tzinfo=UTC)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """A running terminal of a profile with so many punches; more arguments go to Device."""
    with ExitStack() as running:

        def start(profile: Profile = F19, punches: int = 0, **more: object) -> Terminal:
            device = Device(profile, lambda: NOON, **more)
            furnish(device, punches)
            return running.enter_context(Terminal(device, Faults()))

        yield start


def ok(packet: Packet, data: bytes = b"", command: int = Command.OK) -> bytes:
    """The frame of an answer to this request."""
    return frames.frame(frames.encode(Packet(command, 7, packet.reply, data)))


@pytest.fixture
def scripted() -> Iterator[Callable[..., int]]:
    """A TCP peer on a port of its own: `script(request) -> bytes to send`, None closes.

    CONNECT and EXIT are answered as they should be.
    """
    with ExitStack() as running:
        yield lambda script: running.enter_context(_peer(script))


@contextmanager
def _peer(script: Callable[[Packet], bytes | None]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=_serve, args=(listener, script))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _serve(listener: socket.socket, script: Callable[[Packet], bytes | None]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            _talk(connection, script)


def _talk(connection: socket.socket, script: Callable[[Packet], bytes | None]) -> None:
    deframer = Deframer()
    connection.settimeout(5)
    while received := connection.recv(65536):
        deframer.feed(received)
        while (packet := deframer.next()) is not None:
            greeting = packet.command in (Command.CONNECT, Command.EXIT)
            answer = ok(packet) if greeting else script(packet)
            if answer is None:
                return
            connection.sendall(answer)
