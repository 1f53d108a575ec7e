"""Every test here may have a kiosk that terminals push to."""

import pytest

from tests.pushed import Office


@pytest.fixture
def office(tmp_path):
    made = []

    def make(**how):
        made.append(Office(tmp_path, **how))
        return made[-1]

    yield make
    for one in made:
        one.end()
