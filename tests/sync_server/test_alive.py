"""The centre tells systemd that all is well only while every part of it turns."""

import socket
import threading

import pytest

from sync_server.alive import Alive, tell_systemd


class Hand:
    """A clock that a test turns; seconds."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stop():
    return threading.Event()


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """The socket that systemd hears on."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(10)
        yield heard


def test_a_part_lives_that_looks_whether_to_stop(stop):
    hand = Hand()
    alive = Alive(stop, hand)
    ledger, pages = alive.part("ingest", 900.0), alive.part("web", 60.0)
    hand.now += 60.5
    assert alive.silent() == ["web"]
    assert not pages.wait(0)
    assert alive.silent() == []
    hand.now += 840
    assert alive.silent() == ["ingest", "web"]
    assert not ledger.is_set()
    assert alive.silent() == ["web"]


def test_a_part_that_ends_the_program_ends_it_for_everybody(stop):
    alive = Alive(stop, Hand())
    one, other = alive.part("one"), alive.part("other")
    one.set()
    assert stop.is_set()
    assert other.is_set()
    assert other.wait(60), "nobody waits on"
    assert other.wait(), "nor for ever"


def test_the_centre_is_ready_when_every_part_has_come_round(stop):
    """The first look is the beginning; the second is after the ledger, the port, the broker."""
    alive = Alive(stop, Hand())
    one, other = alive.part("one"), alive.part("other")
    for part in (one, one, other):
        assert not alive.is_ready()
        part.is_set()
    assert not alive.is_ready()
    other.is_set()
    assert alive.is_ready()


def test_systemd_hears_ready_once_then_that_all_is_well_and_the_end(stop, systemd):
    alive = Alive(stop, Hand())
    part = alive.part("ingest")
    with alive.told():
        assert systemd.recv(100) == b"WATCHDOG=1"
        part.is_set()
        part.is_set()
        words = [systemd.recv(100)]
        while words[-1] != b"READY=1":
            words.append(systemd.recv(100))
        assert systemd.recv(100) == b"WATCHDOG=1"
    assert heard_until_stopping(systemd).count(b"READY=1") == 0


def test_systemd_hears_nothing_while_a_part_is_silent(stop, systemd):
    hand = Hand()
    alive = Alive(stop, hand)
    alive.part("ingest", 10.0)
    hand.now += 11
    with alive.told():
        stop.wait(0.3)
    assert heard_until_stopping(systemd) == []


def heard_until_stopping(systemd) -> list[bytes]:
    words = []
    while (word := systemd.recv(100)) != b"STOPPING=1":
        words.append(word)
    return words


def test_without_systemd_nothing_is_said(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_systemd("READY=1")
