"""The camera's own process, with real models, over clips: the agent hears who was there."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contract.event import VERIFY_FACE
from contract.faces import Template
from simulators import faces
from terminal_agent.door.words import Face, MadeGallery, Punched, Regallery, Seen, Sight, Watched
from terminal_agent.faces import match, models, vault
from terminal_agent.faces.gallery import Gallery
from tests.terminal_agent.camera.agents import Listener

pytestmark = pytest.mark.all_only("starts processes that load the models")

PINS = {f"{101 + number}": person for number, person in enumerate(faces.PEOPLE)}
MOST_KB = 250 * 1024


def template(loaded: models.Models, pin: str) -> Template:
    chips = []
    for image in faces.looks(PINS[pin]):
        [box] = loaded.detector.find(image)
        chips.append(loaded.embedder.align(image, loaded.mesh.landmarks(image, box)))
    mirrored = [match.mirrored(chip) for chip in chips]
    vectors = match.both_ways(loaded.embedder.embed(chips), loaded.embedder.embed(mirrored))
    return Template(
        pin, loaded.embedder.id, tuple(match.as_look(one, 90) for one in vectors), 0, "test"
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def loaded(prepared):
    return models.load(prepared)


@pytest.fixture(scope="module")
def templates(loaded):
    return [template(loaded, pin) for pin in PINS]


@pytest.fixture
def agent(tmp_path):
    listener = Listener(tmp_path / "agent.sock")
    listener.born()
    yield listener
    listener.die()


@pytest.fixture
def camera(tmp_path, prepared, templates):
    """Start the camera's process over a source; it is ended after the test."""
    Gallery(tmp_path / "faces.db", vault.key(tmp_path)).put(templates)
    shutil.copytree(prepared, tmp_path / "models")  # as the package ships it
    started = []

    def start(source: Path | str, challenge: str = "never") -> subprocess.Popen:
        file = tmp_path / "agent.toml"
        file.write_text(
            f'[kiosk]\nstate = "{tmp_path}"\nsocket = "{tmp_path / "agent.sock"}"\n'
            f'[camera]\nsource = "{source}"\nchallenge = "{challenge}"\n'
        )
        program = Path(sys.executable).with_name("terminal-agent")
        words = [str(program), "--config", str(file), "camera"]
        started.append(subprocess.Popen(words))
        return started[-1]

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def film(path: Path, person: str, does: str = "") -> Path:
    return faces.write(faces.clip(faces.challenge(person, does)), path)


def peak_kb(process: subprocess.Popen) -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_somebody_who_looks_into_the_camera_is_told_to_the_agent(tmp_path, agent, camera):
    process = camera(film(tmp_path / "clip.avi", PINS["101"]))
    agent.wait(lambda: agent.of(Seen))
    [seen], [gallery] = agent.of(Seen), agent.of(MadeGallery)
    assert (seen.pin, seen.verify, seen.gallery) == ("101", VERIFY_FACE, gallery.version)
    assert gallery.people == len(PINS)
    assert agent.heard.index(next(w for w in agent.heard if isinstance(w, MadeGallery))) == 0
    assert Sight(up=True, people=len(PINS), challenge=False) in agent.of(Sight)
    assert (tmp_path / "preview.jpg").read_bytes()[:2] == b"\xff\xd8"
    agent.wait(lambda: agent.of(Watched))  # the clip ends like a camera that is unplugged
    [watched] = agent.of(Watched)
    assert watched.since <= seen.t <= watched.through
    agent.wait(lambda: any(sight.code == "camera_gone" for sight in agent.of(Sight)))
    assert not (tmp_path / "preview.jpg").exists(), "nobody is shown the past"
    assert peak_kb(process) < MOST_KB


def test_a_camera_that_was_unplugged_comes_back_by_itself_and_says_so(tmp_path, agent, camera):
    folder = faces.write(faces.clip([(0, ()), (2, ())]), tmp_path / "pictures")
    camera(f"{folder}?loop")
    agent.wait(lambda: any(sight.up for sight in agent.of(Sight)))
    folder.rename(tmp_path / "elsewhere")
    agent.wait(lambda: agent.of(Sight)[-1] == Sight(up=False, code="camera_gone"))
    (tmp_path / "elsewhere").rename(folder)
    agent.wait(lambda: agent.of(Sight)[-1].up)


def test_who_was_seen_before_the_agent_was_there_is_told_with_the_time_of_the_first_sight(
    tmp_path, camera
):
    agent = Listener(tmp_path / "agent.sock")
    process = camera(film(tmp_path / "clip.avi", PINS["105"]))
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(9)  # the clip is over by then
    agent.born()
    agent.wait(lambda: agent.of(Seen))
    agent.wait(lambda: agent.of(Watched))
    assert agent.of(Seen)[0].pin == "105"
    assert agent.of(Seen)[0].t <= agent.of(Watched)[0].through
    agent.die()


def test_the_face_beside_a_finger_punch_is_compared(tmp_path, agent, camera):
    still = [(0, (faces.Pose(PINS["103"]),)), (30, (faces.Pose(PINS["103"]),))]
    camera(faces.write(faces.clip(still), tmp_path / "clip.avi"))
    agent.wait(lambda: agent.of(Seen))
    t = agent.of(Seen)[0].t + 12  # the camera has watched all around it by then
    agent.tell(Punched(1, 7, "103", t))
    agent.tell(Punched(1, 8, "104", t))
    agent.wait(lambda: len([w for w in agent.heard if type(w).__name__ == "Compared"]) == 2)
    told = {w.seq: w.outcome for w in agent.heard if type(w).__name__ == "Compared"}
    assert told == {7: "match", 8: "mismatch"}


def test_faces_that_are_erased_are_not_recognised_any_more(tmp_path, agent, camera):
    camera(film(tmp_path / "clip.avi", PINS["102"]))
    agent.wait(lambda: agent.of(MadeGallery))
    Gallery(tmp_path / "faces.db", vault.key(tmp_path)).erase(["102"])
    agent.tell(Regallery())
    agent.wait(lambda: len(agent.of(MadeGallery)) == 2)
    first, second = agent.of(MadeGallery)
    assert (second.version, second.people) == (first.version + 1, first.people - 1)
    agent.wait(lambda: any(face.progress == "unknown" for face in agent.of(Face)))
    assert not agent.of(Seen)


def test_a_gallery_that_is_damaged_is_told_and_the_process_lives(tmp_path, agent, camera):
    (tmp_path / "faces.db").write_bytes(b"this was a database once" * 100)
    process = camera(film(tmp_path / "clip.avi", PINS["102"]))
    agent.wait(lambda: Sight(up=False, code="faces_damaged") in agent.of(Sight))
    assert process.poll() is None
