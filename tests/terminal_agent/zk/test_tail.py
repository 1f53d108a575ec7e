"""Reading only the tail: nothing on the device stays undelivered, nothing comes twice."""

from collections import Counter
from itertools import count

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from terminal_agent.zk import tail
from terminal_agent.zk.tail import (
    Cursor,
    Edited,
    Fresh,
    ReadRange,
    Replaced,
    Shifted,
    WholeNeeded,
    audit,
)

W = 8


def rec(number: int) -> bytes:
    return number.to_bytes(W, "big")


def split(raw: bytes) -> list[bytes]:
    return [raw[at : at + W] for at in range(0, len(raw), W)]


def poll(cursor: Cursor | None, log: list[bytes], stray: bytes = b"") -> tuple[Fresh, int]:
    """One poll the way the link does it, and how many bytes of records it read."""
    body, moved = b"".join(log) + stray, 0
    step = tail.plan(cursor, len(body)) if cursor else WholeNeeded("first contact")
    while isinstance(step, ReadRange):
        chunk = body[step.start : step.start + step.size]
        assert len(chunk) == step.size, "a range beyond the log was asked for"
        moved += step.size
        assert cursor is not None
        step = tail.judge(cursor, len(body), step, chunk)
    if isinstance(step, Fresh):
        return step, moved
    return tail.restart(cursor, W, body), moved + len(body)


def first(log: list[bytes]) -> Cursor:
    return poll(None, log)[0].cursor


def test_only_the_anchor_and_the_new_records_are_read() -> None:
    log = [rec(i) for i in range(100_000)]
    fresh, moved = poll(first(log), log + [rec(200_000 + i) for i in range(20)])
    assert split(fresh.records) == [rec(200_000 + i) for i in range(20)]
    assert fresh.change is None
    assert moved == 28 * W


def test_a_full_device_keeps_its_count_but_its_new_punch_is_seen() -> None:
    log = [rec(i) for i in range(500)]
    fresh, _ = poll(first(log), [*log[1:], rec(900)])
    assert (split(fresh.records), fresh.change) == ([rec(900)], Shifted(1))


def test_nothing_new_moves_eight_records_and_keeps_the_cursor() -> None:
    log = [rec(i) for i in range(500)]
    cursor = first(log)
    fresh, moved = poll(cursor, log)
    assert (fresh, moved) == (Fresh(b"", cursor), 8 * W)


@pytest.mark.parametrize("dropped", [1, 7, 8, 9, 999, 1100, 1101, 5000])
def test_cyclic_delete_costs_nothing_and_repeats_nothing(dropped: int) -> None:
    log = [rec(i) for i in range(9000)]
    new = [rec(10_000 + i) for i in range(30)]
    fresh, moved = poll(first(log), log[dropped:] + new)
    assert (split(fresh.records), fresh.change) == (new, Shifted(dropped))
    if dropped <= tail.WINDOW:
        assert moved < 2400 * W


@pytest.mark.parametrize("new", [0, 3, 499, 500, 501, 2000])
def test_a_cleared_log_is_declared_even_when_it_grew_beyond_its_old_length(new: int) -> None:
    log = [rec(i) for i in range(500)]
    after = [rec(7000 + i) for i in range(new)]
    fresh, _ = poll(first(log), after)
    assert (split(fresh.records), fresh.change) == (after, Replaced(500))


