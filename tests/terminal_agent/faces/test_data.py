"""The goals of recognition and liveness, on folders that somebody brings: ./run test --data DIR."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from terminal_agent.cli import main

ROOT = Path(__file__).parents[3]
ATTACKS = "-print"


def pytest_generate_tests(metafunc):
    [wanted] = {"population", "attack"} & set(metafunc.fixturenames)
    brought = metafunc.config.getoption("--data")
    sets = sorted(one for one in Path(brought).iterdir() if one.is_dir()) if brought else []
    found = [one for one in sets if one.name.endswith(ATTACKS) == (wanted == "attack")]
    nothing = pytest.mark.skip(reason="no folder was brought: ./run test --data DIR")
    cases = found or [pytest.param(None, marks=nothing)]
    metafunc.parametrize(wanted, cases, ids=lambda one: one.name if one else "none")


def told(tmp_path, *words) -> dict:
    """What a command prints as JSON."""
    (tmp_path / "agent.toml").write_text(f'[kiosk]\nstate = "{ROOT}/.hadir"\n')
    command = ["--config", str(tmp_path / "agent.toml"), "face", *map(str, words), "--json"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_population_is_told_apart_and_strangers_stay_strangers(population, tmp_path):
    found = told(tmp_path, "evaluate", population, "--enrol", 3, "--frames", 3)
    assert found["detection_rate"] >= 0.97
    assert found["equal_error_rate"] <= 0.01
    assert found["strangers"]["accepted"] <= 0.005
    assert found["strangers"]["true_accepts"] >= 0.85


def test_no_photograph_passes_the_challenge(attack, tmp_path):
    real = attack.with_name(attack.name.removesuffix(ATTACKS) + "-live")
    found = told(tmp_path, "attack", real, attack)["apcer"]
    assert found["sequences"] > 0
    assert found["with_challenge"] == 0
    assert found["without_challenge"] > 0, "photographs that nobody is taken for prove nothing"
