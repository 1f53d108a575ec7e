"""Whole polls against the simulated terminal: what is new, what changed, and at what price."""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
import pytest
from msgspec.structs import replace

from simulators.zk.profiles import (
    ACCESS_MODE,
    BARE_CHUNKS,
    CYCLIC,
    F19,
    F19_PACKETS,
    FACE49,
    HEAD_ONLY,
    OLD8,
    OLD16,
    SHORT_TAIL,
    WL10,
)
from simulators.zk.terminal import Terminal
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk import tail, timecode
from terminal_agent.zk.bookmark import Bookmark, settle
from terminal_agent.zk.frames import Command, Packet
from terminal_agent.zk.link import Link
from terminal_agent.zk.poll import PollResult, poll
from terminal_agent.zk.records import Row, Unreadable
from terminal_agent.zk.tail import Replaced, Shifted
from tests.terminal_agent.zk.conftest import ok

Start = Callable[..., Terminal]
ALL = (F19, F19_PACKETS, OLD8, OLD16, FACE49, BARE_CHUNKS)  # a WL10 is read over TCP only


@contextmanager
def linked(at: Terminal, udp: bool = False) -> Iterator[Link]:
    with Link("127.0.0.1", at.port, timeout=2, udp=udp) as link:
        yield link


def ask(link: Link, bookmark: Bookmark | None, **more) -> PollResult:
    return poll(link, bookmark, lambda: 0, 2025, **more)


def once(at: Terminal, bookmark: Bookmark | None = None, **more) -> PollResult:
    with linked(at) as link:
        return ask(link, bookmark, **more)


def pins(result: PollResult) -> list[str]:
    return [row.pin for row in result.rows if isinstance(row, Row)]


def seconds(code: int) -> int:
    return timecode.decode(code).t


def expected(at: Terminal) -> list[tuple[str, int, int, int]]:
    """What the simulator holds, by its own account."""
    return [(p.pin, seconds(p.code), p.verify, p.state) for p in at.device.log.punches]


def seen(result: PollResult) -> list[tuple[str, int, int, int]]:
    return [(r.pin, r.t, r.verify, r.punch) for r in result.rows if isinstance(r, Row)]


