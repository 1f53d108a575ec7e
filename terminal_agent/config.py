"""The kiosk's one configuration file, decoded into values that are complete and valid."""

from ipaddress import IPv4Address, ip_network
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from contract import batch
from terminal_agent import misread, ordered, windows
from terminal_agent.clock import Discipline
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.pace import SHORTEST_KEEP_ALIVE, Pace

DEFAULT_PATH = Path("/etc/hadir/agent.toml")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Seconds = Annotated[float, msgspec.Meta(ge=0.2, le=86_400)]
KeepAlive = Annotated[int, msgspec.Meta(ge=SHORTEST_KEEP_ALIVE, le=3_600)]
CommKey = Annotated[int, msgspec.Meta(ge=0, le=999_999)]
Megabytes = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Kiosk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`state`: journal and keys. `socket`: where camera and screen meet the agent. `link`: how dear a byte is; it decides how long scans may wait.
    `zone`: where the kiosk stands, for what happens at an hour of the day. `keep_alive`: seconds,
    None = as the link has it. `windows`: when the link is on ("05:30-06:30"), empty = always.
    `quota_mb`: million bytes a month, 0 = no limit. `codec`: "arithmetic" saves 2 % of the bytes for
    ten times the work (decision 0008)."""

    state: str = "/var/lib/hadir/agent"
    socket: str = "/run/hadir/agent.sock"
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    link: Literal["normal", "metered", "live"] = "normal"
    clock: Discipline = "kernel"
    keep_alive: KeepAlive | None = None
    windows: tuple[str, ...] = ()
    quota_mb: Megabytes = 0
    codec: Literal["columns", "arithmetic"] = "columns"


class ZkDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ZKTeco terminal. `every`: seconds between polls; `audit_hour`: local hour of the nightly
    full read."""

    name: Name
    host: str
    port: Port = 4370
    comm_key: CommKey = 0
    udp: bool = False
    every: Seconds = 30.0
    live: bool = True
    audit_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 2


class Gnss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A satellite receiver. `port`: /dev/serial/by-id/…, which stays its own; "" = there is none."""

    port: str = ""
    speed: Literal[4800, 9600, 38_400, 115_200] = 9600


class FingerSensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fingerprint sensor of the ZFM family. `port`: /dev/serial/by-id/…, which stays its own.
    `address` and `password` as the sensor has them; both are what it was made with where nobody
    changed them."""

    name: Name
    port: str
    speed: Literal[9600, 19_200, 38_400, 57_600, 115_200] = 57_600
    address: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)] = 0xFFFF_FFFF
    password: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)] = 0


class PushDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A terminal that calls the kiosk by itself. `serial` as it tells it; `address`: where it may
    call from, one address or a network such as 192.168.1.0/24. With the `name` of a [[zkteco]] it is
    that terminal, polled as well."""

    name: Name
    serial: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
    address: str


class Adms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where such terminals call. `port` 0: nobody listens. `address`: of the kiosk, "" = all."""

    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    address: str = ""
    device: tuple[PushDevice, ...] = ()


class Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kiosk's own eye. `source`: /dev/v4l/by-id/…, rtsp://…, "picamera2", a clip or a folder of
    images; "" = there is none. `challenge`: whom a liveness challenge is asked of ("doubtful": only
    those just inside the threshold). `recogniser`: "dlib" is the slow reference. `model`: a site's own
    weights for the recogniser, "" = those of the package. `again_minutes`: a person seen again within
    them is told so, and nothing is recorded."""

    source: str = ""
    challenge: Literal["always", "doubtful", "never"] = "always"
    recogniser: Literal["onnx", "dlib"] = "onnx"
    model: str = ""
    again_minutes: Annotated[int, msgspec.Meta(ge=1, le=120)] = 5


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kiosk's screen, a page for a browser on the kiosk itself. `contact`: whom the privacy notice
    names."""

    host: str = "127.0.0.1"
    port: Port = 8080
    sound: bool = True
    contact: str = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kiosk: Kiosk = Kiosk()
    zkteco: tuple[ZkDevice, ...] = ()
    adms: Adms = Adms()
    sensor: tuple[FingerSensor, ...] = ()
    gnss: Gnss = Gnss()
    camera: Camera = Camera()
    screen: Screen = Screen()


# Seconds east of UTC; Indonesia has no daylight saving.
ZONES = {"WIB": 25_200, "WITA": 28_800, "WIT": 32_400}

CODECS = {"columns": batch.COLUMNS, "arithmetic": batch.ARITHMETIC}

