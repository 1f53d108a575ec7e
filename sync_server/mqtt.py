"""The MQTT session of the centre; the only home of paho here. It moves bytes to the desk and back."""

import logging
import ssl
import threading
import time
from collections.abc import Callable, Sequence

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sqlalchemy.exc import SQLAlchemyError

from contract import health, topics
from contract.errors import BatchError
from sync_server.arrivals import Arrivals, Message
from sync_server.buckets import Buckets, NameTaken
from sync_server.config import Broker
from sync_server.desk import Desk

log = logging.getLogger(__name__)

_TURN = 0.2  # seconds a turn may wait for the socket
_LISTEN = 0.05  # seconds a turn goes on reading while frames keep coming
_KEEP_ALIVE = 60
_HANDOVER = 5.0  # seconds at most until another worker has taken what was given back
_LOOK = 1.0  # seconds between looks for commands and for changes of ownership
_TAKEN_OVER = 0x8E  # MQTT 5.0, 3.14.2.1: another client connected with the same name
_NOT_ALLOWED = 0x87  # 3.4.2.1: not authorised to publish there


class Session:
    """Takes the frames of the buckets that are this worker's, while it is connected."""

    def __init__(
        self,
        desk: Desk,
        broker: Broker,
        worker: str,
        buckets: Buckets,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self._desk = desk
        self._broker = broker
        self._worker = worker
        self._buckets = buckets
        self._begin()

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
            except (OSError, NameTaken) as problem:
                if isinstance(problem, NameTaken):
                    self._say_name_taken()
                else:
                    log.warning("broker.unreachable %s", problem)
                wait = min(10.0, wait * 2)
            stop.wait(wait)

    def _begin(self) -> None:
        """Forget everything of the connection before."""
        self._queue = Arrivals(time.monotonic)
        self._owned: frozenset[str] = frozenset()
        self._fresh: frozenset[str] = frozenset()
        self._leaving: dict[str, float] = {}  # given back, and until when they are heard still
        self._heard: set[str] = set()  # the filters that the broker has
        self._contested: set[str] = set()
        self._looked_at = 0.0
        self._refused = ""

    def _session(self, stop: threading.Event) -> None:
        self._begin()
        client = self._client()
        try:
            self._buckets.appear()
            client.connect(self._broker.host, self._broker.port, _KEEP_ALIVE, clean_start=True)
            while not stop.is_set():
                self._turn(client)
        finally:
            self._declare(client, self._worker, online=False)
            client.disconnect()  # after which the broker forgets our will
            self._buckets.release()  # whoever still has the broker may take them

    def _turn(self, client: mqtt.Client) -> None:
        """Read what arrives, then commit one group of it."""
        wait = 0.0 if self._queue.waiting() else _TURN
        until = time.monotonic() + wait + _LISTEN
        while not self._queue.full():
            before = self._queue.waiting()
            code = client.loop(wait)
            if code != mqtt.MQTT_ERR_SUCCESS:
                raise ConnectionError(mqtt.error_string(code))
            if self._refused:
                raise ConnectionError(self._refused)
            if self._queue.waiting() == before or time.monotonic() > until:
                break
            wait = 0.0
        self._take_group(client)
        if client.is_connected() and time.monotonic() - self._looked_at >= _LOOK:
            self._own(client)
            if self._owned:
                self._command(client)
            # From its end: a ledger that hangs for seconds must not leave one packet to each look.
            self._looked_at = time.monotonic()

    def _take_group(self, client: mqtt.Client) -> None:
        group = self._queue.group()
        if group.behind > 1.0:
            log.warning("queue.behind waiting=%d seconds=%.1f", self._queue.waiting(), group.behind)
        births, answers = group.births, group.answers
        try:
            while answers:
                self._desk.answered(*answers[0])
                del answers[0]
            if births:
                _receipt(client, self._desk.born(births))
                self._looked_at = 0.0  # a kiosk that has just connected waits for its commands
                births = []
            if group.frames:
                _receipt(client, self._desk.take(group.frames, group.behind))
        except SQLAlchemyError as problem:
            # No receipt, so the kiosks keep and send again; a full disk heals without us.
            log.error("ledger.failed frames=%d %s", len(group.frames), _first_line(problem))
            self._queue.put_back(births, answers)

    def _command(self, client: mqtt.Client) -> None:
        """Publish the commands that are due."""
        try:
            due = self._desk.due(self._owned)
        except SQLAlchemyError as problem:
            log.error("ledger.failed commands %s", _first_line(problem))
            return
        for kid, envelope, expires_in in due:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # as paho has it
            properties.MessageExpiryInterval = expires_in
            client.publish(topics.commands(kid), envelope, qos=1, properties=properties)

    def _client(self) -> mqtt.Client:
        name = f"hadir-ingest-{self._worker}"
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
        if self._tls:
            client.tls_set_context(self._tls)
        gone = health.encode(health.Owner(online=False, worker=self._worker))
        client.will_set(topics.owner(self._worker), gone, qos=1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_publish = self._published
        client.on_message = self._arrived
        return client

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, code: object, _props: object
    ) -> None:
        if getattr(code, "is_failure", False):
            self._refused = f"the broker refused the connection: {code}"
            return
        self._own(client)
        # After our own say: what is heard of our topics from now on is somebody else's.
        client.subscribe([(topics.ALL_OWNERS, 1), (topics.ALL_ANSWERS, 1)])
        log.info("broker.connected host=%s port=%d", self._broker.host, self._broker.port)

    def _disconnected(
        self, _client: mqtt.Client, _data: object, _flags: object, code: object, _props: object
    ) -> None:
        if getattr(code, "value", 0) == _TAKEN_OVER:
            self._say_name_taken()

    def _published(
        self, _client: mqtt.Client, _data: object, _mid: int, code: object, _props: object
    ) -> None:
        """A broker whose list does not name this worker hears it and brings it nothing: it must own no
        kiosk then, for another worker may be named."""
        if getattr(code, "value", 0) == _NOT_ALLOWED:
            user = f"hadir-ingest-{self._worker}"
            self._refused = f"the broker's hadir.acl does not name user {user}: add its lines"
            log.error("worker.not_named worker=%s: %s", self._worker, self._refused)

    def _say_name_taken(self) -> None:
        log.error("worker.name_taken worker=%s: give each worker a name of its own", self._worker)

    def _own(self, client: mqtt.Client) -> None:
        """Listen to the buckets that are ours now, then say so: whoever is told must be heard."""
        before, self._owned = self._owned, self._buckets.look()
        if self._owned != before:
            log.info("buckets.owned count=%d", len(self._owned))
            self._fresh = self._owned - before
        self._queue.forget(before - self._owned)
        self._leave(before)
        self._listen(client)
        if self._owned - before:  # the broker gives the births that it kept once more
            client.subscribe(topics.ALL_STATUS, qos=1)
        if bool(self._owned) != bool(before) or self._worker in self._contested:
            self._declare(client, self._worker, online=bool(self._owned))
        for bucket in (self._owned - before) | (self._owned & self._contested):
            self._declare(client, bucket, online=True)
        self._contested = set()

    def _leave(self, before: frozenset[str]) -> None:
        """What others are to take is heard until they say that they do: no frame falls between. A
        worker without the database owns nothing, and hears nothing."""
        now = time.monotonic()
        self._leaving |= dict.fromkeys(before - self._owned, now + _HANDOVER)
        heard = self._leaving.items() if self._owned else ()
        self._leaving = {one: end for one, end in heard if now < end and one not in self._owned}

    def _listen(self, client: mqtt.Client) -> None:
        wanted = {topics.bucket_events(bucket) for bucket in (*self._owned, *self._leaving)}
        if self._owned == topics.BUCKETS:
            wanted = {topics.ALL_EVENTS}
        if fresh := sorted(wanted - self._heard):
            client.subscribe([(name, 0) for name in fresh])
        if stale := sorted(self._heard - wanted):
            client.unsubscribe(stale)
        self._heard = wanted

    def _declare(self, client: mqtt.Client, topic: str, *, online: bool) -> None:
        """Say who takes a bucket. One will cannot cover 256 topics, so a worker has its own."""
        mine = health.encode(health.Owner(online=online, worker=self._worker))
        client.publish(topics.owner(topic), mine, qos=1, retain=True)

    def _arrived(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        topic, data = message.topic, bytes(message.payload)
        if topic.startswith("h/"):
            self._told_owner(topic, data)
            return
        kid = topics.kid_of(topic)
        if kid is None:
            log.error("topic.unknown %s", topic)
        elif (bucket := topics.bucket(kid)) not in self._owned and bucket not in self._leaving:
            return  # another worker's, which has it too
        elif topic.startswith("s/") and message.retain and bucket not in self._fresh:
            return  # taken when it was said
        else:
            self._queue.put(topic[0], kid, data)

    def _told_owner(self, topic: str, data: bytes) -> None:
        """What others say of our topics, late or out of an old connection, is set right."""
        try:
            told = health.decode_owner(data)
        except BatchError as problem:
            log.error("owner.refused topic=%s %s", topic, problem)
            return
        mine = health.Owner(online=bool(self._owned), worker=self._worker)
        if told != mine:
            self._contested.add(topic.removeprefix("h/"))
            self._leaving.pop(topic.removeprefix("h/"), None)


def _receipt(client: mqtt.Client, receipts: Sequence[Message]) -> None:
    for kid, data in receipts:
        client.publish(topics.receipts(kid), data, qos=0)


def _first_line(problem: SQLAlchemyError) -> str:
    return str(getattr(problem, "orig", problem)).partition("\n")[0]