@pytest.mark.parametrize(
    ("profile", "udp"),
    [*((profile, False) for profile in (*ALL, WL10)), *((profile, True) for profile in ALL)],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_family_is_read_whole_then_only_what_is_new(
    terminal: Start, profile, udp: bool
) -> None:
    at = terminal(profile, punches=1700)
    with linked(at, udp) as link:
        full = ask(link, None)
        assert (full.dialect, full.on_device, full.change) == (profile.record_width, 1700, None)
        assert full.serial == "BWXP204560001"
        pairs = [(e[:2], s[:2]) for e, s in zip(expected(at), seen(full), strict=True)]
        assert all(there == here for there, here in pairs)
        for number in range(20):
            at.device.punch("1007", state=number % 2)
        new = ask(link, full.bookmark)
        assert pins(new) == ["1007"] * 20
        quiet = ask(link, new.bookmark)
        assert (quiet.rows, quiet.change, quiet.poll_again) == ([], None, False)
    assert not {14, 15, 1002, 1003} & set(at.traffic.commands)


@pytest.mark.parametrize("profile", [F19, OLD8, OLD16, FACE49], ids=lambda p: p.name)
def test_verify_mode_and_state_arrive_in_their_places(terminal: Start, profile) -> None:
    at = terminal(profile, punches=50)
    at.device.punch("1007", verify=15, state=1)
    assert seen(once(at)) == expected(at)


def test_a_hundred_thousand_records_then_twenty_new_ones_for_under_1500_bytes(
    terminal: Start,
) -> None:
    """1.2 a; section 0.2: the full log is 4 MB."""
    at = terminal(punches=99_900)
    with linked(at) as link:
        full = ask(link, None)
        assert seen(full) == expected(at)
        assert full.bytes_in > 3_996_000
        for number in range(20):
            at.device.punch(str(1007 + 7 * number))
        at.traffic.reset()
        new = ask(link, full.bookmark)
        assert len(new.rows) == 20
        assert new.bytes_in + new.bytes_out < 1500
        assert at.traffic.bytes_in + at.traffic.bytes_out == new.bytes_in + new.bytes_out
        at.traffic.reset()
        assert ask(link, new.bookmark).rows == []
        assert at.traffic.bytes_in + at.traffic.bytes_out < 700


def test_february_30_among_two_thousand_costs_nothing(terminal: Start) -> None:
    """1.2 b: pyzk loses the whole call."""
    at = terminal(punches=1000)
    code = timecode.encode(2025, 2, 30, 3600)
    at.device.punch("1007", at=code)
    at.device.load(at.device.log.punches[:999])
    result = once(at)
    assert len(result.rows) == 2000
    odd = [row for row in result.rows if isinstance(row, Row) and row.impossible]
    assert [(row.pin, row.t) for row in odd] == [("1007", code)]


@pytest.mark.parametrize(
    ("profile", "punches"),
    [(OLD8, 200), (F19, 20), (OLD16, 4), (FACE49, 200)],
    ids=lambda value: getattr(value, "name", value),
)
@pytest.mark.parametrize("moment", [Command.PREPARE, Command.READ, Command.FREE])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_punch_during_the_read_spoils_nothing(
    terminal: Start, profile, punches: int, moment: Command, when: str
) -> None:
    """1.2 d, e, f: pyzk delivers 0 of 40, 1 of 19, garbage."""
    at = terminal(profile, punches=punches)

    def punch_once() -> None:
        getattr(at.faults, when).clear()
        at.device.punch("1014")

    with linked(at) as link:
        getattr(at.faults, when)[moment] = punch_once
        first = ask(link, None)
        second = ask(link, first.bookmark)
        third = ask(link, second.bookmark)
    assert seen(first) + seen(second) + seen(third) == expected(at)
    assert len(expected(at)) == punches + 1
    assert not third.poll_again


def test_a_punch_behind_the_read_asks_for_another_poll_at_once(terminal: Start) -> None:
    at = terminal(punches=300)
    with linked(at) as link:
        before = ask(link, None)
        assert not before.poll_again

        def punch_once() -> None:
            at.faults.before.clear()
            at.device.punch("1014")

        at.faults.before[Command.SIZES] = punch_once
        missed = ask(link, before.bookmark)
        assert (missed.rows, missed.poll_again) == ([], True)
        caught = ask(link, missed.bookmark)
        assert (pins(caught), caught.poll_again) == (["1014"], False)


def test_lost_udp_packets_lose_no_row(terminal: Start) -> None:
    """1.2 h."""
    at = terminal(punches=300)
    at.faults.udp_drop = {5}
    with linked(at, udp=True) as link:
        assert seen(ask(link, None)) == expected(at)


def test_a_full_log_that_drops_its_oldest_is_followed_without_loss(terminal: Start) -> None:
    at = terminal(CYCLIC, punches=5000)
    with linked(at) as link:
        before = ask(link, None)
        at.device.punch("1007")
        after = ask(link, before.bookmark)
    assert pins(after) == ["1007"]
    assert after.change == Shifted(500)
    assert after.on_device == 4501
    assert after.bytes_in < 80_000


def test_at_capacity_the_count_stands_still_and_the_punch_is_seen(terminal: Start) -> None:
    at = terminal(replace(CYCLIC, cyclic_delete=1), punches=5000)
    with linked(at) as link:
        before = ask(link, None)
        at.device.punch("1007")
        after = ask(link, before.bookmark)
    assert (pins(after), after.change, after.on_device) == (["1007"], Shifted(1), 5000)
    assert after.capacity == 1.0


def test_a_cleared_log_is_declared_and_the_operation_log_tells_who(terminal: Start) -> None:
    at = terminal(punches=400)
    with linked(at) as link:
        before = ask(link, None)
        at.device.clear_log()
        empty = ask(link, before.bookmark)
        at.device.punch("1007")
        after = ask(link, empty.bookmark)
    assert (empty.rows, empty.change, empty.on_device) == ([], Replaced(400), 0)
    assert [operation.code for operation in empty.operations] == [23]
    assert (pins(after), after.change) == (["1007"], None)


@pytest.mark.parametrize("profile", [F19, FACE49], ids=lambda p: p.name)
def test_an_empty_log_is_not_an_error_and_its_first_punch_arrives(terminal: Start, profile) -> None:
    at = terminal(profile)
    with linked(at) as link:
        empty = ask(link, None)
        assert (empty.rows, empty.dialect, empty.change) == ([], None, None)
        at.device.punch("1007")
        assert pins(ask(link, empty.bookmark)) == ["1007"]


def test_access_control_mode_is_a_setting_to_change_not_an_empty_log(terminal: Start) -> None:
    at = terminal(ACCESS_MODE, punches=10)
    with pytest.raises(SourceMisconfigured, match="device type") as refused:
        once(at)
    assert refused.value.code == "no_attlog_mode"


@pytest.mark.parametrize("profile", [HEAD_ONLY, SHORT_TAIL], ids=lambda p: p.name)
@pytest.mark.parametrize("punches", [1500, 4000])
@pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])
def test_firmware_that_reads_only_from_the_start_is_read_whole_and_remembered(
    terminal: Start, profile, punches: int, udp: bool
) -> None:
    at = terminal(profile, punches=punches)
    with linked(at, udp) as link:
        first = ask(link, None)
        assert seen(first) == expected(at)
        at.device.punch("1007")
        second = ask(link, first.bookmark)
        assert (pins(second), second.change) == (["1007"], None)
        assert not second.bookmark.tail or second.bookmark.legacy
        at.device.punch("1014")
        at.traffic.reset()
        third = ask(link, second.bookmark)
        assert (pins(third), third.change) == (["1014"], None)
        assert at.traffic.counts()[Command.PREPARE] <= 1
        assert at.traffic.counts()[Command.ATTLOG] == (0 if third.bookmark.tail is False else 1)


