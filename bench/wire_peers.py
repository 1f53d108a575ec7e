"""The peers of `bench wire` and `drain`: publishers as others write them, told what to do by lines.

json: one QoS 1 publish per scan, JSON with a UUID, everything paho's default, 60 s keep-alive.
thingsboard: what the ThingsBoard gateway sends (v1/gateway/telemetry, {"device": [{"ts", "values"}]},
QoS 1, 120 s keep-alive, packets of at most 8,196 bytes as its tb_gateway.json says), the scans of one
poll together. Its statistics messages of every minute are left out. Both trust a PUBACK.
"""

import json
import ssl
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from bench.stage import Office
from contract import invitation
from contract.event import Record, Scan
from contract.invitation import Invitation
from simulators import staff

_TOPIC = "absensi/sulawesi-selatan/dinas-kominfo/T07A/event"
_TB_TOPIC = "v1/gateway/telemetry"
_TB_PACKET = 8_196
_KEEP_ALIVE = {"json": 60, "thingsboard": 120}


class Publisher(mqtt.Client):
    """paho as it is, but pings may come at the pace of a played day. The wait for a ping's answer is
    a round trip, so it is not scaled."""

    ping_every = 0.0
    _pinged = 0.0

    def _check_keepalive(self) -> None:
        if not self.ping_every:
            super()._check_keepalive()
            return
        now = time.monotonic()
        with self._msgtime_mutex:
            # paho's own moments; they are monotonic too.
            heard = min(self._last_msg_out, self._last_bytes_received)
        if now - max(heard, self._pinged) >= self.ping_every:
            self._pinged = now
            self._send_pingreq()


class Peer:
    """One connection and what it published that has no PUBACK yet."""

    def __init__(self, whose: str, invited: Invitation) -> None:
        self._whose = whose
        self._invited = invited
        self._acked = 0
        self._given = 0
        self._moved = threading.Condition()
        self._up = threading.Event()
        self.client = Publisher(CallbackAPIVersion.VERSION2, client_id=f"peer-{whose}")
        self.client.tls_set_context(_context(invited))
        self.client.on_publish = self._published
        self.client.on_connect = lambda *_: self._up.set()

    def connect(self, speed: float) -> None:
        """Connect; pings come so many times as often."""
        keep_alive = _KEEP_ALIVE[self._whose]
        self.client.ping_every = keep_alive / speed if speed > 1 else 0.0
        place = (self._invited.broker_host, self._invited.broker_port)
        self.client.connect(*place, keep_alive)
        if speed > 1:  # paho looks at its keep-alive once a second, which is rare in a fast day
            how = {"timeout": 0.05}
            threading.Thread(target=self.client.loop_forever, kwargs=how, daemon=True).start()
        else:
            self.client.loop_start()
        self._up.wait()

    def send(self, scans: list[Scan]) -> None:
        """Publish as this peer does."""
        for payload in self._payloads(scans):
            topic = _TOPIC if self._whose == "json" else _TB_TOPIC
            self._given += 1
            self.client.publish(topic, payload, qos=1)

    def wait(self, seconds: float = 1e6) -> float:
        """Until all is PUBACKed, at most so long: the share that is."""
        with self._moved:
            self._moved.wait_for(lambda: self._acked == self._given, seconds)
            return self._acked / max(self._given, 1)

    def _published(self, *_: object) -> None:
        with self._moved:
            self._acked += 1
            self._moved.notify()

    def _payloads(self, scans: list[Scan]) -> Iterator[bytes]:
        if self._whose == "json":
            yield from (_event(scan) for scan in scans)
        else:
            yield from _packets(scans)


def _event(scan: Scan) -> bytes:
    event = {
        "event_id": str(uuid.uuid4()),
        "device_id": f"BWXPT07A{scan.device}",
        "user_id": scan.pin,
        "timestamp": _local(scan).isoformat() + "+07:00",
        "verify_mode": scan.verify,
        "punch_state": scan.punch,
        "work_code": scan.work,
        "source": scan.source,
        "lag_s": scan.lag,
    }
    return json.dumps(event).encode()


def _packets(scans: list[Scan]) -> Iterator[bytes]:
    """Packets of at most 8,196 bytes. The gateway writes JSON without spaces."""
    packet: dict[str, list[bytes]] = {}
    size = 0
    for scan in scans:
        values = {
            "pin": scan.pin,
            "verify": scan.verify,
            "punch": scan.punch,
            "workcode": scan.work,
            "source": scan.source,
            "lag": scan.lag,
        }
        row = msgspec.json.encode({"ts": (scan.t - staff.ZONE) * 1000, "values": values})
        if size + len(row) + 40 > _TB_PACKET:
            yield _joined(packet)
            packet, size = {}, 0
        packet.setdefault(f"BWXPT07A{scan.device}", []).append(row)
        size += len(row) + 1
    if packet:
        yield _joined(packet)


def _joined(packet: dict[str, list[bytes]]) -> bytes:
    devices = (b'"%s":[%s]' % (name.encode(), b",".join(rows)) for name, rows in packet.items())
    return b"{%s}" % b",".join(devices)


def _local(scan: Scan) -> datetime:
    return datetime.fromtimestamp(scan.t, UTC).replace(tzinfo=None)


def _context(invited: Invitation) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=invited.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(invited.certificate + invited.private_key)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _scans(records: Iterator[Record]) -> Iterator[Scan]:
    return (record for record in records if isinstance(record, Scan))


def _play(peer: Peer, office: Office, speed: float) -> int:
    """A day at so many times its speed: the scans of one poll when it is committed."""
    day = [(at, r) for at, r in staff.day("T07A", office.staff, office.seed) if isinstance(r, Scan)]
    began = time.monotonic()
    for at, together in groupby(day, lambda entry: entry[0]):
        time.sleep(max(0.0, began + at / speed - time.monotonic()))
        peer.send([scan for _, scan in together])
    time.sleep(max(0.0, began + 86_400 / speed - time.monotonic()))
    peer.wait()
    return len(day)


def _do(order: dict[str, Any], peer: Peer, office: Office, scans: Iterator[Scan]) -> dict[str, Any]:
    if order["do"] == "connect":
        peer.connect(order.get("speed", 1.0))
        return {"up": time.monotonic()}
    if order["do"] == "play":
        return {"scans": _play(peer, office, order["speed"])}
    chosen = [next(scans) for _ in range(order["count"])]
    began = time.monotonic()
    peer.send(chosen)
    share = peer.wait(order.get("cap", 1e6))
    return {"seconds": time.monotonic() - began, "share": share}


def main(whose: str, invited: Path, told: str) -> None:
    """Do what each line of stdin says; answer each with a line."""
    office = msgspec.json.decode(told, type=Office)
    peer = Peer(whose, invitation.decode(invited.read_bytes()))
    scans = _scans(staff.records("T07A", office.staff, 400, office.seed))
    for line in sys.stdin:
        print(json.dumps(_do(json.loads(line), peer, office, scans)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
