"""The MQTT session of the centre; the only home of paho here. It moves bytes to the desk and back."""

import logging
import threading
from collections.abc import Callable

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy.exc import OperationalError

from contract import health, topics
from sync_server.config import Broker
from sync_server.desk import Desk

log = logging.getLogger(__name__)

_TURN = 0.2  # seconds a turn may wait for the socket
_GROUP = 64  # frames that share one commit at most
_KEEP_ALIVE = 60
_BUCKETS = [f"{i:02x}" for i in range(256)]


class Session:
    """Owns every bucket while it is connected."""

    def __init__(self, desk: Desk, broker: Broker, worker: str) -> None:
        self._desk = desk
        self._broker = broker
        self._worker = worker
        self._frames: list[tuple[str, bytes]] = []
        self._births: list[tuple[str, bytes]] = []
        self._refused = ""

    def run(self, stop: threading.Event, revive: Callable[[], object] | None = None) -> None:
        """Stay connected and take batches until `stop` is set. `revive` is called before every
        connection: a broker of our own may have died."""
        wait = 0.5
        while not stop.is_set():
            try:
                if revive:
                    revive()
                self._session(stop)
                wait = 0.5
            except OSError as problem:
                log.warning("broker.unreachable %s", problem)
                wait = min(10.0, wait * 2)
            stop.wait(wait)

    def _session(self, stop: threading.Event) -> None:
        client = self._client()
        self._refused = ""
        self._frames, self._births = [], []
        client.connect(self._broker.host, self._broker.port, _KEEP_ALIVE, clean_start=True)
        try:
            while not stop.is_set():
                self._turn(client)
        finally:
            if stop.is_set():
                self._declare(client, online=False)
            client.disconnect()

    def _turn(self, client: mqtt.Client) -> None:
        """Take what has arrived, as one group."""
        wait = _TURN
        while len(self._frames) + len(self._births) < _GROUP:
            before = len(self._frames) + len(self._births)
            code = client.loop(wait)
            if code != mqtt.MQTT_ERR_SUCCESS:
                raise ConnectionError(mqtt.error_string(code))
            if self._refused:
                raise ConnectionError(self._refused)
            if len(self._frames) + len(self._births) == before:
                break
            wait = 0.0
        self._answer(client)

    def _answer(self, client: mqtt.Client) -> None:
        frames, self._frames = self._frames, []
        births, self._births = self._births, []
        try:
            receipts = [answer for kid, birth in births for answer in self._desk.born(kid, birth)]
            if frames:
                receipts += self._desk.take(frames)
        except OperationalError as problem:
            # No receipt, so the kiosks keep and send again; a full disk heals without us.
            log.error("ledger.failed frames=%d %s", len(frames), problem.orig)
            return
        for kid, data in receipts:
            client.publish(topics.receipts(kid), data, qos=0)

    def _client(self) -> mqtt.Client:
        name = f"hadir-ingest-{self._worker}"
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
        if self._broker.ca:
            client.tls_set(ca_certs=self._broker.ca)
        gone = health.encode(health.Owner(online=False, worker=self._worker))
        client.will_set(topics.owner(self._worker), gone, qos=1, retain=True)
        client.on_connect = self._connected
        client.on_message = self._arrived
        return client

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, code: object, _props: object
    ) -> None:
        if getattr(code, "is_failure", False):
            self._refused = f"the broker refused the connection: {code}"
            return
        client.subscribe([(topics.ALL_EVENTS, 0), (topics.ALL_STATUS, 1)])
        self._declare(client, online=True)
        log.info("broker.connected host=%s port=%d", self._broker.host, self._broker.port)

    def _declare(self, client: mqtt.Client, *, online: bool) -> None:
        """Say who takes which bucket. One will cannot cover 256 topics, so a worker has its own."""
        mine = health.encode(health.Owner(online=online, worker=self._worker))
        client.publish(topics.owner(self._worker), mine, qos=1, retain=True)
        if online:
            for bucket in _BUCKETS:
                client.publish(topics.owner(bucket), mine, qos=1, retain=True)

    def _arrived(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        kid = topics.kid_of(message.topic)
        if kid is None:
            log.error("topic.unknown %s", message.topic)
        elif message.topic.startswith("e/"):
            self._frames.append((kid, bytes(message.payload)))
        else:
            self._births.append((kid, bytes(message.payload)))