def test_another_device_behind_the_address_starts_from_its_own_beginning(
    terminal: Start,
) -> None:
    at = terminal(punches=100)
    before = once(at)
    at.device.become("OTHER0000001")
    after = once(at, before.bookmark)
    assert (after.serial, after.change, len(after.rows)) == ("OTHER0000001", None, 100)
    assert after.bookmark.serial == "OTHER0000001"


def test_an_audit_finds_what_was_changed_in_the_middle(terminal: Start) -> None:
    at = terminal(punches=500)
    with linked(at) as link:
        before = ask(link, None, audit=True)
        assert before.device_raws is not None
        stored = [row.raw for row in before.rows]
        assert tail.audit(stored, before.device_raws) is None
        at.device.edit(100, pin="9999")
        unseen = ask(link, before.bookmark)
        assert (unseen.rows, unseen.change) == ([], None)
        found = ask(link, before.bookmark, audit=True)
        assert found.device_raws is not None
        edited = tail.audit(stored, found.device_raws)
    assert (found.rows, found.change) == ([], None)
    assert edited is not None
    assert edited.missing == (stored[100],)
    assert b"9999" in edited.extra[0]


def test_the_operation_log_is_read_when_its_count_moves_and_only_then(terminal: Start) -> None:
    at = terminal(punches=100)
    with linked(at) as link:
        before = ask(link, None)
        assert {operation.code for operation in before.operations} == {30}
        at.device.set_clock(datetime(2025, 6, 2, 13, 0))
        set_time = ask(link, before.bookmark)
        assert [operation.code for operation in set_time.operations] == [21]
        at.traffic.reset()
        assert ask(link, set_time.bookmark).operations == []
        assert at.traffic.counts()[Command.PREPARE] == 1
        assert set_time.clock.device.t - before.clock.device.t == 3600


def test_an_operation_log_that_breaks_the_connection_costs_no_punch(terminal: Start) -> None:
    at = terminal(punches=200)
    at.faults.before = {Command.SIZES: lambda: at.faults.unanswered.add(Command.PREPARE)}
    with Link("127.0.0.1", at.port, timeout=0.2) as link:
        result = ask(link, Bookmark("BWXP204560001"))
        assert result.operations_missed
        assert seen(result) == expected(at)
        with pytest.raises(SourceUnavailable):
            link.sizes()


def test_the_punch_of_a_deleted_user_on_an_old_terminal_is_kept_as_it_came(
    terminal: Start,
) -> None:
    at = terminal(OLD8, punches=140)
    at.device.remove_user(3)
    unreadable = [row for row in once(at).rows if isinstance(row, Unreadable)]
    assert {row.reason for row in unreadable} == {"the device has no user with uid 3"}
    assert all(len(row.raw) == 8 for row in unreadable)


def test_a_lost_connection_loses_nothing_and_repeats_nothing(terminal: Start) -> None:
    """1.2 g in a poll: wherever the connection breaks, the bookmark that was stored still holds."""
    at = terminal(punches=300)
    bookmark, rows = once(at).bookmark, []
    for broken_after in range(0, 1500, 90):
        at.device.punch("1007")
        at.faults.close_after = broken_after
        try:
            result = once(at, bookmark)
        except SourceUnavailable:
            continue
        finally:
            at.faults.close_after = None
        bookmark = result.bookmark
        rows += result.rows
    rows += once(at, bookmark).rows
    assert len(rows) == len(range(0, 1500, 90))


