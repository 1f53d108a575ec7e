"""Error rates that an evaluation reports, on distances whose rates are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent.faces import figures, trials
from terminal_agent.faces.trials import Plan, Taken

DISTANCES = st.lists(st.floats(0, 2, width=32), min_size=1, max_size=60).map(
    lambda values: np.array(values, np.float32)
)


def test_people_who_are_told_apart_have_no_errors_and_chance_has_half():
    near, far = np.linspace(0, 0.4, 50), np.linspace(0.6, 2, 500)
    assert figures.equal_error_rate(near, far) == 0
    assert figures.true_accepts_at(near, far, 0.01) == 1
    assert figures.equal_error_rate(far, far) == pytest.approx(0.5, abs=0.01)
    assert figures.equal_error_rate(far, near) == pytest.approx(1, abs=0.03)


def test_one_in_ten_too_far_and_one_in_ten_too_near_is_a_tenth():
    genuine = np.array([0.1] * 90 + [0.9] * 10, np.float32)
    impostor = np.array([0.8] * 90 + [0.2] * 10, np.float32)
    assert figures.equal_error_rate(genuine, impostor) == pytest.approx(0.1)


@given(DISTANCES, DISTANCES)
def test_rates_are_shares_whatever_the_distances(genuine, impostor):
    assert 0 <= figures.equal_error_rate(genuine, impostor) <= 1
    for far in (0.5, 0.1):
        accepted = figures.true_accepts_at(genuine, impostor, far)
        assert accepted is None or 0 <= accepted <= 1
        assert (accepted is None) == (len(impostor) * far < 1)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_proportions_interval_holds_it_and_is_never_a_point(one, other):
    count, of = min(one, other), max(one, other)
    span = figures.wilson(count, of)
    assert 0 <= span.low < span.high <= 1
    assert not of or span.low - 1e-9 <= count / of <= span.high + 1e-9


def office(people: int, images: int, seed: int = 1, sessions: bool = False):
    """People whose faces share much and differ a little from image to image."""
    chance = np.random.default_rng(seed)
    shared = chance.normal(size=128)
    made = {}
    for no in range(people):
        own = shared + chance.normal(size=128)
        rows = own + 0.3 * chance.normal(size=(images, 2, 128))
        told = [str(at * 2 // images + 9) if sessions else "" for at in range(images)]
        made[f"{no:02}"] = [
            Taken(plain.astype(np.float32), mirrored.astype(np.float32), session)
            for (plain, mirrored), session in zip(rows, told, strict=True)
        ]
    return made


def test_strangers_are_a_third_of_the_people_and_nobody_knows_them():
    told = trials.outsiders(office(15, 9), Plan(3, 3))
    assert (told.enrolled, told.probes, told.own_probes) == (10, 45, 45)
    assert (told.accepted, told.mistaken) == (0, 0)
    assert told.true_accepts > 0.95


def test_the_same_folder_gives_the_same_figures():
    people = office(12, 6)
    assert trials.outsiders(people, Plan()) == trials.outsiders(people, Plan())


def test_with_sessions_only_later_ones_are_tries_of_the_same_person():
    """Session 10 comes after session 9; whoever has one session is tried against the others only."""
    people = office(6, 8, sessions=True)
    people["00"] = [one for one in people["00"] if one.session == "9"]
    compared = trials.one_to_one(people, Plan(3, 1))
    assert compared.genuine.keys() == people.keys() - {"00"}
    assert len(compared.genuine["01"]) == 4 * trials.ROUNDS
    assert len(compared.impostor["00"]) == 1 * 5 * trials.ROUNDS
    assert all(compared.first)
