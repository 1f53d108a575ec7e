"""What a link cannot be is refused before it is made; nobody's ping runs over another one."""

import pytest
from click.testing import CliRunner

from simulators import link


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--loss", "5"), "--loss 0.05 means 5 %"),
        (("--loss", "-0.1"), "--loss 0.05 means 5 %"),
        (("--loss", "nan"), "is not in 0 … 1"),
        (("--doubled", "2"), "--doubled 0.05 means 5 %"),
        (("--reordered", "-1"), "--reordered 0.05 means 5 %"),
        (("--rtt", "-1"), "--rtt"),
        (("--burst", "0"), "--burst"),
        (("--up-bps", "-5"), "--up-bps"),
    ],
)
def test_weather_that_cannot_be_is_wrong_usage(words, says):
    done = CliRunner().invoke(link.main, [*words, "true"])
    assert (done.exit_code, says in done.stderr) == (2, True), done.stderr
