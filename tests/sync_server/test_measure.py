"""How a decree measures a day: rounding, which touch counts, the assembly, and who is exempt."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server import regulations, shifts
from sync_server.pairing import Absence, pair
from sync_server.touches import Measure, minutes
from tests.sync_server.test_pairing import bounded, instant, person_day, punches, unplaced

SHIFTS = shifts.parse(regulations.text("shifts.toml"))
MONDAY = date(2026, 1, 12)
HOLIDAY = date(2026, 1, 16)


def measured(*locals_, more=(), **measure):
    day = person_day([*punches(*locals_), *more])
    return pair(msgspec.structs.replace(day, measure=Measure(**measure)))


def told(fact):
    return fact.status, fact.late_min, fact.early_min, fact.missing


@pytest.mark.parametrize(
    ("seconds", "locals_", "late", "early"),
    [
        ("floor", ("08:00:59", "15:59:01"), 30, 0),
        ("ceil", ("08:00:59", "15:59:01"), 31, 1),
        ("ceil", ("08:00:00", "15:59:00"), 30, 1),
        ("ceil", ("07:30:00", "16:00:00"), 0, 0),
        ("ceil", ("07:30:01", "15:59:59"), 1, 1),
    ],
)
def test_seconds_are_dropped_or_rounded_up(seconds, locals_, late, early):
    fact = measured(*locals_, seconds=seconds)
    assert (fact.late_min, fact.early_min) == (late, early)


@given(st.integers(-100_000, 100_000))
def test_a_started_minute_counts_whole_or_not_at_all(seconds):
    down, up = (minutes(seconds, Measure(seconds=how)) for how in ("floor", "ceil"))
    assert down == (seconds // 60 if seconds > 0 else 0)
    assert up == (-(-seconds // 60) if seconds > 0 else 0)


def test_the_last_arrival_and_the_first_departure_count_where_a_decree_says_so():
    touched = ("07:20", "07:45", "14:00", "16:10")
    assert told(measured(*touched))[1:3] == (0, 0)
    assert told(measured(*touched, in_event="last"))[1:3] == (15, 0)
    assert told(measured(*touched, out_event="first"))[1:3] == (0, 120)


def test_a_touch_in_doubt_never_takes_the_place_of_the_one_that_counts():
    doubt = bounded("07:00", "07:25")
    fact = measured("07:45", "16:10", more=[doubt], in_event="last")
    assert (fact.late_min, fact.arrival.event) == (15, "T07-000000")
    assert measured("07:45", "16:10", more=[doubt]).late_min == 0


def test_touches_apart_by_more_than_the_decree_s_seconds_are_two():
    touched = ("11:59:00", "12:00:30")
    assert told(measured(*touched)) == ("HADIR", 269, 0, ("out",))
    assert told(measured(*touched, duplicate_s=60)) == ("HADIR", 269, 239, ())


def test_a_punch_with_an_uncertain_clock_holds_the_day_where_a_decree_is_strict():
    doubt = bounded("07:20", "07:50")
    assert told(measured("16:10", more=[doubt])) == ("HADIR", 0, 0, ())
    assert told(measured("16:10", more=[doubt], bounded="hold")) == ("TAHAN_JAM", 0, 0, ("in",))
    assert told(measured("07:10", "16:10", more=[doubt], bounded="hold"))[0] == "HADIR"


def assembly(*locals_, **values):
    """A Monday of the shift with an assembly from 07:30 to 08:00."""
    window = shifts.window(SHIFTS["REG_APEL"], MONDAY, 420)
    more = values.pop("more", ())
    day = person_day([*punches(*locals_, day=MONDAY), *more], day=MONDAY)
    return pair(msgspec.structs.replace(day, window=window, shift="REG_APEL", **values))


@pytest.mark.parametrize(
    ("locals_", "answered"),
    [
        (("07:29:59", "16:00"), "missed"),
        (("07:30", "16:00"), "attended"),
        (("07:10", "08:00:59", "16:00"), "attended"),
        (("07:10", "08:01", "16:00"), "missed"),
        (("16:00",), "missed"),
        ((), None),  # absent all day: that is what counts
    ],
)
def test_a_touch_within_the_window_answers_the_assembly(locals_, answered):
    assert assembly(*locals_).apel == answered


def test_nobody_missed_an_assembly_who_was_excused_or_whose_data_are_not_all_there():
    touched = ("07:10", "16:00")
    assert assembly(*touched, excused=["in"]).apel is None
    assert assembly(*touched, absences=[Absence("DL", "in")]).apel is None
    assert assembly(*touched, absences=[Absence("DL", "day")]).apel is None
    waiting = assembly(*touched, complete=False)
    assert (waiting.status, waiting.apel) == ("TUNGGU_DATA", "missed")
    assert assembly("07:31", "16:00", complete=False).status == "HADIR"
    doubt = unplaced()
    assert assembly(*touched, more=[doubt]).status == "TAHAN_JAM"
    assert pair(person_day(punches(*touched))).apel is None  # a day without one


def test_the_assembly_s_window_is_the_local_time_of_the_office():
    window = shifts.window(SHIFTS["REG_APEL"], MONDAY, 540)
    assert window.apel == (instant("07:30", MONDAY, "WIT"), instant("08:00", MONDAY, "WIT") + 60)
    assert shifts.window(SHIFTS["REG_APEL"], date(2026, 1, 13), 540).apel is None


@pytest.mark.parametrize("day", [date(2026, 1, 13), HOLIDAY, date(2026, 1, 17)])
def test_an_exempt_person_owes_no_day_anything(day):
    for touched in ((), ("09:00",)):
        at = person_day(punches(*touched, day=day), day=day, complete=False)
        fact = pair(msgspec.structs.replace(at, exempt=True))
        assert told(fact) == ("DIKECUALIKAN", 0, 0, ())
