"""The agent's end of the door: a Unix socket, and whoever stands at it.

A thread for each client hears it out in order. What is told to clients is sent at once or not at
all: who does not read is hung up on, because scans wait for nobody's screen.

What a camera says becomes attendance, so a client is taken for a camera or a command only where its
process runs as the agent's own user or as root, which the kernel tells (SO_PEERCRED). A screen may
be anybody who can open the socket: run it, a web server, as another user of the agent's group.
"""

import contextlib
import errno
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from terminal_agent.door import words
from terminal_agent.door.words import FromAgent, FromClient, Hello, Role, Told
from terminal_agent.errors import SourceMisconfigured

log = logging.getLogger(__name__)

_TURN = 0.5  # seconds until the listener sees that the agent stops
_MOST_CLIENTS = 16
_MODE = 0o660  # the screen's user is in the agent's group
_SILENT = 5.0  # seconds in which a client says who it is; else its place is another's
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: unix(7), SO_PEERCRED
_GOODBYE = 5.0

Hear = Callable[[Role, FromClient], Told | None]


class Doorway:
    """Listens at `path`. `hear` answers what a client says (None: nothing to answer), in that
    client's thread; `greet` gives what a client hears first, `left` is told when one has gone."""

    def __init__(
        self,
        path: Path,
        hear: Hear,
        greet: Callable[[Role], Iterable[FromAgent]],
        left: Callable[[Role], None],
    ) -> None:
        """Raises SourceMisconfigured where no socket can be there."""
        self._hear = hear
        self._greet = greet
        self._left = left
        self._lock = threading.Lock()
        self._clients: dict[_Client, threading.Thread] = {}
        self._listening = _listening(path)

    def run(self, going: Callable[[], bool]) -> None:
        """Let clients in while it is `going` on, then send them away."""
        with self._listening as listening:
            listening.settimeout(_TURN)
            while going():
                with contextlib.suppress(TimeoutError, ConnectionError):
                    self._admit(listening.accept()[0])
        self._close()

    def tell(self, word: FromAgent, *roles: Role) -> None:
        """News for everybody of these roles; any thread. It never waits."""
        data = words.line(word)
        for client in self._standing():
            if client.role in roles:
                client.send(data)

    def count(self, role: Role) -> int:
        """How many of a role are connected."""
        return sum(client.role == role for client in self._standing())

    def _standing(self) -> list["_Client"]:
        with self._lock:
            return list(self._clients)

    def _admit(self, wire: socket.socket) -> None:
        client = _Client(wire, _uid(wire))
        thread = threading.Thread(target=self._serve, args=(client,), name="door", daemon=True)
        with self._lock:
            is_full = len(self._clients) >= _MOST_CLIENTS
            if not is_full:
                self._clients[client] = thread
        if is_full:
            log.error("door.full clients=%d", _MOST_CLIENTS)
            wire.close()
            return
        thread.start()

    def _serve(self, client: "_Client") -> None:
        silent = threading.Timer(_SILENT, client.send_away)
        silent.daemon = True
        silent.start()
        try:
            with client.wire, contextlib.suppress(OSError):  # it hung up, or was hung up on
                for line in client.lines():
                    self._take(client, line)
        finally:
            silent.cancel()
            with self._lock:
                self._clients.pop(client, None)
        if client.role is not None:
            log.info("door.left role=%s", client.role)
            self._left(client.role)

    def _take(self, client: "_Client", line: bytes) -> None:
        try:
            word = words.from_client(line)
            if isinstance(word, Hello) is (client.role is not None):
                raise ValueError("it says who it is once, and first")
            if isinstance(word, Hello) and not _may_be(word.role, client.uid):
                raise ValueError(f"user {client.uid} is no {word.role}")
        except ValueError as problem:
            client.complain(str(problem))
            return
        if isinstance(word, Hello):
            self._welcome(client, word.role)
        elif client.role is not None and (told := self._hear(client.role, word)) is not None:
            client.send(words.line(told))

    def _welcome(self, client: "_Client", role: Role) -> None:
        log.info("door.came role=%s", role)
        for word in self._greet(role):
            client.send(words.line(word))
        client.role = role

    def _close(self) -> None:
        with self._lock:
            standing = dict(self._clients)
        for client in standing:
            client.hang_up()
        for thread in standing.values():
            thread.join(_GOODBYE)


class _Client:
    """One connection of a process of the user `uid`; `role` is None until it has said who it is."""

    def __init__(self, wire: socket.socket, uid: int) -> None:
        self.wire = wire
        self.uid = uid
        self.role: Role | None = None
        self._sending = threading.Lock()
        self._complained = False

    def send(self, data: bytes) -> None:
        """At once, or never again: half a line would be no word."""
        with self._sending:
            try:
                sent = self.wire.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except OSError as problem:
                sent = 0
                if problem.errno not in (errno.EPIPE, errno.EBADF, errno.ECONNRESET):
                    log.warning("door.slow role=%s %s", self.role, problem)
        if sent < len(data):
            self.hang_up()

    def hang_up(self) -> None:
        """Its thread sees the end of it."""
        with contextlib.suppress(OSError):  # it is gone already
            self.wire.shutdown(socket.SHUT_RDWR)

    def send_away(self) -> None:
        """Hang up where it has not said by now who it is."""
        if self.role is None:
            log.warning("door.silent uid=%d", self.uid)
            self.hang_up()

    def complain(self, problem: str) -> None:
        """It is told each time, the log once."""
        if not self._complained:
            log.warning("door.malformed role=%s %s", self.role, problem)
        self._complained = True
        self.send(words.line(Told(0, ok=False, code="malformed")))

    def lines(self) -> Iterator[bytes]:
        """What it says, line by line, until it hangs up. Raises OSError."""
        held = b""
        while data := self.wire.recv(words.MOST_BYTES):
            *whole, held = (held + data).split(b"\n")
            yield from whole
            if len(held) > words.MOST_BYTES:
                self.complain("a line does not end")
                return


def _uid(wire: socket.socket) -> int:
    """The user of the process at the other end."""
    told = wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(told)[1])


def _may_be(role: Role, uid: int) -> bool:
    return role == "screen" or uid in (0, os.geteuid())


def _listening(path: Path) -> socket.socket:
    """The socket, in the place of one that a killed agent left."""
    if _is_answered(path):
        raise SourceMisconfigured("no_door", f"kiosk.socket = {path}: another agent listens there")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        path.chmod(_MODE)
        listening.listen(_MOST_CLIENTS)
    except OSError as problem:
        listening.close()
        raise SourceMisconfigured("no_door", f"kiosk.socket = {path}: {problem}") from problem
    return listening


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            trial.connect(str(path))
        except OSError:  # nobody is there, or nobody can be
            return False
    return True
