"""The peer of `bench chaos`: a gateway that trusts a PUBACK, as those in use do.

kiosk: rows in SQLite (WAL, synchronous NORMAL), one QoS 1 publish per scan, a row is deleted when the
broker has said PUBACK. centre: a subscriber with a session of a day that stores what it is given, as
it is. Both start again where they were; neither knows of the other.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

_TOPIC = "absensi/T07A/event"
_IN_FLIGHT = 20  # paho's default
_DAY = 86_400


class Kiosk:
    """Follows the terminal's log, a file with a scan in each line."""

    def __init__(self, state: Path, log: Path, host: str, port: int) -> None:
        self._db = sqlite3.connect(state / "gateway.db", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS row (no INTEGER PRIMARY KEY, scan TEXT)")
        self._db.execute("CREATE TABLE IF NOT EXISTS read (upto INTEGER)")
        self._log = log
        self._where = (host, port)
        self._out: dict[int, int] = {}  # mid to row
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, "gateway", protocol=mqtt.MQTTv5, reconnect_on_failure=True
        )
        self._client.on_publish = self._published

    def run(self) -> None:
        """For ever."""
        while True:
            try:
                self._client.connect(*self._where, keepalive=20, clean_start=True)
                self._out.clear()
                while self._client.loop(0.05) == mqtt.MQTT_ERR_SUCCESS:
                    self._read()
                    if self._client.is_connected():
                        self._publish()
            except OSError:
                self._read()
                time.sleep(0.5)

    def _read(self) -> None:
        (done,) = self._db.execute("SELECT coalesce(max(upto), 0) FROM read").fetchone()
        with self._log.open("rb") as file:
            file.seek(done)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        if not whole:
            return
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO row (scan) VALUES (?)", [(line,) for line in whole.decode().splitlines()]
        )
        self._db.execute("INSERT INTO read VALUES (?)", (done + len(whole),))
        self._db.execute("COMMIT")

    def _publish(self) -> None:
        busy = set(self._out.values())
        rows = self._db.execute("SELECT no, scan FROM row ORDER BY no LIMIT 100").fetchall()
        for no, scan in rows:
            if len(self._out) >= _IN_FLIGHT:
                return
            if no not in busy:
                self._out[self._client.publish(_TOPIC, scan, qos=1).mid] = no

    def _published(self, _c: object, _d: object, mid: int, _r: object, _p: object) -> None:
        if (no := self._out.pop(mid, None)) is not None:
            self._db.execute("DELETE FROM row WHERE no = ?", (no,))


def centre(state: Path, host: str, port: int) -> None:
    """Store every message; the session lives a day on the broker."""
    db = sqlite3.connect(state / "centre.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE IF NOT EXISTS got (scan TEXT)")
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "centre", protocol=mqtt.MQTTv5)
    client.on_connect = lambda c, *_: c.subscribe(_TOPIC, qos=1)
    client.on_message = lambda _c, _d, message: db.execute(
        "INSERT INTO got VALUES (?)", (message.payload.decode(),)
    )
    lasting = Properties(PacketTypes.CONNECT)
    lasting.SessionExpiryInterval = _DAY
    while True:
        try:
            client.connect(host, port, keepalive=20, clean_start=False, properties=lasting)
            while client.loop(0.2) == mqtt.MQTT_ERR_SUCCESS:
                pass
        except OSError:
            pass
        time.sleep(0.5)


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    if told["side"] == "kiosk":
        Kiosk(Path(told["state"]), Path(told["log"]), told["host"], told["port"]).run()
    else:
        centre(Path(told["state"]), told["host"], told["port"])
