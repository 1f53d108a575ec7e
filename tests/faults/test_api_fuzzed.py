"""Whatever a program asks of /api/v1, it is answered or refused; the server never breaks over it."""

from collections import Counter

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings

from sync_server.accounts import tokens
from sync_server.config import Config, Web
from sync_server.web.app import build
from sync_server.web.place import Place
from tests.region import ACCOUNTS, NOW, Region

pytestmark = pytest.mark.all_only("asks the API some hundred strange questions")

_PACE = settings(
    max_examples=10,  # of each operation and role
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    home = Region(tmp_path_factory.mktemp("region")).whole()
    yield home
    home.close()


@pytest.fixture(scope="module")
def app(region):
    return build(Place(region.database, region.wall, Config(web=Web(title="Kabupaten Contoh"))))


@pytest.fixture(scope="module")
def keys(region):
    """A key of each role's account; "" is nobody."""
    with region.database.writing() as tx:
        made = {role: tokens.make(tx, ACCOUNTS[role][0], "uji", NOW, 30) for role in ACCOUNTS}
    return made | {"": ""}


@pytest.fixture(scope="module")
def api(app):
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


def asked(operation, ask):
    """Many cases of an operation."""

    @_PACE
    @given(case=operation.as_strategy())
    def every(case):
        ask(case)

    every()


@pytest.mark.parametrize("role", ["bkpsdm", "admin", "kepala", ""])
def test_no_question_breaks_the_server(api, keys, role):
    """Hypothesis draws the same questions for everybody; --hypothesis-seed draws others."""
    headers = {"Authorization": f"Bearer {keys[role]}"} if keys[role] else {}
    answers: Counter = Counter()

    def ask(case):
        answer = case.call(headers=headers)
        answers[answer.status_code // 100] += 1
        assert answer.status_code < 500, f"{case.as_curl_command()}: {answer.text[:300]}"

    for found in api.get_all_operations():
        asked(found.ok(), ask)
    assert answers[4] > 20, answers
    assert not role or answers[2], f"nothing that {role} asked was answered: {answers}"


def test_a_server_that_breaks_over_a_question_is_found():
    """The test above can fail: this one breaks over half of all numbers."""
    broken = FastAPI()

    @broken.get("/half/{number}")
    def half(number: int) -> float:
        return 1 / (number % 2)

    api = schemathesis.openapi.from_asgi("/openapi.json", broken)
    [operation] = [found.ok() for found in api.get_all_operations()]

    with pytest.raises(ZeroDivisionError):
        asked(operation, lambda case: case.call())
