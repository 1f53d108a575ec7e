"""One person's day, from punches to the fact that a pay rule will read."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync_server import calendar, shifts
from sync_server.fact import COLUMNS, Fact, row, to_json
from sync_server.pairing import Absence, PersonDay, pair
from sync_server.retime import Derived
from sync_server.touches import Punch

DATA = Path(__file__).parent / "data"
SHIFTS = shifts.parse((DATA / "shifts.toml").read_text(encoding="utf-8"))
YEAR = calendar.parse((DATA / "calendar.toml").read_text(encoding="utf-8"))
TUESDAY = date(2026, 1, 13)


def person_day(
    punches: Sequence[Punch] = (),
    *,
    shift: str = "REG",
    day: date = TUESDAY,
    zone: str = "WIB",
    complete: bool = True,
    behind: Sequence[str] = (),
    absences: Sequence[Absence] = (),
    excused: Sequence[str] = (),
) -> PersonDay:
    """A day as the roster and the calendar of this test's year have it."""
    applies = SHIFTS[YEAR.shift_on(shift, day)]
    return PersonDay(
        nip="199001012015031001",
        opd="1.02.01",
        workdate=day,
        zone=shifts.zone(zone),
        shift=applies.code,
        window=shifts.window(applies, day, shifts.zone(zone)),
        day_kind=YEAR.day_kind(day),
        works_on_holidays=applies.works_on_holidays,
        punches=punches,
        complete=complete,
        behind=behind,
        absences=absences,
        excused=excused,
    )


def instant(local: str, day: date = TUESDAY, zone: str = "WIB") -> int:
    """UTC seconds of "07:30", "07:30:59" or "07:00+1" on a local day."""
    text, _, later = local.partition("+")
    clock = datetime.strptime(text.ljust(8, "x").replace("xxx", ":00"), "%H:%M:%S")  # noqa: DTZ007
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(minutes=shifts.zone(zone))
    since = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
    return int((at + since + timedelta(days=int(later or 0))).timestamp())


def punches(*locals_: str, day: date = TUESDAY, zone: str = "WIB") -> list[Punch]:
    return [
        Punch(f"T07-{n:06}", "T07", "finger", sure(instant(local, day, zone)))
        for n, local in enumerate(locals_)
    ]


def sure(t: int) -> Derived:
    return Derived(t, t - 4, t + 4, "ok", "device")


def bounded(first: str, last: str, event: str = "T07-000900") -> Punch:
    return Punch(
        event,
        "T07",
        "finger",
        Derived(None, instant(first), instant(last), "bounded", "device clock set"),
        "07:40:00",
    )


def unplaced(first: str | None = None, last: str | None = None) -> Punch:
    lo = instant(first) if first else None
    hi = instant(last) if last else None
    return Punch("T07-000999", "T07", "finger", Derived(None, lo, hi, "unknown", "impossible"))


def minutes(fact: Fact) -> tuple[int, int]:
    return fact.late_min, fact.early_min


