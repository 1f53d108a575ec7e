"""The simulated office journals what a kiosk journals, and its figures are those it promises."""

import math
from collections import Counter

import pytest

from contract.event import Clock, Configuration, Covered, Device, Epoch, Scan
from simulators import staff

OFFICES = (30, 60, 120, 200)


@pytest.fixture(scope="module", params=OFFICES)
def office(request):
    """(how many staff, what their kiosk journals in 22 working days)."""
    return request.param, list(staff.records("T07A", request.param, 22, seed=1))


def of(records, kind):
    return [record for record in records if isinstance(record, kind)]


def test_the_same_seed_is_the_same_office():
    assert list(staff.records("T07A", 30, 2, 5)) == list(staff.records("T07A", 30, 2, 5))
    assert list(staff.records("T07A", 30, 2, 5)) != list(staff.records("T07A", 30, 2, 6))


def test_a_journal_begins_as_a_new_kiosk_does(office):
    size, records = office
    kinds = [type(record) for record in records[: 3 + staff.devices(size)]]
    assert kinds == [Epoch, Clock, Configuration, *[Device] * staff.devices(size)]


def test_a_working_day_has_as_many_scans_as_people_make(office):
    size, records = office
    per_day = len(of(records, Scan)) / 22
    assert per_day == pytest.approx(size * 0.92 * 3.6 * 1.07, rel=0.05)


def test_most_scans_are_committed_within_three_seconds(office):
    lags = Counter(scan.lag for scan in of(office[1], Scan))
    soon = sum(lags[lag] for lag in range(4)) / lags.total()
    assert 0.8 < soon < 0.9
    assert max(lags) > 30, "a terminal was out of reach once"


def test_every_hour_of_every_device_is_covered(office):
    size, records = office
    covered = of(records, Covered)
    assert len(covered) >= 22 * 23 * staff.devices(size)
    for device in range(1, staff.devices(size) + 1):
        own = [record for record in covered if record.device == device]
        assert sorted(own, key=lambda record: record.through) == own
        scans = sum(scan.device == device for scan in of(records, Scan))
        assert own[-1].count - own[0].count == scans


def test_lags_lead_back_to_one_instant_of_the_kiosk():
    """t + lag is the commit on the terminal's clock: within a poll all scans agree on it."""
    played = list(staff.journal("T07A", 60, 3, 1))
    offsets = {}
    for at, record in played:
        if isinstance(record, Clock):
            offsets = dict(record.offsets)
        if isinstance(record, Scan):
            assert abs(record.t + record.lag - at - offsets[record.device] / 1000) <= 2


def test_a_day_starts_at_midnight_and_is_in_order():
    moments = [at for at, _ in staff.day("T07A", 100, 3)]
    assert moments == sorted(moments)
    assert 0 <= moments[0] < 60
    assert 300 < len(moments) < 500


def test_the_bound_is_that_of_the_moments_and_little_more():
    """A person's moment of a session is worth about 10.6 bits, the lag 2 to 3."""
    for size in OFFICES:
        assert 13 < staff.entropy(size) < 15
    moment = math.log2(360 * math.sqrt(2 * math.pi * math.e))
    assert moment == pytest.approx(10.54, abs=0.01)
