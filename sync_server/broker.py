"""The embedded broker: what makes two commands enough. Loopback only, no durability, none needed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import iotcore

from sync_server.config import Broker

# rumqttd keeps a commit log in RAM: small segments bound what a slow subscriber can pin.
_RUMQTTD = """
id = 0
[router]
id = 0
max_connections = 1024
max_outgoing_packet_count = 200
max_segment_size = 10485760
max_segment_count = 4
[v5.1]
name = "v5"
listen = "{host}:{port}"
next_connection_delay_ms = 1
    [v5.1.connections]
    connection_timeout_ms = 30000
    max_payload_size = 262144
    max_inflight_count = 200
    dynamic_filters = true
"""


@contextmanager
def embedded(settings: Broker) -> Iterator[iotcore.Broker]:
    """A started broker, in a child process that goes when this one goes; `start` starts it again
    where it died.

    Raises OSError where the port is taken.
    """
    host = settings.host.replace("localhost", "127.0.0.1")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rumqttd.toml"
        file.write_text(_RUMQTTD.format(host=host, port=settings.port), "utf-8")
        running = iotcore.Broker(config_path=str(file)).start()
        try:
            yield running
        finally:
            running.stop()
