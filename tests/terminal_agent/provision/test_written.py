"""Answers take their places in the configuration, and every explanation stays where it was."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent import config
from terminal_agent.provision import secrets_out, written

SAMPLE = (Path(__file__).parents[3] / "systemd/agent.toml").read_text()


def test_an_answer_takes_the_place_of_its_example_and_no_explanation_is_lost():
    answers = {"kiosk": {"zone": "WIT", "keep_alive": 600}, "camera": {"source": "/dev/v4l/x"}}
    text = written.merged(SAMPLE, answers)
    chosen = config.decode(text.encode(), "it")
    assert (chosen.kiosk.zone, chosen.kiosk.keep_alive) == ("WIT", 600)
    assert chosen.camera.source == "/dev/v4l/x"
    explained = [line for line in SAMPLE.splitlines() if line.startswith("# ")]
    assert [line for line in text.splitlines() if line.startswith("# ")] == explained
    assert len(text.splitlines()) == len(SAMPLE.splitlines())


def test_a_terminal_of_a_known_name_is_changed_and_a_new_one_comes_behind_it():
    one = written.merged(SAMPLE, {"zkteco": [{"name": "lobi", "host": "10.0.0.1", "every": 9.5}]})
    two = written.merged(one, {"zkteco": [{"name": "aula", "host": "10.0.0.2"}]})
    three = written.merged(two, {"zkteco": [{"name": "lobi", "host": "10.0.0.3"}]})
    found = config.decode(three.encode(), "it").zkteco
    told = [(device.name, device.host, device.every) for device in found]
    assert told == [("lobi", "10.0.0.3", 9.5), ("aula", "10.0.0.2", 30.0)]


def test_terminals_that_push_are_a_list_within_a_table():
    device = {"name": "pintu", "serial": "A1", "address": "10.0.0.0/8"}
    text = written.merged(SAMPLE, {"adms": {"port": 8081, "device": [device]}})
    adms = config.decode(text.encode(), "it").adms
    assert (adms.port, [one.serial for one in adms.device]) == (8081, ["A1"])


@pytest.mark.parametrize(
    "text",
    [
        'kiosk = {zone = "WIB"}\n',
        '[kiosk]\nwindows = [\n "05:30-06:30",\n]\nzone = "WIB"\n',
    ],
)
def test_a_file_that_is_written_otherwise_is_left_alone_rather_than_spoilt(text):
    with pytest.raises(ValueError):  # noqa: PT011 - TOML's own, or ours
        written.merged(text, {"kiosk": {"zone": "WITA", "windows": ["16:00-17:00"]}})


@pytest.mark.parametrize(
    "text",
    ['[kiosk]\nzone="WIB"\n', '[kiosk] # ini\n  zone   =  "WIB"\n', '  [kiosk]\nzone= "WIB"\n'],
)
def test_spaces_are_as_people_write_them(text):
    assert tomllib.loads(written.merged(text, {"kiosk": {"zone": "WITA"}})) == {
        "kiosk": {"zone": "WITA"}
    }


def test_a_table_that_is_only_named_and_a_list_of_nothing_are_no_answers():
    empty = {"camera": {}, "zkteco": [], "adms": {"device": [], "port": 0}}
    assert tomllib.loads(written.merged("", empty)) == {"adms": {"device": [], "port": 0}}


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(contact=WORDS, path=WORDS, quota=st.integers(0, 10**6), sound=st.booleans())
def test_whatever_is_answered_is_read_again_as_it_was_answered(contact, path, quota, sound):
    answers = {
        "kiosk": {"quota_mb": quota},
        "camera": {"source": path},
        "screen": {"contact": contact, "sound": sound},
    }
    text = written.merged(SAMPLE, answers)
    assert tomllib.loads(text)["screen"] == answers["screen"]
    assert tomllib.loads(text)["camera"] == answers["camera"]


def test_what_nobody_else_may_read_is_taken_out():
    answers = {
        "zkteco": [{"name": "lobi", "host": "x", "comm_key": 1234}],
        "sensor": [{"name": "jari", "port": "/dev/x", "password": 7}],
        "camera": {"source": "rtsp://admin:rahasia@10.0.0.9/1"},
        "kiosk": {"zone": "WIB"},
    }
    assert secrets_out.public(answers) == {
        "zkteco": [{"name": "lobi", "host": "x"}],
        "sensor": [{"name": "jari", "port": "/dev/x"}],
        "kiosk": {"zone": "WIB"},
    }
