"""Months, local days and figures are read and written in one way everywhere."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server import localtime, written
from sync_server.errors import BadFile


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_month_has_a_first_and_a_last_day(month, first, last):
    assert localtime.month_days(month) == (first, last)
    assert localtime.dates(month) == [first + timedelta(days=n) for n in range(last.day)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-1",
        "0000-01",
        "9999-12",
        "\uff12\uff10\uff12\uff16-01",
        "2026-01\n",
    ],
)
def test_what_is_no_month_is_refused_with_a_cure(text):
    with pytest.raises(BadFile) as caught:
        localtime.month_days(text)
    assert caught.value.code == "not_a_month"


def test_the_newest_months_begin_with_this_one():
    assert localtime.months(date(2026, 2, 28), 3) == ["2026-02", "2026-01", "2025-12"]


@given(st.integers(0, 4_000_000_000), st.sampled_from([0, 420, 480, 540]))
def test_an_office_has_the_day_and_the_clock_of_its_zone(utc, zone):
    there = datetime.fromtimestamp(utc, UTC).astimezone(timezone(timedelta(minutes=zone)))
    assert localtime.day(utc, zone) == there.date() == localtime.at(utc, zone).date()
    begun = localtime.midnight(there.date(), zone)
    assert 0 <= utc - begun < 86_400
    assert localtime.zone(there.isoformat()[-6:]) == zone


@pytest.mark.parametrize(
    ("bp", "text"),
    [
        (0, "0 %"),
        (50, "0,5 %"),
        (125, "1,25 %"),
        (5, "0,05 %"),
        (-150, "-1,5 %"),
        (-25, "-0,25 %"),
        (None, "–"),
    ],
)
def test_percentages_are_written_as_indonesia_writes_them(bp, text):
    assert written.percent(bp) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0"), (2_772_000, "2.772.000"), (-1_500, "-1.500")]
)
def test_rupiah_have_dots_between_the_thousands(amount, text):
    assert written.rupiah(amount) == text
