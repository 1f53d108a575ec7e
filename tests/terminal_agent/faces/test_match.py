"""Whose face it is: properties that hold for every office, and the small office that has no threshold."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.faces import Template
from terminal_agent.faces import match, versions
from terminal_agent.faces.gallery import Gallery
from terminal_agent.faces.match import LEAST_PEOPLE, Roster

SIZE = 128


def faces_of(people: int, seed: int, looks: int = 3, alike: float = 0.25, common: float = 1.2):
    """Embeddings by PIN: everybody shares `common`, one person's looks differ by `alike`."""
    chance = np.random.default_rng(seed)
    shared = common * match.unit(chance.normal(size=SIZE))
    made = {}
    for no in range(people):
        own = match.unit(chance.normal(size=SIZE))
        around = alike * match.unit(chance.normal(size=(looks + 3, SIZE)))
        made[f"{no:03}"] = (shared + own + around).astype(np.float32)
    return made


def office(faces, looks: int = 3) -> list[Template]:
    return [
        Template(pin, "m", tuple(match.as_look(row, 90) for row in rows[:looks]), 0, "T07A")
        for pin, rows in faces.items()
    ]


offices = st.builds(
    faces_of,
    people=st.integers(LEAST_PEOPLE, 30),
    seed=st.integers(0, 2**32 - 1),
    looks=st.integers(1, 5),
    alike=st.floats(0.05, 1.5),
    common=st.floats(0.0, 3.0),
)


