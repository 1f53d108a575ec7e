"""systemd is told that all is well only while every part is alive."""

import socket

import pytest

from terminal_agent.watchdog import Pulse, notify


class Hand:
    """A clock that a test turns; seconds."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand():
    return Hand()


def test_who_has_not_beaten_within_its_allowance_is_silent(hand):
    pulse = Pulse(hand)
    beat_uplink, beat_lobby = pulse.beater("uplink", 120.0), pulse.beater("lobi", 300.0)
    hand.now += 120
    assert pulse.silent() == []
    hand.now += 1
    assert pulse.silent() == ["uplink"]
    hand.now += 180
    assert pulse.silent() == ["uplink", "lobi"]
    beat_uplink()
    assert pulse.silent() == ["lobi"]
    beat_lobby()
    assert pulse.silent() == []


def test_a_part_that_never_beats_is_found_too(hand):
    """The first beat is the moment it was started."""
    pulse = Pulse(hand)
    pulse.beater("lobi", 300.0)
    hand.now += 301
    assert pulse.silent() == ["lobi"]


def test_who_has_stopped_for_good_is_not_waited_for(hand):
    pulse = Pulse(hand)
    pulse.beater("lobi", 300.0)
    pulse.retire("lobi")
    pulse.retire("never there")
    hand.now += 301
    assert pulse.silent() == []


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_the_word_on_its_socket(tmp_path, monkeypatch, abstract):
    """As sd_notify(3): a path, or an abstract name behind @."""
    name = f"@{tmp_path.name}-notify" if abstract else str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0"))
        systemd.settimeout(5)
        notify("WATCHDOG=1")
        assert systemd.recv(100) == b"WATCHDOG=1"


def test_without_systemd_nothing_is_said(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
