"""The kiosk's one configuration file, decoded into values that are complete and valid."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

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
    comm_key: Annotated[int, msgspec.Meta(ge=0, le=999_999)] = 0
    udp: bool = False
    every: Seconds = 30.0
    live: bool = True
    audit_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 2


class Gnss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A satellite receiver. `port`: /dev/serial/by-id/…, which stays its own; "" = there is none."""

    port: str = ""
    speed: Literal[4800, 9600, 38_400, 115_200] = 9600


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
    gnss: Gnss = Gnss()
    camera: Camera = Camera()
    screen: Screen = Screen()


_MASK = "***"
_USER = re.compile(r"://([^/?#]*)@")
_UP_TO_LAST = re.compile(r"://(.*)@")  # a slash in a password makes no URL, and no less a password
_IN_PATH = re.compile(r"(?i)((?:password|passwd|pwd|pass)=)([^&/?#]+)")

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


def masked(config: Config) -> dict[str, object]:
    """The configuration for eyes and log bundles: whether a communication key is set, never it."""
    shown: dict[str, object] = msgspec.to_builtins(config)
    shown["zkteco"] = [
        msgspec.to_builtins(device) | {"comm_key": _MASK if device.comm_key else 0}
        for device in config.zkteco
    ]
    source = shown_source(config.camera.source)
    shown["camera"] = msgspec.to_builtins(config.camera) | {"source": source}
    return shown


def shown_source(source: str) -> str:
    """A camera's source without the password that the URL of a network camera may hold."""
    if "://" not in source:
        return source
    return _IN_PATH.sub(rf"\1{_MASK}", _UP_TO_LAST.sub(f"://{_MASK}@", source))


def camera_secrets(source: str) -> set[str]:
    """What no log line may hold of a camera's source: user and password, or the password that some
    makers want in the path; as written and as decoded."""
    if "://" not in source:
        return set()
    users = {found[1] for sign in (_USER, _UP_TO_LAST) if (found := sign.search(source))}
    held = {password for _, password in _IN_PATH.findall(source)} | users
    held |= {user.partition(":")[2] or user for user in users}
    return {one for word in held for one in (word, unquote(word)) if one}


def decode(data: bytes, path: str) -> Config:
    """The configuration in TOML; `path` names it. Raises SourceMisconfigured naming the key."""
    try:
        config = msgspec.toml.decode(data, type=Config)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        wrong = f"{path}: {misread.sentence(Config, problem)}"
        raise SourceMisconfigured("config_wrong", wrong) from problem
    names = [device.name for device in config.zkteco]
    if len(set(names)) != len(names):
        raise SourceMisconfigured("config_wrong", f"{path}: two devices have one name")
    try:
        windows.read(config.kiosk.windows)
    except ValueError as problem:
        raise SourceMisconfigured("config_wrong", f"{path}: kiosk.windows: {problem}") from problem
    return config