# One line is one day of one person: shift, date, zone, what was touched (local), what it must be.
TABLE = [
    ("office, on time", "REG", "2026-01-13", "WIB", "07:24 16:03", "HADIR", 0, 0, ""),
    ("office, at the second", "REG", "2026-01-13", "WIB", "07:30 16:00", "HADIR", 0, 0, ""),
    ("59 seconds are no minute", "REG", "2026-01-13", "WIB", "07:30:59 15:59:01", "HADIR", 0, 0, ""),
    ("60 seconds are one", "REG", "2026-01-13", "WIB", "07:31 15:59", "HADIR", 1, 1, ""),
    ("late and early", "REG", "2026-01-13", "WIB", "08:31 15:29:59", "HADIR", 61, 30, ""),
    ("forgot to leave", "REG", "2026-01-13", "WIB", "07:20", "HADIR", 0, 0, "out"),
    ("forgot to arrive", "REG", "2026-01-13", "WIB", "16:01", "HADIR", 0, 0, "in"),
    ("nobody came", "REG", "2026-01-13", "WIB", "", "TK", 0, 0, "in out"),
    ("too early counts for nothing", "REG", "2026-01-13", "WIB", "04:59:59", "TK", 0, 0, "in out"),
    ("too late counts for nothing", "REG", "2026-01-13", "WIB", "22:00:01", "TK", 0, 0, "in out"),
    ("first in, last out", "REG", "2026-01-13", "WIB", "07:20 08:10 14:00 16:05", "HADIR", 0, 0, ""),
    ("a midday touch is a departure if it stays the last", "REG", "2026-01-13", "WIB",
     "07:20 12:10", "HADIR", 0, 230, ""),
    ("noon is the afternoon's", "REG", "2026-01-13", "WIB", "12:00", "HADIR", 0, 240, "in"),
    ("a second before noon is the morning's", "REG", "2026-01-13", "WIB", "11:59:59",
     "HADIR", 269, 0, "out"),
    ("Friday ends at 16:30", "REG", "2026-01-09", "WIB", "07:25 16:00", "HADIR", 0, 30, ""),
    ("WITA", "REG", "2026-01-13", "WITA", "07:45 16:01", "HADIR", 15, 0, ""),
    ("WIT", "REG", "2026-01-13", "WIT", "07:24 16:01", "HADIR", 0, 0, ""),
    ("Ramadan Monday", "REG", "2026-03-09", "WIB", "08:00 15:00", "HADIR", 0, 0, ""),
    ("Ramadan Friday ends at 15:30", "REG", "2026-03-13", "WIB", "08:05 15:00", "HADIR", 5, 30, ""),
    ("first day after Ramadan", "REG", "2026-03-25", "WIB", "08:00 16:00", "HADIR", 30, 0, ""),
    ("Saturday", "REG", "2026-01-17", "WIB", "07:20 16:00", "LIBUR_JADWAL", 0, 0, ""),
    ("a holiday on a Saturday", "REG", "2026-03-21", "WIB", "", "LIBUR_JADWAL", 0, 0, ""),
    ("holiday", "REG", "2026-01-16", "WIB", "", "LIBUR_NASIONAL", 0, 0, ""),
    ("holiday, came all the same", "REG", "2026-01-16", "WIB", "09:10", "LIBUR_NASIONAL", 0, 0, ""),
    ("joint leave", "REG", "2026-03-20", "WIB", "", "CUTI_BERSAMA", 0, 0, ""),
    ("holiday, hospital", "RS_PAGI", "2026-01-16", "WIB", "07:10 14:00", "HADIR", 10, 0, ""),
    ("joint leave, hospital, nobody came", "RS_PAGI", "2026-03-20", "WIB", "", "TK", 0, 0, "in out"),
    ("night", "RS_MALAM", "2026-01-13", "WIB", "20:48 06:32+1", "HADIR", 0, 28, ""),
    ("night, arrived after midnight", "RS_MALAM", "2026-01-13", "WIB", "00:10+1 07:00+1",
     "HADIR", 190, 0, ""),
    ("night, went home before the split", "RS_MALAM", "2026-01-13", "WIB", "20:48 01:00+1",
     "HADIR", 0, 0, "out"),
    ("night of New Year's Eve", "RS_MALAM", "2026-12-31", "WIT", "20:59 07:01+1", "HADIR", 0, 0, ""),
    ("24 hours", "DAMKAR_24", "2026-01-13", "WIB", "07:58 08:01+1", "HADIR", 0, 0, ""),
    ("24 hours on a Sunday in WITA", "DAMKAR_24", "2026-01-18", "WITA", "08:20 07:40+1",
     "HADIR", 20, 20, ""),
    ("four touches", "LEBONG_4X", "2026-01-13", "WIB", "07:50 10:05 13:15:59 16:02",
     "HADIR", 0, 0, ""),
    ("four touches, one forgotten", "LEBONG_4X", "2026-01-13", "WIB", "07:50 13:00 16:02",
     "HADIR", 0, 0, "mid"),
    ("four touches, one a minute late", "LEBONG_4X", "2026-01-13", "WIB",
     "07:50 10:16 13:00 16:02", "HADIR", 0, 0, "mid"),
    ("four touches, the last forgotten", "LEBONG_4X", "2026-01-13", "WIB", "07:50 10:05 13:05",
     "HADIR", 0, 0, "out"),
    ("four touches, seen only in between: not absent", "LEBONG_4X", "2026-01-13", "WIB",
     "10:05 13:05", "HADIR", 0, 0, "in out"),
    ("four touches, none", "LEBONG_4X", "2026-01-13", "WIB", "", "TK", 0, 0, "in mid out"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "shift", "day", "zone", "touched", "status", "late", "early", "missing"), TABLE
)
def test_a_day_is_what_the_decree_says(
    title: str, shift: str, day: str, zone: str, touched: str, status: str, late: int, early: int,
    missing: str,
) -> None:  # fmt: skip
    when = date.fromisoformat(day)
    fact = pair(
        person_day(punches(*touched.split(), day=when, zone=zone), shift=shift, day=when, zone=zone)
    )
    assert (fact.status, *minutes(fact)) == (status, late, early), title
    assert " ".join(fact.missing) == missing, title


