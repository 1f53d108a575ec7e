"""Each fault does what its name says, seen from a bare socket."""

import random
import struct

import pytest

from simulators.zk import profiles, wire
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from tests.simulators.raw import client, device, prepared

READ_ALL = struct.pack("<ii", 0, 8_004)


@pytest.fixture
def office():
    terminal = device(profiles.F19)
    furnish(terminal, 200)
    with Terminal(terminal) as served:
        yield served


@pytest.fixture
def visitor(office):
    with client(office) as one:
        yield one


@pytest.fixture
def listener(office):
    with client(office, tcp=False) as one:
        one.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        yield one


def exactly(visitor, size):
    received = b""
    while len(received) < size:
        piece = visitor.socket.recv(size - len(received))
        assert piece
        received += piece
    return received


def test_a_fragmented_answer_goes_out_in_small_writes(office, visitor):
    office.faults.fragment = 7
    office.traffic.reset()
    assert visitor.ask(wire.READ_OPTION, b"MAC\0").data == b"MAC=00:17:61:c8:ec:17\0"
    assert office.traffic.writes == [7, 7, 7, 7, 7, 3]


def test_a_coalesced_answer_goes_out_in_one_write(office, visitor):
    visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
    office.faults.coalesce = True
    office.traffic.reset()
    visitor.ask(wire.READ, READ_ALL, packets=3)
    assert office.traffic.writes == [24 + 16 + 8_004 + 16]


def test_a_wrong_length_field_is_off_by_as_much_as_asked(office, visitor):
    office.faults.length_error = -3
    visitor.send(wire.EXIT)
    assert exactly(visitor, 16)[4:8] == (5).to_bytes(4, "little")


def test_a_connection_closes_in_the_middle_of_a_chunk_once(office, visitor):
    visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
    office.faults.close_after = 1_000
    visitor.send(wire.READ, READ_ALL)
    assert len(exactly(visitor, 1_000)) == 1_000
    assert visitor.socket.recv(1) == b""
    assert office.faults.close_after is None
    with client(office) as again:
        assert again.ask(wire.VERSION).command == wire.OK


def test_a_mute_terminal_keeps_its_connections_and_says_nothing(office, visitor):
    visitor.ask(wire.EVENTS, (1).to_bytes(4, "little"))
    office.faults.mute = True
    visitor.send(wire.VERSION)
    office.device.punch("1007")
    assert visitor.quiet()
    office.faults.mute = False
    assert visitor.ask(wire.VERSION).command == wire.OK


def test_an_unanswered_command_is_carried_out_all_the_same(office, visitor):
    office.faults.unanswered.add(wire.CLEAR_ATTENDANCE)
    visitor.send(wire.CLEAR_ATTENDANCE)
    assert visitor.ask(wire.VERSION).reply == visitor.reply - 1
    assert len(office.device.log) == 0


def test_a_refused_command_answers_the_code_asked_for(office, visitor):
    office.faults.refuse[wire.PREPARE_READ] = wire.NO_DATA
    assert visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE)).command == 4989


def test_a_late_answer_arrives_before_the_answer_to_the_next_question(office, visitor):
    office.faults.delay[wire.GET_TIME] = 0.4
    visitor.send(wire.GET_TIME)
    assert visitor.quiet(0.05)
    visitor.send(wire.VERSION)
    late, wanted = visitor.receive(), visitor.receive()
    assert (late.reply, len(late.data)) == (visitor.reply - 2, 4)
    assert wanted.data.startswith(b"Ver ")


@pytest.mark.parametrize("tcp", [True, False], ids=["tcp", "udp"])
def test_a_duplicated_answer_comes_twice_with_one_reply_id(office, tcp):
    office.faults.duplicate.add(wire.VERSION)
    with client(office, tcp=tcp) as one:
        first, second = one.ask(wire.VERSION, packets=2)
        assert first == second
        assert one.ask(wire.GET_TIME).reply == first.reply + 1


