"""What the kiosk knows of its people: names, hours, and what a scan means by them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.command import Member, Window
from contract.command import Staff as Order
from contract.people import nip_mark
from sync_server.retime import Derived
from sync_server.shifts import Window as Hours
from sync_server.touches import Punch, look
from terminal_agent import staff
from terminal_agent.staff import Staff

KEY = bytes(32)
DAY = 1_795_046_400
HOUR = 3_600
OFFICE = Window(
    DAY + 5 * HOUR, DAY + 7 * HOUR + 1800, DAY + 12 * HOUR, DAY + 16 * HOUR, DAY + 20 * HOUR
)
NIGHT = Window(DAY - 4 * HOUR, DAY - 2 * HOUR, DAY + 2 * HOUR, DAY + 6 * HOUR, DAY + 8 * HOUR)
SITI = Member("17", "Siti Rahma", nip_mark(KEY, "1985"), "", 0)
GUARD = Member("18", "Budi", nip_mark(KEY, "1980"), "", 1)
GUEST = Member("19", "Wati", nip_mark(KEY, "1990"))


@pytest.fixture
def keep(tmp_path):
    def write(*members, windows=((OFFICE,), (NIGHT, OFFICE))):
        staff.keep(tmp_path, msgspec.json.encode(Order(1, members, windows)))

    return write


def test_before_the_centre_sent_anybody_nobody_is_known(tmp_path):
    known = Staff.load(tmp_path)
    assert known.by_pin("17") is None
    assert known.touch("17", DAY) == (True, "recorded", 0)


def test_people_are_found_by_pin_and_by_a_nip_that_only_this_kiosk_can_look_up(tmp_path, keep):
    keep(SITI, GUARD)
    known = Staff.load(tmp_path)
    assert known.by_pin("17") == SITI
    assert known.by_nip(KEY, "1985") == SITI
    assert known.by_nip(bytes([1]) * 32, "1985") is None


def test_a_new_list_counts_at_once_and_a_damaged_one_changes_nothing(tmp_path, keep):
    known = Staff.load(tmp_path)
    keep(SITI)
    assert known.by_pin("17")
    keep(GUARD)
    assert known.by_pin("17") is None
    (tmp_path / "staff.json").write_bytes(b'{"do":"sta')
    assert known.by_pin("18") == GUARD


@pytest.mark.parametrize(
    ("t", "meant"),
    [
        (OFFICE.opens, (True, "recorded", 0)),
        (OFFICE.due_in, (True, "recorded", 0)),
        (OFFICE.due_in + 59, (True, "recorded", 0)),
        (OFFICE.due_in + 60, (True, "late", 1)),
        (OFFICE.split - 1, (True, "late", 269)),
        (OFFICE.split, (False, "early", 240)),
        (OFFICE.due_out - 60, (False, "early", 1)),
        (OFFICE.due_out - 59, (False, "recorded", 0)),
        (OFFICE.closes, (False, "recorded", 0)),
        (OFFICE.closes + 1, (True, "recorded", 0)),
    ],
)
def test_minutes_count_as_whole_ones_and_only_within_the_days_hours(tmp_path, keep, t, meant):
    keep(SITI)
    assert Staff.load(tmp_path).touch("17", t) == meant


def test_where_a_night_ends_as_the_next_day_opens_the_nearer_hour_was_meant(tmp_path, keep):
    keep(GUARD)
    known = Staff.load(tmp_path)
    assert known.touch("18", NIGHT.due_out + 300) == (False, "recorded", 0)
    assert known.touch("18", OFFICE.due_in - 300) == (True, "recorded", 0)


def test_somebody_without_hours_is_only_recorded(tmp_path, keep):
    keep(GUEST)
    assert Staff.load(tmp_path).touch("19", OFFICE.due_in + HOUR) == (True, "recorded", 0)


@given(st.integers(OFFICE.opens, OFFICE.closes))
def test_the_screen_counts_minutes_as_the_centre_does(tmp_path_factory, t):
    """What a person reads is what will be paid on."""
    folder = tmp_path_factory.mktemp("state")
    staff.keep(folder, msgspec.json.encode(Order(1, (SITI,), ((OFFICE,),))))
    arrival, state, minutes = Staff.load(folder).touch("17", t)
    hours = Hours(OFFICE.opens, OFFICE.due_in, OFFICE.split, OFFICE.due_out, OFFICE.closes)
    seen = look([Punch("e", "CJ1", "finger", Derived(t, t, t, "ok", "device"))], hours)
    assert (seen.arrival is not None) == arrival
    assert minutes == (seen.late if arrival else seen.early)
    assert state == ("recorded" if not minutes else "late" if arrival else "early")