# Precedence: the first line that applies decides.


def test_a_holiday_comes_before_leave() -> None:
    day = date(2026, 1, 16)
    fact = pair(person_day(day=day, absences=[Absence("CT", "day")], complete=False))
    assert fact.status == "LIBUR_NASIONAL"


def test_leave_comes_before_an_unusable_clock_and_before_missing_data() -> None:
    fact = pair(person_day([unplaced()], absences=[Absence("CS", "day")], complete=False))
    assert (fact.status, fact.absence, fact.missing) == ("SAH", "CS", ())
    assert fact.flags == ("unplaced",)


def test_an_unusable_clock_comes_before_missing_data() -> None:
    assert pair(person_day([unplaced()], complete=False)).status == "TAHAN_JAM"


def test_a_scan_on_a_day_off_or_on_leave_is_kept_and_flagged() -> None:
    holiday = pair(person_day(punches("09:10", day=date(2026, 1, 16)), day=date(2026, 1, 16)))
    leave = pair(person_day(punches("09:10"), absences=[Absence("CT", "day")]))
    for fact in (holiday, leave):
        assert (fact.flags, fact.evidence, minutes(fact)) == (("touched",), ("T07-000000",), (0, 0))


def test_no_scan_is_an_absence_only_when_every_device_was_read() -> None:
    waiting = pair(person_day(complete=False, behind=["CKX9", "CKX2"]))
    assert (waiting.status, waiting.coverage) == ("TUNGGU_DATA", "incomplete")
    assert waiting.behind == ("CKX2", "CKX9")
    assert pair(person_day(complete=True)).status == "TK"


def test_a_missing_departure_waits_for_data_and_costs_no_minutes_meanwhile() -> None:
    fact = pair(person_day(punches("08:31"), complete=False))
    assert (fact.status, fact.missing, minutes(fact)) == ("TUNGGU_DATA", ("out",), (0, 0))


def test_a_whole_day_needs_no_coverage() -> None:
    fact = pair(person_day(punches("07:41", "16:00"), complete=False))
    assert (fact.status, fact.coverage, minutes(fact)) == ("HADIR", "incomplete", (11, 0))


# Absences and corrections.


def test_duty_travel_from_noon_replaces_the_departure() -> None:
    fact = pair(person_day(punches("07:41"), absences=[Absence("DL", "out")]))
    assert (fact.status, fact.missing, minutes(fact)) == ("HADIR", (), (11, 0))
    assert (fact.absence, fact.absence_in, fact.absence_out) == (None, None, "DL")


def test_a_morning_absence_replaces_the_arrival_even_where_there_is_one() -> None:
    fact = pair(person_day(punches("10:00", "16:00"), absences=[Absence("IZ", "in")]))
    assert (fact.status, minutes(fact), fact.absence_in) == ("HADIR", (0, 0), "IZ")
    assert fact.arrival is not None


