"""A cable that can be cut: a TCP relay on this machine between a kiosk and its broker."""

import contextlib
import socket
import threading
from types import TracebackType


class Relay:
    """Listens on `port` of 127.0.0.1 (a free one by default) and carries bytes to `target`."""

    def __init__(self, target: int) -> None:
        self._target = target
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
            with socket.create_connection(("127.0.0.1", self._target), timeout=5) as far:
                far.settimeout(None)
                with self._lock:
                    self._wires |= {near, far}
                back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
                back.start()
                self._pump(near, far)
                back.join()
                with self._lock:
                    self._wires -= {near, far}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        """Carry one way until either end is gone."""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
                with self._lock:
                    self.carried += len(data)
        for wire in (source, sink):
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
