"""The command that looks around: terminals, cameras, serial ports, other kiosks."""

import json
import math
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from pathlib import Path

import click
import msgspec

from terminal_agent.cli.setting import Setting, setting
from terminal_agent.config import Config, ZkDevice
from terminal_agent.discovery import cameras, kiosks, look, nearby, ports
from terminal_agent.discovery.addresses import placed, recall
from terminal_agent.discovery.found import (
    FoundCamera,
    FoundKiosk,
    FoundPort,
    FoundTerminal,
    within_limit,
)
from terminal_agent.discovery.look import Listed
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.wording import say

_KIOSK_SECONDS = 2.0
_BATCH_SECONDS = 1.5  # for 64 addresses, and again once for UDP


class Around(msgspec.Struct, frozen=True):
    """Everything that was found; what `--json` prints."""

    networks: tuple[str, ...]
    terminals: list[FoundTerminal]
    cameras: list[FoundCamera]
    ports: list[FoundPort]
    kiosks: list[FoundKiosk]


@click.command("discover")
@click.option("--network", "typed", multiple=True, metavar="CIDR", help="Look on this network.")
@click.option(
    "--port",
    default=4370,
    show_default=True,
    type=click.IntRange(1, 65_535),
    help="TCP and UDP port of the terminals.",
)
@click.option(
    "--password",
    default=0,
    metavar="NUMBER",
    type=click.IntRange(0, 999_999),
    help="The communication key to try: comm_key in agent.toml.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def discover(
    setting: Setting, /, typed: tuple[str, ...], port: int, password: int, as_json: bool
) -> None:
    """Find ZKTeco terminals, cameras, satellite receivers, fingerprint sensors and other kiosks.

    Without --network on the networks of this kiosk. Nothing is changed anywhere; a terminal that
    this kiosk is reading is left alone.

    Example: terminal-agent discover --network 192.168.1.0/24
    """
    config = _config(setting)
    with setting.explaining():
        networks = _networks(setting, typed)
    listed = _listed(config)
    shown = tuple(map(str, networks))
    seconds = _seconds(networks)
    setting.tell("looking", networks=", ".join(shown), seconds=seconds)
    around = Around(
        shown,
        look.terminals(networks, port, password, listed),
        cameras.cameras(),
        ports.ports(left_alone=(config.gnss.port, *(one.port for one in config.sensor))),
        kiosks.kiosks(_KIOSK_SECONDS),
    )
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(around)))
        return
    for code, values in _sentences(around, config.zkteco, port):
        click.echo(say(setting.lang, code, **values))


def _config(setting: Setting) -> Config:
    """What is configured here; nothing before that was done, which is when one looks around."""
    try:
        return setting.load()
    except SourceMisconfigured as problem:
        if problem.code != "config_missing":
            setting.tell(problem.code, detail=str(problem))
        return Config()


def _networks(setting: Setting, typed: Sequence[str]) -> list[IPv4Network]:
    """Raises SourceMisconfigured for what is no network, SourceUnavailable where there is none."""
    if not typed:
        if found := nearby.networks():
            return found
        raise SourceUnavailable("no_network", "no network of our own")
    networks = []
    for text in typed:
        network = nearby.typed(text)
        networks.append(within_limit(network))
        if networks[-1] != network:
            setting.tell("looking_partly", network=network, part=networks[-1])
    return networks


def _listed(config: Config) -> list[Listed]:
    known = recall(Path(config.kiosk.state))
    return [
        Listed(
            device.name,
            placed(device, known).host,
            device.port,
            device.comm_key,
            known[device.name].serial if device.name in known else "",
        )
        for device in config.zkteco
    ]


def _seconds(networks: Sequence[IPv4Network]) -> int:
    batches = sum(network.num_addresses for network in networks) / 64
    return math.ceil(batches * _BATCH_SECONDS + 2 * _BATCH_SECONDS + _KIOSK_SECONDS)


_Said = Iterator[tuple[str, dict[str, object]]]


def _sentences(around: Around, devices: Sequence[ZkDevice], port: int) -> _Said:
    yield from _of_terminals(around.terminals, devices, port)
    for camera in around.cameras:
        yield "found_camera", msgspec.structs.asdict(camera)
    if not around.cameras:
        yield "found_no_camera", {}
    for one in around.ports:
        code = f"found_{one.kind}" if one.speed else f"found_port_{one.kind}"
        yield code, msgspec.structs.asdict(one)
    for kiosk in around.kiosks:
        code = "found_setup_kiosk" if kiosk.setup else "found_kiosk"
        yield code, msgspec.structs.asdict(kiosk)


def _of_terminals(
    terminals: Sequence[FoundTerminal], devices: Sequence[ZkDevice], port: int
) -> _Said:
    found = {terminal.name for terminal in terminals}
    missing = [device for device in devices if device.name not in found]
    likely = ", ".join(device.name for device in missing)
    hosts = {device.name: device.host for device in devices}
    for terminal in terminals:
        facts = msgspec.structs.asdict(terminal)
        yield _kind(terminal), facts | {"sought": port, "way": terminal.way.upper()}
        yield from _further(terminal, hosts, likely)
    if not terminals:
        yield "found_no_terminal", {}
    for device in missing:
        yield "found_missing", {"name": device.name, "host": device.host}


def _further(terminal: FoundTerminal, hosts: dict[str, str], likely: str) -> _Said:
    """What is to be done about it. `likely`: names of those that should be there and are not."""
    facts = msgspec.structs.asdict(terminal) | {"likely": likely}
    if terminal.also:
        code = "found_twice" if terminal.serial else "found_everywhere"
        yield code, {"count": len(terminal.also), "last": terminal.also[-1]}
    if terminal.name:
        host = hosts[terminal.name]
        yield "found_named" if host == terminal.address else "found_moved", facts | {"host": host}
    elif terminal.serial and not terminal.held:
        yield "found_likely" if likely else "found_unlisted", facts
    if terminal.key == "none":
        yield "found_open", facts


def _kind(terminal: FoundTerminal) -> str:
    if terminal.held:
        return "found_held" if terminal.serial else "found_held_unknown"
    if terminal.way == "push":
        return "found_push"
    if terminal.key == "needed":
        return "found_needs_key"
    return "found_strange" if terminal.problem else "found_terminal"


COMMANDS = (discover,)
