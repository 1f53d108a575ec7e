"""Enrolling people and telling how well they are recognised, with the real models."""

import json
from contextlib import closing
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from contract import event, faces
from contract.command import Member, Staff
from contract.event import Scan
from contract.invitation import Invitation, encode
from simulators.faces import PEOPLE, Pose, frame, looks
from terminal_agent import cli
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.faces import vault
from terminal_agent.faces.gallery import Gallery
from terminal_agent.faces.matched import Version, centre_mark, evidence
from terminal_agent.journal import Journal

pytestmark = pytest.mark.all_only("runs the real models over dozens of pictures")

DONE, DOES_NOT_HOLD, WRONG = 0, 1, 2
NOW = 1_795_000_000
ONE, OTHER = PEOPLE[0], PEOPLE[1]


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """A kiosk's state folder whose models are converted once for all tests."""
    folder = tmp_path_factory.mktemp("kiosk") / "state"
    folder.mkdir()
    key = bytes(range(32))
    invited = Invitation("T07A", "127.0.0.1", 1883, False, "", key, key, key)
    (folder / "invitation.json").write_bytes(encode(invited))
    return folder


@pytest.fixture
def run(state, monkeypatch):
    """Type a command; its result has exit_code, stdout and stderr."""
    for path in (*state.glob("faces.*"), *state.glob("journal.db*")):
        path.unlink()
    config = state.parent / "agent.toml"
    config.write_text(f'[kiosk]\nstate = "{state}"\nsocket = "{state}/agent.sock"\n')
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return lambda *words: CliRunner().invoke(cli.main, ["--config", str(config), *map(str, words)])