def small_device(bodies: list[bytes]) -> Callable[[Packet], bytes]:
    """A script that prepares one body after the other, the last for ever, and counts no records."""
    answers = {
        Command.OPTION: b"~SerialNumber=SN1\0",
        Command.GET_TIME: bytes(4),
        Command.SIZES: bytes(80),
    }

    def script(packet: Packet) -> bytes:
        if packet.command == Command.PREPARE:
            if packet.data[1:2] != bytes([Command.ATTLOG]):
                return ok(packet, command=Command.ERROR)
            current.append(bodies.pop(0) if len(bodies) > 1 else bodies[0])
            return ok(packet, struct.pack("<xI", len(current[-1])))
        if packet.command == Command.READ:
            start, size = struct.unpack("<ii", packet.data)
            return ok(packet, current[-1][start : start + size], Command.DATA)
        return ok(packet, answers.get(packet.command, b""))

    current: list[bytes] = []
    return script


def records_of(terminal: Start, count: int) -> bytes:
    return terminal(punches=count).device.body(Command.ATTLOG)[4:]


def test_a_record_half_written_at_first_contact_is_waited_for(
    terminal: Start, scripted: Callable[..., int]
) -> None:
    raw = records_of(terminal, 3)
    half = struct.pack("<I", 91) + raw[:91]
    port = scripted(small_device([half, struct.pack("<I", 120) + raw]))
    with Link("127.0.0.1", port, timeout=1) as link:
        assert len(ask(link, None).rows) == 3


def test_a_log_whose_layout_stays_unclear_is_refused(scripted: Callable[..., int]) -> None:
    port = scripted(small_device([struct.pack("<I", 91) + bytes(91)]))
    with (
        Link("127.0.0.1", port, timeout=1) as link,
        pytest.raises(SourceMisconfigured, match="nothing was taken") as refused,
    ):
        ask(link, None)
    assert refused.value.code == "dialect_unclear"


def test_padding_behind_the_log_is_never_taken_for_records(
    terminal: Start, scripted: Callable[..., int]
) -> None:
    """The body is longer than its own total says: only a full read can tell where it ends."""
    raw = records_of(terminal, 30)
    padded = [struct.pack("<I", 40 * n) + raw[: 40 * n] + bytes(80) for n in (28, 30)]
    with Link("127.0.0.1", scripted(small_device(padded)), timeout=1) as link:
        first = ask(link, None)
        second = ask(link, first.bookmark)
    assert [len(first.rows), len(second.rows)] == [28, 2]
    assert not first.bookmark.tail


def test_new_firmware_may_read_tails_again(terminal: Start) -> None:
    at = terminal(punches=1500)
    bookmark = once(at).bookmark
    old = replace(bookmark, firmware="Ver 6.00", tail=False)
    assert once(at, old).bookmark == bookmark
    assert once(at, replace(bookmark, tail=False)).bookmark.tail is False


def test_a_log_that_was_replaced_makes_us_look_at_a_full_operation_log_too(
    terminal: Start,
) -> None:
    """At its capacity the operation log's count stands still."""
    at = terminal(punches=200)
    with linked(at) as link:
        before = ask(link, None)
        at.device.clear_log()
        del at.device.operations[0]
        after = ask(link, before.bookmark)
    assert [operation.code for operation in after.operations] == [23]
    assert after.operations_change == Shifted(1)


def test_the_bookmark_survives_storing(terminal: Start) -> None:
    at = terminal(punches=100)
    bookmark = once(at).bookmark
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(bookmark), type=Bookmark)
    assert stored == bookmark
    assert once(at, stored).rows == []


def test_a_counter_that_never_agrees_does_not_make_us_poll_for_ever() -> None:
    again, surplus = settle(0, counted=105, on_device=100, fresh=True)
    assert (again, surplus) == (True, 0)
    again, surplus = settle(surplus, counted=105, on_device=100, fresh=False)
    assert (again, surplus) == (True, 5)
    again, surplus = settle(surplus, counted=105, on_device=100, fresh=False)
    assert (again, surplus) == (False, 5)
    assert settle(surplus, counted=106, on_device=100, fresh=False) == (True, 6)
    assert settle(5, counted=100, on_device=100, fresh=True) == (False, 0)