def test_the_same_bytes_in_another_layout_are_another_log() -> None:
    log = [rec(i) for i in range(50)]
    assert tail.restart(first(log), W // 2, b"".join(log)).change == Replaced(50)


def test_an_edit_at_the_anchor_is_declared() -> None:
    log = [rec(i) for i in range(50)]
    edited = [*log[:47], rec(999), *log[48:]]
    assert poll(first(log), edited)[0].change == Replaced(50)


def test_a_range_deleted_before_the_anchor_is_declared_as_dropped() -> None:
    log = [rec(i) for i in range(50)]
    fresh, _ = poll(first(log), log[:10] + log[20:] + [rec(60)])
    assert (split(fresh.records), fresh.change) == ([rec(60)], Shifted(10))


def test_a_record_still_being_written_waits_for_the_next_poll() -> None:
    log = [rec(i) for i in range(50)]
    fresh, _ = poll(first(log), [*log, rec(50)], stray=rec(51)[:5])
    assert split(fresh.records) == [rec(50)]
    again, _ = poll(fresh.cursor, [*log, rec(50), rec(51)])
    assert split(again.records) == [rec(51)]


def test_an_empty_log_and_one_shorter_than_the_anchor_are_followed() -> None:
    cursor = first([])
    for length in range(1, 12):
        fresh, _ = poll(cursor, [rec(i) for i in range(length)])
        assert (split(fresh.records), fresh.change) == ([rec(length - 1)], None)
        cursor = fresh.cursor


def test_a_shift_inside_identical_rows_is_not_taken_for_standing_still() -> None:
    """Ten identical rows at the end: eight of them alone would match at any shift."""
    same = rec(77)
    log = [rec(i) for i in range(20)] + [same] * 10
    fresh, _ = poll(first(log), log[3:] + [same] * 3)
    assert (split(fresh.records), fresh.change) == ([same] * 3, Shifted(3))


def test_identical_rows_left_as_a_copy_of_the_anchor_count_as_a_new_punch() -> None:
    """Deleting one row or dropping two and punching once give the very same log."""
    same, before = rec(77), [rec(i) for i in range(20)]
    log = [*before, rec(70), same, rec(70), *[same] * 9]
    tampered = [*before, rec(70), *[same] * 10]
    fresh, _ = poll(first(log), tampered)
    assert (split(fresh.records), fresh.change) == ([same], Shifted(2))


def test_a_log_of_one_endless_repetition_is_followed_by_its_digest() -> None:
    log = [rec(1)] + [rec(77)] * 300
    cursor = first(log)
    assert cursor.anchor == b""
    assert poll(cursor, log)[0] == Fresh(b"", cursor)
    fresh, _ = poll(cursor, [*log, rec(77), rec(78)])
    assert split(fresh.records) == [rec(77), rec(78)]


def test_an_anchor_that_stands_twice_proves_nothing_so_everything_is_delivered() -> None:
    """The clock was set back once and eight people repeated their seconds and their order."""
    run = [rec(i) for i in range(8)]
    log = [rec(100), *run, *[rec(200 + i) for i in range(9)], *run]
    after = [*log[1:], rec(300)]
    fresh, _ = poll(first(log), after)
    assert (split(fresh.records), fresh.change) == (after, Replaced(len(log)))


def test_rows_inserted_before_the_anchor_are_not_passed_over() -> None:
    log = [rec(i) for i in range(50)]
    after = [*log[:20], rec(700), rec(701), *log[20:], rec(60)]
    fresh, _ = poll(first(log), after)
    assert (split(fresh.records), fresh.change) == (after, Replaced(50))


def test_a_device_that_ignores_the_start_ends_in_a_full_read_without_repeats() -> None:
    """It answers every range from its first record; the full read finds the anchor in place."""
    log = [rec(i) for i in range(5000)]
    cursor = first(log)
    body = b"".join([*log, rec(9000)])
    step = tail.plan(cursor, len(body))
    while isinstance(step, ReadRange):
        step = tail.judge(cursor, len(body), step, body[: step.size])
    assert isinstance(step, WholeNeeded)
    assert tail.restart(cursor, W, body).change is None
    assert tail.restart(cursor, W, body).records == rec(9000)


def test_the_cursor_survives_storing() -> None:
    cursor = first([rec(i) for i in range(50)])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(cursor), type=Cursor) == cursor


@given(st.lists(st.integers(0, 3).map(rec)), st.lists(st.integers(0, 3).map(rec)))
def test_the_audit_names_exactly_what_differs(stored: list[bytes], device: list[bytes]) -> None:
    found = audit(stored, device)
    if found is None:
        assert Counter(stored) == Counter(device)
        return
    assert found != Edited((), ())
    assert Counter(stored) - Counter(found.missing) + Counter(found.extra) == Counter(device)
    assert not Counter(found.missing) & Counter(found.extra)