def shot(folder: Path, images) -> Path:
    """Pictures as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for no, image in enumerate(images):
        cv2.imwrite(str(folder / f"{no}.jpg"), image)
    return folder


@pytest.fixture
def gallery(state):
    return lambda: Gallery(state / "faces.db", vault.key(state))


def test_a_person_is_enrolled_from_images_and_the_change_waits_for_the_chain(
    run, gallery, tmp_path
):
    folder = shot(tmp_path / "17", looks(ONE, 5))
    result = run("people", "enrol", "17", "--images", folder)
    assert result.exit_code == DONE, result.output
    [template] = gallery().templates()
    assert (template.pin, template.by) == ("17", "T07A")
    assert 3 <= len(template.looks) <= 5
    assert {len(look.vector) for look in template.looks} == {128}
    [untold] = gallery().untold()
    assert (untold.pin, untold.change) == ("17", "enrolled")
    assert untold.digest == faces.digest(template)
    assert "The agent is not running" in result.stderr


def test_pictures_that_cannot_be_enrolled_are_named_with_what_is_wrong(run, gallery, tmp_path):
    good = looks(ONE, 2)
    blank = np.full((480, 640, 3), 128, np.uint8)
    crowd = frame([Pose(ONE, x=180, width=150), Pose(OTHER, x=460, width=150)])
    bad = [blank, crowd, frame([Pose(ONE, width=70)]), frame([Pose(ONE, yaw=28)])]
    bad += [cv2.GaussianBlur(good[0], (0, 0), 5), frame([Pose(ONE, openness=0)])]
    folder = shot(tmp_path / "17", [*good, *bad])
    (folder / "broken.jpg").write_bytes((folder / "0.jpg").read_bytes()[:50])
    result = run("people", "enrol", "17", "--images", folder)
    assert result.exit_code == DOES_NOT_HOLD
    for said in (
        *("2.jpg is not used: no face", "3.jpg is not used: more than one face"),
        *("4.jpg is not used: the face is too small", "5.jpg is not used: turned"),
        *("6.jpg is not used: ", "blurred", "7.jpg is not used: ", "eyes closed"),
        *("broken.jpg: the image file is damaged", "only 2 looks can be used", "3 are needed"),
    ):
        assert said in result.stderr
    assert gallery().templates() == []


def test_one_picture_copied_three_times_is_one_look(run, gallery, tmp_path):
    result = run("people", "enrol", "17", "--images", shot(tmp_path / "17", looks(ONE, 1) * 3))
    assert result.exit_code == DOES_NOT_HOLD
    assert "only 1 looks" in result.stderr


def test_somebody_already_enrolled_under_another_pin_is_the_operators_decision(
    run, gallery, tmp_path
):
    folder = shot(tmp_path / "one", looks(ONE, 4))
    assert run("people", "enrol", "17", "--images", folder).exit_code == DONE
    other = shot(tmp_path / "other", looks(OTHER, 4))
    second = run("people", "enrol", "18", "--images", other)
    assert second.exit_code == DONE, second.output
    again = shot(tmp_path / "again", [frame([Pose(ONE, width=w)]) for w in (150, 165, 185)])
    refused = run("people", "enrol", "19", "--images", again)
    assert refused.exit_code == DOES_NOT_HOLD
    assert "very much like PIN 17's" in refused.stderr
    assert len(gallery().templates()) == 2
    decide = ("people", "enrol", "19", "--images", again, "--as-new")
    assert run(*decide).exit_code == WRONG, "nobody stands for it"
    decided = run(*decide, "--by", "Bu Rina")
    assert decided.exit_code == DONE, decided.output
    assert gallery().templates()[-1].note == "as new beside 17, by Bu Rina"
    same = run("people", "enrol", "17", "--images", folder, "--as-new", "--by", "Bu Rina")
    assert same.exit_code == DONE


def test_a_folder_of_people_is_enrolled_in_one_go_and_whoever_could_not_be_is_named(
    run, gallery, tmp_path
):
    for pin, person in (("17", ONE), ("18", OTHER)):
        shot(tmp_path / "all" / pin, looks(person, 4))
    assert run("people", "enrol", "--images", tmp_path / "all").exit_code == DONE
    assert [one.pin for one in gallery().templates()] == ["17", "18"]
    shot(tmp_path / "all" / "19", looks(PEOPLE[2], 1))
    shot(tmp_path / "all" / "199001012015031001", looks(PEOPLE[2], 4))
    shot(tmp_path / "all" / "20", [])
    done = run("people", "enrol", "--images", tmp_path / "all")
    assert done.exit_code == DOES_NOT_HOLD
    for said in (
        "PIN 19 is not enrolled: only 1",
        "looks like a NIP",
        "no images",
        "2 of 5 people",
    ):
        assert said in done.stderr
    assert [one.pin for one in gallery().templates()] == ["17", "18"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("199001012015031001", "--camera"), "looks like a NIP"),
        (("19900101 201503 1 001", "--camera"), "looks like a NIP"),
        (("--camera",), "Name the PIN"),
        (("", "--camera"), "This is no PIN: ''"),
        ((" ", "--camera"), "1 to 24 letters, digits"),
        (("17\n", "--camera"), "1 to 24 letters, digits"),
        (("../x", "--camera"), "1 to 24 letters, digits"),
        (("17\N{GRINNING FACE}", "--camera"), "1 to 24 letters, digits"),
        (("1" * 25, "--camera"), "1 to 24 letters, digits"),
        (("17", "--camera", "--as-new"), "--by NAME"),
        (("17", "--camera", "--replace"), "--by NAME"),
        (("17", "--camera", "--by", "Bu Rina"), "--by NAME"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anybody_stands_there(run, gallery, words, says):
    done = run("people", "enrol", *words)
    assert (done.exit_code, says in done.stderr) == (WRONG, True), done.output


def test_a_folder_that_no_pin_can_be_named_like_is_refused_before_anybody_is_enrolled(
    run, gallery, tmp_path
):
    for name in ("17", "Bu Siti"):
        shot(tmp_path / "all" / name, looks(ONE, 1))
    done = run("people", "enrol", "--images", tmp_path / "all")
    assert (done.exit_code, "This is no PIN: 'Bu Siti'" in done.stderr) == (WRONG, True)


def test_another_face_takes_a_pins_place_only_where_somebody_stands_for_it(run, gallery, tmp_path):
    """A PIN mistyped by one digit would give a colleague's scans away."""
    own, other = shot(tmp_path / "a", looks(ONE, 4)), shot(tmp_path / "b", looks(OTHER, 4))
    enrol = ("people", "enrol", "17", "--images")
    assert run(*enrol, own).exit_code == DONE
    refused = run(*enrol, other)
    assert refused.exit_code == DOES_NOT_HOLD
    assert "PIN 17 is not replaced: this face is far from the one enrolled" in refused.stderr
    again = shot(tmp_path / "again", [frame([Pose(ONE, width=w)]) for w in (150, 165, 185)])
    assert run(*enrol, again).exit_code == DONE, "the same person anew"
    assert run(*enrol, other, "--replace", "--by", "Bu Rina").exit_code == DONE
    [template] = gallery().templates()
    assert template.note == "replaces another face, by Bu Rina"
    assert [one.change for one in gallery().untold()] == ["enrolled", "enrolled", "replaced"]


def test_a_file_named_in_place_of_its_folder_says_so(run, tmp_path):
    file = shot(tmp_path / "17", looks(ONE, 1)) / "0.jpg"
    for words in (("17", "--images", file), ("--images", file)):
        done = run("people", "enrol", *words)
        assert (done.exit_code, "is a file. Name the folder" in done.stderr) == (WRONG, True)


