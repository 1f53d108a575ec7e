"""One short visit to a broker, as whoever one likes, and what it says to that."""

import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SILENCE = 0xFF  # no reason code of MQTT 5.0 (2.4)
_TURN = 0.05  # seconds
_QUIET = 0.5  # seconds of silence, after which nothing waits behind a live fleet's messages
_PATIENCE = 10.0  # seconds at most, however much else is said


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
        self._client.on_subscribe = self._subscribed

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

    def subscribe(self, *wanted: str) -> None:
        """Ask for topics, and wait for the answers; what comes is in `heard`."""
        mids = [self._client.subscribe(one, qos=1)[1] for one in wanted]
        self._turn(lambda: self._has_answers([mid for mid in mids if mid is not None]))

    def publish(self, topic: str, data: bytes) -> int:
        """The reason code of the PUBACK, 0x80 and above = refused; SILENCE where none came."""
        return self.publish_all([topic], data)[0]

    def publish_all(self, to: Sequence[str], data: bytes = b"doctor") -> list[int]:
        """The same on each topic, without waiting between them; the codes, as of `publish`."""
        mids = [self._client.publish(topic, data, qos=1).mid for topic in to]
        self._turn(lambda: self._has_answers(mids))
        return [self._codes.get(mid, SILENCE) for mid in mids]

    def listen(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Hear the broker out: until it has been silent for half a second, or said `enough`."""
        last, heard = time.monotonic(), len(self.heard)

        def is_quiet() -> bool:
            nonlocal last, heard
            if len(self.heard) > heard:
                last, heard = time.monotonic(), len(self.heard)
            return time.monotonic() - last >= _QUIET

        self._turn(lambda: enough() or is_quiet())

    def _has_answers(self, mids: Sequence[int]) -> bool:
        return not self.alive or self._codes.keys() >= {*mids}

    def _turn(self, done: Callable[[], bool]) -> None:
        """By the clock: paho reads one packet a turn, and hundreds may lie before the answer."""
        until = time.monotonic() + _PATIENCE
        while not done() and time.monotonic() < until:
            if self._client.loop(_TURN) != mqtt.MQTT_ERR_SUCCESS:
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

    def _subscribed(self, _c: object, _d: object, mid: int, _codes: object, _p: object) -> None:
        self._codes[mid] = 0
