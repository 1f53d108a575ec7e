"""The session: who asked what, and what happens when the answer is late, wrong, cut or missing."""

import socket
import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.zk.profiles import F19, F19_PACKETS, FACE49, OLD8, OLD16, WL10
from simulators.zk.terminal import Terminal
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.zk import answers, bulk, events, frames
from terminal_agent.zk.bulk import Body, ReadRefused
from terminal_agent.zk.events import LiveHint
from terminal_agent.zk.frames import Command, Packet
from terminal_agent.zk.link import Link
from terminal_agent.zk.wire import UdpWire
from tests.terminal_agent.zk.conftest import ok

Start = Callable[..., Terminal]
Script = Callable[..., int]


def link_to(terminal: Terminal, timeout: float = 2.0, **more) -> Link:
    return Link("127.0.0.1", terminal.port, timeout=timeout, **more)


@pytest.mark.parametrize("udp", [False, True])
def test_a_terminal_tells_who_it_is_and_what_time_it_shows(terminal: Start, udp: bool) -> None:
    at = terminal(punches=30)
    stamps = iter((100, 104))
    with link_to(at, udp=udp) as link:
        assert link.serial() == "BWXP204560001"
        assert (link.firmware(), link.platform()) == (F19.firmware, F19.platform)
        assert link.option("NoSuchOption") is None
        assert (link.sizes().records, link.sizes().record_cap) == (30, 100_000)
        reading = link.device_time(lambda: next(stamps))
        assert (reading.asked, reading.answered) == (100, 104)
        assert reading.device.t == 1_748_865_600  # noon in WIB, counted as if UTC
    counted = at.traffic
    assert (link.bytes_out, link.bytes_in) == (counted.bytes_in, counted.bytes_out)
    assert counted.bad_checksums == 0


@pytest.mark.parametrize("udp", [False, True])
@pytest.mark.parametrize("host", ["192.168..201", "a" * 70 + ".kantor"])
def test_an_address_with_a_slip_in_it_is_out_of_reach_and_ends_nothing(
    host: str, udp: bool
) -> None:
    with pytest.raises(SourceUnavailable) as told, Link(host, udp=udp):
        pass
    assert told.value.code == "unreachable"


def test_reading_never_locks_the_device_and_never_deletes(terminal: Start) -> None:
    at = terminal(punches=3000)
    with link_to(at) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert len(body.whole()) == 3000 * 40
        body.free()
    assert not {14, 15, 1002, 1003} & set(at.traffic.commands)
    assert not {14, 15, 1002, 1003} & set(Command)


@pytest.mark.parametrize("udp", [False, True])
def test_the_right_communication_key_opens_and_a_wrong_one_tells_what_to_type(
    terminal: Start, udp: bool
) -> None:
    at = terminal(comm_key=482913)
    with link_to(at, comm_key=482913, udp=udp) as link:
        assert link.serial()
    with pytest.raises(SourceMisconfigured, match="communication key") as refused:
        link_to(at, comm_key=1, udp=udp).__enter__()
    assert refused.value.code == "comm_key"


def test_nobody_at_the_address_is_out_of_reach() -> None:
    with pytest.raises(SourceUnavailable) as unreachable:
        Link("127.0.0.1", 1, timeout=1).__enter__()
    assert unreachable.value.code == "unreachable"


def test_a_late_answer_is_never_taken_for_the_next_one(terminal: Start) -> None:
    """1.2 i: pyzk returns the clock as serial number and the serial number as firmware."""
    at = terminal()
    at.faults.delay = {Command.GET_TIME: 0.6}
    link = link_to(at, timeout=0.3).__enter__()
    with pytest.raises(SourceUnavailable) as late:
        link.device_time(lambda: 0)
    assert late.value.code == "timeout"
    time.sleep(0.6)
    with pytest.raises(SourceUnavailable) as closed:
        link.serial()
    assert closed.value.code == "closed"
    with link_to(at) as again:
        assert again.serial() == "BWXP204560001"