def test_a_lost_datagram_leaves_a_hole_in_the_numbering_once(office, listener):
    office.faults.udp_drop.add(3)
    answer = listener.ask(wire.READ, READ_ALL, packets=9)
    assert [p.session for p in answer[1:-1]] == [0, 1, 3, 4, 5, 6, 7]
    answer = listener.ask(wire.READ, READ_ALL, packets=10)
    assert [p.session for p in answer[1:-1]] == list(range(8))


def test_the_end_of_an_answer_can_be_the_lost_datagram(office, listener):
    office.faults.udp_drop |= {0, 9}
    answer = listener.ask(wire.READ, READ_ALL, packets=8)
    assert {p.command for p in answer} == {wire.DATA}
    assert listener.quiet()


def test_datagrams_change_places(office, listener):
    office.faults.udp_swap |= {2, 8}
    answer = listener.ask(wire.READ, READ_ALL, packets=10)
    assert [p.session for p in answer[1:8]] == [0, 2, 1, 3, 4, 5, 6]
    assert [p.command for p in answer[8:]] == [wire.OK, wire.DATA]


def test_chance_loses_the_same_datagrams_for_the_same_seed(office, listener):
    def survivors(seed):
        listener.send(wire.READ, READ_ALL)
        chance = random.Random(seed)
        kept = [chance.random() >= 0.3 for _ in range(11)]
        return [kept[0] and arrived for arrived in kept[1:]]

    office.faults.udp_loss = 0.3
    office.faults.chance = random.Random(5)
    expected = survivors(5)
    assert any(expected)
    assert not all(expected)
    arrived = [listener.receive() for _ in range(sum(expected))]
    numbers = [place for place, there in enumerate(expected) if there]
    told = [{1500: 0, 2000: 9}.get(p.command, p.session + 1) for p in arrived]
    assert told == numbers


def test_somebody_punches_at_a_chosen_moment(office, visitor):
    """Before 1503 acts the punch is in the snapshot, after it the punch is not."""
    office.faults.before[wire.PREPARE_READ] = lambda: office.device.punch("1007")
    before = visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
    office.faults.before.clear()
    office.faults.after[wire.FREE_SIZES] = lambda: office.device.punch("1007")
    office.faults.after[wire.PREPARE_READ] = lambda: office.device.punch("1007")
    sizes = visitor.ask(wire.FREE_SIZES)
    after = visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
    assert int.from_bytes(before.data[1:5], "little") == 4 + 40 * 201
    assert int.from_bytes(sizes.data[32:36], "little") == 201
    assert int.from_bytes(after.data[1:5], "little") == 4 + 40 * 202
    assert len(office.device.log) == 203


def test_a_live_event_can_fall_between_the_packets_of_an_answer(office, visitor):
    visitor.ask(wire.EVENTS, (1).to_bytes(4, "little"))
    visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
    office.faults.between = lambda place: place == 1 and office.device.punch("1007")
    answer = visitor.ask(wire.READ, READ_ALL, packets=4)
    assert [p.command for p in answer] == [1500, 500, 1501, 2000]


def test_two_live_events_share_one_write(office, visitor):
    visitor.ask(wire.EVENTS, (1).to_bytes(4, "little"))
    office.faults.hold_events = 2
    office.traffic.reset()
    office.device.punch("1007")
    assert visitor.quiet()
    office.device.punch("1014")
    assert [visitor.receive().data[:4] for _ in range(2)] == [b"1007", b"1014"]
    assert office.traffic.writes == [2 * (16 + 32)]


def test_every_connection_can_be_dropped_at_once(office, visitor):
    office.disconnect_all()
    with pytest.raises(ConnectionError):
        visitor.receive()


def test_a_bad_date_reaches_the_live_event(office, visitor):
    visitor.ask(wire.EVENTS, (1).to_bytes(4, "little"))
    office.device.punch("1007", at=wire.code_of((2026, 2, 30), (7, 0, 0)))
    assert visitor.receive().data[26:32] == bytes([26, 2, 30, 7, 0, 0])
