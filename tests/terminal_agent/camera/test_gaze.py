"""What the agent asks of the camera is done, whoever else works on the gallery at that moment."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from contract.faces import Template
from terminal_agent.camera.gaze import Gaze, Kit
from terminal_agent.camera.telling import Telling
from terminal_agent.door.words import Compared, Punched, Regallery
from terminal_agent.faces import gallery, match
from terminal_agent.faces.gallery import Gallery
from tests.halves import TestClock
from tests.terminal_agent.camera.agents import Listener


class Nobody:
    """Models that find no face; nothing is loaded."""

    id = "m"
    detector = embedder = property(lambda self: self)

    def find(self, image):
        return []

    def embed(self, chips):
        return np.zeros((len(chips), 128), np.float32)


@pytest.fixture
def agent(tmp_path):
    listener = Listener(tmp_path / "agent.sock")
    listener.born()
    yield listener
    listener.die()


@pytest.fixture
def telling(agent):
    camera = Telling(agent.path)
    agent.wait(lambda: camera.connections)
    yield camera
    camera.close()


class Camera:
    def __init__(self, folder, telling):
        self.gallery, self.clock = Gallery(folder / "faces.db", bytes(32)), TestClock()
        self.enrol("101")
        self.gaze = Gaze(Kit(Nobody(), self.gallery), "never", self.clock, telling)
        self.gaze.renew()

    def enrol(self, pin):
        look = match.as_look(np.random.default_rng(int(pin)).normal(size=128), 90)
        self.gallery.put([Template(pin, "m", (look,), 0, "test")])

    def watch(self, seconds):
        for _ in range(seconds):
            self.clock.now += 1
            self.gaze.take(np.full((48, 64, 3), 90, np.uint8), self.clock.now)


def test_a_gallery_that_somebody_writes_at_that_moment_is_read_later(
    tmp_path, agent, telling, monkeypatch
):
    """The camera goes on with the roster that it has, and does the rest of what it was asked."""
    monkeypatch.setattr(gallery, "_PATIENCE", 0.05)
    camera = Camera(tmp_path, telling)
    camera.watch(12)
    camera.enrol("102")
    with closing(sqlite3.connect(tmp_path / "faces.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        agent.tell(Regallery())
        agent.tell(Punched(1, 7, "101", camera.clock.up_ms() // 1000))
        agent.wait(lambda: camera.gaze.hear() or camera.gaze._beside._open)
    assert camera.gaze.roster.pins == ("101",)
    camera.watch(12)
    agent.wait(lambda: agent.of(Compared))
    assert [word.outcome for word in agent.of(Compared)] == ["no_face"]
    camera.gaze.hear()
    assert camera.gaze.roster.pins == ("101", "102")
