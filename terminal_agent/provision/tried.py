"""A whole configuration, tried: what of it answers, and what is not well."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import msgspec

from terminal_agent.clock import Clock
from terminal_agent.config import Config, PushDevice, ZkDevice
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import trial

_AT_ONCE = 8  # a terminal that is away costs eight seconds

Told = dict[str, object]


class Tried(msgspec.Struct, frozen=True):
    """One thing by its `name` in the configuration. `code` and `told`: its sentence. `well`: None
    where nothing can be said before it speaks by itself."""

    name: str
    well: bool | None
    code: str
    told: Told = {}


def everything(settings: Config, clock: Clock) -> list[Tried]:
    """Everything that this configuration names, in its order; takes some ten seconds."""
    terminals = _terminals(settings.zkteco)
    return [*terminals, *map(_pushing, settings.adms.device), *_own(settings, clock)]


def _terminals(devices: Sequence[ZkDevice]) -> list[Tried]:
    """Many at a time, but those at one address one after the other: it may serve only one of us."""
    at = {device.host: [one for one in devices if one.host == device.host] for device in devices}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        groups = pool.map(lambda group: [_terminal(one) for one in group], at.values())
        found = {one.name: one for group in groups for one in group}
    return [found[device.name] for device in devices]


def _own(settings: Config, clock: Clock) -> Iterator[Tried]:
    """What is plugged into the kiosk itself."""
    for one in settings.sensor:
        yield _tried(one.name, "tried_sensor", partial(trial.sensor, one))
    if settings.gnss.port:
        yield _tried("gnss", "tried_gnss", partial(trial.receiver, settings.gnss))
    if source := settings.camera.source:
        try:
            seen = trial.camera(source, clock)
        except (SourceUnavailable, SourceMisconfigured) as problem:
            yield _failed("camera", problem)
        else:
            yield Tried("camera", seen.light == "ok", f"tried_camera_{seen.light}")


def _terminal(device: ZkDevice) -> Tried:
    try:
        found = trial.terminal(device)
    except (SourceUnavailable, SourceMisconfigured) as problem:
        return _failed(device.name, problem)
    code = "tried_open" if found.key == "none" else "tried_terminal"
    return Tried(device.name, True, code, {"serial": found.serial, "records": found.records})


def _pushing(device: PushDevice) -> Tried:
    """It calls by itself, once somebody has told it where."""
    return Tried(device.name, None, "tried_pushing", {"serial": device.serial})


def _tried(name: str, code: str, trying: Callable[[], None]) -> Tried:
    try:
        trying()
    except SourceUnavailable as problem:
        return _failed(name, problem)
    return Tried(name, True, code)


def _failed(name: str, problem: SourceUnavailable | SourceMisconfigured) -> Tried:
    return Tried(name, False, problem.code, {"detail": str(problem), "where": str(problem)})
