"""The device's fake calendar against the real one."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from terminal_agent.zk import timecode

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_the_captured_f19_record_reads_as_its_own_second() -> None:
    """0x2368b36b of zk-protocol's example record, nine minutes after its live event."""
    when = timecode.decode(0x2368B36B)
    assert not when.impossible
    assert EPOCH + timedelta(seconds=when.t) == datetime(2018, 6, 25, 17, 50, 35, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59)))
@example(datetime(2024, 2, 29, 23, 59, 59))
def test_every_real_second_of_the_century_survives(naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    code = timecode.encode(moment.year, moment.month, moment.day, second)
    assert timecode.decode(code) == timecode.DeviceTime(
        int((moment - EPOCH).total_seconds()), impossible=False
    )


def test_the_thirtieth_of_february_keeps_its_code_and_says_that_it_is_impossible() -> None:
    code = timecode.encode(2024, 2, 30, 5)
    assert timecode.decode(code) == timecode.DeviceTime(code, impossible=True)


def test_the_29th_of_february_is_impossible_in_a_common_year_only() -> None:
    assert timecode.decode(timecode.encode(2023, 2, 29, 0)).impossible
    assert not timecode.decode(timecode.encode(2024, 2, 29, 0)).impossible


@given(st.integers(0, 0xFFFFFFFF))
def test_no_code_whatever_raises(code: int) -> None:
    when = timecode.decode(code)
    assert when.t == code if when.impossible else when.t >= 0


@given(st.binary(min_size=6, max_size=6))
def test_six_byte_times_are_real_seconds_or_nothing(raw: bytes) -> None:
    t = timecode.decode_six(raw)
    if t is None:
        return
    moment = EPOCH + timedelta(seconds=t)
    assert list(raw) == [moment.year - 2000, *moment.timetuple()[1:6]]
