"""A release that does not prove itself leaves no trace but the reason; one that does is the kiosk's."""

import os
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import release
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.releases import place, told
from terminal_agent.releases.told import Wish
from tests.terminal_agent.releases.site import BIG, NOW, Machine, PowerCut, Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.says("0.1.0")
    return site


def test_a_release_that_proves_itself_is_the_kiosks_and_shares_what_did_not_change(site):
    site.wishes(site.file("0.2.0"))
    assert sorted(path.name for path in (site.shelf.folder / "objects").iterdir()) == [
        site_digest(b"print(2)")
    ], "only what changed is gathered"
    site.keeper()
    assert (site.outcome().did, site.outcome().no) == ("installed", 1)
    assert site.stands() == ("0.2.0", "0.2.0", "0.1.0")
    old, new = site.place.tree("0.1.0"), site.place.tree("0.2.0")
    assert (new / "models/big.onnx").stat().st_ino == (old / "models/big.onnx").stat().st_ino
    assert (new / "lib/own.py").read_bytes() == b"print(2)"
    assert (new / "bin/run").stat().st_mode & 0o777 == 0o755
    assert os.readlink(new / "bin/python") == "/usr/bin/python3"
    assert site.time.now < 1_795_000_000 + 120, "a minute of steady work is enough"


def site_digest(data):
    return release.digest(data)


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("mute", "release_no_receipt"),
        ("dead", "release_not_ready"),
        ("dying", "release_died"),
        ("blind", "release_unit_died"),
    ],
)
def test_a_release_that_fails_is_taken_back_after_ten_minutes_and_says_why(site, way, reason):
    site.ways["0.2.0"] = way
    site.wishes(site.file("0.2.0"))
    machine = site.keeper()
    assert (site.outcome().did, site.outcome().reason) == ("rolled_back", reason)
    assert (site.outcome().version, site.outcome().came_from) == ("0.2.0", "0.1.0")
    assert site.stands() == ("0.1.0", "0.1.0", "")
    assert machine.version == "0.1.0", "the agent runs the old release again"
    assert 600 <= site.time.now - 1_795_000_000 < 660
    assert not (site.place.kept / told.TRIAL).exists()


@pytest.mark.parametrize("word", [{"heard_at": 1_795_000_000 - 86_401}, {"open_until": 1}])
def test_a_kiosk_that_had_no_receipt_in_the_day_or_is_off_the_link_needs_none(site, word):
    site.ways["0.2.0"] = "mute"
    site.wishes(site.file("0.2.0"))
    site.says("0.1.0", **word)
    site.keeper()
    assert site.outcome().did == "installed"


@pytest.mark.parametrize("way", ["good", "mute"])
def test_a_package_that_is_installed_during_a_trial_stays_and_whoever_waits_is_told(site, way):
    site.ways["0.2.0"] = way
    site.wishes(site.file("0.2.0"))
    wait, machine = site.time.wait, Machine(site, site.ways)

    def dpkg(seconds):
        if site.place.points("current") == "0.2.0" and site.time.now > NOW + 20:
            packaged(site, "0.3.0")
            machine.version = "0.3.0"
        return wait(seconds)

    site.time.wait = dpkg
    site.keeper(machine)
    assert site.stands()[:2] == ("0.3.0", "0.3.0")
    outcome = site.outcome()
    assert (outcome.tried, outcome.reason, outcome.detail) == (1, "release_overtaken", "0.3.0")
    assert not (site.place.kept / told.TRIAL).exists()


def packaged(site, version):
    """What dpkg does: another tree, the old one away, and all links to the new one."""
    site.put(site.place.tree(version), b"print(3)")
    shutil.rmtree(site.place.tree("0.1.0"))
    for name in ("keeper", "current"):
        place.point(site.place.root / name, version)


def test_a_package_that_is_installed_while_the_keeper_is_stopped_stays_as_well(site):
    site.wishes(site.file("0.2.0"))
    site.time.ends_at = site.time.now + 5
    site.keeper()
    site.time.ends_at = float("inf")
    packaged(site, "0.3.0")
    site.keeper()
    assert site.stands()[:2] == ("0.3.0", "0.3.0")
    assert site.outcome().reason == "release_overtaken"


def test_between_dpkgs_steps_nothing_is_gone_back_to_that_is_not_there(site):
    site.ways["0.2.0"] = "dead"
    site.wishes(site.file("0.2.0"))
    site.time.ends_at = site.time.now + 5
    site.keeper()
    site.time.ends_at = float("inf")
    shutil.rmtree(site.place.tree("0.1.0"))
    site.keeper()
    assert site.stands()[0] == "0.2.0"


def test_a_camera_that_died_again_and_again_before_is_no_fault_of_the_new_release(site):
    site.wishes(site.file("0.2.0"))
    machine = Machine(site, site.ways)
    machine.flickering = True
    site.keeper(machine)
    assert site.outcome().did == "installed"


def test_an_object_that_the_card_has_damaged_is_repaired_by_bringing_the_file_again(site):
    file = site.file("0.2.0")
    site.wishes(file)
    [held] = (site.shelf.folder / "objects").iterdir()
    held.write_bytes(b"\0" + held.read_bytes()[1:])
    site.keeper()
    assert site.outcome().reason == "release_damaged"
    site.wishes(file, 2)
    site.keeper()
    assert site.outcome().did == "installed"


