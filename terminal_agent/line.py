"""The line to the broker: TCP and TLS as a satellite wants them, and every byte of it counted.

Counted are the bytes that the kernel sent (again too) and received, with the headers of their
segments (IPv4 and TCP with timestamps: 52 bytes). Not seen: attempts that never reached the broker,
the last segments of a connection that breaks, other programs on the same link.
"""

import contextlib
import fcntl
import logging
import socket
import ssl
import struct
import termios
from collections.abc import Callable
from pathlib import Path

from contract.invitation import Invitation
from terminal_agent import identity
from terminal_agent.clock import Clock
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.usage import Meter

log = logging.getLogger(__name__)

PATIENCE = 30.0  # seconds for TCP and again for TLS: each is a few round trips of 1.5 s, with loss
_USER_TIMEOUT_MS = 60_000
_NEAR = (
    86_400  # seconds by which the system's clock may be wrong, as certificates are made out before
)
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, openssl/x509_vfy.h
_DATES = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
# What a broker's alert is called by OpenSSL (RFC 8446, 6.2), and what it means here.
_ALERTS = {
    "ALERT_CERTIFICATE_EXPIRED": "certificate_expired",
    "ALERT_CERTIFICATE_REVOKED": "certificate_revoked",
    "ALERT_UNKNOWN_CA": "certificate_foreign",
    "ALERT_BAD_CERTIFICATE": "certificate_foreign",
    "ALERT_CERTIFICATE_UNKNOWN": "certificate_foreign",
    "CERTIFICATE_REQUIRED": "certificate_foreign",
}
_CLOSING = 336  # measured: DISCONNECT, close_notify and FINs, after which the kernel tells nothing
# struct tcp_info, linux/tcp.h: options (1 = timestamps), bytes_received, segs_out, segs_in, bytes_sent
_TCP_INFO = struct.Struct("=5xB122xQII56xQ")


class Line:
    """The way to the broker of `invited`. `state`: the agent's folder. `via`: a relay to connect to
    instead, for rehearsals; the certificate must name the broker all the same.

    Raises SourceMisconfigured where the invitation's certificates cannot be read.
    """

    def __init__(
        self,
        invited: Invitation,
        state: Path,
        meter: Meter,
        via: tuple[str, int] | None = None,
    ) -> None:
        self.address = via or (invited.broker_host, invited.broker_port)
        self.meter = meter
        self.context = _context(invited, state, self._failed) if invited.tls else None
        self._private = bool(invited.ca)
        self.wire: socket.socket | None = None
        self.refusal = ""
        if self.context is not None:
            self.context.refused = self._refused
        self._counted = self._received = 0
        self._heard_at = 0.0

    @property
    def undated(self) -> bool:
        """Whether the broker's certificate passed at any date."""
        return self.context is not None and bool(self.context.verify_flags & _NO_CHECK_TIME)

    def prepare(self, *, dated: bool, now: float) -> None:
        """Before connecting at monotonic `now`: check the dates of certificates, or do not where
        nobody vouches for the clock; without that a kiosk whose clock was reset could never be told
        the time. Only our own authority is trusted so far."""
        self.wire, self._heard_at = None, now
        if self.context is None or not self._private or dated is not self.undated:
            return
        self.context.verify_flags ^= _NO_CHECK_TIME
        self.context.ticket = None  # whoever resumes shows no certificate

    def opened(self, wire: object) -> None:
        """A connection came about, as paho calls its socket; it is counted from its first byte."""
        if isinstance(wire, socket.socket):  # always, without websockets
            tune(wire)
            self.wire, self._counted, self._received = wire, 0, 0

    def settled(self) -> None:
        """The broker has answered: TLS 1.3 gives its ticket only now."""
        self.refusal = ""
        if self.context is not None and isinstance(self.wire, ssl.SSLSocket):
            self.context.ticket = self.wire.session
            log.info("line.settled resumed=%s", self.wire.session_reused)

    def measure(self, now: float) -> float:
        """Count what has gone over the line; the seconds of silence that ended by monotonic `now`,
        0.0 where it was silent or never."""
        counted, received = _carried(self.wire)
        self.meter.add(max(0, counted - self._counted))
        self._counted = max(counted, self._counted)
        if received <= self._received:
            return 0.0
        silence, self._received, self._heard_at = self.silence(now), received, now
        return silence

    def silence(self, now: float) -> float:
        """Seconds since anything came from the broker."""
        return now - self._heard_at

    def queued(self) -> int:
        """Bytes that wait in the socket: not sent, or not acknowledged by TCP yet."""
        if self.wire is None or self.wire.fileno() < 0:
            return 1
        room = fcntl.ioctl(self.wire.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        return int(struct.unpack("i", room)[0])

    def closed(self) -> None:
        """The connection was closed in good order."""
        self.meter.add(_CLOSING)

    def _failed(self, wire: socket.socket) -> None:
        self.meter.add(_carried(wire)[0])

    def _refused(self, problem: ssl.SSLError) -> None:
        self.refusal = _refusal(problem) or self.refusal


def dated(clock: Clock) -> bool:
    """Whether the dates of certificates are worth checking: OpenSSL takes the system's clock for it,
    which nobody sets to the time that the centre or a satellite told."""
    now = clock.look()
    return now.trust > 0 and abs(clock.system() - now.wall) < _NEAR


def tune(wire: socket.socket) -> None:
    """A batch goes at once (no Nagle), a dead way is noticed after a minute, not after 15, and where
    the system allows it loss does not shrink the window: cubic takes it for congestion."""
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
    with contextlib.suppress(OSError):  # systemd/sysctl.d allows it on a kiosk
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"bbr")


