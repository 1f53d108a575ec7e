"""The configuration files that are shipped: complete, valid, and doing nothing surprising."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from sync_server import config as server
from terminal_agent import config as agent

SYSTEMD = Path(__file__).parent.parent / "systemd"
AGENT, SERVER = SYSTEMD / "agent.toml", SYSTEMD / "server.toml"


def uncommented(path: Path) -> str:
    """The sample with its examples in use: lines with # and no space behind it."""
    return re.sub(r"(?m)^#(?=[a-z\[])", "", path.read_text())


def keys(struct: type) -> set[str]:
    return set(struct.__struct_encode_fields__)


def test_the_agents_sample_as_shipped_holds_the_defaults_and_no_terminal():
    assert agent.load(AGENT) == agent.Config()


def test_the_servers_sample_as_shipped_holds_the_defaults():
    assert server.load(SERVER) == server.Config()


def test_every_key_of_the_agent_is_in_its_sample(tmp_path):
    file = tmp_path / "agent.toml"
    file.write_text(uncommented(AGENT))
    plain = tomllib.loads(file.read_text())
    assert plain.keys() == keys(agent.Config)
    assert plain["kiosk"].keys() == keys(agent.Kiosk)
    [device] = plain["zkteco"]
    assert device.keys() == keys(agent.ZkDevice)
    [decoded] = agent.load(file).zkteco
    assert decoded == agent.ZkDevice(name="lobi", host="192.168.1.201"), "examples are defaults"


def test_every_key_of_the_server_is_in_its_sample():
    plain = tomllib.loads(uncommented(SERVER))
    assert plain.keys() == keys(server.Config)
    assert plain["broker"].keys() == keys(server.Broker)
    assert plain["ledger"].keys() == keys(server.Ledger)


@pytest.mark.parametrize("path", [AGENT, SERVER], ids=lambda path: path.name)
def test_every_key_of_a_sample_is_explained_above_it(path):
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[a-z_]+ = ", line) and not line.startswith("port = "):
            assert lines[number - 1].startswith("# "), f"{path.name}:{number + 1} {line}"


@pytest.mark.parametrize("name", ["zone", "link", "clock"])
def test_every_choice_of_a_key_is_named_in_the_sample(name):
    choices = msgspec.inspect.type_info(agent.Kiosk)
    [field] = [field for field in choices.fields if field.name == name]
    for value in field.type.values:
        assert f'"{value}"' in AGENT.read_text()