@pytest.mark.parametrize("udp", [False, True])
def test_answers_that_come_twice_do_no_harm(terminal: Start, udp: bool) -> None:
    at = terminal(F19_PACKETS, punches=2000)
    at.faults.duplicate = set(Command) - {Command.EXIT}
    with link_to(at, udp=udp) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]
        body.free()
        assert link.serial() == "BWXP204560001"


def test_an_answer_to_a_question_never_asked_ends_the_session(scripted: Script) -> None:
    port = scripted(lambda p: ok(Packet(0, 0, p.reply + 5)))
    with Link("127.0.0.1", port, timeout=1) as link:
        with pytest.raises(SourceUnavailable) as confused:
            link.sizes()
        assert confused.value.code == "broken_frame"
        with pytest.raises(SourceUnavailable, match="closed"):
            link.sizes()


def test_a_terminal_that_closes_in_the_middle_of_its_log_is_noticed_at_once(
    terminal: Start,
) -> None:
    """1.2 g: pyzk spins for ever here."""
    at = terminal(punches=3000)
    with link_to(at, timeout=30) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        at.faults.close_after = 20_000
        with pytest.raises(SourceUnavailable) as gone:
            body.whole()
    assert gone.value.code == "connection_lost"


def test_a_terminal_that_falls_silent_in_the_middle_of_its_log_is_given_up(
    scripted: Script,
) -> None:
    def script(packet: Packet) -> bytes:
        head = ok(packet, struct.pack("<II", 400, 1008), Command.PREPARE_DATA)
        return head + ok(packet, bytes(100), Command.DATA)

    with (
        Link("127.0.0.1", scripted(script), timeout=0.2) as link,
        pytest.raises(SourceUnavailable, match="middle of its log"),
    ):
        bulk.read(link, 0, 400)


@pytest.mark.parametrize("profile", [F19, F19_PACKETS], ids=lambda p: p.name)
def test_a_log_in_small_fragments_arrives_whole(terminal: Start, profile) -> None:
    at = terminal(profile, punches=60)
    at.faults.fragment, at.faults.pause = 24, 0
    with link_to(at) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]


@pytest.mark.parametrize("profile", [F19, F19_PACKETS, OLD16], ids=lambda p: p.name)
def test_coalesced_answers_arrive_whole(terminal: Start, profile) -> None:
    at = terminal(profile, punches=4000)
    at.faults.coalesce = True
    with link_to(at) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]


@pytest.mark.parametrize("lost", [{0}, {1}, {3, 4}, {7}, {8}, {1, 2, 3, 4, 5, 6, 7, 8}])
def test_lost_udp_packets_are_read_again(terminal: Start, lost: set[int]) -> None:
    """1.2 h: pyzk returns 77 plausible rows of 300 and no error."""
    at = terminal(punches=200)
    at.faults.udp_drop = lost
    with link_to(at, timeout=0.8, udp=True) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]


def test_udp_packets_out_of_order_are_put_in_order(terminal: Start) -> None:
    at = terminal(punches=1000)
    at.faults.udp_swap = {1, 4, 6, 9}
    with link_to(at, udp=True) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]


def test_a_damaged_datagram_is_a_lost_one() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        wire = UdpWire(*peer.getsockname())
        wire.send(Packet(Command.CONNECT, 0, 0))
        _, us = peer.recvfrom(100)
        answer = frames.encode(Packet(Command.OK, 7, 0, b"hello"))
        for datagram in (answer[:-1] + b"x", answer[:5], answer):
            peer.sendto(datagram, us)
        assert wire.receive(time.monotonic() + 2) == Packet(Command.OK, 7, 0, b"hello")
        wire.close()


def test_a_udp_path_that_loses_a_tenth_of_everything_is_slow_but_right(terminal: Start) -> None:
    at = terminal(punches=600)
    with link_to(at, timeout=0.4, udp=True) as link:
        at.faults.udp_loss = 0.1
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]
        at.faults.udp_loss = 0.0


