"""What the broker lets strangers and kiosks do, tried out: a configuration file says less.

Kiosks that nobody can invite (names under `VISITORS`) visit with certificates made for the purpose.
Nothing of a real kiosk is touched; on a broker without rules the centre hears of unknown kiosks.
"""

import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from contract import topics
from sync_server.authority import VISITORS
from sync_server.certificates import ENDS_SOON, Paper, PrivateAuthority
from sync_server.config import Broker

_NEAR, _FAR, _THIRD = VISITORS
_TURN = 0.05  # seconds
_TURNS = 100
_SILENCE = 0xFF
_BATCH_MOST = 48 * 1024
_A_YEAR_AND_MORE = 500 * 86_400
_PLAIN_PORT = 1883
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Finding(msgspec.Struct, frozen=True):
    """One question and its answer: `code` names it, `good` is False where something should be done;
    `grave` where the broker must not be used so."""

    code: str
    good: bool
    detail: str = ""
    grave: bool = True


class Unreachable(Exception):
    """The broker does not answer at all."""


def examine(broker: Broker, state: Path, now: int, revoked: int = 0) -> list[Finding]:
    """Visit the broker and say what it allows; `now` UTC seconds. `revoked`: a certificate's number
    that the newest list names (0: none is kept). Raises Unreachable."""
    ours = PrivateAuthority(state, now) if broker.mutual else None
    ward = _Ward(broker, ours, now, revoked)
    with ward.visit(_NEAR) as near:
        if near.refusal:
            raise Unreachable(near.refusal)
        if broker.embedded:  # on loopback only; it knows no rules, and no other machine reaches it
            return [Finding("only_local", good=True)]
        own = [_of_the_broker(near, now)] if near.until else []
        return [*own, *_manners(near), *_strangers(ward), *_trespasses(ward, near)]


def _of_the_broker(near: "Visitor", now: int) -> Finding:
    """Whether its own certificate lasts for a while: with it every kiosk loses the centre."""
    day = datetime.fromtimestamp(near.until, UTC)
    good = near.until > now + ENDS_SOON
    return Finding("broker_certificate", good, f"{day:%Y-%m-%d}", grave=False)


def _manners(near: "Visitor") -> Iterator[Finding]:
    """What it promises to everybody in its CONNACK."""
    said = near.promises
    size = said.get("MaximumPacketSize", 0)
    yield Finding("retain", bool(said.get("RetainAvailable", 1)))
    yield Finding("packet_bound", 0 < size <= 1 << 20, str(size or ""))
    yield Finding("packet_fits", not size or size > _BATCH_MOST + 1024, str(size or ""))


def _strangers(ward: "_Ward") -> Iterator[Finding]:
    """Who is let in that should not be."""
    local = ward.broker.host in _LOOPBACK
    with ward.visit_with(None) as nobody:
        open_house = local and not ward.ours
        yield Finding(
            "only_local" if open_house else "no_certificate", open_house or bool(nobody.refusal)
        )
    if ward.ours is None:
        yield Finding("encrypted", bool(ward.broker.ca) or local)
        return
    with ward.visit_with(ward.foreign()) as foreign:
        yield Finding("foreign_certificate", bool(foreign.refusal))
    with ward.visit_with(ward.expired()) as expired:
        yield Finding("expired_certificate", bool(expired.refusal))
    if ward.revoked:
        with ward.visit_with(ward.ours.marked(_THIRD, ward.revoked)) as listed:
            yield Finding("revoked_certificate", bool(listed.refusal))
    with ward.visit(_THIRD, protocol=MQTTProtocolVersion.MQTTv311) as old:
        yield Finding("old_protocol", bool(old.refusal), grave=False)
    with Visitor(ward.broker.host, _PLAIN_PORT, None, "doctor").visiting() as plain:
        yield Finding("plain_listener", bool(plain.refusal))


def _trespasses(ward: "_Ward", near: "Visitor") -> Iterator[Finding]:
    """What one kiosk can do to another."""
    with ward.visit(_FAR) as far:
        near.subscribe("#")
        of_others = [topics.answers(_FAR), topics.events(_FAR), topics.status(_FAR)]
        of_centre = [
            topics.receipts(_FAR),
            topics.commands(_FAR),
            topics.owner(topics.bucket(_FAR)),
        ]
        for topic in (*of_others, *of_centre):
            near.subscribe(topic)
        yield Finding("publish_as_itself", far.publish(topics.answers(_FAR), b"doctor") < 0x80)
        near.listen()
        heard = near.alive and not near.heard
        forged = [near.publish(topic, b"doctor") for topic in of_others]
        posed = [near.publish(topic, b"doctor") for topic in of_centre]
        near.listen()
        # What was accepted also shows whose letters may be read.
        yield Finding("reads_others", heard and not {*near.heard} & {*of_others, *of_centre[:2]})
        yield Finding("publishes_as_others", all(map(_is_refusal, forged)))
        yield Finding("poses_as_centre", all(map(_is_refusal, posed)))
        with ward.visit(_NEAR, client_id=_FAR):
            far.listen()
            yield Finding("takes_session", far.alive)


