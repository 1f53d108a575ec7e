"""Simulated people before a simulated camera, through the real models: what the kiosk says of them."""

import shutil

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from contract.event import TURNED_LEFT
from contract.faces import Template
from simulators import faces
from simulators.scene import PEOPLE
from terminal_agent.cli import main
from terminal_agent.door.words import Face, Seen, Unmet
from terminal_agent.faces import attack, match, models
from terminal_agent.faces.pipeline import Pipeline

pytestmark = pytest.mark.all_only("runs the face models over clips, minutes")

STAFF, STRANGER = PEOPLE[:9], PEOPLE[13]
LEFT, RIGHT, BLINK = 0.0, 0.4, 0.8  # what `chance` has to give


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    cv2.setNumThreads(2)
    return models.load(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def roster(loaded):
    return match.calibrate([template(loaded, person) for person in STAFF])


def template(loaded, person):
    chips = []
    for image in faces.looks(person, 3):
        landmarks = loaded.mesh.landmarks(image, loaded.detector.find(image)[0])
        chips.append(loaded.embedder.align(image, landmarks))
    rows = loaded.embedder.embed(chips)
    looks = tuple(match.as_look(row, 90) for row in rows)
    return Template(person, loaded.embedder.id, looks, 0, "")


class Kiosk:
    """A pipeline at ten frames a second, and everything it said."""

    def __init__(self, loaded, roster, chance=LEFT, policy="always"):
        self.pipeline = Pipeline(loaded, roster, policy, lambda: chance)
        self.now = 0.0
        self.said = []

    def watch(self, frames):
        for image in frames:
            self.now += 0.1
            self.said += self.pipeline.step(image, self.now, 1000 + int(self.now))
        return self

    def heard(self, kind):
        return [word for word in self.said if isinstance(word, kind)]

    def progress(self):
        return list(dict.fromkeys(word.progress for word in self.heard(Face)))


def still(scene, seconds):
    return faces.clip([(0, scene), (seconds, scene)])


@pytest.mark.parametrize(
    ("person", "asked", "chance"),
    [("collins", "turn_left", LEFT), ("p05", "turn_right", RIGHT), ("biden", "blink", BLINK)],
)
def test_a_person_who_does_as_asked_is_recorded_once(loaded, roster, person, asked, chance):
    story = faces.challenge(person, asked, looks_for=1.0)
    kiosk = Kiosk(loaded, roster, chance).watch(faces.clip(story))
    assert [word.pin for word in kiosk.heard(Seen)] == [person]
    assert kiosk.heard(Seen)[0].t == 1001
    assert {word.asked for word in kiosk.heard(Face)} == {None, asked}
    kiosk.said += kiosk.pipeline.step(None, kiosk.now + 1, 2000)
    assert kiosk.heard(Face)[-1].progress == "idle"


def test_the_wrong_side_is_recorded_as_wrong_and_nobody_is_recorded(loaded, roster):
    story = faces.challenge("collins", "turn_right", looks_for=1.0)
    kiosk = Kiosk(loaded, roster).watch(faces.clip(story))
    assert [word.outcome for word in kiosk.heard(Unmet)] == ["wrong"]
    assert not kiosk.heard(Seen)


@pytest.mark.parametrize("chance", [LEFT, RIGHT, BLINK])
def test_a_printed_portrait_that_is_moved_tilted_and_bent_is_recognised_and_refused(
    loaded, roster, chance
):
    kiosk = Kiosk(loaded, roster, chance).watch(faces.clip(faces.printed("collins")))
    assert "ask" in kiosk.progress(), "the recogniser alone would have taken it"
    assert kiosk.heard(Unmet)
    assert not kiosk.heard(Seen)


def test_a_stranger_is_unknown_whatever_they_do(loaded, roster):
    kiosk = Kiosk(loaded, roster).watch(faces.clip(faces.challenge(STRANGER, "turn_left")))
    assert "unknown" in kiosk.progress()
    assert not kiosk.heard(Seen)
    assert not kiosk.heard(Unmet)


def test_two_people_at_once_are_both_recorded(loaded, roster):
    pair = (faces.Pose("collins", x=180, width=140), faces.Pose("biden", x=460, width=140))
    kiosk = Kiosk(loaded, roster, policy="never").watch(still(pair, 1.5))
    assert {word.pin for word in kiosk.heard(Seen)} == {"collins", "biden"}
    right_of_mirror = {w.track: w.x for w in kiosk.heard(Face) if w.progress != "idle"}
    assert sorted(x // 50 for x in right_of_mirror.values()) == [0, 1]


def test_nobody_is_nobody(loaded, roster):
    assert Kiosk(loaded, roster).watch(still((), 1.0)).said == []


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda image: cv2.GaussianBlur(image, (0, 0), 9),
        lambda image: (image * 0.03).astype(np.uint8),
        lambda image: np.clip(image * 6.0 + 90, 0, 255).astype(np.uint8),
        lambda image: cv2.resize(image, (160, 120))[:, :120],
    ],
    ids=["blurred", "dark", "overexposed", "tiny"],
)
def test_a_face_that_cannot_be_judged_is_never_taken_for_anybody(loaded, roster, spoiled):
    clip = [spoiled(image) for image in still((faces.Pose("collins"),), 1.5)]
    kiosk = Kiosk(loaded, roster, policy="never").watch(clip)
    assert not kiosk.heard(Seen)
    assert set(kiosk.progress()) <= {"look"}