# By link class: a ping costs 204 bytes on the wire, so 60 s of keep-alive are 294 kB a day.
PACES = {
    "metered": Pace(patience=300.0, keep_alive=900),
    "normal": Pace(patience=60.0, keep_alive=60),
    "live": Pace(patience=5.0, keep_alive=60),
}


def pace(kiosk: Kiosk) -> Pace:
    """How patient this kiosk is with its link."""
    of_link = PACES[kiosk.link]
    keep_alive = kiosk.keep_alive or of_link.keep_alive
    return msgspec.structs.replace(of_link, keep_alive=keep_alive, codec=CODECS[kiosk.codec])


class Chosen(msgspec.Struct, frozen=True):
    """The configuration in force. `counter` is the command that brought it, 0 = the local file.
    `unusable`: the centre's one is there, but this version cannot use it."""

    config: Config
    counter: int = 0
    unusable: str = ""


def load(path: Path) -> Config:
    """The configuration in force. Raises SourceMisconfigured naming the key that is wrong."""
    return choose(path).config


def choose(path: Path) -> Chosen:
    """What the centre ordered, if anything, else the local file; `state` is always the file's.

    Raises SourceMisconfigured.
    """
    try:
        local = decode(path.read_bytes(), str(path))
        ordered_by_centre = _ordered(Path(local.kiosk.state))
    except OSError as problem:
        raise SourceMisconfigured("config_missing", f"{path}: {problem.strerror}") from problem
    if ordered_by_centre is None:
        return Chosen(local)
    try:
        config = decode(ordered_by_centre.toml, f"command {ordered_by_centre.counter}")
    except SourceMisconfigured as problem:
        # An agent that went back a version must not be bricked by a key that it does not know.
        return Chosen(local, unusable=str(problem))
    kiosk = msgspec.structs.replace(config.kiosk, state=local.kiosk.state)
    config = msgspec.structs.replace(config, kiosk=kiosk)
    return Chosen(config, ordered_by_centre.counter)


def _ordered(state: Path) -> ordered.Ordered | None:
    try:
        return ordered.read(state)
    except PermissionError:  # the screen's user, who may not look into the agent's state
        return None


def decode(data: bytes, path: str) -> Config:
    """The configuration in TOML; `path` names it. Raises SourceMisconfigured naming the key."""
    try:
        config = msgspec.toml.decode(data, type=Config)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        wrong = f"{path}: {misread.sentence(Config, problem)}"
        raise SourceMisconfigured("config_wrong", wrong) from problem
    check(config, path)
    return config


def check(config: Config, path: str) -> None:
    """What no type tells. Raises SourceMisconfigured naming the key, and the file as `path`."""
    names = [device.name for device in config.zkteco] + [one.name for one in config.sensor]
    if len(set(names)) != len(names):
        raise SourceMisconfigured("config_wrong", f"{path}: two devices have one name")
    _check_hosts(config, path)
    _check_pushing(config.adms, path)
    try:
        windows.read(config.kiosk.windows)
    except ValueError as problem:
        raise SourceMisconfigured("config_wrong", f"{path}: kiosk.windows: {problem}") from problem


def _check_hosts(config: Config, path: str) -> None:
    """Raises SourceMisconfigured naming the host that nobody can be asked for."""
    for device in config.zkteco:
        try:
            _check_host(device.host)
        except ValueError as problem:
            wrong = f"{path}: zkteco.host: {device.host!r} is no address"
            raise SourceMisconfigured("config_wrong", wrong) from problem


def _check_host(host: str) -> None:
    """An address, or a name that Python can ask for. Raises ValueError."""
    if not host.strip("0123456789."):
        IPv4Address(host)  # the C library would take 192.168.1 for 192.168.0.1
    elif not host.isprintable() or not set(host).isdisjoint(" /"):
        raise ValueError(host)
    host.encode("idna")


def _check_pushing(adms: Adms, path: str) -> None:
    """Raises SourceMisconfigured naming the device that cannot be listened to."""
    for told in ("name", "serial"):
        held = [getattr(device, told) for device in adms.device]
        if len(set(held)) != len(held):
            raise SourceMisconfigured("config_wrong", f"{path}: two devices have one {told}")
    for device in adms.device:
        try:
            ip_network(device.address, strict=False)
        except ValueError as problem:
            wrong = f"{path}: adms.device.address: {problem}"
            raise SourceMisconfigured("config_wrong", wrong) from problem