@pytest.mark.parametrize("cut_at", [1, 2])
def test_a_power_cut_at_the_switch_or_on_the_way_back_ends_where_it_would_have_ended(site, cut_at):
    site.ways["0.2.0"] = "mute"
    site.wishes(site.file("0.2.0"))
    machine = Machine(site, site.ways)
    machine.cut_at = cut_at
    with pytest.raises(PowerCut):
        site.keeper(machine)
    again = Machine(site, site.ways)
    again.restart()
    site.keeper(again)
    assert (site.outcome().did, site.outcome().reason) == ("rolled_back", "release_no_receipt")
    assert (site.stands(), again.version) == (("0.1.0", "0.1.0", ""), "0.1.0")


def test_a_machine_that_starts_again_and_again_with_a_release_on_trial_goes_back(site):
    site.ways["0.2.0"] = "mute"
    site.wishes(site.file("0.2.0"))
    for _ in range(4):
        site.time.ends_at = site.time.now + 100
        site.keeper()
        assert site.stands()[0] == "0.2.0"
        site.time.ends_at = float("inf")
    machine = Machine(site, site.ways)
    site.keeper(machine)
    assert (site.outcome().reason, machine.version) == ("release_boots", "0.1.0")


def test_rollback_goes_to_the_release_before_and_no_further_and_the_floor_stays(site):
    site.wishes(site.file("0.2.0"))
    site.keeper()
    wish = Wish(2, "rollback")
    told.write(site.state / told.FOLDER / told.WISH, wish)
    assert site.keeper().version == "0.1.0"
    assert (site.outcome().did, site.stands()) == ("back", ("0.1.0", "0.1.0", ""))
    told.write(site.state / told.FOLDER / told.WISH, Wish(3, "rollback"))
    site.keeper()
    assert (site.outcome().did, site.outcome().reason) == ("refused", "release_no_previous")
    with pytest.raises(SourceMisconfigured) as caught:
        site.wishes(site.file("0.1.5"), 4)
    assert caught.value.code == "release_older", "0.2.0 has proven itself here"
    site.wishes(site.file("0.2.0"), 5)
    site.keeper()
    assert site.stands()[0] == "0.2.0", "the one that was left may come again"


def test_a_release_that_closes_a_hole_lets_nobody_go_back_behind_it(site):
    site.wishes(site.file("0.2.0", least=release.numbered("0.2.0")))
    site.keeper()
    told.write(site.state / told.FOLDER / told.WISH, Wish(2, "rollback"))
    site.keeper()
    assert (site.outcome().reason, site.stands()[0]) == ("release_too_old", "0.2.0")


def test_somebody_who_asks_to_go_back_need_not_wait_for_the_ten_minutes(site):
    site.ways["0.2.0"] = "dead"
    site.wishes(site.file("0.2.0"))
    site.time.ends_at = site.time.now + 5
    site.keeper()
    site.time.ends_at = float("inf")
    told.write(site.state / told.FOLDER / told.WISH, Wish(2, "rollback"))
    site.keeper()
    outcome = site.outcome()
    assert (outcome.no, outcome.tried, outcome.reason) == (2, 1, "release_asked_back")
    assert site.time.now - 1_795_000_000 < 30


def test_a_release_of_a_stranger_or_for_another_machine_or_an_older_one_is_refused(site):
    other = "arm64" if os.uname().machine == "x86_64" else "amd64"
    cases = {
        "release_unsigned": site.file("0.2.0", key=Ed25519PrivateKey.generate()),
        "release_arch": site.file("0.3.0", arch=other),
        "release_older": site.file("0.0.9"),
    }
    for code, file in cases.items():
        with pytest.raises(SourceMisconfigured) as caught:
            site.wishes(file)
        assert caught.value.code == code


def test_the_keeper_believes_nothing_that_the_agent_has_put_there(site, tmp_path):
    """Whoever takes the agent over must not become root by it."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"print(2)")
    site.wishes(site.file("0.2.0"))
    [held] = (site.shelf.folder / "objects").iterdir()
    whole = held.read_bytes()
    held.unlink()
    held.symlink_to(secret)
    site.keeper()
    assert site.outcome().reason == "release_disk", "no link is followed"
    held.unlink()
    os.mkfifo(held)
    again(site, 2)
    assert site.outcome().did == "refused", "no pipe holds it up"
    held.unlink()
    held.write_bytes(b"print(3)")
    again(site, 3)
    assert site.outcome().reason == "release_damaged"
    manifest = site.shelf.folder / release.MANIFEST
    signed = manifest.read_bytes()
    manifest.write_bytes(signed.replace(b'"0.2.0"', b'"0.2.1"'))
    held.write_bytes(whole)
    again(site, 4)
    assert site.outcome().reason == "release_unsigned"
    assert site.stands() == ("0.1.0", "0.1.0", "")
    assert sorted(path.name for path in site.place.releases.iterdir()) == ["0.1.0"]


def again(site, no):
    told.write(site.state / told.FOLDER / told.WISH, Wish(no, "install", site.shelf.digest()))
    site.keeper()


def test_a_file_that_the_card_has_damaged_is_brought_again_and_not_linked(site):
    damaged = site.place.tree("0.1.0") / "models/big.onnx"
    damaged.write_bytes(b"\0" + BIG[1:])
    site.wishes(site.file("0.2.0"))
    site.keeper()
    assert (site.place.tree("0.2.0") / "models/big.onnx").read_bytes() == BIG