def test_a_wrong_length_field_is_refused(terminal: Start) -> None:
    at = terminal(punches=300)
    with link_to(at, timeout=0.3) as link:
        at.faults.length_error = -3
        with pytest.raises(SourceUnavailable):
            link.serial()


def test_a_damaged_answer_is_refused_where_the_terminal_knows_checksums(
    scripted: Script,
) -> None:
    def script(packet: Packet) -> bytes:
        answer = bytearray(ok(packet, b"~SerialNumber=SN1\0"))
        answer[-2] ^= 1
        return bytes(answer)

    with (
        Link("127.0.0.1", scripted(script), timeout=1) as link,
        pytest.raises(SourceUnavailable, match="checksum"),
    ):
        link.serial()


def test_a_wl10_that_understates_its_packets_is_read_by_the_old_command(terminal: Start) -> None:
    at = terminal(WL10, punches=500)
    with link_to(at) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=True)
        assert isinstance(body, Body)
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]
        assert link.serial() == "BWXP204560001"


@pytest.mark.parametrize("declared", [9, 30, 100])
def test_an_understated_data_packet_is_taken_only_if_everything_adds_up(
    scripted: Script, declared: int
) -> None:
    body = struct.pack("<I", 440) + bytes(range(220)) * 2
    closing = {True: Command.OK, False: Command.ERROR}
    proven = True

    def script(packet: Packet) -> bytes:
        data = frames.encode(Packet(Command.DATA, 7, packet.reply, body))
        understated = frames.MAGIC + struct.pack("<I", declared) + data
        head = ok(packet, struct.pack("<II", len(body), 0x9FB0), Command.PREPARE_DATA)
        return head + understated + ok(packet, command=closing[proven])

    port = scripted(script)
    with Link("127.0.0.1", port, timeout=1) as link:
        found = bulk.open_log(link, answers.ATTLOG, legacy=True)
        assert isinstance(found, Body)
        assert found.whole() == body[4:]
        proven = False
        with pytest.raises(SourceUnavailable):
            bulk.open_log(link, answers.ATTLOG, legacy=True)


def test_a_body_that_names_more_than_it_brings_is_refused_not_shortened(
    scripted: Script,
) -> None:
    port = scripted(lambda p: ok(p, struct.pack("<I", 80) + bytes(40), Command.DATA))
    with (
        Link("127.0.0.1", port, timeout=1) as link,
        pytest.raises(SourceUnavailable, match="names 80 bytes and brings 40"),
    ):
        bulk.open_log(link, answers.ATTLOG, legacy=False)


@pytest.mark.parametrize(
    ("announced", "packets", "complaint"),
    [
        (40, [bytes(30), bytes(30)], "40 bytes were announced, 60 came"),
        (40, [bytes(30), b"", bytes(10)], "an empty packet"),
        (40, [bytes(40), bytes(10)], "1501 came in the middle"),
        (1 << 30, [], "1073741824 bytes is announced"),
    ],
)
def test_a_bulk_answer_that_does_not_add_up_ends_the_session(
    scripted: Script, announced: int, packets: list[bytes], complaint: str
) -> None:
    def script(packet: Packet) -> bytes:
        head = ok(packet, struct.pack("<II", announced, 1008), Command.PREPARE_DATA)
        return head + b"".join(ok(packet, data, Command.DATA) for data in packets) + ok(packet)

    with Link("127.0.0.1", scripted(script), timeout=1) as link:
        with pytest.raises(SourceUnavailable, match=complaint):
            bulk.read(link, 0, 40)
        with pytest.raises(SourceUnavailable, match="closed"):
            link.sizes()


def test_udp_packets_out_of_order_on_the_old_path_are_refused(terminal: Start) -> None:
    """Without 1504 nothing can be read again by its offset."""
    at = terminal(OLD16, punches=1000)
    at.faults.udp_swap = {3}
    with (
        link_to(at, udp=True) as link,
        pytest.raises(SourceUnavailable, match="UDP packet 2 is missing or out of its order"),
    ):
        bulk.open_log(link, answers.ATTLOG, legacy=True)