@given(offices, st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_the_threshold_stays_within_its_bounds_and_nobody_beyond_it_is_known(faces, seed):
    roster = match.calibrate(office(faces))
    assert 0.30 <= roster.threshold <= roster.claimed <= 0.65
    chance = np.random.default_rng(seed)
    probes = [*(rows[-3:] for rows in faces.values()), chance.normal(size=(3, SIZE))]
    for rows in probes:
        face = match.probe(rows.astype(np.float32))
        away = match.distances(roster, face)
        found = match.identify(roster, face)
        if found is None:
            nearest, second = np.sort(away)[:2]
            assert nearest > roster.threshold or second - nearest <= 0.05
        else:
            assert found.distance == away.min() <= roster.threshold
            assert found.pin == roster.pins[int(away.argmin())]
            assert 0 <= found.score <= 100
            assert found.margin > 0.05


@given(offices, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_in_which_people_were_enrolled_changes_nothing(faces, chance):
    one = office(faces)
    other = list(one)
    chance.shuffle(other)
    first, second = match.calibrate(one), match.calibrate(other)
    assert first.threshold == second.threshold
    assert np.array_equal(first.centre, second.centre)
    for rows in faces.values():
        face = match.probe(rows[-3:])
        assert match.identify(first, face) == match.identify(second, face)


@given(offices)
@settings(max_examples=25)
def test_the_spread_is_that_of_every_pair_of_different_people(faces):
    """The short way through sums of squares gives what forming all pairs gives."""
    roster = match.calibrate(office(faces, looks=len(faces["000"]) - 3))
    owner = np.searchsorted(roster.starts, np.arange(len(roster.looks)), side="right")
    away = 1 - roster.looks.astype(np.float64) @ roster.looks.T.astype(np.float64)
    pairs = away[owner[:, None] != owner[None, :]]
    z = match.UNATTENDED * (1 + 1 / (2 * len(faces)))
    assert roster.threshold == pytest.approx(
        np.clip(pairs.mean() - z * pairs.std(), 0.30, 0.65), abs=1e-5
    )


def test_what_everybody_has_in_common_tells_nobody_apart():
    """Faces that share nearly everything, as in one population: everybody is known, no stranger is."""
    faces = faces_of(24, seed=7, common=5.0)
    held_back = faces_of(32, seed=7, common=5.0)
    strangers = {pin: rows for pin, rows in held_back.items() if pin not in faces}
    roster = match.calibrate(office(faces))
    for pin, rows in faces.items():
        assert match.identify(roster, match.probe(rows[-3:])).pin == pin
    for rows in strangers.values():
        assert match.identify(roster, match.probe(rows[-3:])) is None


def test_a_face_in_front_of_two_people_who_look_alike_is_nobodys():
    faces = faces_of(12, seed=3)
    faces["twin"] = faces["004"] + np.float32(1e-3)
    roster = match.calibrate(office(faces))
    face = match.probe(faces["004"][-3:])
    assert match.identify(roster, face) is None
    nearest = match.nearest(roster, face).pin
    assert match.confirm(roster, nearest, face).pin == nearest


def test_a_nip_typed_for_a_colleague_does_not_fit_the_face_that_is_there():
    faces = faces_of(12, seed=4)
    roster = match.calibrate(office(faces))
    face = match.probe(faces["004"][-3:])
    assert match.confirm(roster, "004", face).score > 0
    assert match.confirm(roster, "005", face) is None
    assert match.confirm(roster, "999", face) is None


def test_an_office_of_fewer_than_eight_has_no_threshold_and_compares_one_to_one():
    faces = faces_of(LEAST_PEOPLE - 1, seed=5, alike=0.1)
    roster = match.calibrate(office(faces))
    face = match.probe(faces["002"][-3:])
    assert roster.threshold is None
    assert match.ten_thousandths(roster.threshold) == 0
    assert match.identify(roster, face) is None
    assert match.confirm(roster, "002", face).pin == "002"
    assert match.confirm(roster, "003", face) is None


def test_a_kiosk_without_faces_knows_nobody():
    roster = match.calibrate([])
    assert isinstance(roster, Roster)
    assert match.identify(roster, np.ones(SIZE, np.float32)) is None
    assert match.confirm(roster, "17", np.ones(SIZE, np.float32)) is None


def test_faces_of_two_models_are_never_compared():
    one, other = office(faces_of(2, seed=1))
    with pytest.raises(ValueError, match="one model"):
        match.calibrate([one, msgspec.structs.replace(other, model="another")])


@given(st.integers(0, 2**32 - 1), st.integers(0, 100))
@settings(max_examples=50)
def test_a_look_kept_as_bytes_points_where_the_embedding_did(seed, quality):
    row = np.random.default_rng(seed).normal(size=SIZE).astype(np.float32)
    look = match.as_look(row, quality)
    assert (len(look.vector), look.quality) == (SIZE, quality)
    assert float(match.direction(look) @ match.unit(row)) > 0.999


def test_every_second_frame_of_a_probe_is_seen_in_a_mirror():
    chips = [np.arange(150 * 150 * 3, dtype=np.uint8).reshape(150, 150, 3) + no for no in range(3)]
    first, second, third = match.alternating(chips)
    assert np.array_equal(first, chips[0])
    assert np.array_equal(second, chips[1][:, ::-1])
    assert np.array_equal(third, chips[2])


def test_a_roster_keeps_its_number_until_somebody_comes_or_goes(tmp_path):
    gallery = Gallery(tmp_path / "faces.db", bytes(32))
    everybody = office(faces_of(12, seed=6))
    gallery.put(everybody[::-1])
    roster, whole = versions.in_force(gallery, "m", 1_795_000_000)
    _, again = versions.in_force(gallery, "m", 1_795_000_600)
    gallery.erase([everybody[0].pin])
    _, fewer = versions.in_force(gallery, "m", 1_795_001_200)
    assert (whole.no, again, fewer.no) == (1, whole, 2)
    assert whole.threshold == round(roster.threshold * 10_000) > 0
    assert whole.claimed == round(roster.claimed * 10_000) >= whole.threshold
    assert whole.rule == match.RULE_NAME
    assert np.frombuffer(whole.centre, np.float32).shape == (SIZE,)
    assert [pin for pin, _ in fewer.roster] == [one.pin for one in everybody[1:]]
    assert gallery.version(1) == msgspec.structs.replace(whole, centre=b"")


def test_a_kiosk_without_faces_has_a_version_too(tmp_path):
    gallery = Gallery(tmp_path / "faces.db", bytes(32))
    roster, version = versions.in_force(gallery, "m", 1_795_000_000)
    assert (roster.pins, version.no, version.model, version.threshold) == ((), 1, "m", 0)