@pytest.mark.parametrize("command", [("list",), ("erase", "17"), ("versions",)])
def test_a_kiosk_that_is_not_enrolled_says_so_before_it_speaks_of_keys(run, state, command):
    config = state.parent / "agent.toml"
    config.write_text(f'[kiosk]\nstate = "{state}/nowhere"\n')
    done = run("people", *command)
    assert (done.exit_code, "enrol-kiosk" in done.stderr) == (WRONG, True)
    assert "faces.key" not in done.stderr


def test_a_pin_that_the_kiosks_list_does_not_have_is_told_and_enrolled_all_the_same(
    run, gallery, state, tmp_path
):
    known = Staff(1, (Member("18", "Budi", "", "", -1),), ())
    (state / "staff.json").write_bytes(msgspec.json.encode(known))
    done = run("people", "enrol", "17", "--images", shot(tmp_path / "17", looks(ONE, 4)))
    (state / "staff.json").unlink()
    assert (done.exit_code, "PIN 17 is not on this kiosk's list" in done.stderr) == (DONE, True)


def test_a_camera_that_another_program_has_says_which_unit_to_stop(run, state):
    config = state.parent / "agent.toml"
    config.write_text(config.read_text() + '[camera]\nsource = "/dev/no-such-camera"\n')
    done = run("people", "enrol", "17", "--camera")
    assert done.exit_code == 3
    assert "stop the unit that runs terminal-agent camera" in done.stderr


def test_an_enrolment_without_the_units_credential_is_refused_with_what_to_type(
    run, state, tmp_path, monkeypatch
):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / vault.CREDENTIAL).write_bytes(bytes(32))
    folder = shot(tmp_path / "17", looks(ONE, 4))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert run("people", "enrol", "17", "--images", folder).exit_code == DONE
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    refused = run("people", "enrol", "18", "--images", folder)
    assert refused.exit_code == WRONG
    assert "LoadCredential=hadir-faces.key" in refused.stderr
    listed = run("people", "list")
    assert "sealed with another key" in listed.stderr
    assert "17           is sealed with another key" in listed.stdout
    assert "Enrol again" not in listed.stdout


def test_pictures_of_two_people_do_not_make_one(run, tmp_path):
    mixed = [*looks(ONE, 3), *looks(OTHER, 1)]
    result = run("people", "enrol", "17", "--images", shot(tmp_path / "17", mixed))
    assert result.exit_code == DOES_NOT_HOLD
    assert "not of one person. Check:" in result.stderr


def test_the_camera_enrols_whoever_stands_before_it(run, gallery, state, tmp_path):
    folder = shot(tmp_path / "frames", looks(ONE, 5))
    config = state.parent / "agent.toml"
    config.write_text(config.read_text() + f'[camera]\nsource = "{folder}#2"\n')
    result = run("people", "enrol", "17", "--camera")
    assert result.exit_code == DONE, result.output
    assert len(gallery().templates()[0].looks) >= 3


def test_whoever_asks_for_both_ways_or_for_nothing_is_told_what_to_type(run, tmp_path):
    assert run("people", "enrol", "17").exit_code == WRONG
    result = run("people", "enrol", "17", "--images", tmp_path / "nothing")
    assert result.exit_code == WRONG
    assert "Name a folder with 3 images" in result.stderr


def test_the_list_shows_who_should_be_enrolled_again(run, state, tmp_path):
    run("people", "enrol", "17", "--images", shot(tmp_path / "17", looks(ONE, 4)))
    scores = [70] * 8 + [20] * 5
    look = Look("boot-1", 100, NOW, 3, 5)
    scans = tuple(
        Reading(Scan(0, "17", NOW + 600 * no, False, 0, 15, 0, 0, "camera", score, 1, 1))
        for no, score in enumerate(scores)
    )
    with closing(Journal(state / "journal.db", "T07A", look)) as journal:
        journal.store(Delivery("T07A-cam", "camera", "1", scans, 0, read_at=NOW), look)
    said = json.loads(run("people", "list", "--json").stdout)
    [person] = said["people"]
    assert (person["pin"], person["hint"], person["scores"]) == ("17", "falling", [20] * 5)
    assert said["untold"] == 1
    assert "scores are falling: enrol again" in run("people", "list").stdout


@pytest.mark.parametrize(("command", "change"), [("remove", "removed"), ("erase", "erased")])
def test_a_face_that_goes_leaves_its_digest(run, gallery, tmp_path, command, change):
    run("people", "enrol", "17", "--images", shot(tmp_path / "17", looks(ONE, 4)))
    digest = faces.digest(gallery().templates()[0])
    result = run("people", command, "17")
    assert result.exit_code == DONE, result.output
    assert digest in result.stderr
    assert [(one.change, one.digest) for one in gallery().untold()][-1] == (change, digest)
    assert run("people", command, "17").exit_code == DOES_NOT_HOLD


