"""The calendar of a year: what HR may write in it, and what each date then is."""

from datetime import date
from pathlib import Path

import pytest

from sync_server import calendar
from sync_server.errors import BadFile
from sync_server.wording import complaint

DATA = Path(__file__).parent / "data"
TEXT = (DATA / "calendar.toml").read_text(encoding="utf-8")
YEAR = calendar.parse(TEXT)

HEAD = """schema = "tukin-calendar/1"
[meta]
year = 2026
decree = "SKB 3 Menteri 2026"
[holidays]
dates = [{holidays}]
[joint_leave]
dates = [{leave}]
"""
PERIOD = """[[period]]
code = "{code}"
from = "{first}"
to = "{last}"
[period.replace]
{replace}
"""


def said(bad: BadFile) -> str:
    return complaint("en", bad.file, bad.where, bad.code, bad.values)


def refusal(text: str | bytes) -> str:
    with pytest.raises(BadFile) as caught:
        calendar.parse(text, "2026.toml")
    return said(caught.value)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-01-15", "workday"),
        ("2026-01-16", "LIBUR_NASIONAL"),
        ("2026-03-19", "LIBUR_NASIONAL"),
        ("2026-03-20", "CUTI_BERSAMA"),
        ("2026-12-24", "CUTI_BERSAMA"),
        ("2026-12-25", "LIBUR_NASIONAL"),
        ("2026-01-17", "workday"),  # a Saturday: the shift says whether anybody works
    ],
)
def test_each_date_is_a_workday_a_holiday_or_joint_leave(day: str, kind: str) -> None:
    assert YEAR.day_kind(date.fromisoformat(day)) == kind


@pytest.mark.parametrize(
    ("day", "shift"),
    [
        ("2026-02-18", "REG"),
        ("2026-02-19", "REG_RAMADAN"),
        ("2026-03-20", "REG_RAMADAN"),
        ("2026-03-21", "REG"),
    ],
)
def test_ramadan_replaces_the_office_shift_from_its_first_day_to_its_last(
    day: str, shift: str
) -> None:
    assert YEAR.shift_on("REG", date.fromisoformat(day)) == shift


def test_ramadan_leaves_the_shifts_alone_that_it_does_not_name() -> None:
    assert YEAR.shift_on("RS_MALAM", date(2026, 3, 9)) == "RS_MALAM"


def test_march_2026_has_17_workdays_and_january_20() -> None:
    """22 weekdays less Nyepi and four days of joint leave; 22 less two holidays."""

    def workdays(month: int) -> int:
        days = (date(2026, month, day) for day in range(1, 32))
        return sum(day.weekday() < 5 and YEAR.day_kind(day) == "workday" for day in days)

    assert (workdays(3), workdays(1)) == (17, 20)


def test_a_date_of_another_year_is_refused_and_the_missing_calendar_named() -> None:
    for ask in (YEAR.day_kind, lambda day: YEAR.shift_on("REG", day)):
        with pytest.raises(BadFile) as caught:
            ask(date(2027, 1, 4))
        assert said(caught.value).endswith(
            "meta.year: 2027-01-04 is not a day of 2026; add the calendar of 2027"
        )


@pytest.mark.parametrize(
    ("holidays", "leave", "says"),
    [
        ('"2026-02-30"', "", "holidays.dates: '2026-02-30' is no date"),
        ('"17-08-2026"', "", "holidays.dates: '17-08-2026' is no date; write it as \"2026-08-17\""),
        ('"20260817"', "", "holidays.dates: '20260817' is no date"),
        ('"2027-01-01"', "", "holidays.dates: 2027-01-01 is outside 2026"),
        ('"2026-05-01","2026-05-01"', "", "holidays.dates: 2026-05-01 stands there twice"),
        ('"2026-05-01"', '"2026-05-01"', "joint_leave.dates: 2026-05-01 is a holiday already"),
        (
            "2026-05-01",
            "",
            "holidays.dates[0]: not text; put it in quotes",
        ),
    ],
)
def test_a_bad_date_is_refused_by_its_name(holidays: str, leave: str, says: str) -> None:
    assert says in refusal(HEAD.format(holidays=holidays, leave=leave))


@pytest.mark.parametrize(
    ("first", "last", "replace", "says"),
    [
        ("2026-02-19", "2026-02-18", 'REG = "R"', "period RAMADAN: ends on 2026-02-18, before"),
        ("2026-12-20", "2027-01-18", 'REG = "R"', "period RAMADAN to: 2027-01-18 is outside 2026"),
        ("2026-02-19", "2026-03-20", "", "period RAMADAN: replaces no shift"),
    ],
)
def test_a_period_that_cannot_be_meant_is_refused(
    first: str, last: str, replace: str, says: str
) -> None:
    period = PERIOD.format(code="RAMADAN", first=first, last=last, replace=replace)
    assert says in refusal(HEAD.format(holidays="", leave="") + period)


def test_two_periods_may_not_replace_the_same_shift_on_one_day() -> None:
    head = HEAD.format(holidays="", leave="")
    one = PERIOD.format(code="A", first="2026-02-19", last="2026-03-20", replace='REG = "R"')
    two = PERIOD.format(code="B", first="2026-03-20", last="2026-03-25", replace='REG = "S"')
    assert "A and B both replace REG on 2026-03-20" in refusal(head + one + two)
    later = two.replace("2026-03-20", "2026-03-21")
    assert calendar.parse(head + one + later).shift_on("REG", date(2026, 3, 21)) == "S"


def test_a_period_may_last_one_day() -> None:
    period = PERIOD.format(code="A", first="2026-06-03", last="2026-06-03", replace='REG = "R"')
    year = calendar.parse(HEAD.format(holidays="", leave="") + period)
    shifts = [year.shift_on("REG", date(2026, 6, day)) for day in (2, 3, 4)]
    assert shifts == ["REG", "R", "REG"]


def test_a_calendar_without_its_decree_is_refused() -> None:
    text = HEAD.format(holidays="", leave="").replace("SKB 3 Menteri 2026", " ")
    assert "2026.toml: meta.decree: empty; write the decree" in refusal(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            TEXT.replace("decree =", "decre ="),
            "2026.toml: meta: no key is called decre; correct its spelling or take it out",
        ),
        (
            TEXT.replace("year = 2026", 'year = "2026"'),
            "meta.year: not a whole number; write it without quotes",
        ),
        (
            TEXT.replace("calendar/1", "calendar/2"),
            "2026.toml: schema: 'tukin-calendar/2' is not known",
        ),
        (TEXT.replace("[joint_leave]", "[joint_leave"), "2026.toml: not TOML ("),
        (b"\xff\xfe", "2026.toml: not UTF-8 at byte 0; save it as UTF-8"),
        ("", "2026.toml: the key schema is missing; add it"),
    ],
)
def test_a_file_that_does_not_read_says_where_and_what_to_do(text: str | bytes, says: str) -> None:
    assert says in refusal(text)


def test_a_shift_that_the_shift_file_lacks_is_named() -> None:
    YEAR.check_shifts({"REG", "REG_RAMADAN"})
    with pytest.raises(BadFile) as caught:
        YEAR.check_shifts({"REG"})
    assert "period RAMADAN replace REG: no shift 'REG_RAMADAN'" in said(caught.value)
