"""A cable that can be cut: a TCP relay on this machine between a kiosk and its broker.

The rootless form of `simulators.link`: delay, rate and cuts, no loss. What a cut finds under way is
gone, as on the real cable.
"""

import contextlib
import queue
import socket
import sys
import threading
import time
from types import TracebackType

import click
import msgspec

_PIECE = 4_096
_UNDER_WAY = 64  # pieces that the cable holds in one direction: more fills the sender's socket
_DIAL = 5.0

Piece = tuple[float, bytes]  # when it may leave, and what; b"" is the end


class Cable(msgspec.Struct, frozen=True):
    """What the cable does to what it carries: `delay` seconds each way, `rate` bit/s (0: no limit)."""

    delay: float = 0.0
    rate: float = 0.0


class Relay:
    """Listens on `port` of 127.0.0.1 and carries bytes to `target`, a port here or (host, port)."""

    def __init__(self, target: int | tuple[str, int], cable: Cable | None = None) -> None:
        self._target = ("127.0.0.1", target) if isinstance(target, int) else target
        self._cable = cable or Cable()
        self._whole = True
        self._lock = threading.Lock()
        self._wires: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.carried = 0

    def __enter__(self) -> "Relay":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits at it
        self._door.close()

    def cut(self) -> None:
        """Nothing passes any more, and whoever calls is hung up on."""
        with self._lock:
            self._whole = False
            for wire in self._wires:
                with contextlib.suppress(OSError):
                    wire.shutdown(socket.SHUT_RDWR)

    def restore(self) -> None:
        """The cable is whole again."""
        with self._lock:
            self._whole = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            if not self._whole:
                return
            threading.Event().wait(
                2 * self._cable.delay
            )  # TCP's own greeting crosses the cable too
            with socket.create_connection(self._target, timeout=_DIAL) as far:
                far.settimeout(None)
                with self._lock:
                    if not self._whole:
                        return
                    self._wires |= {near, far}
                back = threading.Thread(target=self._one_way, args=(far, near), daemon=True)
                back.start()
                self._one_way(near, far)
                back.join()
                with self._lock:
                    self._wires -= {near, far}

    def _one_way(self, source: socket.socket, sink: socket.socket) -> None:
        """Carry one way until either end is gone."""
        under_way: queue.Queue[Piece] = queue.Queue(_UNDER_WAY)
        taker = threading.Thread(target=self._take, args=(source, under_way), daemon=True)
        taker.start()
        self._deliver(under_way, sink)
        for wire in (source, sink):
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        while taker.is_alive():  # its queue may be full, and nobody listens any more
            with contextlib.suppress(queue.Empty):
                under_way.get(timeout=0.1)

    def _take(self, source: socket.socket, under_way: queue.Queue[Piece]) -> None:
        free_at = 0.0
        data = b"."
        while data:
            try:
                data = source.recv(_PIECE)
            except OSError:
                data = b""
            free_at = max(free_at, time.monotonic())
            if self._cable.rate:
                free_at += len(data) * 8 / self._cable.rate
            under_way.put((free_at + self._cable.delay, data))

    def _deliver(self, under_way: queue.Queue[Piece], sink: socket.socket) -> None:
        never = threading.Event()
        while True:
            due, data = under_way.get()
            never.wait(max(0.0, due - time.monotonic()))
            if not data or not self._whole:
                return
            with self._lock:
                self.carried += len(data)
            try:
                sink.sendall(data)
            except OSError:
                return


@click.command()
@click.argument("host")
@click.argument("port", type=int)
@click.option("--rtt", default=0.0, show_default=True, help="Round trip, milliseconds.")
@click.option("--bps", default=0.0, show_default=True, help="Rate each way, bit/s; 0: no limit.")
def main(host: str, port: int, rtt: float, bps: float) -> None:
    """Be a cable to HOST PORT that is cut and restored by typing `cut` and `restore`.

    Prints the port of 127.0.0.1 that it listens on; ends with its input (Ctrl-D).

    Example: python -m simulators.relay broker.example.go.id 8883 --rtt 600
    """
    with Relay((host, port), Cable(rtt / 2000, bps)) as relay:
        click.echo(relay.port)
        for line in sys.stdin:
            match line.strip():
                case "cut":
                    relay.cut()
                case "restore":
                    relay.restore()
                case other:
                    click.echo(f"not known: {other}. Type: cut, or restore", err=True)
                    continue
            click.echo(f"{line.strip()} carried={relay.carried}")


if __name__ == "__main__":
    main(prog_name="python -m simulators.relay")
