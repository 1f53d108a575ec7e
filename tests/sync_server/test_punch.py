"""What counts once, however often and by whichever way it arrived."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import event
from contract.event import Scan
from sync_server.punch import Key, key, mode
from tests.contract import strategies

NOW = 1_795_000_000  # November 2026
SERIALS = {1: "CJ1", 2: "CJ2"}
DAY = 86_400
FIRST = 1_262_304_000  # 2010-01-01


def scan(t=NOW, *, device=1, pin="17", impossible=False, source="pull"):
    return Scan(device, pin, t, impossible, 0, 1, 0, 0, source)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (scan(), Key("CJ1", "17", NOW)),
        (scan(source="push"), Key("CJ1", "17", NOW)),  # the way does not matter
        (scan(device=2), Key("CJ2", "17", NOW)),
        (scan(pin="A-9"), Key("CJ1", "A-9", NOW)),
        (scan(FIRST), Key("CJ1", "17", FIRST)),
        (scan(FIRST - 1), None),  # a reset clock repeats its seconds
        (scan(946_684_800), None),
        (scan(0), None),
        (scan(NOW + DAY + 14 * 3_600), Key("CJ1", "17", NOW + DAY + 14 * 3_600)),
        (scan(NOW + 2 * DAY + 14 * 3_600), Key("CJ1", "17", NOW + 2 * DAY + 14 * 3_600)),
        (scan(NOW + 2 * DAY + 14 * 3_600 + 1), None),
        (scan(impossible=True), None),
        (scan(device=3), None),  # a device that was never introduced
        (event.LogShifted(1, 3), None),
        (None, None),  # a record that this version cannot read
    ],
)
def test_a_scan_is_told_from_its_repeats_by_device_pin_and_second(record, found):
    assert key(record, SERIALS, NOW) == found


@given(strategies.records, st.integers(0, 2**40))
def test_only_what_was_stamped_between_2010_and_the_day_after_tomorrow_is_merged(record, now):
    found = key(record, SERIALS, now)
    if found:
        assert FIRST <= found.t < now + 3 * DAY
        assert found == Key(SERIALS[record.device], record.pin, record.t)


@pytest.mark.parametrize(
    ("verify", "says"),
    [
        (1, "finger"),
        (15, "face"),
        (20, "face"),
        (21, "code 21"),
        (25, "palm"),
        (29, "palm"),
        (30, "code 30"),
        (0, "code 0"),
        (2, "code 2"),
        (4, "code 4"),
        (14, "code 14"),
        (255, "code 255"),
    ],
)
def test_a_mode_is_named_only_where_the_families_agree_on_its_code(verify, says):
    assert mode(verify) == says
