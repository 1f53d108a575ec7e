"""Where people stand at a moment of the work day. Silence is never an absence."""

import threading
from contextlib import closing
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server import shifts
from sync_server.coverage import Claim
from sync_server.database import Database
from sync_server.live import Boards
from sync_server.live.person import on_now, row
from sync_server.live.reach import CURRENT_S, Machine, Reach
from sync_server.pairing import Absence, PersonDay
from sync_server.retime import Derived
from sync_server.touches import Punch
from tests.ledgers import laid

SHIFTS = shifts.parse(
    """schema = "tukin-shifts/1"
[shift.REG]
works_on_holidays = false
[shift.REG.hours]
all = { start = "07:30", end = "16:00", open = "05:00", split = "12:00", close = "22:00" }
[shift.JAGA]
works_on_holidays = true
[shift.JAGA.hours]
all = { start = "21:00", end = "07:00+1", open = "18:00", split = "02:00+1", close = "11:00+1" }
"""
)
DAY = date(2026, 1, 13)
ZONES = {"WIB": 420, "WITA": 480, "WIT": 540}


def at(hour, minute=0, zone=420, day=DAY):
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp()) - (
        zone * 60
    )


def the_day(*punches, shift="REG", zone=420, day=DAY, **other):
    """Somebody's day with touches at these UTC seconds; coverage as it is before the day is over."""
    made = SHIFTS[shift]
    touches = tuple(
        Punch(f"T01A-1-{no}", "CJ1", "face", Derived(t=t, quality="ok", lo=t, hi=t, method="test"))
        for no, t in enumerate(punches, 1)
    )
    values = {"day_kind": "workday", "works_on_holidays": made.works_on_holidays, "complete": False}
    return PersonDay(
        nip="000000000000001001",
        opd="1.01",
        workdate=day,
        zone=zone,
        shift=shift,
        window=shifts.window(made, day, zone),
        punches=touches,
        **(values | other),
    )


def told(through, *, online=True, waiting=0, trouble=(), since=0):
    """One terminal, read whole up to a UTC second."""
    machine = Machine("CJ1", "T01A", "ZKTeco", through, online, waiting, trouble)
    return Reach((machine,), [Claim("CJ1", since, through)])


def state(day, reach, now):
    return row(day, "Sari", reach, now).state


@pytest.mark.parametrize("zone", ZONES.values(), ids=ZONES)
def test_an_office_s_morning_goes_by_its_own_clock(zone):
    """Before the window, before anybody came, in time, late: the same in WIB, WITA and WIT."""
    read = told(at(7, 40, zone))
    now = at(7, 45, zone)
    assert state(the_day(zone=zone), told(at(4, 50, zone)), at(4, 55, zone)) == "later"
    assert state(the_day(zone=zone), read, now) == "not_yet"
    assert state(the_day(at(7, 30, zone) + 59, zone=zone), read, now) == "here"
    late = row(the_day(at(7, 41, zone), zone=zone), "Sari", read, now)
    assert (late.state, late.late, late.arrived) == ("late", 11, at(7, 41, zone))


@pytest.mark.parametrize(
    "reach",
    [
        Reach((), []),
        told(at(7, 40), online=False),
        told(at(7, 40), waiting=3),
        told(at(7, 40), trouble=("unreachable",)),
        told(at(7, 40), trouble=("a newer kiosk's word",)),
        told(at(7, 45) - CURRENT_S - 1),
        told(at(7, 40), since=at(6)),
        Reach(told(at(7, 40)).machines, told(at(7, 40)).claims, forked=True),
    ],
    ids=["no kiosk", "cut", "backlog", "terminal", "unknown", "old", "hole", "fork"],
)
def test_whoever_has_not_come_is_no_data_where_a_device_may_hold_something(reach):
    assert state(the_day(), reach, at(7, 45)) == "no_data"
    assert state(the_day(at(7, 20)), reach, at(7, 45)) == "here"  # what is known stays known


def test_a_complaint_that_hides_no_attendance_leaves_the_board_alone():
    assert state(the_day(), told(at(7, 40), trouble=("quota_used",)), at(7, 45)) == "not_yet"