class _Wire(ssl.SSLSocket):
    """In TLS 1.3 the broker refuses a certificate after the handshake: the first thing that is read
    is why, and paho drops it."""

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """As any socket's. Raises OSError."""
        try:
            return super().recv(buflen, flags)
        except ssl.SSLError as problem:
            if isinstance(self.context, _Context):
                self.context.refused(problem)
            raise


class _Context(ssl.SSLContext):
    """TLS 1.3 that resumes: a resumed handshake costs 1.8 kB, a full one 3.1 (4.6 with a client's
    certificate). Whoever wraps a socket with it (paho) need not know."""

    host: str
    failed: Callable[[socket.socket], None]
    refused: Callable[[ssl.SSLError], None]
    sslsocket_class = _Wire
    ticket: ssl.SSLSession | None = None

    def wrap_socket(self, sock: socket.socket, *_: object, **__: object) -> ssl.SSLSocket:
        """The handshake within our own time. Raises OSError."""
        tune(sock)
        wire = super().wrap_socket(
            sock, do_handshake_on_connect=False, server_hostname=self.host, session=self.ticket
        )
        wire.settimeout(PATIENCE)
        try:
            wire.do_handshake()
        except OSError as problem:
            self.failed(wire)
            if isinstance(problem, ssl.SSLError):
                self.refused(problem)
            self.ticket = None  # whatever was wrong, the next attempt does without
            wire.close()
            raise
        return wire


def _context(invited: Invitation, state: Path, failed: Callable[[socket.socket], None]) -> _Context:
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.host, context.failed = invited.broker_host, failed
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        if invited.ca:
            context.load_verify_locations(cadata=invited.ca)
        else:
            context.load_default_certs()
        if file := identity.certificate(state, invited):
            context.load_cert_chain(file)
    except ssl.SSLError as problem:
        raise SourceMisconfigured("invitation", f"its certificates: {problem}") from problem
    return context


def _refusal(problem: ssl.SSLError) -> str:
    """Whose certificate was refused and why, as a code; "" where it was something else."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "broker_undated" if problem.verify_code in _DATES else "broker_foreign"
    said = problem.reason or ""
    return next((code for sign, code in _ALERTS.items() if sign in said), "")


def _carried(wire: socket.socket | None) -> tuple[int, int]:
    """Bytes on the wire so far, and those of them that were received as data; 0 once it is shut."""
    if wire is None or wire.fileno() < 0:
        return 0, 0
    info = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    options, received, segments_out, segments_in, sent = _TCP_INFO.unpack(info)
    headers = (40 if wire.family == socket.AF_INET6 else 20) + (32 if options & 1 else 20)
    return sent + received + (segments_out + segments_in) * headers, received