def test_an_auditor_sees_what_a_scan_was_matched_with(run, gallery, state):
    roster = (("17", "aa"), ("18", "bb"))
    made = Version(4, NOW, "dlib", b"1234", 5234, 5600, "centred/1", roster, centre_mark(b"1234"))
    made = msgspec.structs.replace(made, digest=evidence(made))
    gallery().keep_version(made)
    said = json.loads(run("people", "versions", "4", "--json").stdout)
    assert (said["no"], said["threshold"], said["roster"]) == (
        4,
        0.5234,
        [["17", "aa"], ["18", "bb"]],
    )
    assert (said["centre"], said["claimed"], said["rule"]) == (True, 0.56, "centred/1")
    assert "Version 4" in run("people", "versions").stdout
    look = Look("boot-1", 100, NOW, 3, 5)
    with closing(Journal(state / "journal.db", "T07A", look)) as journal:
        journal.note([event.Gallery(4, "dlib", 2, 5234, made.digest)], look)
    held = run("people", "versions", "4", "--verify")
    assert (held.exit_code, "It holds" in held.stdout) == (DONE, True), held.output
    assert "names the same digest" in held.stdout
    gallery().keep_version(msgspec.structs.replace(made, no=5, claimed=9_000))
    broken = run("people", "versions", "5", "--verify", "--json")
    said = json.loads(broken.stdout)
    assert (broken.exit_code, said["holds"], said["in_chain"]) == (DOES_NOT_HOLD, False, None)
    assert run("people", "versions", "6").exit_code == DOES_NOT_HOLD


KEYS = {
    *("models", "identities", "images", "detection_rate", "rank1", "equal_error_rate"),
    *("tar_at_far", "strangers", "ms"),
}


def test_evaluate_says_how_well_a_folder_is_recognised(run, tmp_path):
    for person in PEOPLE[:5]:
        shot(tmp_path / "faces" / person, looks(person, 5))
    (tmp_path / "faces" / PEOPLE[0] / "broken.jpg").write_bytes(b"\xff\xd8 cut off")
    cv2.imwrite(
        str(tmp_path / "faces" / PEOPLE[1] / "wall.png"), np.full((480, 640, 3), 90, np.uint8)
    )
    (tmp_path / "faces" / "ORIGIN.txt").write_text("made up")
    result = run("face", "evaluate", tmp_path / "faces", "--frames", "1", "--json")
    assert result.exit_code == DONE, result.output
    said = json.loads(result.stdout)
    assert said.keys() == KEYS
    assert (said["identities"], said["images"]) == (5, 26)
    assert said["detection_rate"] == pytest.approx(25 / 26)
    assert said["rank1"] == 1.0
    assert said["equal_error_rate"] == 0.0
    assert said["strangers"].keys() == {"accepted", "true_accepts", "threshold_rule"}
    assert said["ms"].keys() == {"detect", "mesh", "align", "embed", "match"}
    assert f"{PEOPLE[0]}/broken.jpg" in result.stderr
    assert f"{PEOPLE[1]}/wall.png" in result.stderr


def test_evaluate_enrols_the_first_session_and_tries_the_others(run, tmp_path):
    """Whoever has one session only is never tried as themselves."""
    for no, person in enumerate(PEOPLE[:4]):
        folder = tmp_path / "faces" / person
        folder.mkdir(parents=True)
        for at, image in enumerate(looks(person, 5)):
            session = 10 if at >= 3 and no else 9
            cv2.imwrite(str(folder / f"s{session}_{at}.jpg"), image)
    words = ("face", "evaluate", tmp_path / "faces", "--session", r"s(\d+)_", "--frames", "1")
    said = run(*words).stdout
    assert "60 against 240 comparisons" in said  # 3 people x 2 images x 10 drawings; 4 x 2 x 3 x 10
    unseen = run(*words[:-3], "nowhere", "--enrol", "1", "--frames", "1", "--json")
    assert unseen.exit_code == DONE
    assert "fits no file name" in unseen.stderr
    one_session = run(*words[:-3], r"(\d+)[.]jpg", "--enrol", "1", "--frames", "1", "--json")
    assert one_session.exit_code == DONE, one_session.output


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((), "At least two people's folders"),
        (("--session", "("), "Write a regular expression"),
    ],
)
def test_evaluate_says_what_is_wrong_with_the_folder(run, tmp_path, more, says):
    shot(tmp_path / "faces" / "only", looks(ONE, 1))
    result = run("face", "evaluate", tmp_path / "faces", *more)
    assert (result.exit_code, result.stdout) == (WRONG, "")
    assert says in result.stderr
    assert run("face", "evaluate", tmp_path / "nothing").exit_code == WRONG
