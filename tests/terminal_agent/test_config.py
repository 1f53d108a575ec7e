"""The kiosk's configuration: complete and valid, or refused with the key that is wrong."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent import config, config_shown
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.pace import Pace
from terminal_agent.wording import say

DEVICE = '[[zkteco]]\nname = "lobi"\nhost = "10.0.0.5"\n'


def load(tmp_path, text):
    file = tmp_path / "agent.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(file)


def test_an_empty_file_is_a_kiosk_with_defaults_and_no_terminal(tmp_path):
    assert load(tmp_path, "") == config.Config()


@pytest.mark.parametrize(
    ("source", "shown", "secret"),
    [
        ("rtsp://admin:rahasia@10.0.0.9/1", "rtsp://***@10.0.0.9/1", "rahasia"),
        ("https://token@10.0.0.9/1", "https://***@10.0.0.9/1", "token"),
        ("rtsp://u:a%40b@10.0.0.9/1", "rtsp://***@10.0.0.9/1", "a@b"),
        ("rtsp://u:a/b@10.0.0.9/1", "rtsp://***@10.0.0.9/1", "a/b"),
        ("rtsp://h/user=u&password=ra!&stream=0", "rtsp://h/user=u&password=***&stream=0", "ra!"),
        ("http://h/video?pwd=ra", "http://h/video?pwd=***", "ra"),
        ("http://h/snap?token=SECRET123&ch=1", "http://h/snap?token=***&ch=***", "SECRET123"),
    ],
)
def test_the_password_of_a_network_camera_is_masked_wherever_its_maker_wants_it(
    source, shown, secret
):
    assert config_shown.shown_source(source) == shown
    assert secret in config_shown.camera_secrets(source)
    assert (
        config_shown.masked(config.Config(camera=config.Camera(source)))["camera"]["source"]
        == shown
    )


@pytest.mark.parametrize("source", ["", "/dev/v4l/by-id/a@b", "picamera2", "rtsp://10.0.0.9/1"])
def test_a_source_without_a_secret_is_shown_as_it_is(source):
    assert config_shown.shown_source(source) == source
    assert config_shown.camera_secrets(source) == set()


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
def test_no_password_is_shown_whatever_it_holds(password):
    source = f"rtsp://admin:{password}@10.0.0.9/1"
    assert config_shown.shown_source(source) == "rtsp://***@10.0.0.9/1"
    assert password in config_shown.camera_secrets(source)


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
        ("[kiosk]\nkeep_alive = 59\n", "keep_alive"),
        ("[kiosk]\nkeep_alive = 3601\n", "keep_alive"),
        ("[kiosk]\nquota_mb = -1\n", "quota_mb"),
        ('[kiosk]\nwindows = "05:30-06:30"\n', "windows"),
        ("[kamera]\n", "kamera"),
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
        ('[[zkteco]]\nname = "a"\nhost = ""\n', r"zkteco\.host"),
        ('[[zkteco]]\nname = "a"\nhost = "192.168..201"\n', r"zkteco\.host"),
        ('[[zkteco]]\nname = "a"\nhost = "192.168.1.201 "\n', r"zkteco\.host"),
        ('[[zkteco]]\nname = "a"\nhost = "192.168.1"\n', r"zkteco\.host"),
        ('[[zkteco]]\nname = "a"\nhost = "mesin..kantor"\n', r"zkteco\.host"),
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


@pytest.mark.parametrize(
    ("link", "patience", "keep_alive"),
    [("metered", 300.0, 900), ("normal", 60.0, 60), ("live", 5.0, 60)],
)
def test_a_metered_link_waits_and_is_quiet_longest(tmp_path, link, patience, keep_alive):
    loaded = load(tmp_path, f'[kiosk]\nlink = "{link}"\n')
    assert config.pace(loaded.kiosk) == Pace(patience, 3_600.0, keep_alive)


def test_the_keep_alive_can_be_an_hour_where_the_link_bears_it(tmp_path):
    loaded = load(tmp_path, '[kiosk]\nlink = "metered"\nkeep_alive = 3600\n')
    assert config.pace(loaded.kiosk).keep_alive == 3_600


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("05:30", 'kiosk.windows: "05:30" is not a window; write two times, such as "05:30-06:30"'),
        ("5:30-6:30", "is not a window"),
        ("05:30-24:00", "is not a window"),
        ("pagi", "is not a window"),
        ("05:30-05:30", "a window without length; leave it out to be always on"),
    ],
)
def test_a_window_that_nobody_can_keep_is_named(tmp_path, text, told):
    with pytest.raises(SourceMisconfigured, match=re.escape(told)):
        load(tmp_path, f'[kiosk]\nwindows = ["16:00-17:00", "{text}"]\n')


def test_the_three_zones_of_indonesia_are_known():
    assert {name: east // 3600 for name, east in config.ZONES.items()} == {
        "WIB": 7,
        "WITA": 8,
        "WIT": 9,
    }


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        (
            "[kiosk]\nkeep_alive = 5\n",
            "kiosk.keep_alive: di luar batas; tulis bilangan 60 … 3600",
            "",
        ),
        (
            '[kiosk]\nlink = "satelit"\n',
            "kiosk.link: nilai 'satelit' tidak dikenal; tulis salah satu dari: live, metered, normal",
            "kiosk.link: the value 'satelit' is not known; write one of: live, metered, normal",
        ),
        ("[gnss]\nspeed = 5\n", "gnss.speed: nilai 5", "write one of: 4800, 9600, 38400, 115200"),
        ('[kiosk]\nkeep_alive = "x"\n', "bukan bilangan; tulis angkanya", "60 … 3600"),
        (
            "[kiosk]\nkeepalive = 3\n",
            "kiosk: kunci keepalive tidak dikenal; yang ada:",
            "keep_alive,",
        ),
        (DEVICE.replace("lobi", "Lobi"), "zkteco[0].name: hanya huruf kecil", "only small letters"),
        (DEVICE + "every = 0.1\n", "zkteco[0].every: di luar batas", "a number 0.2 … 86400"),
        (DEVICE + "live = 3\n", "tulis true atau false", "write true or false"),
        ('[[zkteco]]\nname = "a"\n', "zkteco[0]: kunci host tidak ada", "the key host is missing"),
        ("kiosk = 3\n", "bukan tabel; tulis [kiosk]", "below it: state, socket"),
        ("[kiosk]\nzone = 7\n", "kiosk.zone: bukan teks", "not text"),
        ("[kiosk]\nwindows = 3\n", "kiosk.windows: bukan daftar", "not a list"),
        ('[kiosk]\nwindows = ["5"]\n', 'windows: "5" bukan jendela', "two different times"),
        (DEVICE * 2, "dua mesin bernama sama", "two terminals have one name"),
        ("[kiosk\n", "tidak terbaca sebagai TOML", "not TOML"),
        ("x = " + "[" * 9_000, "tidak terbaca sebagai TOML", "not TOML"),
    ],
)
def test_a_wrong_key_is_told_with_what_to_write_in_both_languages(
    tmp_path, text, indonesian, english
):
    with pytest.raises(SourceMisconfigured) as told:
        load(tmp_path, text)
    detail = str(told.value)
    assert indonesian in say("id", "config_wrong", detail=detail)
    assert english in say("en", "config_wrong", detail=detail)
    assert "agent.toml" in say("id", "config_wrong", detail=detail)
    assert "Expected `" not in say("en", "config_wrong", detail=detail)