def test_half_an_absence_still_waits_for_data() -> None:
    fact = pair(person_day(punches("07:20"), absences=[Absence("DL", "out")], complete=False))
    assert (fact.status, fact.missing) == ("TUNGGU_DATA", ("out",))


def test_half_an_absence_and_nothing_else_leaves_the_other_half_missing() -> None:
    fact = pair(person_day(absences=[Absence("DL", "out")]))
    assert (fact.status, fact.missing) == ("HADIR", ("in",))


def test_two_halves_are_a_whole_absence() -> None:
    fact = pair(person_day(absences=[Absence("DL", "out"), Absence("IZ", "in")]))
    assert (fact.status, fact.missing, fact.absence) == ("SAH", (), None)


def test_two_full_day_absences_are_flagged() -> None:
    fact = pair(person_day(absences=[Absence("DL", "day"), Absence("CT", "day")]))
    assert (fact.absence, fact.flags) == ("CT", ("absences_overlap",))


def test_a_forgiven_departure_is_not_missing_and_waits_for_nothing() -> None:
    """The device was broken, so its data will never come; two people have signed for it."""
    fact = pair(person_day(punches("07:20"), excused=["out"], complete=False))
    assert (fact.status, fact.missing, fact.excused) == ("HADIR", (), ("out",))


def test_a_forgiven_arrival_has_no_late_minutes() -> None:
    """Forgot to touch on arrival, touched at 09:00: the 09:00 is not the arrival."""
    fact = pair(person_day(punches("09:00", "16:00"), excused=["in"]))
    assert minutes(fact) == (0, 0)


def test_whoever_is_forgiven_both_ends_was_there() -> None:
    fact = pair(person_day(excused=["in", "out"]))
    assert (fact.status, fact.missing) == ("HADIR", ())


# One touch.


def test_finger_then_face_four_seconds_later_is_one_touch() -> None:
    fact = pair(person_day(punches("07:29", "07:29:04")))
    assert fact.missing == ("out",)
    assert fact.evidence == ("T07-000000", "T07-000001")


def test_two_touches_across_noon_within_two_minutes_are_one() -> None:
    alone = pair(person_day(punches("11:59:30", "12:01:30")))
    assert alone.missing == ("out",)
    assert alone.arrival is not None
    assert alone.arrival.event == "T07-000000"
    apart = pair(person_day(punches("11:59:29", "12:01:30")))
    assert apart.missing == ()
    leaving = pair(person_day(punches("07:20", "11:59:30", "12:01:30")))
    assert leaving.departure is not None
    assert (leaving.departure.event, minutes(leaving)) == ("T07-000002", (0, 238))


def test_the_last_of_several_touches_when_leaving_counts() -> None:
    fact = pair(person_day(punches("07:20", "15:58:30", "16:00:10")))
    assert minutes(fact) == (0, 0)


# Clocks.


def test_an_interval_is_decided_for_the_employee_and_flagged() -> None:
    fact = pair(person_day([bounded("07:20", "07:50"), *punches("16:05")]))
    assert (fact.status, minutes(fact), fact.flags) == ("HADIR", (0, 0), ("in_bounded",))
    assert fact.arrival is not None
    assert (fact.arrival.clock, fact.arrival.raw) == ("bounded", "07:40:00")
    assert fact.arrival.hi is not None
    assert fact.arrival.hi.timestamp() == instant("07:50")


def test_an_interval_that_is_late_at_its_best_is_late() -> None:
    assert minutes(pair(person_day([bounded("07:40", "08:50"), *punches("16:05")]))) == (10, 0)


def test_an_interval_may_be_better_than_a_sure_later_touch() -> None:
    fact = pair(person_day([bounded("06:30", "07:50"), *punches("07:45", "16:05")]))
    assert (minutes(fact), fact.flags) == ((0, 0), ("in_bounded",))


def test_an_arrival_s_best_case_is_no_earlier_than_the_window() -> None:
    fact = pair(person_day([bounded("03:00", "05:40"), *punches("16:05")]))
    assert fact.arrival is not None
    assert fact.arrival.t.timestamp() == instant("05:00")


