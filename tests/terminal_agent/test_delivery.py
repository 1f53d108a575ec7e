"""What of a delivery is new: read again and again, a punch is journalled once, and none is lost."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.event import Copresence, Covered, LogShifted, Operation, Scan, Unreadable, Witnessed
from terminal_agent import delivery
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading

NOW = 1_795_000_000
LOOK = Look("boot-1", 100, NOW, 3, 5)
BLIND = Look("boot-1", 100, NOW, 0, 0)
HOUR = 3_600


def scan(pin="17", t=NOW, impossible=False, **more) -> Scan:
    plain = {"device": 0, "lag": 0, "verify": 1, "punch": 0, "work": 0, "source": "pull"}
    return Scan(pin=pin, t=t, impossible=impossible, **{**plain, **more})


def operation(code=21, t=NOW, impossible=False, params=(0, 0, 0, 0)) -> Operation:
    return Operation(0, code, 14, t, impossible, params)


def reread(*records, raws=None) -> Delivery:
    """Rows of a log that is read whole again."""
    raws = raws or [b""] * len(records)
    pairs = zip(records, raws, strict=True)
    return Delivery("CJ1", readings=tuple(Reading(r, raw, placed=False) for r, raw in pairs))


def fresh(parcel, stored=None, look=LOOK) -> list:
    """The new records, where so many rows of each key are stored."""
    held = Counter(stored or {})
    counted = delivery.fresh(parcel, look, lambda serial, pin, t: held[serial, pin, t])
    return [reading.record for reading in counted]


@pytest.mark.parametrize(
    ("rows", "stored", "new"),
    [(1, 0, 1), (1, 1, 0), (3, 0, 3), (3, 2, 1), (2, 3, 0), (3, 3, 0)],
)
def test_the_nth_row_of_a_person_and_second_is_the_nth_one_stored(rows, stored, new):
    found = fresh(reread(*[scan()] * rows), {("CJ1", "17", NOW): stored})
    assert len(found) == new


def test_a_punch_is_told_apart_by_device_person_and_second():
    stored = {("CJ1", "17", NOW): 1, ("CJ2", "18", NOW): 1, ("CJ1", "17", NOW + 2): 1}
    parcel = reread(scan("17"), scan("18"), scan("17", NOW + 1), scan("17", NOW + 2))
    assert fresh(parcel, stored) == [scan("18"), scan("17", NOW + 1)]


def test_the_same_punch_with_another_verify_mode_is_the_same_punch():
    """Pull and push, or two firmware versions, may name a finger differently."""
    assert fresh(reread(scan(verify=15)), {("CJ1", "17", NOW): 1}) == []


def test_rows_behind_a_matching_anchor_are_new_whatever_is_stored():
    parcel = Delivery("CJ1", readings=(Reading(scan(), placed=True),) * 2)
    assert len(fresh(parcel, {("CJ1", "17", NOW): 5})) == 2


@pytest.mark.parametrize(
    ("t", "look", "merges"),
    [
        (1_262_304_000, LOOK, True),
        (1_262_303_999, LOOK, False),
        (946_684_800, LOOK, False),
        (NOW + 2 * 86_400, LOOK, True),
        (NOW + 2 * 86_400 + 1, LOOK, False),
        (NOW + 900 * 86_400, LOOK, False),
        (NOW + 900 * 86_400, BLIND, True),
        (946_684_800, BLIND, False),
    ],
    ids=[
        "2010 begins",
        "the second before 2010",
        "a reset clock",
        "tomorrow, in any time zone",
        "after tomorrow",
        "in years",
        "in years, by a clock that nobody vouches for",
        "a reset clock, by a clock that nobody vouches for",
    ],
)
@pytest.mark.parametrize("make", [scan, operation])
def test_times_outside_2010_to_tomorrow_never_merge(make, t, look, merges):
    """A clock that was reset repeats its seconds: another day of another person."""
    record = make(t=t)
    pin, second = delivery.key(Reading(record))
    assert fresh(reread(record), {("CJ1", pin, second): 1}, look) == ([] if merges else [record])


@pytest.mark.parametrize("record", [scan(impossible=True), operation(impossible=True)])
def test_impossible_dates_never_merge(record):
    assert fresh(reread(record, record)) == [record, record]
    assert delivery.key(Reading(record)) is None


def test_unreadable_rows_are_told_apart_by_their_bytes():
    row = Unreadable(0, b"", "no user")
    first, second = reread(row, row, row, raws=[b"aa", b"aa", b"bb"]).readings[::2]
    stored = {("CJ1", *delivery.key(first)): 1}
    parcel = reread(row, row, row, raws=[b"aa", b"aa", b"bb"])
    assert len(fresh(parcel, stored)) == 2
    assert delivery.key(first) != delivery.key(second)


def test_an_operation_is_told_apart_by_what_was_done_and_when():
    said = [operation(), operation(23), operation(t=NOW + 1), operation(params=(1, 0, 0, 0))]
    keys = {delivery.key(Reading(record)) for record in said}
    assert len(keys) == 4
    assert fresh(reread(said[0], said[1]), {("CJ1", *delivery.key(Reading(said[0]))): 1}) == [
        said[1]
    ]


def test_no_pin_can_pass_for_an_operation_or_for_unreadable_bytes():
    """Their keys begin with a NUL, and no device can store one in a PIN."""
    odd = (Reading(operation()), Reading(Unreadable(0, b"", ""), b"17"))
    assert all(delivery.key(reading)[0].startswith("\0") for reading in odd)


def test_what_no_key_tells_apart_is_always_new():
    assert fresh(reread(LogShifted(0, 3), LogShifted(0, 3))) == [LogShifted(0, 3)] * 2


rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(NOW, NOW + 2)), max_size=12)


@given(rows, st.integers(0, 12))
def test_a_log_that_is_read_whole_again_stores_each_row_once(log, seen):
    """After a first read of its beginning, a full read brings exactly the rest."""
    stored = Counter(("CJ1", pin, t) for pin, t in log[:seen])
    new = fresh(reread(*(scan(pin, t) for pin, t in log)), stored)
    assert Counter((r.pin, r.t) for r in new) == Counter(log) - Counter(log[:seen])


# What a record becomes on the way in


@pytest.mark.parametrize(
    ("record", "lag"),
    [(scan(t=NOW + 25_170), 30), (scan(t=7, impossible=True), 0), (scan(t=NOW + 25_205), -5)],
)
def test_a_scan_gets_its_device_and_its_lag(record, lag):
    [settled] = delivery.settled([Reading(record)], 9, 4, 25_200_000, NOW)
    assert settled == msgspec.structs.replace(record, device=4, lag=lag)


@pytest.mark.parametrize("source", ["camera", "kiosk", "serial"])
def test_the_lag_of_the_kiosks_own_stamp_needs_no_offset(source):
    """A face is dated at first sight, and committed when its challenge is answered."""
    face = Scan(0, "17", NOW - 4, False, 0, 15, 0, 0, source)
    [settled] = delivery.settled([Reading(face)], 9, 4, None, NOW)
    assert settled.lag == 4


def test_a_colleague_vouches_for_the_scan_that_stands_before():
    log = [Reading(scan()), Reading(scan("18")), Reading(Witnessed(0, "9", 200))]
    assert delivery.settled(log, 9, 4, None, NOW)[-1] == Witnessed(10, "9", 200)


def test_every_record_of_a_device_gets_its_index_and_nothing_else_changes():
    log = [LogShifted(0, 3), operation(), Copresence(3, "match")]
    settled = delivery.settled([Reading(one) for one in log], 9, 4, None, NOW)
    assert settled[0] == LogShifted(4, 3)
    assert settled[1].device == 4
    assert settled[2] == Copresence(3, "match")


# Coverage


def covered(read_at, before=0, count=812, look=LOOK):
    return delivery.coverage(Delivery("CJ1", read_at=read_at, count=count), 4, before, look)


def test_coverage_is_told_with_the_first_whole_read_after_every_full_hour():
    """Shifts close on hours, and the centre calls nobody absent before it."""
    start, told = NOW - NOW % HOUR, []
    for read_at in range(start, start + 3 * HOUR, 30):
        if record := covered(read_at + 7, before=told[-1].through if told else 0):
            told.append(record)
    assert told == [Covered(4, 0, start + hour * HOUR + 7, 812) for hour in range(3)]


@pytest.mark.parametrize(
    ("before", "due"),
    [(0, True), (NOW - HOUR, True), (NOW, False), (NOW + HOUR, False)],
    ids=["never", "an hour ago", "just now", "our clock went back"],
)
def test_coverage_is_told_once_an_hour(before, due):
    assert (covered(NOW, before) is not None) is due


def test_an_untrusted_clock_cannot_say_up_to_when():
    assert covered(NOW, look=BLIND) is None


def test_a_look_that_did_not_read_the_log_whole_covers_nothing():
    assert covered(NOW, count=None) is None


def test_an_empty_log_is_covered_too():
    assert covered(NOW, count=0) == Covered(4, 0, NOW, 0)


# The clock record before what is stored


def test_a_clock_record_tells_only_the_device_that_was_just_measured():
    """What was measured before may not hold any more: somebody may have set that device since."""
    assert delivery.clock_record(LOOK, 1, 7_000).offsets == ((1, 7_000),)
    assert delivery.clock_record(LOOK, 0, None).offsets == ()


def test_a_clock_record_says_what_the_look_said():
    look = Look("boot-1", 100, NOW, 4, 1_000, place=(-7_285_000, 112_565_000))
    record = delivery.clock_record(look, 0, None)
    assert (record.boot, record.up, record.wall) == ("boot-1", 100, NOW)
    assert (record.trust, record.error_ms, record.position) == (4, 1_000, look.place)
