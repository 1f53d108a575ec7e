"""The kiosk's one configuration file, decoded into values that are complete and valid."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from terminal_agent.clock import Discipline
from terminal_agent.errors import SourceMisconfigured

DEFAULT_PATH = Path("/etc/hadir/agent.toml")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Seconds = Annotated[float, msgspec.Meta(ge=0.2, le=86_400)]


class Kiosk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`state`: journal and keys. `link`: how dear a byte is; it decides how long scans may wait.
    `zone`: where the kiosk stands, for what happens at an hour of the day."""

    state: str = "/var/lib/hadir/agent"
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    link: Literal["normal", "metered", "live"] = "normal"
    clock: Discipline = "kernel"


class ZkDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ZKTeco terminal. `every`: seconds between polls; `audit_hour`: local hour of the nightly
    full read."""

    name: Name
    host: str
    port: Port = 4370
    comm_key: Annotated[int, msgspec.Meta(ge=0, le=999_999)] = 0
    udp: bool = False
    every: Seconds = 30.0
    live: bool = True
    audit_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 2


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kiosk: Kiosk = Kiosk()
    zkteco: tuple[ZkDevice, ...] = ()


# Seconds east of UTC; Indonesia has no daylight saving.
ZONES = {"WIB": 25_200, "WITA": 28_800, "WIT": 32_400}

# Seconds the oldest scan may wait for company, and the MQTT keep-alive, by link class.
PATIENCE = {"metered": 300.0, "normal": 60.0, "live": 5.0}
KEEP_ALIVE = {"metered": 900, "normal": 60, "live": 60}


def load(path: Path) -> Config:
    """The configuration in a file. Raises SourceMisconfigured naming the key that is wrong."""
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=Config)
    except OSError as problem:
        raise SourceMisconfigured("config_missing", f"{path}: {problem.strerror}") from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise SourceMisconfigured("config_wrong", f"{path}: {problem}") from problem
    names = [device.name for device in config.zkteco]
    if len(set(names)) != len(names):
        raise SourceMisconfigured("config_wrong", f"{path}: two devices have one name")
    return config
