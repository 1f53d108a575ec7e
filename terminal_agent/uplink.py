"""The MQTT session of the kiosk; the only home of paho here. It moves bytes, clean start, no session."""

import logging
import select
import ssl
import threading
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Protocol

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from contract import health, topics
from contract.errors import BatchError
from terminal_agent import line as wire
from terminal_agent.dispatch import Dispatch
from terminal_agent.line import Line
from terminal_agent.timetable import Timetable

log = logging.getLogger(__name__)

_TURN = 0.2  # seconds a turn may wait for the socket
_STAMPED = 0.01
_GOODBYES = 15  # turns at most until the broker has heard that we go
_GREETING = 3.0  # seconds to hear what the centre already holds, before anything is sent again
_LOOK = 60.0  # seconds between looks at a clock that may be set while the link is off


class Orders(Protocol):
    """What the centre asks of this kiosk."""

    def take(self, envelope: bytes) -> None:
        """Whatever came on c/<kid>, genuine or not."""

    def answers(self) -> list[bytes]:
        """What to say on r/<kid> now; it is asked for only while nothing else waits to be sent."""


class Uplink:
    """Keeps one connection to the broker while the timetable lets it. `alerts` are the codes of what
    a technician should look at, by device name."""

    def __init__(
        self,
        dispatch: Dispatch,
        timetable: Timetable,
        line: Line,
        orders: Orders,
        alerts: Mapping[str, str],
    ) -> None:
        self._dispatch = dispatch
        self._timetable = timetable
        self._clock = timetable.clock
        self._line = line
        self._orders = orders
        self._alerts = alerts
        self._kid = dispatch.invited.kid
        self._said: dict[str, str] = {}
        self._owner = ""
        self._owned: dict[str, bool] = {}
        self._hung_up = ""
        self._silent_until = 0.0
        self._spoke_at = 0.0
        self._connected_now = False

    def run(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        """Stay connected until the agent stops, whenever the link is on."""
        while not stop.is_set():
            beat()
            off = self._timetable.opens_in()
            self._pause(min(off, _LOOK) if off else self._attempt(stop, beat), stop, beat)
        self._line.meter.keep()

    def online(self) -> bool:
        """Whether the centre takes what is sent now; any thread."""
        return self._connected_now and self._is_taken()

    def _attempt(self, stop: threading.Event, beat: Callable[[], None]) -> float:
        """One connection; the seconds to wait after it."""
        try:
            self._session(stop, beat)
        except (OSError, UnicodeError) as problem:  # the latter of a host that is no name
            log.warning("uplink.down %s", problem)
            self._timetable.broke(self._line.silence(self._clock.monotonic()))
        self._line.meter.keep()
        return self._timetable.backoff()

    def _pause(self, seconds: float, stop: threading.Event, beat: Callable[[], None]) -> None:
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0 and not stop.wait(min(left, 10.0)):
            beat()

    def _session(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        """One connection, from CONNECT to its end. Raises OSError when it breaks."""
        self._line.prepare(dated=self._dated(), now=self._clock.monotonic())
        client = self._client()
        self._owned, self._hung_up = {}, ""
        self._spoke_at = self._clock.monotonic()
        client.connect(*self._line.address, self._timetable.breath.keep_alive, clean_start=True)
        self._dispatch.connected()
        clean = False
        try:
            while not (clean := stop.is_set() or self._is_over()):
                beat()
                self._turn(client)
        finally:
            self._connected_now = False
            self._end(client, clean=clean)

    def _turn(self, client: mqtt.Client) -> None:
        code = self._moved(client)
        now = self._clock.monotonic()
        self._timetable.heard(self._line.measure(now), now)
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS or self._hung_up:
            raise ConnectionError(self._hung_up or mqtt.error_string(code))
        if not client.is_connected():
            return
        if self._line.meter.exhausted():
            self._dispatch.go_live(0)
        if self._said != self._alerts:
            self._be_born(client)
        if self._is_taken() and now >= self._silent_until:
            self._send(client)

    def _moved(self, client: mqtt.Client) -> MQTTErrorCode:
        """What the socket is ready for. paho does not count a publish as a sign of life and would
        ping in the middle of traffic, so it is asked only after a keep-alive without a word of ours.
        """
        wire = client.socket()
        if wire is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        held = isinstance(wire, ssl.SSLSocket) and wire.pending() > 0
        writing = [wire] if client.want_write() else []
        readable, writable, _ = select.select([wire], writing, [], 0.0 if held else _TURN)
        code = client.loop_read() if readable or held else MQTTErrorCode.MQTT_ERR_SUCCESS
        if code == MQTTErrorCode.MQTT_ERR_SUCCESS and writable:
            code = client.loop_write()
        if code == MQTTErrorCode.MQTT_ERR_SUCCESS and self._ping_in() < 0:
            code, self._spoke_at = client.loop_misc(), self._clock.monotonic()
        return code

    def _ping_in(self) -> float:
        """Seconds until the next ping; paho's own stamp of the last one is a moment younger."""
        silent = self._clock.monotonic() - self._spoke_at
        return self._timetable.breath.keep_alive + _STAMPED - silent

    def _say(self, client: mqtt.Client, topic: str, data: bytes, qos: int = 0) -> None:
        retained = topic == topics.status(self._kid)
        client.publish(topic, data, qos=qos, retain=retained)
        self._spoke_at = self._clock.monotonic()

    def _is_over(self) -> bool:
        """The link is switched off now; or the broker's certificate was never checked for its dates
        and now they can be."""
        return self._timetable.opens_in() > 0 or (self._line.undated and self._dated())

    def _dated(self) -> bool:
        return wire.dated(self._clock)

    def _end(self, client: mqtt.Client, *, clean: bool) -> None:
        if clean:  # it says itself that it goes; nobody sends its will
            gone = client.publish(topics.status(self._kid), self._dispatch.will(), 1, retain=True)
            for _ in range(_GOODBYES):  # a socket closed on an unread answer would cut the word off
                if gone.is_published() or self._moved(client) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                    break
            self._line.measure(self._clock.monotonic())
            self._line.closed()
        client.disconnect()

    def _client(self) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self._kid, protocol=mqtt.MQTTv5)
        client.connect_timeout = wire.PATIENCE
        if self._line.context is not None:
            client.tls_set_context(self._line.context)
        client.will_set(topics.status(self._kid), self._dispatch.will(), qos=1, retain=True)
        client.on_socket_open = lambda _client, _data, socket: self._line.opened(socket)
        client.on_connect = self._connected
        client.on_message = self._arrived
        return client

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, code: object, _props: object
    ) -> None:
        if getattr(code, "is_failure", False):
            self._hung_up = f"the broker refused the connection: {code}"
            return
        now = self._clock.monotonic()
        self._line.settled()
        self._timetable.came_up(now)
        self._silent_until = now + _GREETING
        self._connected_now = True
        bucket = topics.owner(topics.bucket(self._kid))
        wanted = [(topics.receipts(self._kid), 0), (topics.commands(self._kid), 1), (bucket, 1)]
        client.subscribe([*wanted, *([(topics.owner(self._owner), 1)] if self._owner else [])])
        self._be_born(client)

    def _be_born(self, client: mqtt.Client) -> None:
        self._said = dict(self._alerts)
        meter = self._line.meter
        document = self._dispatch.birth(version(), self._said, meter.usage.month, meter.left())
        self._say(client, topics.status(self._kid), document, qos=1)
        log.info("uplink.connected %s", document.decode())

    def _arrived(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        data = bytes(message.payload)
        if message.topic == topics.receipts(self._kid):
            self._silent_until = 0.0
            if self._dispatch.take(data):
                self._be_born(client)
            return
        if message.topic == topics.commands(self._kid):
            self._orders.take(data)
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
        return topics.owner(topics.bucket(self._kid))

    def _send(self, client: mqtt.Client) -> None:
        """Batches first; answers while the socket is empty, so that they delay no scan."""
        queued = 1 if client.want_write() else self._line.queued()
        for frame in self._dispatch.frames(queued, self._ping_in()):
            self._say(client, topics.events(self._kid), frame)
            queued = 1
            if client.want_write():
                return
        for answer in () if queued else self._orders.answers():
            self._say(client, topics.answers(self._kid), answer, qos=1)


def version() -> str:
    """The version of Hadir that runs here."""
    return metadata.version("hadir")