def test_a_departure_s_best_case_is_its_end_within_the_window() -> None:
    fact = pair(person_day([*punches("07:20"), bounded("15:00", "16:20")]))
    assert (minutes(fact), fact.flags) == ((0, 0), ("out_bounded",))
    beyond = pair(person_day([*punches("07:20"), bounded("21:00", "23:00")]))
    assert beyond.departure is not None
    assert beyond.departure.t.timestamp() == instant("22:00")


def test_an_interval_over_noon_fills_the_checkpoint_that_is_missing() -> None:
    arriving = pair(person_day([bounded("11:00", "13:00"), *punches("16:05")]))
    leaving = pair(person_day([bounded("11:00", "13:00"), *punches("07:20")]))
    alone = pair(person_day([bounded("11:00", "13:00")]))
    assert (arriving.missing, leaving.missing, alone.missing) == ((), (), ("out",))


def test_a_sure_touch_is_preferred_where_both_cost_nothing() -> None:
    fact = pair(person_day([*punches("07:20", "16:00"), bounded("06:00", "08:00")]))
    assert fact.arrival is not None
    assert (fact.arrival.event, fact.flags) == ("T07-000000", ())


def test_one_doubtful_touch_twice_is_not_an_arrival_and_a_departure() -> None:
    twice = [bounded("11:00", "13:00"), bounded("11:00:04", "13:00:04", "T07-000901")]
    assert pair(person_day(twice)).missing == ("out",)


def test_a_doubtful_touch_may_fill_a_checkpoint_in_the_middle_of_the_day() -> None:
    day = person_day(
        [*punches("07:50", "10:05", "16:02"), bounded("12:30", "13:10")], shift="LEBONG_4X"
    )
    fact = pair(day)
    assert (fact.missing, fact.flags) == ((), ("mid_bounded",))
    assert [bool(one) for one in fact.mid] == [True, True]


def test_a_doubtful_touch_fills_one_checkpoint_only() -> None:
    """It may be any of both in the middle of the day, or the departure, but not two of them."""
    either = bounded("10:10", "13:05")
    day = person_day([*punches("07:50", "16:02"), either], shift="LEBONG_4X")
    assert [bool(one) for one in pair(day).mid] == [True, False]
    late = bounded("12:30", "16:30")
    leaving = pair(person_day([*punches("07:50", "10:05"), late], shift="LEBONG_4X"))
    assert (leaving.missing, leaving.flags) == (("mid",), ("out_bounded",))


def test_a_sure_touch_in_the_middle_of_the_day_is_preferred_to_a_doubtful_one() -> None:
    day = [*punches("07:50", "10:05", "13:05", "16:02"), bounded("09:58", "10:10")]
    assert pair(person_day(day, shift="LEBONG_4X")).flags == ()


@pytest.mark.parametrize(
    ("title", "touched", "doubtful", "status"),
    [
        ("nothing else that day", "", unplaced(), "TAHAN_JAM"),
        ("the departure is missing", "07:20", unplaced(), "TAHAN_JAM"),
        ("the arrival is late", "08:00 16:00", unplaced(), "TAHAN_JAM"),
        ("the departure is early", "07:20 15:00", unplaced(), "TAHAN_JAM"),
        ("complete and on time: it can add nothing", "07:20 16:00", unplaced(), "HADIR"),
        ("it was stored before the window opened", "", unplaced(last="04:59:59"), "TK"),
        ("it came after the window closed", "", unplaced(first="22:00:01"), "TK"),
        ("at the window's last second", "", unplaced(first="22:00"), "TAHAN_JAM"),
        ("only the afternoon, and the arrival is late", "08:00 16:00",
         unplaced("12:00", "15:00"), "HADIR"),
        ("it came after the late arrival", "08:00 16:00", unplaced("08:00", "09:00"), "HADIR"),
        ("it may have been before the late arrival", "08:00 16:00",
         unplaced("07:00", "09:00"), "TAHAN_JAM"),
        ("not before noon, and only the arrival is missing", "16:00",
         unplaced("12:00", "15:00"), "HADIR"),
        ("no later than the early departure", "07:20 15:00", unplaced("12:00", "15:00"), "HADIR"),
        ("before the early departure", "07:20 15:00", unplaced("12:00", "14:59"), "HADIR"),
        ("only the morning, and the departure is missing", "07:20",
         unplaced("06:00", "11:59:59"), "HADIR"),
    ],
)  # fmt: skip
def test_a_punch_without_a_usable_clock_holds_the_day_only_where_it_could_better_it(
    title: str, touched: str, doubtful: Punch, status: str
) -> None:
    fact = pair(person_day([*punches(*touched.split()), doubtful]))
    assert fact.status == status, title
    if status == "TAHAN_JAM":
        assert (fact.flags, minutes(fact)) == (("unplaced",), (0, 0))
        assert "T07-000999" in fact.evidence