class DeviceAndPolls(RuleBasedStateMachine):
    """A device's log lives its life; polls come whenever. The store counts identical rows.

    Seconds never repeat between bursts, so the anchor's run of records is never written again;
    inside a burst rows are identical. Cyclic delete drops whatever the device likes. Only where
    somebody tampers among identical rows of the anchor may one of these come once more.
    """

    @initialize()
    def begin(self) -> None:
        self.numbers = count(1)
        self.log: list[bytes] = []
        self.written: Counter[bytes] = Counter()
        self.stored: Counter[bytes] = Counter()
        self.cursor: Cursor | None = None
        self.tampered = False
        self.dropped = 0
        self.excused: set[bytes] = set()

    def drop(self, dropped: int) -> None:
        self.dropped += min(dropped, len(self.log))
        self.log = self.log[dropped:]

    def write(self, rows: list[bytes]) -> None:
        self.log += rows
        self.written.update(rows)

    @rule(people=st.integers(1, 40))
    def append(self, people: int) -> None:
        self.write([rec(next(self.numbers)) for _ in range(people)])

    @rule(times=st.integers(2, 80))
    def append_identical(self, times: int) -> None:
        self.write([rec(next(self.numbers))] * times)

    @rule(times=st.integers(2, 30))
    def append_two_people_in_turns(self, times: int) -> None:
        self.write([rec(next(self.numbers)), rec(next(self.numbers))] * times)

    @rule(dropped=st.integers(1, 60))
    def cyclic_delete(self, dropped: int) -> None:
        self.drop(dropped)

    @rule(dropped=st.integers(1, 30))
    def full_device_appends(self, dropped: int) -> None:
        self.drop(dropped)
        self.write([rec(next(self.numbers)) for _ in range(dropped)])

    @rule(dropped=st.integers(1, 30))
    def full_device_appends_identical(self, dropped: int) -> None:
        self.drop(dropped)
        last = self.log[-1] if self.log else rec(next(self.numbers))
        self.write([last] * dropped)

    @rule()
    def clear(self) -> None:
        self.log = []
        self.tampered = True

    @rule(start=st.integers(0, 200), length=st.integers(1, 50))
    def delete_a_range(self, start: int, length: int) -> None:
        self.log = self.log[:start] + self.log[start + length :]
        self.tampered = True

    @rule(back=st.integers(1, 8))
    def edit_at_the_end(self, back: int) -> None:
        if back <= len(self.log):
            row = rec(next(self.numbers))
            self.written[row] += 1
            self.log[-back] = row
            self.tampered = True

    @rule()
    def another_device_behind_the_address(self) -> None:
        self.log = []
        self.write([rec(next(self.numbers)) for _ in range(25)])
        self.tampered = True

    def anchor_must_still_stand(self) -> bool:
        if self.tampered or self.cursor is None or not self.cursor.anchor:
            return False
        return self.dropped <= self.cursor.n - len(self.cursor.anchor) // W

    @rule(stray=st.integers(0, W - 1), looks=st.integers(1, 2))
    def poll_and_check(self, stray: int, looks: int) -> None:
        for _ in range(looks):
            fresh, _ = poll(self.cursor, self.log, b"\xee" * stray)
            rows = Counter(split(fresh.records))
            replaced = isinstance(fresh.change, Replaced)
            assert not (replaced and self.anchor_must_still_stand())
            if self.tampered and self.cursor:
                anchor = Counter(split(self.cursor.anchor))
                self.excused |= {row for row, times in anchor.items() if times > 1}
            self.tampered, self.dropped = False, 0
            self.stored = self.stored | rows if replaced else self.stored + rows
            self.cursor = fresh.cursor
        undelivered = Counter(self.log) - self.stored
        assert not undelivered
        assert fresh.cursor.n == len(self.log)

    @invariant()
    def nothing_was_delivered_twice(self) -> None:
        assert set(self.stored - self.written) <= self.excused


TestDeviceAndPolls = DeviceAndPolls.TestCase
TestDeviceAndPolls.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
