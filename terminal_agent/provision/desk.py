"""What a technician answers, tried one by one: the wizard's and the page's common ground.

Nothing is written before everything was tried; until then a kiosk is as it was.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

import msgspec

from contract.enrolment import Waiting
from contract.invitation import Invitation
from terminal_agent import config
from terminal_agent.clock import Clock
from terminal_agent.config import Config, FingerSensor, ZkDevice
from terminal_agent.discovery import cameras, look, nearby, ports
from terminal_agent.discovery.found import (
    LONGEST_SWEEP,
    FoundCamera,
    FoundPort,
    FoundTerminal,
)
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import joining, kept, picture, trial, written
from terminal_agent.provision.forms import Asked, Place
from terminal_agent.provision.picture import Picture

WAITING_FILE = "setup.toml"  # in the state: what is applied by root afterwards
_SCAN_SECONDS = 60.0
# The page has no options to name.
_ON_PAGE = {"bad_network": "setup_bad_network", "foreign_network": "setup_foreign_network"}


class Around(msgspec.Struct, frozen=True):
    """What was found in reach."""

    terminals: Sequence[FoundTerminal] = ()
    cameras: Sequence[FoundCamera] = ()
    ports: Sequence[FoundPort] = ()


class Desk:
    """The answers so far, for the configuration in `file`."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Raises SourceMisconfigured where there is a configuration that cannot be read."""
        self.file, self._clock = file, clock
        self.settings = _settings(file)
        self.state = Path(self.settings.kiosk.state)
        self.around = Around(cameras=cameras.cameras())
        self.tried: dict[str, FoundTerminal] = {}
        self.picture: Picture | None = None
        self.answers: dict[str, dict[str, object]] = {}
        self._added: dict[str, ZkDevice] = {}
        self._sensors: dict[str, FingerSensor] = {}

    @property
    def place(self) -> Place:
        """As it is now."""
        kiosk, told = self.settings.kiosk, self.answers.get("kiosk", {})
        contact = self.answers.get("screen", {}).get("contact", self.settings.screen.contact)
        now = {"zone": kiosk.zone, "link": kiosk.link, "quota_mb": kiosk.quota_mb}
        return msgspec.convert({**now, **told, "contact": contact}, Place)

    @property
    def camera(self) -> str:
        """The camera's source as it is now, "" = none."""
        return str(self.answers.get("camera", {}).get("source", self.settings.camera.source))

    def devices(self) -> dict[str, ZkDevice]:
        """The terminals by name: of the configuration, and those that were tried."""
        return {device.name: device for device in self.settings.zkteco} | self._added

    def settle(self, place: Place) -> None:
        """Take the place."""
        told = msgspec.to_builtins(place)
        self.answers["screen"] = {"contact": told.pop("contact")}
        self.answers["kiosk"] = told

    def look(self, networks: Sequence[IPv4Network] = (), comm_key: int = 0) -> Around:
        """Look around on our own networks, or on these; takes some ten seconds. Raises
        SourceUnavailable where this machine is on no network; what is plugged in is found all the
        same."""
        seen = ports.ports(left_alone=self._ports_in_use())
        self.around = Around(cameras=cameras.cameras(), ports=seen)
        chosen = networks or nearby.networks()
        if not chosen:
            raise SourceUnavailable("setup_no_network", "no network of our own")
        listed = [look.Listed(d.name, d.host, d.port, d.comm_key) for d in self.devices().values()]
        found = look.terminals(chosen, comm_key=comm_key, listed=listed)
        self.around = msgspec.structs.replace(self.around, terminals=found)
        return self.around

    def try_device(self, asked: Asked) -> FoundTerminal:
        """Reach a terminal and read its serial number; it is kept where that went well. Raises
        SourceMisconfigured and SourceUnavailable as trial.terminal."""
        device = msgspec.convert(msgspec.to_builtins(asked), ZkDevice)
        if asked.name in self._fingers():
            raise SourceMisconfigured("setup_name_taken", asked.name)
        found = trial.terminal(device)
        if twin := self._twin(device, found.serial):
            raise SourceMisconfigured("setup_twin", twin)
        before = self.tried.get(asked.name, found)
        if before.serial != found.serial:
            raise SourceMisconfigured("setup_name_taken", asked.name)
        self.tried[asked.name], self._added[asked.name] = found, device
        return found

    def offered(self) -> list[FoundPort]:
        """Satellite receivers and fingerprint sensors that were found and are nobody's yet."""
        used = self._ports_in_use()
        speaking = [one for one in self.around.ports if one.speed and one.port not in used]
        has_gnss = self.settings.gnss.port or "gnss" in self.answers
        return [one for one in speaking if one.kind == "finger" or not has_gnss]

    def take_port(self, port: str) -> FoundPort:
        """Use one of those. Raises SourceMisconfigured where it is none of them."""
        one = next((one for one in self.offered() if one.port == port), None)
        if one is None:
            raise SourceMisconfigured("setup_port_gone", port)
        where: dict[str, object] = {"port": port, "speed": one.speed}
        if one.kind == "gnss":
            self.answers["gnss"] = where
        else:
            name = self._free("jari")
            self._sensors[name] = msgspec.convert({"name": name, **where}, FingerSensor)
        return one

    def forget_device(self, name: str) -> None:
        """Take back a terminal that was added here; those of the configuration stay."""
        self.tried.pop(name, None)
        self._added.pop(name, None)

    def try_camera(self, source: str) -> Picture:
        """Open it and take a picture; it is kept where that went well. "" = none. Raises
        SourceUnavailable and SourceMisconfigured."""
        self.picture = trial.camera(source, self._clock)
        self.answers["camera"] = {"source": source}
        return self.picture

    def no_camera(self) -> None:
        """The kiosk has none."""
        self.picture = None
        if self.camera:
            self.answers["camera"] = {"source": ""}

    def scan(self) -> str:
        """The pass in a QR code that is held before the camera. Raises SourceUnavailable where none
        is, and SourceMisconfigured."""
        text = picture.read_code(self.camera, self._clock, _SCAN_SECONDS, self._see)
        if text is None:
            raise SourceUnavailable("setup_no_code", self.camera)
        return text

    def check(self) -> None:
        """Raises SourceMisconfigured where the answers cannot stand in the configuration."""
        before = self.file.read_text("utf-8") if self.file.exists() else ""
        kept.merged(before, self.wanted(), str(self.file))

    def keep(self) -> Path:
        """Write the answers where root applies them from, so that a power cut loses none. Raises
        SourceUnavailable and SourceMisconfigured."""
        self.check()
        waiting = self.state / WAITING_FILE
        kept.write_private(waiting, written.merged("", self.wanted()))
        return waiting

    def join(self, text: str) -> Invitation | Waiting:
        """As joining.join, for this kiosk."""
        return joining.join(self.state, text, self._clock)

    def wanted(self) -> dict[str, object]:
        """The answers that differ from the configuration, as written.merged takes them."""
        now = msgspec.to_builtins(self.settings)
        told: dict[str, object] = {}
        for table, values in self.answers.items():
            new = {key: value for key, value in values.items() if value != now[table][key]}
            told |= {table: new} if new else {}
        entries = {
            "zkteco": [_entry(device) for device in self._added.values()],
            "sensor": [_differing(one, FingerSensor("", "")) for one in self._sensors.values()],
        }
        return told | {table: some for table, some in entries.items() if some}

    def free_name(self) -> str:
        """A name that no terminal has yet."""
        return self._free("mesin")

    def _free(self, stem: str) -> str:
        taken = {*self.devices(), *self._fingers()}
        return next(n for i in range(1, 999) if (n := f"{stem}{i}") not in taken)

    def _fingers(self) -> set[str]:
        return {one.name for one in self.settings.sensor} | set(self._sensors)

    def _ports_in_use(self) -> tuple[str, ...]:
        sensors = (*self.settings.sensor, *self._sensors.values())
        receiver = self.answers.get("gnss", {}).get("port", self.settings.gnss.port)
        return (str(receiver), *(one.port for one in sensors))

    def _twin(self, device: ZkDevice, serial: str) -> str:
        """Under which other name this terminal is known, "" = none."""
        for name, known in self.devices().items():
            seen = self.tried.get(name)
            same = seen.serial == serial if seen else known.host == device.host
            if name != device.name and same and (seen or known.port == device.port):
                return name
        return ""

    def _see(self, seen: Picture) -> None:
        self.picture = seen


def network(text: str) -> IPv4Network:
    """As nearby.typed, in the words of the page, and not wider than is swept. Raises
    SourceMisconfigured."""
    try:
        found = nearby.typed(text)
    except SourceMisconfigured as problem:
        raise SourceMisconfigured(_ON_PAGE[problem.code], text) from problem
    if found.prefixlen < LONGEST_SWEEP:
        raise SourceMisconfigured("setup_wide_network", text)
    return found


def _settings(file: Path) -> Config:
    try:
        return config.decode(file.read_bytes(), str(file))
    except FileNotFoundError:
        return Config()
    except OSError as problem:
        raise SourceMisconfigured("config_missing", f"{file}: {problem.strerror}") from problem


def _entry(device: ZkDevice) -> dict[str, object]:
    """What differs from what a terminal has without being told, and always its name and host."""
    return _differing(device, ZkDevice("", "")) | {"comm_key": device.comm_key}


def _differing(one: msgspec.Struct, plain: msgspec.Struct) -> dict[str, object]:
    usual = msgspec.to_builtins(plain)
    return {key: value for key, value in msgspec.to_builtins(one).items() if value != usual[key]}