def test_a_held_checkpoint_in_the_middle_of_the_day() -> None:
    touched = punches("07:50", "10:05", "16:02")
    early = pair(person_day([*touched, unplaced("11:00", "12:59")], shift="LEBONG_4X"))
    within = pair(person_day([*touched, unplaced("11:00", "13:00")], shift="LEBONG_4X"))
    last = pair(person_day([*touched, unplaced("13:15:59", "14:00")], shift="LEBONG_4X"))
    late = pair(person_day([*touched, unplaced("13:16", "14:00")], shift="LEBONG_4X"))
    assert (early.status, within.status) == ("HADIR", "TAHAN_JAM")
    assert (last.status, late.status) == ("TAHAN_JAM", "HADIR")


def test_a_forgiven_or_absent_checkpoint_is_not_held() -> None:
    day = [*punches("07:20"), unplaced()]
    assert pair(person_day(day, excused=["out"])).status == "HADIR"
    late = [*punches("09:00", "16:00"), unplaced()]
    assert pair(person_day(late, excused=["in"])).status == "HADIR"
    assert pair(person_day(day, absences=[Absence("DL", "out")])).status == "HADIR"


# The bytes.

SHOWN = pair(
    person_day(
        [
            Punch("T07-000123", "T07", "face", sure(instant("08:31"))),
            Punch(
                "T07-000188",
                "T07",
                "finger",
                Derived(instant("15:29:59"), 0, 0, "corrected", "device offset"),
                "15:52:10",
            ),
        ]
    )
)


def test_the_fact_reads_as_the_feed_promises() -> None:
    assert json.loads(to_json(SHOWN)) == {
        "schema": "tukin-fact/1",
        "nip": "199001012015031001",
        "opd": "1.02.01",
        "workdate": "2026-01-13",
        "tz": "+07:00",
        "shift": "REG",
        "due_in": "2026-01-13T00:30:00Z",
        "due_out": "2026-01-13T09:00:00Z",
        "in": {
            "t": "2026-01-13T01:31:00Z",
            "event": "T07-000123",
            "terminal": "T07",
            "mode": "face",
            "clock": "ok",
        },
        "out": {
            "t": "2026-01-13T08:29:59Z",
            "event": "T07-000188",
            "terminal": "T07",
            "mode": "finger",
            "clock": "corrected",
            "raw": "15:52:10",
        },
        "mid": [],
        "late_min": 61,
        "early_min": 30,
        "missing": [],
        "status": "HADIR",
        "absence": None,
        "absence_in": None,
        "absence_out": None,
        "excused": [],
        "apel": None,
        "coverage": "complete",
        "behind": [],
        "evidence": ["T07-000123", "T07-000188"],
        "flags": [],
        "engine": "pairing/2",
        "retime": "retime/2",
    }


def test_a_fact_comes_back_from_its_bytes_unchanged() -> None:
    assert msgspec.json.decode(to_json(SHOWN), type=Fact) == SHOWN


