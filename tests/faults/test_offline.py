"""A kiosk without a link for three months keeps everything, in little room, and brings it in order."""

import pytest

from tests.faults import offline

_MOST = 40_000_000


@pytest.mark.all_only("72,000 touches")
def test_ninety_days_of_two_hundred_people_fit_forty_megabytes_and_arrive_in_order(tmp_path):
    found = offline.lived(tmp_path, days=90)
    assert found.touches == 72_000
    assert found.stored < _MOST, found
    assert found.in_order


def test_three_days_arrive_in_order(tmp_path):
    assert offline.lived(tmp_path, days=3).in_order
