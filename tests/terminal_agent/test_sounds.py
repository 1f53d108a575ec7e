"""Sounds tell success from failure without words, and never hold anybody up."""

import io
import itertools
import os
import threading
import time
import wave

import pytest

from terminal_agent.lobby import sounds
from terminal_agent.lobby.sounds import TONES, Sounds, rendered


@pytest.fixture
def player(tmp_path, monkeypatch):
    """An aplay of this test, which keeps what it is given and takes its time."""

    def install(script='cat > "$OUT.$$"'):
        program = tmp_path / "aplay"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        monkeypatch.setenv("OUT", str(tmp_path / "played"))
        return lambda: [path.read_bytes() for path in tmp_path.glob("played.*")]

    return install


@pytest.fixture
def playing():
    running = []

    def start(player: Sounds) -> Sounds:
        stop = threading.Event()
        thread = threading.Thread(target=player.run, args=(stop,))
        thread.start()
        running.append((stop, thread))
        return player

    yield start
    for stop, thread in running:
        stop.set()
        thread.join(10)


@pytest.mark.parametrize("earcon", TONES)
def test_each_sound_is_a_short_wave_file_without_clicks(earcon):
    with wave.open(io.BytesIO(rendered(TONES[earcon]))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    assert 0.2 < len(samples) / 16_000 < 1.0
    assert max(samples) > 8_000
    assert abs(samples[0]) < 200
    assert abs(samples[-1]) < 2_000
    assert max(abs(a - b) for a, b in itertools.pairwise(samples)) < 9_000


def test_success_rises_and_failure_falls():
    def heard(earcon):
        return [hertz for hertz, _ in TONES[earcon] if hertz]

    assert heard("recorded") == sorted(heard("recorded"))
    assert heard("failed") == sorted(heard("failed"), reverse=True)
    assert len({tuple(heard(earcon)) for earcon in TONES}) == len(TONES)


def _until(true):
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_asked_for_is_what_is_played(player, playing):
    played = player()
    playing(Sounds(audible=True)).play("recorded")
    _until(lambda: played() and len(played()[0]) == len(rendered(TONES["recorded"])))
    assert played() == [rendered(TONES["recorded"])]


def test_a_player_that_hangs_or_fails_holds_nobody_up(player, playing, caplog):
    player("echo no such card >&2; exit 1")
    told = playing(Sounds(audible=True))
    for _ in range(1000):
        told.play("again")
    _until(lambda: "no such card" in caplog.text)


def test_without_a_player_there_is_one_line_and_silence(monkeypatch, playing, caplog, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    silent = playing(Sounds(audible=True))
    silent.play("recorded")
    assert [record.getMessage() for record in caplog.records] == [
        "sound.none aplay is not installed (package alsa-utils)"
    ]


def test_an_office_that_wants_no_sound_hears_none(player, playing):
    played = player()
    playing(Sounds(audible=False)).play("recorded")
    assert played() == []
    assert sounds.TONES