def test_a_head_that_is_turned_away_is_asked_to_look(loaded, roster):
    kiosk = Kiosk(loaded, roster, policy="never").watch(
        still((faces.Pose("collins", yaw=30),), 1.0)
    )
    assert kiosk.progress() == ["look"]


def test_an_office_of_five_needs_the_nip_first(loaded):
    few = match.calibrate([template(loaded, person) for person in STAFF[:5]])
    kiosk = Kiosk(loaded, few).watch(still((faces.Pose("collins"),), 1.0))
    assert kiosk.progress() == ["nip"]
    kiosk.said += kiosk.pipeline.expect("collins", kiosk.now)
    straight, turned = (faces.Pose("collins"),), (faces.Pose("collins", yaw=28),)
    kiosk.watch(faces.clip([(0, straight), (0.6, straight), (1.4, turned), (2, turned)]))
    assert [(word.pin, word.liveness) for word in kiosk.heard(Seen)] == [("collins", TURNED_LEFT)]


def test_the_attack_command_reports_what_was_played(loaded, tmp_path):
    real, attacks = tmp_path / "real", tmp_path / "attack"
    for person in STAFF[:3]:
        folder = real / person
        folder.mkdir(parents=True)
        for number, image in enumerate(faces.looks(person, 5)):
            cv2.imwrite(str(folder / f"look_{number}.png"), image)
    story = faces.challenge("collins", "turn_left", looks_for=1.0)
    faces.write(faces.clip(story), tmp_path / "clip")
    for path in sorted((tmp_path / "clip").iterdir())[10:]:
        shutil.copy(path, real / "collins" / f"turn_left_{path.stem}.jpg")
    faces.write(faces.clip(faces.printed("collins")), attacks / "collins")
    played = attack.attacked(loaded, real, attacks, lambda count: None)
    assert played.apcer == attack.Errors(1.0, 0.0, 1)
    assert played.bpcer == attack.Errors(0.0, 0.0, 1)


def test_the_attack_command_says_what_to_put_into_an_empty_folder(tmp_path):
    (tmp_path / "agent.toml").write_text(f'[kiosk]\nstate = "{tmp_path}"\n')
    for name in ("real", "attack"):
        (tmp_path / name).mkdir()
    asked = ["--config", str(tmp_path / "agent.toml"), "--lang", "en", "face", "attack"]
    folders = [str(tmp_path / "real"), str(tmp_path / "attack")]
    done = CliRunner().invoke(main, [*asked, *folders, "--json"])
    assert done.exit_code == 2
    assert "a folder for each person" in done.stderr
    assert done.stdout == ""