def test_a_refused_range_leaves_the_session_in_step(scripted: Script) -> None:
    def script(packet: Packet) -> bytes:
        if packet.command == Command.READ:
            return ok(packet, command=Command.ERROR)
        return ok(packet, b"~SerialNumber=SN1\0")

    with Link("127.0.0.1", scripted(script), timeout=1) as link:
        with pytest.raises(ReadRefused):
            bulk.read(link, 4000, 40)
        assert link.serial() == "SN1"


# Live events


@pytest.mark.parametrize("udp", [False, True])
@pytest.mark.parametrize("length", [10, 12, 14, 32, 36, 37, 52])
def test_live_punches_of_every_known_length_arrive_and_are_acknowledged(
    terminal: Start, length: int, udp: bool
) -> None:
    """1.2 m."""
    from msgspec.structs import replace

    at = terminal(replace(F19, event_length=length))
    with link_to(at, udp=udp) as link:
        link.register_live()
        stored = at.device.punch("1007", verify=15, state=1)
        hint = link.next_event(2)
        assert hint is not None
        assert (hint.code, hint.pin, hint.verify, hint.punch) == (1, "1007", 15, 1)
        assert hint.t == 1_748_865_600
        assert link.next_event(0.05) is None
    assert stored.pin == hint.pin
    assert at.traffic.event_acks == 1


def test_an_event_is_acknowledged_with_reply_id_0_and_nothing_else_is(scripted: Script) -> None:
    heard: list[Packet] = []

    def script(packet: Packet) -> bytes:
        heard.append(packet)
        if packet.command == Command.EVENT:
            event = frames.frame(frames.encode(Packet(Command.EVENT, 1, 0, b"?")))
            return ok(packet) + event
        return b"" if packet.command == Command.OK else ok(packet, bytes(4))

    with Link("127.0.0.1", scripted(script), timeout=1) as link:
        link.register_live()
        assert link.next_event(1) == LiveHint(1, b"?")
        link.device_time(lambda: 0)
    acks = [packet for packet in heard if packet.command == Command.OK]
    assert [(ack.session, ack.reply, ack.data) for ack in acks] == [(7, 0, b"")]


def test_two_events_in_one_segment_both_arrive(terminal: Start) -> None:
    """1.2 j: pyzk dies with a TypeError and loses the second."""
    at = terminal()
    at.faults.hold_events = 2
    with link_to(at) as link:
        link.register_live()
        at.device.punch("1007")
        at.device.punch("1014")
        hints = [link.next_event(2), link.next_event(2)]
    assert [hint and hint.pin for hint in hints] == ["1007", "1014"]
    assert at.traffic.event_acks == 2


def test_an_alphanumeric_pin_is_a_pin(terminal: Start) -> None:
    """1.2 k: pyzk raises ValueError."""
    at = terminal()
    with link_to(at) as link:
        link.register_live()
        at.device.punch("AB-12x")
        hint = link.next_event(2)
    assert hint is not None
    assert hint.pin == "AB-12x"


def test_an_event_in_the_middle_of_a_log_is_kept_for_later(terminal: Start) -> None:
    at = terminal(F19_PACKETS, punches=400)
    with link_to(at) as link:
        link.register_live()
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        before = at.device.body(Command.ATTLOG)[4:]
        at.faults.between = lambda position: at.device.punch("1007") if position == 3 else None
        assert body.whole() == before
        at.faults.between = None
        hint = link.next_event(2)
    assert hint is not None
    assert hint.pin == "1007"


def test_a_peer_that_closes_while_we_listen_is_noticed(terminal: Start) -> None:
    """1.2 l."""
    at = terminal()
    with link_to(at) as link:
        link.register_live()
        at.disconnect_all()
        with pytest.raises(SourceUnavailable) as gone:
            link.next_event(5)
    assert gone.value.code == "connection_lost"


