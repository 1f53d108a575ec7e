"""The server's one configuration file."""

from pathlib import Path
from typing import Annotated

import msgspec

from sync_server.errors import BadFile, unreadable, unusable

DEFAULT_PATH = Path("/etc/hadir/server.toml")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where kiosks and centre meet. `embedded`: start one here, on `host` only. `ca`: PEM file of
    the authority that signed the broker's certificate; without it the wire is plain."""

    host: str = "127.0.0.1"
    port: Port = 1883
    embedded: bool = True
    ca: str = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `state` holds the ledger and the server's keys."""

    state: str = "/var/lib/hadir/server"
    broker: Broker = Broker()


def load(path: Path) -> Config:
    """The configuration in a file. Raises BadFile naming the key that is wrong."""
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=Config)
    except FileNotFoundError as problem:
        raise BadFile(str(path), "", "config_missing") from problem
    except OSError as problem:
        unreadable(str(path), problem)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        unusable(str(path), problem)
    if config.broker.embedded and config.broker.host not in ("127.0.0.1", "localhost"):
        raise BadFile(str(path), "broker.host", "embedded_elsewhere")
    return config
