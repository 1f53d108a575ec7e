"""The door at which kiosks enrol and renew: HTTPS with a certificate of Hadir's own authority.

It speaks TLS itself: the pass names that authority, and a proxy's certificate would be another's.
Four things are answered: who we are, an application, a renewal, and the releases that kiosks fetch;
everything else is not here.
"""

import contextlib
import logging
import ssl
import tempfile
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from contract import enrolment
from contract.enrolment import MAX_BODY, Admission, Refusal, Waiting
from contract.errors import BatchError
from sync_server import admitting, release_door, renewing
from sync_server.admitting import Refused
from sync_server.authority import Registrar
from sync_server.beside import beside
from sync_server.certificates import PrivateAuthority
from sync_server.config import Config
from sync_server.database import Database
from sync_server.doorway import PATIENCE, Doorway
from sync_server.errors import BadFile, PortTaken

log = logging.getLogger(__name__)

_BLOCK = (
    16 * 1024
)  # bytes that a satellite link carries within its patience: TLS counts by the write
_MOST_CARRIERS = 32  # visitors who fetch a release: there is always room for one who enrols
_MOST_A_MINUTE = 60  # requests of one address: an office's kiosks may share one
_MOST_ADDRESSES = 10_000
_RENEWED = 30 * 86_400  # seconds until the door's own certificate is made anew


class Room:
    """What the door decides with. `wall` gives server UTC seconds."""

    def __init__(self, database: Database, config: Config, wall: Callable[[], float]) -> None:
        self._database, self._config, self.wall = database, config, wall
        self._visits: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()
        self.state = Path(config.state)
        self.carriers = threading.BoundedSemaphore(_MOST_CARRIERS)

    def authority(self) -> bytes:
        """The certificate (PEM) that passes name."""
        return PrivateAuthority(Path(self._config.state), int(self.wall())).file.read_bytes()

    def enrol(self, body: bytes, came_from: str) -> Admission | Waiting:
        """Raises Refused, BatchError, BadFile and SQLAlchemyError."""
        asked = enrolment.decode_application(body)
        return self._decided(lambda tx, by: admitting.admit(tx, by, asked, came_from))

    def renew(self, body: bytes, _came_from: str) -> Admission | Waiting:
        """Raises Refused, BatchError, BadFile and SQLAlchemyError."""
        asked = enrolment.decode_renewal(body)
        return self._decided(lambda tx, by: admitting.renew(tx, by, asked, online=False))

    def is_hasty(self, address: str) -> bool:
        """Whether this address has asked too often within a minute."""
        now = self.wall()
        with self._lock:
            if len(self._visits) >= _MOST_ADDRESSES:
                self._visits.clear()
            seen = self._visits[address]
            while seen and not 0 <= now - seen[0] < 60:
                seen.popleft()
            if len(seen) >= _MOST_A_MINUTE:
                return True
            seen.append(now)
            return False

    def _decided(
        self, decide: Callable[[Connection, Registrar], Admission | Waiting]
    ) -> Admission | Waiting:
        return renewing.decided(self._database, self._config, int(self.wall()), decide)


class _Visit(BaseHTTPRequestHandler):
    """One connection of a kiosk; one request, then it is closed."""

    room: Room
    server: Doorway
    timeout = PATIENCE

    def do_GET(self) -> None:
        """`/ca.pem`: whom to believe, if the pass says so; `/releases/…`: see release_door."""
        if self.path == "/ca.pem":
            self._say(200, self.room.authority(), "application/x-pem-file")
            return
        hasty = release_door.is_costly(self.path) and self.room.is_hasty(self.client_address[0])
        if hasty or not self.room.carriers.acquire(blocking=False):
            self._refuse("too_many", 429)
            return
        try:
            self._carry()
        finally:
            self.room.carriers.release()

    def _carry(self) -> None:
        found = release_door.asked(self.room.state, self.path, self.headers.get("Range", ""))
        if found is None:
            self._say(404, b"")
            return
        self.server.patient()
        self._say(found.status, found.data, "application/octet-stream")

    def do_POST(self) -> None:
        """An application or a renewal."""
        acts = {"/api/v1/enrol": self.room.enrol, "/api/v1/renew": self.room.renew}
        address = self.client_address[0]
        if self.path not in acts:
            self._say(404, b"")
        elif self.room.is_hasty(address):
            self._refuse("too_many", 429)
        elif (body := self._body()) is not None:
            self._answer(acts[self.path], body, address)

    def _answer(
        self, act: Callable[[bytes, str], Admission | Waiting], body: bytes, address: str
    ) -> None:
        try:
            reply = act(body, address)
        except Refused as problem:
            log.warning("enrol.refused address=%s code=%s", address, problem.code)
            self._refuse(problem.code, problem.status)
        except BatchError as problem:
            log.warning("enrol.malformed address=%s %s", address, problem)
            self._refuse("bad_request", 400)
        except SQLAlchemyError as problem:
            log.error("enrol.ledger_failed %s", problem.__class__.__name__)
            self._refuse("later", 503)
        except BadFile as problem:  # broker.mutual is off, or a file of the centre is away
            log.error("enrol.unusable %s", problem)
            self._refuse("later", 503)
        else:
            self._say(202 if isinstance(reply, Waiting) else 200, enrolment.encode(reply))

    def _body(self) -> bytes | None:
        """None where it was refused: too long, or of no stated length."""
        said = self.headers.get("Content-Length", "")
        if not (said.isascii() and said.isdigit() and len(said) < 9):
            self._refuse("bad_request", 411)
            return None
        if int(said) > MAX_BODY:
            self._refuse("too_large", 413)
            return None
        return self.rfile.read(int(said))

    def _refuse(self, code: str, status: int) -> None:
        self._say(status, enrolment.encode(Refusal(code, int(self.room.wall()))))

    def _say(self, status: int, data: bytes, kind: str = "application/json") -> None:
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        for at in range(0, len(data), _BLOCK):
            self.wfile.write(data[at : at + _BLOCK])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: an address that asks for everything would fill the log."""


@contextlib.contextmanager
def opened(
    database: Database, config: Config, wall: Callable[[], float], stop: threading.Event
) -> Iterator[None]:
    """Keep the door open, where the configuration has one. Raises PortTaken."""
    if not config.enrol.address:
        yield
        return
    host, port = enrolment.where(config.enrol.address)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_3
    _certify(tls, config, host, wall())
    visit = type("Visit", (_Visit,), {"room": Room(database, config, wall)})
    port = config.enrol.port or port
    try:
        door = Doorway((config.enrol.host, port), visit, tls)
    except OSError as problem:
        raise PortTaken(port) from problem

    def serve() -> None:
        made = wall()

        def look() -> None:  # at least every half second, unless the door hangs
            nonlocal made
            stop.is_set()  # for the watchdog: looking is a beat
            if not 0 <= wall() - made < _RENEWED:
                made = wall()
                _certify(tls, config, host, made)

        door.service_actions = look  # type: ignore[method-assign]
        door.serve_forever()

    with door, beside("enrol", serve, stop):
        log.info("enrol.opened address=%s port=%d", config.enrol.address, port)
        try:
            yield
        finally:
            door.shutdown()


def _certify(tls: ssl.SSLContext, config: Config, host: str, now: float) -> None:
    """A certificate for the door itself, made at every start and every month."""
    paper = PrivateAuthority(Path(config.state), int(now)).broker(host)
    with tempfile.NamedTemporaryFile("w") as file:  # made 0600; OpenSSL reads files only
        file.write(paper.certificate + paper.private_key)
        file.flush()
        tls.load_cert_chain(file.name)