@pytest.mark.parametrize("udp", [False, True])
def test_a_silent_dead_peer_is_noticed_while_we_listen(terminal: Start, udp: bool) -> None:
    """1.2 l: pyzk yields None for ever."""
    at = terminal()
    with link_to(at, timeout=0.3, udp=udp) as link:
        link.register_live()
        at.faults.mute = True
        with pytest.raises(SourceUnavailable) as silent:
            link.next_event(20)
    assert silent.value.code == "timeout"


def test_a_silent_living_peer_is_only_asked_for_its_time(terminal: Start) -> None:
    at = terminal()
    with link_to(at, timeout=0.3) as link:
        link.register_live()
        assert link.next_event(1.1) is None
        assert Command.GET_TIME in at.traffic.commands


def test_events_nobody_understands_still_say_that_something_happened() -> None:
    impossible = struct.pack("<24sBB6s", b"1007", 1, 0, bytes([24, 2, 30, 7, 0, 0]))
    assert events.decode(1, impossible) == LiveHint(1, impossible)
    assert events.decode(1, b"x" * 21) == LiveHint(1, b"x" * 21)
    assert events.decode(512, b"\x37") == LiveHint(512, b"\x37")


def test_the_validity_flag_of_the_shortest_event_is_no_part_of_its_state() -> None:
    """Vendor manual 2006 p.19: the high half of the byte says valid, the low half is the state."""
    data = struct.pack("<HBB6s", 1007, 1, 0x11, bytes([25, 6, 2, 12, 0, 0]))
    assert events.decode(1, data).punch == 1
    assert events.decode(1, data + bytes(4)).punch == 0x11


def test_the_captured_live_event_is_read() -> None:
    data = b"999111333".ljust(24, b"\0") + bytes.fromhex("0100120619112905")
    hint = events.decode(1, data)
    assert (hint.pin, hint.verify, hint.punch, hint.t) == ("999111333", 1, 0, 1_529_948_465)


@given(st.integers(0, 0xFFFF), st.binary(max_size=60))
def test_no_event_whatever_raises(code: int, data: bytes) -> None:
    assert events.decode(code, data).raw == data


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([*Command, 77]), st.integers(-1, 1), st.binary(max_size=60)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_a_terminal_answers_only_declared_errors_come_out(
    scripted: Script, said: list[tuple[int, int, bytes]]
) -> None:
    def script(packet: Packet) -> bytes:
        return b"".join(
            ok(Packet(0, 0, (packet.reply + shift) % 65535), data, command)
            for command, shift, data in said
        )

    port = scripted(script)
    for ask in (
        lambda link: link.serial(),
        lambda link: link.sizes(),
        lambda link: link.device_time(lambda: 0),
        lambda link: bulk.open_log(link, answers.ATTLOG, legacy=False),
        lambda link: bulk.open_log(link, answers.USERS, legacy=True),
        lambda link: bulk.read(link, 0, 44),
    ):
        with Link("127.0.0.1", port, timeout=0.02) as link:
            try:
                ask(link)
            except (SourceUnavailable, ReadRefused):
                continue


def test_old_terminals_without_1503_are_read_by_the_old_command(terminal: Start) -> None:
    at = terminal(OLD8, punches=700)
    at.faults.refuse = {Command.PREPARE: 65535}
    with link_to(at) as link:
        body = bulk.open_log(link, answers.ATTLOG, legacy=False)
        assert isinstance(body, Body)
        assert body.legacy
        assert body.whole() == at.device.body(Command.ATTLOG)[4:]


def test_newer_terminals_say_no_data_with_a_code_of_their_own(terminal: Start) -> None:
    at = terminal(FACE49)
    with link_to(at) as link:
        assert bulk.open_log(link, answers.ATTLOG, legacy=False) == answers.NoLog(4991)
