"""Five record layouts: what is read, what is refused, and that no record harms its neighbours."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent.zk import dialect, oplog, records, timecode, users
from terminal_agent.zk.dialect import DialectUnclear, Hint
from terminal_agent.zk.records import Dialect, Row, Unreadable

YEAR = 2025
MORNING = timecode.encode(2024, 3, 5, 7 * 3600 + 31 * 60)
MORNING_T = int(datetime(2024, 3, 5, 7, 31, tzinfo=UTC).timestamp())
FEB_30 = timecode.encode(2024, 2, 30, 0)


def att(width: int, pin: str, code: int = MORNING, verify: int = 1, punch: int = 0) -> bytes:
    """A record written field by field from the published layouts, not from our own structs."""
    when, text = code.to_bytes(4, "little"), pin.encode()
    match width:
        case 8:
            return int(pin).to_bytes(2, "little") + bytes([verify]) + when + bytes([punch])
        case 16:
            work = (77).to_bytes(4, "little")
            return int(pin).to_bytes(4, "little") + when + bytes([punch, verify, 0, 0]) + work
        case 22:
            return (
                b"\7\0"
                + text.ljust(6, b"\0")
                + bytes(4)
                + bytes([verify])
                + when
                + (bytes([punch]) + bytes(4))
            )
        case _:
            head = b"\7\0" + text.ljust(24, b"\0") + bytes([verify]) + when + bytes([punch])
            tail = b"\0\0\0\0\xff\0\0\0" + (b"\xff255" + bytes(5) if width == 49 else b"")
            return head + tail


def log(width: int, count: int) -> bytes:
    return b"".join(
        att(width, str(100 + i % 40), MORNING + 61 * i, 1 + i % 2, i % 2) for i in range(count)
    )


def test_the_captured_f19_record_is_read_as_its_owner_described_it() -> None:
    raw = (
        bytes.fromhex("0d00")
        + b"999111333".ljust(24, b"\0")
        + bytes.fromhex("016bb368230000000000ff000000")
    )
    row = records.decode(Dialect.TEXT40, raw)[0]
    assert isinstance(row, Row)
    assert (row.pin, row.verify, row.punch, row.raw) == ("999111333", 1, 0, raw)


@pytest.mark.parametrize("width", [8, 16, 22, 40, 49])
def test_verify_mode_and_punch_state_mean_the_same_in_every_layout(width: int) -> None:
    """The 16-byte record stores them the other way round (vendor manual p.17)."""
    raw = att(width, "4321", verify=15, punch=1)
    work = 77 if width == 16 else 0
    pins = {4321: "4321"}
    expected = Row("4321", MORNING_T, False, 15, 1, work, raw)
    assert records.decode(Dialect(width), raw, pins) == [expected]


@pytest.mark.parametrize("width", [16, 22, 40, 49])
def test_february_30_keeps_its_row_and_costs_no_neighbour(width: int) -> None:
    body = att(width, "1") + att(width, "2", FEB_30) + att(width, "3")
    rows = records.decode(Dialect(width), body)
    assert [r.pin for r in rows if isinstance(r, Row)] == ["1", "2", "3"]
    assert [(r.t, r.impossible) for r in rows if isinstance(r, Row)][1] == (FEB_30, True)


def test_a_bad_record_is_a_value_at_its_place() -> None:
    broken = b"\7\0" + b"\x01\x02".ljust(24, b"\xff") + bytes(14)
    first, bad, last = records.decode(Dialect.TEXT40, att(40, "1") + broken + att(40, "3"))
    assert bad == Unreadable(broken, "the PIN is not printable text")
    assert isinstance(first, Row)
    assert isinstance(last, Row)


def test_an_8_byte_record_of_a_deleted_user_is_kept_with_the_reason() -> None:
    known, gone = records.decode(Dialect.UID8, att(8, "5") + att(8, "6"), {5: "AB-5"})
    assert isinstance(known, Row)
    assert known.pin == "AB-5"
    assert gone == Unreadable(att(8, "6"), "the device has no user with uid 6")


def test_a_record_cut_short_at_the_end_does_not_vanish() -> None:
    rows = records.decode(Dialect.TEXT40, att(40, "1") + b"half")
    assert rows[1] == Unreadable(b"half", "the record is cut short")


@pytest.mark.parametrize("width", [8, 16, 22, 40, 49])
@pytest.mark.parametrize("count", [1, 2, 7, 40, 245, 1960])
def test_each_layout_is_recognised_from_its_bytes_alone(width: int, count: int) -> None:
    assert dialect.detect(log(width, count), YEAR, Hint()) == width


@pytest.mark.parametrize("counted", [199, 201, 0, 245])
def test_a_count_that_raced_with_a_punch_does_not_mislead(counted: int) -> None:
    """pyzk divides by this count and delivers garbage (its issues 56, 139, 187)."""
    for width in (8, 16, 40, 49):
        assert dialect.detect(log(width, 200), YEAR, Hint(count=counted)) == width


@given(st.sampled_from([16, 22, 40, 49]), st.integers(1, 300), st.randoms())
def test_logs_of_any_people_are_recognised_or_refused_never_mistaken(
    width: int, count: int, random
) -> None:
    body = b"".join(
        att(
            width,
            str(random.randrange(1, 10 ** random.choice([1, 3, 5, 6]))),
            timecode.encode(
                random.choice([2000, 2019, 2024]),
                random.randrange(1, 13),
                random.randrange(1, 29),
                random.randrange(86400),
            ),
            random.choice([0, 1, 2, 3, 4, 15]),
            random.choice([0, 1, 4, 255]),
        )
        for _ in range(count)
    )
    found = dialect.detect(body, YEAR, Hint())
    assert found == width or isinstance(found, DialectUnclear)


def two_faced(codes: list[int]) -> bytes:
    """16-byte records whose work codes read as dates where an 8-byte record would have them."""
    parts = [struct.pack("<IIBB2xI", 0x1A000007, code, 1, 1, 0x001A1A1A) for code in codes]
    return b"".join(parts)


def test_a_clock_that_fell_back_to_2000_does_not_change_the_layout_that_was_seen() -> None:
    """Rows of 16 bytes from early 2000 read as plausible rows of 8; the count knows better."""
    rows = b"".join(struct.pack("<IIBB2xI", 7, 0x18B9BA + i, 0, 1, 0) for i in range(12))
    known = Hint(12, Dialect.NUMERIC16)
    assert dialect.detect(rows, 2026, known) is Dialect.NUMERIC16


def test_fields_out_of_their_range_speak_against_a_layout() -> None:
    morning = [MORNING & 0xFF00FFFF | 0x1A0000 for _ in range(30)]
    assert dialect.detect(two_faced(morning), YEAR, Hint()) is Dialect.NUMERIC16


def test_two_layouts_that_fit_about_as_well_are_refused_until_something_settles_it() -> None:
    morning = [MORNING & 0xFF00FFFF | 0x1A0000 for _ in range(30)]
    body = two_faced([*morning[:18], *[timecode.encode(2000, 1, 1, 1)] * 12])
    assert isinstance(dialect.detect(body, YEAR, Hint()), DialectUnclear)
    assert dialect.detect(body, YEAR, Hint(pinned=Dialect.NUMERIC16)) is Dialect.NUMERIC16


def test_a_kiosk_that_woke_up_in_1970_still_recognises_todays_records() -> None:
    assert dialect.detect(log(40, 20), 1970, Hint()) is Dialect.TEXT40


def test_dates_all_wrong_after_a_dead_battery_still_read_with_the_layout_seen_before() -> None:
    body = b"".join(att(40, str(i), timecode.encode(2000, 1, 1, i)) for i in range(20))
    assert isinstance(dialect.detect(body, YEAR, Hint()), DialectUnclear)
    assert dialect.detect(body, YEAR, Hint(count=20)) is Dialect.TEXT40
    assert dialect.detect(body, YEAR, Hint(pinned=Dialect.TEXT40)) is Dialect.TEXT40


def test_a_pinned_layout_is_given_up_when_the_bytes_say_otherwise() -> None:
    """A firmware update moved the device from 40 to 49 bytes."""
    assert dialect.detect(log(49, 40), YEAR, Hint(pinned=Dialect.TEXT40)) is Dialect.TEXT49


def test_a_half_written_last_record_does_not_unseat_the_pinned_layout() -> None:
    body = log(40, 20) + b"\7\0" + b"9" * 11
    assert isinstance(dialect.detect(body, YEAR, Hint()), DialectUnclear)
    assert dialect.detect(body, YEAR, Hint(pinned=Dialect.TEXT40)) is Dialect.TEXT40


def test_noise_is_refused_with_a_sentence_for_a_person() -> None:
    unclear = dialect.detect(bytes(range(200)) * 4, YEAR, Hint())
    assert isinstance(unclear, DialectUnclear)
    assert "nothing was taken" in unclear.sentence


@given(st.binary(max_size=400), st.sampled_from(Dialect), st.none() | st.integers(0, 99))
def test_arbitrary_bytes_never_raise(noise: bytes, layout: Dialect, count: int | None) -> None:
    rows = records.decode(layout, noise, {7: "7"})
    assert b"".join(row.raw for row in rows) == noise
    dialect.detect(noise, YEAR, Hint(count, layout))
    users.decode(noise, count or 0)
    oplog.decode(noise)


def user(width: int, uid: int, pin: str) -> bytes:
    if width == 28:
        head = uid.to_bytes(2, "little") + b"\0" + bytes(5) + b"Siti".ljust(8, b"\0")
        return head + bytes(4) + b"\0\1" + bytes(2) + int(pin).to_bytes(4, "little")
    head = uid.to_bytes(2, "little") + b"\x0e" + b"secret12" + b"Siti".ljust(24, b"\0")
    return head + bytes(4) + b"\0" + bytes(7) + b"\0" + pin.encode().ljust(24, b"\0")


@pytest.mark.parametrize("width", [28, 72])
def test_users_give_the_pin_of_a_uid(width: int) -> None:
    table = user(width, 3, "1003") + user(width, 4, "1004")
    found = users.decode(table, 2)
    assert isinstance(found, list)
    assert users.pins(found) == {3: "1003", 4: "1004"}


def test_504_bytes_of_users_are_told_apart_by_the_count_or_refused() -> None:
    """18 users of 28 bytes are as long as 7 of 72."""
    table = b"".join(user(28, i, str(i)) for i in range(1, 19))
    found = users.decode(table, 18)
    assert isinstance(found, list)
    assert len(found) == 18
    assert isinstance(users.decode(table, 17), users.UsersUnclear)


def test_a_finger_template_among_the_users_is_no_user() -> None:
    found = users.decode(user(72, 3, "1003") + bytes([9] * 72), 2)
    assert isinstance(found, list)
    assert users.pins(found) == {3: "1003"}


def test_the_operation_log_tells_who_set_the_clock() -> None:
    raw = struct.pack("<HBxI4H", 1, 21, MORNING, 5, 6, 7, 8)
    assert oplog.decode(raw) == [oplog.Operation(1, 21, MORNING_T, False, (5, 6, 7, 8), raw)]
