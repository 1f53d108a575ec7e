"""How packets leave a terminal: one TCP connection or one UDP peer, with the faults of the link."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, RLock
from typing import Protocol

from simulators.zk import wire
from simulators.zk.conversation import Conversation
from simulators.zk.faults import Faults
from simulators.zk.traffic import Traffic
from simulators.zk.wire import Packet


class Line(Protocol):
    """A client that can be answered."""

    talk: Conversation

    def send(self, packets: Sequence[Packet]) -> None:
        """Send the packets of one answer, in order."""

    def event(self, packet: Packet) -> None:
        """Send a live event."""


class TcpLine:
    """One TCP connection."""

    def __init__(
        self, connection: socket.socket, talk: Conversation, faults: Faults, traffic: Traffic
    ) -> None:
        self.talk = talk
        self.connection = connection
        self._faults = faults
        self._traffic = traffic
        self._lock = RLock()
        self._wait = Event().wait
        self._held: list[bytes] = []

    def send(self, packets: Sequence[Packet]) -> None:
        """Send an answer; OSError when the client is gone."""
        frames = map(self._frame, packets)
        if self._faults.coalesce:
            self._write(b"".join(frames))
            return
        for position, frame in enumerate(frames):
            if position and (gap := self.talk.device.profile.gap):
                self._wait(gap)
            if self._faults.between:
                self._faults.between(position)
            self._write(frame)

    def event(self, packet: Packet) -> None:
        """Send a live event, or hold it back until enough have gathered."""
        with self._lock:
            self._held.append(self._frame(packet))
            if len(self._held) >= self._faults.hold_events:
                together, self._held = b"".join(self._held), []
                self._write(together)

    def close(self) -> None:
        """End the connection, now."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _frame(self, packet: Packet) -> bytes:
        payload = wire.encode(packet)
        declared = len(payload) if packet.declared is None else packet.declared
        return wire.frame(payload, declared + self._faults.length_error)

    def _write(self, data: bytes) -> None:
        with self._lock:
            cut = self._faults.close_after
            whole = data if cut is None else data[:cut]
            last = cut == len(whole)
            if cut is not None:  # before it is sent: who has the answer may set another fault
                self._faults.close_after = None if last else cut - len(whole)
            size = self._faults.fragment or len(whole) or 1
            for start in range(0, len(whole), size):
                if start:
                    self._wait(self._faults.pause)
                self._put(whole[start : start + size])
            if last:
                self.close()

    def _put(self, piece: bytes) -> None:
        self._traffic.said(len(piece))
        self.connection.sendall(piece)


class UdpLine:
    """One UDP peer."""

    def __init__(
        self,
        server: socket.socket,
        peer: tuple[str, int],
        talk: Conversation,
        faults: Faults,
        traffic: Traffic,
    ) -> None:
        self.talk = talk
        self._server = server
        self._peer = peer
        self._faults = faults
        self._traffic = traffic
        self._wait = Event().wait

    def send(self, packets: Sequence[Packet]) -> None:
        """Send an answer, one packet to a datagram."""
        bulk = len(packets) > 1
        for sent, (position, packet) in enumerate(self._order(packets, bulk=bulk)):
            if sent and (gap := self.talk.device.profile.gap):
                self._wait(gap)
            if self._faults.between:
                self._faults.between(sent)
            if not (bulk and _used(self._faults.udp_drop, position)):
                self._put(packet)

    def event(self, packet: Packet) -> None:
        """Send a live event."""
        self._put(packet)

    def _order(self, packets: Sequence[Packet], *, bulk: bool) -> list[tuple[int, Packet]]:
        order = list(enumerate(packets))
        for place in range(len(order) - 1 if bulk else 0):
            if _used(self._faults.udp_swap, place):
                order[place : place + 2] = reversed(order[place : place + 2])
        return order

    def _put(self, packet: Packet) -> None:
        if self._faults.loses():
            return
        payload = wire.encode(packet)
        self._traffic.said(len(payload))
        self._server.sendto(payload, self._peer)


def _used(positions: set[int], position: int) -> bool:
    if position not in positions:
        return False
    positions.discard(position)
    return True