def test_after_the_arrival_window_only_a_whole_reading_says_that_nobody_came():
    """And even then it is no absence yet: the day's fact decides that, when the day is over."""
    now = at(13)
    assert state(the_day(), told(at(12, 0)), now) == "missed"
    assert state(the_day(), told(at(12, 0), online=False), now) == "missed"  # what was read stays
    assert state(the_day(), told(at(11, 59)), now) == "not_yet"  # the next claim is on its way
    assert state(the_day(), told(at(11, 59), online=False), now) == "no_data"


def test_whoever_only_left_or_was_excused_is_not_said_to_have_come_in_time():
    """The tile of those who are in and the curve of arrivals count the same people."""
    read, now = told(at(16, 30)), at(16, 40)
    only_left = row(the_day(at(16, 20)), "Sari", read, now)
    assert (only_left.state, only_left.arrived, only_left.left) == ("missed", None, at(16, 20))
    assert state(the_day(excused=("in",)), read, now) == "missed"
    assert state(the_day(at(16, 20)), told(at(16, 30), since=at(9)), now) == "no_data"


def test_letters_and_days_off_come_before_silence():
    cut, now = told(at(7, 40), online=False), at(7, 45)
    whole = [("DL", "duty"), ("CT", "leave")]
    for code, is_so in whole:
        assert state(the_day(absences=(Absence(code, "day"),)), cut, now) == is_so
    half = the_day(absences=(Absence("DL", "in"),))
    assert state(half, cut, now) == "duty"
    assert state(the_day(day_kind="LIBUR_NASIONAL"), cut, now) == "off"


def test_a_punch_without_a_usable_clock_holds_the_person():
    lost = Punch(
        "T01A-1-9",
        "CJ1",
        "face",
        Derived(t=None, quality="unknown", lo=None, hi=None, method="none"),
    )
    held = msgspec.structs.replace(the_day(), punches=(lost,))
    assert state(held, told(at(7, 40)), at(7, 45)) == "held"


def test_a_night_shift_is_yesterday_s_until_its_window_closes():
    yesterday = the_day(shift="JAGA", day=date(2026, 1, 12))
    today = the_day(shift="JAGA")
    assert on_now([yesterday, today], at(6, 30)) is yesterday
    assert on_now([yesterday, today], at(11)) is yesterday
    assert on_now([yesterday, today], at(11, 1)) is today
    assert state(today, told(at(11)), at(11, 1)) == "later"


def test_flexible_hours_make_nobody_late_before_they_are_used_up():
    day = the_day(at(8, 10))
    assert row(day, "Sari", told(at(8)), at(8, 20), grace=90).state == "here"
    assert row(day, "Sari", told(at(8)), at(8, 20), grace=30).state == "late"


@given(
    now=st.integers(at(5), at(21, 59)),
    through=st.integers(at(0), at(22)),
    online=st.booleans(),
    waiting=st.integers(0, 2),
)
def test_nobody_is_ever_said_to_be_missing_past_what_was_read(now, through, online, waiting):
    """Whatever the link did: "missed" stands only on a reading past the arrival window, "not yet" only
    on one of about now from a kiosk that speaks."""
    reach = told(through, online=online, waiting=waiting)
    found = state(the_day(), reach, now)
    if found == "missed":
        assert through >= at(12)
        assert now >= at(12)
    elif found == "not_yet":
        assert online
        assert not waiting
        assert through > now - CURRENT_S
    else:
        assert found == "no_data"


def test_a_board_that_takes_long_keeps_nobody_from_another(tmp_path):
    """Two threads ask; the first is held while it makes its board."""
    with closing(Database(laid(tmp_path / "ledger.db"))) as database:
        boards = Boards(database, lambda: 1_768_000_000.0)
        boards.of(["1.01"])
        with boards._locks["1.01"]:
            other = threading.Thread(target=boards.of, args=[["1.02"]], daemon=True)
            other.start()
            other.join(5)
            assert not other.is_alive()