def test_a_table_has_the_same_columns_for_every_fact_and_keeps_nip_as_text() -> None:
    four = pair(person_day(punches("07:50", "13:05"), shift="LEBONG_4X", complete=False))
    for fact in (SHOWN, four, pair(person_day(day=date(2026, 1, 17)))):
        assert tuple(row(fact)) == COLUMNS
        assert all(isinstance(cell, str) for cell in row(fact).values())
    cells = row(four)
    assert (cells["nip"], cells["in_event"], cells["out_t"]) == (
        "199001012015031001",
        "T07-000000",
        "",
    )
    assert (cells["mid"], cells["missing"]) == ("- 2026-01-13T06:05:00Z", "mid out")


# Properties.

SPAN = st.integers(instant("03:00"), instant("23:59"))


@st.composite
def derivations(draw) -> Derived:
    quality = draw(st.sampled_from(["ok", "ok", "corrected", "bounded", "unknown"]))
    t = draw(SPAN)
    if quality == "bounded":
        return Derived(None, t, t + draw(st.integers(1, 10_800)), quality, "m")
    if quality == "unknown":
        lo, hi = draw(st.none() | st.just(t)), draw(st.none() | st.just(t + 3600))
        return Derived(None, lo, hi, quality, "m")
    return Derived(t, t - 4, t + 4, quality, "m")


DAYS = st.lists(derivations(), max_size=7).map(
    lambda all_: [Punch(f"T07-{n:06}", "T07", "face", one) for n, one in enumerate(all_)]
)
OFFICE = st.sampled_from(["REG", "LEBONG_4X", "DAMKAR_24"])


@given(DAYS, OFFICE, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_punches_never_changes_the_fact(
    day: list[Punch], shift: str, complete: bool, random
) -> None:
    shuffled = day.copy()
    random.shuffle(shuffled)
    absences = [Absence("DL", "out"), Absence("CT", "in"), Absence("CS", "in")]
    one = person_day(day, shift=shift, complete=complete, absences=absences)
    two = person_day(shuffled, shift=shift, complete=complete, absences=absences[::-1])
    assert to_json(pair(one)) == to_json(pair(two))


@given(
    st.lists(SPAN, max_size=5),
    st.integers(instant("05:00"), instant("11:59:59")),
    st.integers(0, 7 * 3600),
)
def test_who_arrives_later_is_never_less_late(others: list[int], t: int, later: int) -> None:
    """Unless so much later that the touch is no arrival any more."""
    assume(t + later < instant("12:00"))

    def day_with(arrival: int) -> Fact:
        return pair(
            person_day(
                [
                    Punch(f"E-{n}", "T07", "face", sure(at))
                    for n, at in enumerate([arrival, *others])
                ]
            )
        )

    sooner, late = day_with(t), day_with(t + later)
    assume("in" not in late.missing)
    assert late.late_min >= sooner.late_min


@given(DAYS, derivations())
def test_one_more_touch_never_makes_a_day_worse(day: list[Punch], derived: Derived) -> None:
    more = [*day, Punch("X-1", "T08", "finger", derived)]
    before, after = pair(person_day(day)), pair(person_day(more))
    assume(before.status == after.status == "HADIR")
    assert len(after.missing) <= len(before.missing)
    if after.missing == before.missing:
        assert sum(minutes(after)) <= sum(minutes(before))


@given(DAYS, st.booleans())
def test_an_absence_is_never_said_where_there_is_a_touch_or_a_device_is_behind(
    day: list[Punch], complete: bool
) -> None:
    fact = pair(person_day(day, complete=complete))
    if fact.status == "TK":
        assert complete
        assert not fact.evidence or fact.flags == ("unplaced",)
    if fact.missing and not complete:
        assert fact.status in ("TUNGGU_DATA", "TAHAN_JAM")


@given(DAYS, st.integers(1, 5))
def test_a_day_s_punches_leave_the_neighbouring_days_alone(day: list[Punch], ahead: int) -> None:
    """Sure touches belong to the window they are in; REG's windows of two days never meet."""
    placed = [punch for punch in day if punch.derived.t is not None]
    for other in (TUESDAY + timedelta(days=ahead), TUESDAY - timedelta(days=ahead)):
        assume(other.weekday() < 5)
        assert not pair(person_day(placed, day=other)).evidence
