"""A simulated terminal keeps its log, its clock and its people as a real one does."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from simulators.zk import wire
from simulators.zk.attendance_log import AttendanceLog, LogFull
from simulators.zk.device import OP_CLEAR_LOG, OP_SET_TIME
from simulators.zk.layouts import PUNCH_LAYOUTS, Punch
from simulators.zk.profiles import CYCLIC, F19, OLD8
from simulators.zk.sample import furnish
from tests.simulators.raw import device

MORNING = datetime(2026, 3, 2, 7, 30)


def test_a_terminal_shows_the_local_time_of_its_office():
    assert device(F19).now() == MORNING.replace(hour=12, minute=0)


def test_setting_the_clock_moves_later_punches_and_leaves_a_trace():
    terminal = device(F19)
    before = terminal.punch("1001")
    terminal.drift = timedelta(seconds=30)
    terminal.set_clock(MORNING)
    after = terminal.punch("1001")
    assert wire.fields_of(before.code) == (2026, 3, 2, 12, 0, 0)
    assert wire.fields_of(after.code) == (2026, 3, 2, 7, 30, 0)
    assert [line.operation for line in terminal.operations] == [OP_SET_TIME]


def test_a_drifting_clock_leaves_no_trace():
    terminal = device(F19)
    terminal.drift = timedelta(minutes=-7)
    assert wire.fields_of(terminal.punch("1001").code)[3:] == (11, 53, 0)
    assert terminal.operations == []


def test_clearing_the_log_leaves_a_trace_and_keeps_people():
    terminal = device(F19)
    terminal.punch("1001")
    terminal.clear_log()
    assert terminal.body(wire.ATTENDANCE) == bytes(4)
    assert [line.operation for line in terminal.operations] == [OP_CLEAR_LOG]
    assert [user.pin for user in terminal.users.values()] == ["1001"]


def test_a_full_log_drops_its_oldest_records_in_a_lump():
    terminal = device(replace(CYCLIC, record_capacity=10, cyclic_delete=4))
    for number in range(11):
        terminal.punch(str(number), at=wire.code_of((2026, 3, 2), (7, number, 0)))
    assert [punch.pin for punch in terminal.log.punches] == ["4", "5", "6", "7", "8", "9", "10"]


def test_a_full_log_without_cyclic_delete_takes_no_punch():
    terminal = device(replace(F19, record_capacity=2, cyclic_delete=0))
    terminal.punch("1")
    terminal.punch("2")
    with pytest.raises(LogFull):
        terminal.punch("3")
    assert len(terminal.log) == 2


def test_a_deleted_span_is_gone_and_an_edited_record_is_changed():
    terminal = device(F19)
    for hour in (7, 8, 9):
        terminal.punch("1001", at=MORNING.replace(hour=hour))
    removed = terminal.delete_between(MORNING.replace(hour=8), MORNING.replace(hour=8, minute=59))
    terminal.edit(-1, state=5)
    assert removed == 1
    assert [(wire.fields_of(p.code)[3], p.state) for p in terminal.log.punches] == [(7, 0), (9, 5)]
    assert terminal.operations == []


def test_an_impossible_date_can_be_punched():
    terminal = device(F19)
    terminal.punch("1001", at=wire.code_of((2026, 2, 30), (7, 0, 0)))
    record = terminal.body(wire.ATTENDANCE)[4:]
    assert wire.fields_of(int.from_bytes(record[27:31], "little")) == (2026, 2, 30, 7, 0, 0)


def test_a_deleted_person_leaves_punches_behind():
    terminal = device(OLD8)
    uid = terminal.punch("1001").uid
    assert terminal.remove_user(uid)
    assert len(terminal.log) == 1
    assert terminal.body(wire.USERS) == bytes(4)


def test_an_office_with_the_same_seed_is_the_same_office():
    first, second = device(F19), device(F19)
    furnish(first, 500, seed=3)
    furnish(second, 500, seed=3)
    assert first.body(wire.ATTENDANCE) == second.body(wire.ATTENDANCE)
    assert len(first.log) == 500


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 2**31)),
        st.tuples(st.just("edit"), st.integers(0, 30)),
        st.tuples(st.just("delete"), st.integers(0, 5)),
    ),
    max_size=60,
)


@given(CHANGES, st.sampled_from(sorted(PUNCH_LAYOUTS)), st.integers(1, 12), st.integers(1, 12))
def test_the_ready_bytes_are_always_those_of_the_punches(changes, width, capacity, cyclic):
    log = AttendanceLog(width, capacity, min(cyclic, capacity))
    for kind, value in changes:
        if kind == "append":
            log.append(Punch(1, "42", value))
        elif kind == "edit" and len(log):
            log.edit(value % len(log), state=value)
        elif kind == "delete":
            log.delete(lambda punch, v=value: punch.code % 6 == v)
    records = b"".join(map(PUNCH_LAYOUTS[width], log.punches))
    assert log.body() == len(records).to_bytes(4, "little") + records
    assert len(log) <= capacity