def _is_refusal(code: int) -> bool:
    return 0x80 <= code < _SILENCE


class _Ward:
    """The broker under examination, and papers to visit it with."""

    def __init__(
        self, broker: Broker, ours: PrivateAuthority | None, now: int, revoked: int
    ) -> None:
        self.broker = broker
        self.ours = ours
        self.revoked = revoked
        self._now = now

    def visit(
        self,
        kid: str,
        client_id: str = "",
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5,
    ) -> AbstractContextManager["Visitor"]:
        """A connection as kiosk `kid`, with its own certificate where kiosks have one."""
        paper = self.ours.kiosk(kid) if self.ours else None
        return self._visitor(paper, client_id or kid, protocol)

    def visit_with(self, paper: Paper | None) -> AbstractContextManager["Visitor"]:
        """A connection by a stranger with this certificate, or with none."""
        return self._visitor(paper, "doctor", MQTTProtocolVersion.MQTTv5)

    def _visitor(
        self, paper: Paper | None, client_id: str, protocol: MQTTProtocolVersion
    ) -> AbstractContextManager["Visitor"]:
        host, port = self.broker.host, self.broker.port
        return Visitor(host, port, self._context(paper), client_id, protocol).visiting()

    def foreign(self) -> Paper:
        """A certificate in our name by an authority that nobody knows."""
        with tempfile.TemporaryDirectory() as folder:
            return PrivateAuthority(Path(folder), self._now).kiosk(_THIRD)

    def expired(self) -> Paper:
        """A certificate of ours that ended."""
        if self.ours is None:
            raise LookupError("no authority of our own")
        before = PrivateAuthority(self.ours.file.parent, self._now - _A_YEAR_AND_MORE)
        return before.kiosk(_THIRD)

    def _context(self, paper: Paper | None) -> ssl.SSLContext | None:
        if self.ours and paper:
            return self.ours.context(paper)
        trusted = self.ours.file if self.ours else self.broker.ca
        return ssl.create_default_context(cafile=trusted) if trusted else None


def _ends(wire: object) -> int:
    shown = wire.getpeercert() if isinstance(wire, ssl.SSLSocket) else None
    return int(ssl.cert_time_to_seconds(str(shown["notAfter"]))) if shown else 0


class Visitor:
    """One short MQTT connection; `refusal` says why it was not admitted, "" when it was."""

    def __init__(
        self,
        host: str,
        port: int,
        context: ssl.SSLContext | None,
        client_id: str,
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5,
    ) -> None:
        self.refusal = "no answer"
        self.promises: dict[str, int] = {}
        self.heard: list[str] = []
        self.alive = False
        self.until = 0  # the UTC second at which the certificate that the broker shows ends
        self._where = (host, port)
        self._codes: dict[int, int] = {}
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=protocol
        )
        self._client.connect_timeout = 5.0
        if context:
            self._client.tls_set_context(context)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = lambda _c, _d, message: self.heard.append(message.topic)
        self._client.on_publish = self._published

    @contextmanager
    def visiting(self) -> Iterator["Visitor"]:
        """Connect, and leave at the end."""
        try:
            self._client.connect(*self._where, keepalive=30)
            self.until = _ends(self._client.socket())
            self._turn(lambda: self.refusal != "no answer")
        except OSError as problem:  # TLS refusals are OSErrors too
            self.refusal = str(problem) or type(problem).__name__
        try:
            yield self
        finally:
            if self._client.socket() is not None:
                self._client.disconnect()
                self._client.loop(_TURN)

    def subscribe(self, topic: str) -> None:
        """Ask for a topic; what comes is in `heard`."""
        self._client.subscribe(topic, qos=1)
        self.listen()

    def publish(self, topic: str, data: bytes) -> int:
        """The reason code of the PUBACK, 0x80 and above = refused; _SILENCE where none came."""
        info = self._client.publish(topic, data, qos=1)
        self._turn(lambda: info.mid in self._codes or not self.alive)
        return self._codes.get(info.mid, _SILENCE)

    def listen(self) -> None:
        """Half a second for what the broker wants to say."""
        for _ in range(10):
            self._client.loop(_TURN)

    def _turn(self, done: Callable[[], bool]) -> None:
        for _ in range(_TURNS):
            if done() or self._client.loop(_TURN) != mqtt.MQTT_ERR_SUCCESS:
                return

    def _connected(self, _c: object, _d: object, _f: object, code: object, props: object) -> None:
        self.refusal = str(code) if getattr(code, "is_failure", False) else ""
        self.alive = not self.refusal
        if isinstance(props, Properties) and props.packetType == PacketTypes.CONNACK:
            self.promises = {
                name: value for name, value in vars(props).items() if isinstance(value, int)
            }

    def _disconnected(self, *_: object) -> None:
        self.alive = False

    def _published(self, _c: object, _d: object, mid: int, code: object, _p: object) -> None:
        self._codes[mid] = int(getattr(code, "value", 0))
