"""What every test run shares: bounded property tests and the marks of ./run test --all."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.ledgers import laid
from tests.postgres import MISSING, Postgres, binaries

# Where no bytecode may be kept, the hundreds of processes that tests start compile everything anew,
# and every worker rewrites every test: a third of the quick tests' time.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Shrinking a failure of the codec took minutes; the explain phase is left out for the same reason.
settings.register_profile(
    "hadir",
    deadline=None,
    print_blob=True,
    derandomize=True,  # the same examples for everybody; deeper runs: --hypothesis-seed
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
settings.load_profile("hadir")


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL of this test run; each test asks it for a database of its own."""
    if binaries() is None:
        pytest.skip(MISSING)
    with Postgres() as running:
        yield running


@pytest.fixture(
    params=[
        "SQLite",
        pytest.param("PostgreSQL", marks=pytest.mark.all_only("needs postgresql")),
    ]
)
def ledger_at(request, tmp_path):
    """Where a new ledger may be, once on each database: what a Database is opened with."""
    if request.param == "SQLite":
        return laid(tmp_path / "ledger" / "ledger.db")
    return request.getfixturevalue("postgres").database()


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="also what needs root, Debian or npm")
    parser.addoption(
        "--data",
        metavar="DIR",
        help="face images to try the goals on: DIR/SET/PERSON/*.jpg; a SET-print holds photographs "
        "of the people of SET-live",
    )


# Tests that cut cables, kill programs and wait for clocks want the machine for themselves.
_ALONE = (Path(__file__).parent / "link", Path(__file__).parent / "process")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if set(_ALONE) & set(item.path.parents):
            item.add_marker(pytest.mark.alone)
    if config.getoption("--all"):
        return
    for item in items:
        if mark := item.get_closest_marker("all_only"):
            item.add_marker(pytest.mark.skip(reason=f"{mark.args[0]}: ./run test --all"))
