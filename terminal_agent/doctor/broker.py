"""One visit to the broker, step by step: name, TCP, TLS, admission. Each step that fails has a next
step of its own."""

import socket
import ssl
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from contract.invitation import Invitation
from terminal_agent.clock import Clock
from terminal_agent.doctor.finding import Finding, Values
from terminal_agent.line import Line, dated
from terminal_agent.usage import Meter

_PATIENCE = 15.0
_REFUSAL = 3.0  # seconds: in TLS 1.3 a refused certificate is told after the handshake
# MQTT 5, 3.1: CONNECT with a clean start and 30 s of keep-alive; 3.2: the reason in a CONNACK.
_CONNECT, _CONNACK, _DISCONNECT = 0x10, 0x20, b"\xe0\x00"
_HEAD = b"\x00\x04MQTT\x05\x02\x00\x1e\x00"


def visit(invited: Invitation, clock: Clock, *, knock: bool) -> Iterator[Finding]:
    """What the broker of this kiosk answers. Costs some kilobytes; nothing is published."""
    address = (invited.broker_host, invited.broker_port)
    values: Values = {"host": address[0], "port": address[1]}
    began = clock.monotonic()
    try:
        socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:  # the latter of what cannot be a name at all
        yield Finding("name_unknown", "fail", "broker", values | {"detail": str(problem)})
        return
    try:
        wire = socket.create_connection(address, _PATIENCE)
    except OSError as problem:
        yield Finding("broker_unreachable", "fail", "broker", values | {"detail": str(problem)})
        return
    took: Values = {"ms": round((clock.monotonic() - began) * 1000)}
    with wire, tempfile.TemporaryDirectory() as folder:
        refusal = _refusal(wire, invited, clock, Path(folder), knock=knock)
    if refusal:
        yield Finding(refusal, "fail", "broker", values)
        return
    plain = not invited.tls
    yield Finding("broker_plain" if plain else "broker_good", "ok", "broker", values | took)


def _refusal(
    wire: socket.socket, invited: Invitation, clock: Clock, folder: Path, *, knock: bool
) -> str:
    """The code of what the broker has against this kiosk, "" = nothing."""
    line = Line(invited, folder, Meter(folder, clock, 0, 0, lambda _: None))
    line.prepare(dated=dated(clock), now=clock.monotonic())
    try:
        if line.context is not None:
            wire = line.context.wrap_socket(wire)
            _wait_for_refusal(wire)
        if knock:
            return _admitted(wire, invited.kid)
    except OSError as problem:
        code = line.refusal or ("broker_tls" if isinstance(problem, ssl.SSLError) else "")
        return code or "broker_hung_up"
    finally:
        wire.close()
    return ""


def _wait_for_refusal(wire: socket.socket) -> None:
    """A broker says nothing before it is spoken to, unless it has read a certificate that it does
    not like; whoever speaks first may never hear why. Raises OSError."""
    wire.settimeout(_REFUSAL)
    with suppress(TimeoutError):
        if not wire.recv(1):
            raise ConnectionError("the broker hung up")


def _admitted(wire: socket.socket, kid: str) -> str:
    """Raises OSError."""
    name = kid.encode()
    body = _HEAD + struct.pack(">H", len(name)) + name
    wire.sendall(bytes((_CONNECT, len(body))) + body)
    wire.settimeout(_PATIENCE)
    answer = wire.recv(256)
    length = next((n for n in range(1, len(answer)) if answer[n] < 0x80), len(answer))
    reason = answer[length + 2 : length + 3]  # behind the length: flags, reason
    if answer[:1] != bytes((_CONNACK,)) or not reason:
        return "broker_strange"
    if reason[0] >= 0x80:
        return "broker_denies"
    wire.sendall(_DISCONNECT)
    return ""
