"""Shift files, and the windows that they make on a date in each zone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server import shifts
from sync_server.errors import BadFile
from sync_server.wording import complaint

TEXT = (Path(__file__).parent / "data" / "shifts.toml").read_text(encoding="utf-8")
SHIFTS = shifts.parse(TEXT)

ONE = """schema = "tukin-shifts/1"
[shift.X]
works_on_holidays = false
[shift.X.hours]
{hours}
"""
GOOD = 'start="07:30", end="16:30", open="05:00", split="12:00", close="22:00"'


def refusal(hours: str) -> str:
    with pytest.raises(BadFile) as caught:
        shifts.parse(ONE.format(hours=hours))
    bad = caught.value
    return complaint("en", bad.file, bad.where, bad.code, bad.values)


# What a person from HR reads off the decree, and the same instants in UTC.
@pytest.mark.parametrize(
    ("shift", "day", "zone", "due_in", "due_out"),
    [
        ("REG", "2026-01-13", "WIB", "2026-01-13T00:30Z", "2026-01-13T09:00Z"),  # Tuesday
        ("REG", "2026-01-13", "WITA", "2026-01-12T23:30Z", "2026-01-13T08:00Z"),
        ("REG", "2026-01-13", "WIT", "2026-01-12T22:30Z", "2026-01-13T07:00Z"),
        ("REG", "2026-01-09", "WIB", "2026-01-09T00:30Z", "2026-01-09T09:30Z"),  # Friday
        ("REG_RAMADAN", "2026-03-09", "WIB", "2026-03-09T01:00Z", "2026-03-09T08:00Z"),
        ("REG_RAMADAN", "2026-03-13", "WIB", "2026-03-13T01:00Z", "2026-03-13T08:30Z"),
        ("RS_MALAM", "2026-01-13", "WIB", "2026-01-13T14:00Z", "2026-01-14T00:00Z"),
        ("DAMKAR_24", "2026-01-17", "WITA", "2026-01-17T00:00Z", "2026-01-18T00:00Z"),  # Saturday
        ("RS_PAGI", "2026-12-31", "WIT", "2026-12-30T22:00Z", "2026-12-31T05:00Z"),
    ],
)
def test_hours_are_local_to_the_office(
    shift: str, day: str, zone: str, due_in: str, due_out: str
) -> None:
    window = shifts.window(SHIFTS[shift], date.fromisoformat(day), shifts.zone(zone))
    assert window is not None
    for instant, text in ((window.due_in, due_in), (window.due_out, due_out)):
        assert datetime.fromtimestamp(instant, UTC) == datetime.fromisoformat(text)


@pytest.mark.parametrize("shift", ["REG", "REG_RAMADAN", "LEBONG_4X"])
def test_office_staff_have_no_hours_on_saturday_and_sunday(shift: str) -> None:
    for day in (date(2026, 1, 17), date(2026, 1, 18)):
        assert shifts.window(SHIFTS[shift], day, 420) is None


def test_a_touch_in_the_middle_of_the_day_counts_through_its_last_minute() -> None:
    """10:00 to 10:15 ends with 10:15:59, because minutes are counted by floor everywhere."""
    window = shifts.window(SHIFTS["LEBONG_4X"], date(2026, 1, 13), 420)
    assert window is not None
    eight = window.due_in
    assert window.mid == ((eight + 7200, eight + 7200 + 960), (eight + 18000, eight + 18000 + 960))


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("WIB", 420),
        ("WITA", 480),
        ("WIT", 540),
        ("Asia/Jakarta", 420),
        ("Asia/Makassar", 480),
        ("Asia/Jayapura", 540),
    ],
)
def test_the_three_zones_go_by_their_own_and_their_iana_names(name: str, minutes: int) -> None:
    assert shifts.zone(name) == minutes


def test_another_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone 'wib': write WIB, WITA or WIT"):
        shifts.zone("wib")
    with pytest.raises(ValueError, match="no zone 7 minutes east"):
        shifts.window(SHIFTS["REG"], date(2026, 1, 13), 7)


def test_a_narrower_key_beats_a_wider_one() -> None:
    other = GOOD.replace("16:30", "{}")
    parsed = shifts.parse(
        ONE.format(
            hours="\n".join(
                (
                    f"thu = {{ {other.format('13:00')} }}",
                    f"mon_thu = {{ {other.format('14:00')} }}",
                    f"all = {{ {other.format('15:00')} }}",
                )
            )
        )
    )
    ends = [day.end // 60 for day in parsed["X"].week if day]
    assert ends == [14, 14, 14, 13, 15, 15, 15]


@pytest.mark.parametrize(
    "text", ["16:030:00", "24:00", "7:30", "07:60", "07:30+2", "07.30", "", " 07:30"]
)
@pytest.mark.parametrize("key", ["start", "end", "open", "split", "close"])
def test_a_time_that_is_none_is_refused_with_its_key(key: str, text: str) -> None:
    """A live system ran for years with 16:030:00 in its settings."""
    hours = ", ".join(
        f'{key}="{text}"' if pair.startswith(key) else pair for pair in GOOD.split(", ")
    )
    says = refusal(f"fri = {{ {hours} }}")
    assert f'shift.X.hours.fri.{key}: {text!r} is no time; write "16:30", or "07:00+1"' in says


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (GOOD.replace("05:00", "07:31"), "start '07:30' is not after open '07:31'"),
        (GOOD.replace("12:00", "07:30"), "split '07:30' is not after start '07:30'"),
        (GOOD.replace("16:30", "12:00"), "end '12:00' is not after split '12:00'"),
        (GOOD.replace("22:00", "16:29"), "close '16:29' is not after end '16:30'"),
        (GOOD.replace("16:30", "06:00"), "end '06:00' is not after split '12:00'"),
        (GOOD + ', mid=[["11:00","11:15"]]', "mid: a touch outside split to end"),
        (GOOD + ', mid=[["16:00","16:30"]]', "mid: a touch outside split to end"),
        (GOOD + ', mid=[["13:15","13:00"]]', "mid: touches overlap or run backwards"),
        (GOOD + ', mid=[["13:00","13:15"],["13:15","13:30"]]', "mid: touches overlap"),
        (GOOD + ', mid=[["13:00","13.15"]]', "mid: '13.15' is no time"),
        (GOOD + ", lunch=60", "shift.X.hours.fri: no key is called lunch; correct its spelling"),
        (GOOD.replace('"22:00"', "22"), "shift.X.hours.fri.close: not text; put it in quotes"),
        (GOOD.replace("split=", "spilt="), "no key is called spilt; correct its spelling"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(wrong: str, says: str) -> None:
    assert says in refusal(f"fri = {{ {wrong} }}")


def test_a_night_shift_needs_plus_one_and_the_message_says_so() -> None:
    night = 'start="21:00", end="07:00", open="18:00", split="02:00", close="11:00"'
    says = refusal(f"all = {{ {night} }}")
    assert "shift.X.hours.all: split '02:00' is not after start '21:00'" in says
    assert '"+1" is the next day' in says


def test_a_day_that_is_none_and_a_shift_without_hours_are_refused() -> None:
    assert "shift.X.hours: no day 'jumat'; write one of all, mon_thu" in refusal(
        f"jumat = {{ {GOOD} }}"
    )
    assert "shift.X.hours: no day has hours; add mon_thu" in refusal("")


def test_edges_may_coincide_where_that_makes_sense() -> None:
    """A window may open with the shift and close with its end."""
    hours = 'start="07:30", end="16:30", open="07:30", split="12:00", close="16:30"'
    assert shifts.parse(ONE.format(hours=f"fri = {{ {hours} }}"))["X"].week[4] is not None


@given(
    day=st.dates(date(2000, 1, 1), date(2099, 12, 30)),
    code=st.sampled_from(sorted(SHIFTS)),
    zone=st.sampled_from([420, 480, 540]),
)
def test_a_shift_is_equally_long_everywhere_and_starts_later_in_the_west(
    day: date, code: str, zone: int
) -> None:
    here = shifts.window(SHIFTS[code], day, zone)
    east = shifts.window(SHIFTS[code], day, 540)
    if here is None or east is None:
        assert here is east
        assert day.weekday() >= 5
        return
    assert here.open <= here.due_in < here.split < here.due_out <= here.close
    assert here.due_in - east.due_in == (540 - zone) * 60
    assert here.due_out - here.due_in == east.due_out - east.due_in
    local = datetime.fromtimestamp(here.due_in, UTC) + timedelta(minutes=zone)
    assert local.date() == day
