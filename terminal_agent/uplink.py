"""The MQTT session of the kiosk; the only home of paho here. It moves bytes, clean start, no session."""

import fcntl
import logging
import ssl
import struct
import termios
import threading
from collections.abc import Callable, Mapping
from importlib import metadata

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from contract import health, topics
from contract.errors import BatchError
from terminal_agent.clock import Clock
from terminal_agent.dispatch import Dispatch

log = logging.getLogger(__name__)

_TURN = 0.2  # seconds a turn may wait for the socket
_LONGEST_BACKOFF = 300.0
_CONNECT_TIMEOUT = 30.0


class Uplink:
    """Keeps one connection to the broker. `keep_alive` seconds; `chance` gives jitter in [0, 1);
    `alerts` are the codes of what a technician should look at, by device name."""

    def __init__(
        self,
        dispatch: Dispatch,
        clock: Clock,
        keep_alive: int,
        chance: Callable[[], float],
        alerts: Mapping[str, str],
    ) -> None:
        self._dispatch = dispatch
        self._clock = clock
        self._keep_alive = keep_alive
        self._chance = chance
        self._alerts = alerts
        self._said: dict[str, str] = {}
        self._owner = ""
        self._owned: dict[str, bool] = {}
        self._hung_up = ""
        self._was_up = False

    def run(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        """Stay connected until the agent stops."""
        wait = 1.0
        while not stop.is_set():
            beat()
            self._was_up = False
            try:
                self._session(stop, beat)
            except OSError as problem:
                log.warning("uplink.down %s", problem)
            if self._was_up:
                wait = 1.0
            self._pause((0.5 + self._chance() / 2) * wait, stop, beat)
            wait = min(_LONGEST_BACKOFF, wait * 2)

    def _pause(self, seconds: float, stop: threading.Event, beat: Callable[[], None]) -> None:
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0 and not stop.wait(min(left, 10.0)):
            beat()

    def _session(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        """One connection, from CONNECT to its end. Raises OSError when it breaks."""
        client = self._client()
        invited = self._dispatch.invited
        self._owned, self._hung_up = {}, ""
        client.connect(invited.broker_host, invited.broker_port, self._keep_alive, clean_start=True)
        self._dispatch.connected()
        try:
            while not stop.is_set():
                beat()
                code = client.loop(_TURN)
                if code != mqtt.MQTT_ERR_SUCCESS or self._hung_up:
                    raise ConnectionError(self._hung_up or mqtt.error_string(code))
                if self._is_taken():
                    self._send(client)
                if client.is_connected() and self._said != self._alerts:
                    self._be_born(client)
        finally:
            if stop.is_set():  # a clean end sends no will
                gone = self._dispatch.will()
                client.publish(topics.status(invited.kid), gone, qos=1, retain=True)
            client.disconnect()

    def _client(self) -> mqtt.Client:
        invited = self._dispatch.invited
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=invited.kid, protocol=mqtt.MQTTv5
        )
        client.connect_timeout = _CONNECT_TIMEOUT
        if invited.tls:
            context = ssl.create_default_context(cadata=invited.ca)
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            client.tls_set_context(context)
        client.will_set(topics.status(invited.kid), self._dispatch.will(), qos=1, retain=True)
        client.on_connect = self._connected
        client.on_message = self._arrived
        return client

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, code: object, _props: object
    ) -> None:
        if getattr(code, "is_failure", False):
            self._hung_up = f"the broker refused the connection: {code}"
            return
        self._was_up = True
        kid = self._dispatch.invited.kid
        wanted = [(topics.receipts(kid), 0), (topics.owner(topics.bucket(kid)), 1)]
        client.subscribe([*wanted, *([(topics.owner(self._owner), 1)] if self._owner else [])])
        self._be_born(client)

    def _be_born(self, client: mqtt.Client) -> None:
        self._said = dict(self._alerts)
        document = self._dispatch.birth(version(), self._said)
        client.publish(topics.status(self._dispatch.invited.kid), document, qos=1, retain=True)
        log.info("uplink.connected %s", document.decode())

    def _arrived(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        data = bytes(message.payload)
        if message.topic == topics.receipts(self._dispatch.invited.kid):
            if self._dispatch.take(data):
                self._be_born(client)
            return
        try:
            self._learn_owner(client, message.topic, health.decode_owner(data))
        except BatchError as problem:
            log.error("owner.refused topic=%s %s", message.topic, problem)

    def _learn_owner(self, client: mqtt.Client, topic: str, owner: health.Owner) -> None:
        """A bucket names its worker, and the worker's own topic carries its will."""
        self._owned[topic] = owner.online
        if topic == self._bucket() and owner.worker != self._owner:
            self._owner = owner.worker
            client.subscribe(topics.owner(owner.worker), qos=1)

    def _is_taken(self) -> bool:
        """Nothing is sent while nobody would commit it."""
        return all(self._owned.get(topic) for topic in (self._bucket(), topics.owner(self._owner)))

    def _bucket(self) -> str:
        return topics.owner(topics.bucket(self._dispatch.invited.kid))

    def _send(self, client: mqtt.Client) -> None:
        for frame in self._dispatch.frames(_queued(client)):
            client.publish(topics.events(self._dispatch.invited.kid), frame, qos=0)
            if client.want_write():
                return


def version() -> str:
    """The version of Hadir that runs here."""
    return metadata.version("hadir")


def _queued(client: mqtt.Client) -> int:
    """Bytes that wait in the socket: not sent, or not acknowledged by TCP yet."""
    wire = client.socket()
    if wire is None or client.want_write():
        return 1
    room = fcntl.ioctl(wire.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", room)[0])
