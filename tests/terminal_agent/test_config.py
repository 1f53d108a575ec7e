"""The kiosk's configuration: complete and valid, or refused with the key that is wrong."""

import pytest

from terminal_agent import config
from terminal_agent.errors import SourceMisconfigured

DEVICE = '[[zkteco]]\nname = "lobi"\nhost = "10.0.0.5"\n'


def load(tmp_path, text):
    file = tmp_path / "agent.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(file)


def test_an_empty_file_is_a_kiosk_with_defaults_and_no_terminal(tmp_path):
    assert load(tmp_path, "") == config.Config()


def test_a_terminal_needs_a_name_and_an_address_only(tmp_path):
    [device] = load(tmp_path, DEVICE).zkteco
    assert (device.port, device.comm_key, device.every, device.live) == (4370, 0, 30.0, True)
    assert device.audit_hour == 2


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[kiosk]\nstate = 3\n", "kiosk.state"),
        ('[kiosk]\nlink = "fast"\n', "kiosk.link"),
        ('[kiosk]\nzone = "UTC"\n', "kiosk.zone"),
        ('[kiosk]\nclock = "mine"\n', "kiosk.clock"),
        ("[kiosk]\nspeed = 3\n", "speed"),
        ("[camera]\n", "camera"),
        ('[[zkteco]]\nname = "lobi"\n', "host"),
        ('[[zkteco]]\nhost = "10.0.0.5"\n', "name"),
        (DEVICE + "port = 0\n", "port"),
        (DEVICE + "port = 65536\n", "port"),
        (DEVICE + "comm_key = -1\n", "comm_key"),
        (DEVICE + "comm_key = 1000000\n", "comm_key"),
        (DEVICE + 'comm_key = "1234"\n', "comm_key"),
        (DEVICE + "every = 0.1\n", "every"),
        (DEVICE + "every = 86401\n", "every"),
        (DEVICE + "audit_hour = 24\n", "audit_hour"),
        (DEVICE + "password = 3\n", "password"),
        (DEVICE.replace("lobi", "Lobi Utama"), "name"),
        (DEVICE.replace("lobi", ""), "name"),
        (DEVICE.replace("lobi", "x" * 33), "name"),
        (DEVICE + DEVICE, "two devices have one name"),
        ("[kiosk\n", "agent.toml"),
        (b"\xff\xfe", "agent.toml"),
    ],
)
def test_a_wrong_key_is_named_with_the_file(tmp_path, text, key):
    with pytest.raises(SourceMisconfigured, match=key) as told:
        load(tmp_path, text)
    assert told.value.code == "config_wrong"
    assert "agent.toml" in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceMisconfigured, match=r"missing\.toml") as told:
        config.load(tmp_path / "missing.toml")
    assert told.value.code == "config_missing"


@pytest.mark.parametrize("link", config.PATIENCE)
def test_every_kind_of_link_has_its_patience_and_keep_alive(tmp_path, link):
    loaded = load(tmp_path, f'[kiosk]\nlink = "{link}"\n')
    assert config.PATIENCE.keys() == config.KEEP_ALIVE.keys()
    assert loaded.kiosk.link == link


def test_a_metered_link_waits_and_is_quiet_longest():
    assert config.PATIENCE == {"metered": 300.0, "normal": 60.0, "live": 5.0}
    assert config.KEEP_ALIVE["metered"] == 900


def test_the_three_zones_of_indonesia_are_known():
    assert {name: east // 3600 for name, east in config.ZONES.items()} == {
        "WIB": 7,
        "WITA": 8,
        "WIT": 9,
    }
