"""A terminal gives its whole tables in the shapes that each family was seen to use."""

import struct
from threading import Thread

import pytest
from msgspec.structs import replace

from simulators.zk import profiles, wire
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from tests.simulators.raw import client, device, prepared

BOTH = pytest.mark.parametrize("tcp", [True, False], ids=["tcp", "udp"])


@pytest.fixture
def office():
    terminal = device(profiles.F19)
    furnish(terminal, 200)
    with Terminal(terminal) as served:
        yield served


def test_a_small_log_comes_at_once():
    with Terminal(device(profiles.F19)) as served, client(served) as visitor:
        served.device.punch("1001")
        answer = visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        assert (answer.command, len(answer.data)) == (wire.DATA, 44)
        assert answer.data[:4] == (40).to_bytes(4, "little")


def test_a_large_log_is_announced_and_read_by_offset(office):
    body = office.device.body(wire.ATTENDANCE)
    with client(office) as visitor:
        answer = visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        zero, size, again, checked = struct.unpack("<BIII", answer.data)
        assert (answer.command, zero, size, again) == (wire.OK, 0, 8_004, 8_004)
        assert checked == wire.body_checksum(body)
        assert visitor.read(0, 8_004) == body
        assert visitor.read(4 + 40 * 190, 400) == body[-400:]
        assert visitor.ask(wire.FREE_DATA).command == wire.OK
        assert visitor.ask(wire.READ, bytes(8)).command == wire.ERROR


@BOTH
def test_a_punch_after_the_announcement_does_not_change_what_is_read(office, tcp):
    body = office.device.body(wire.ATTENDANCE)
    with client(office, tcp=tcp) as visitor:
        visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        office.device.punch("1007")
        assert visitor.read(0, 9_000) == body


def test_one_packet_per_chunk_on_tcp_and_numbered_packets_on_udp(office):
    ask = prepared(wire.ATTENDANCE)
    with client(office) as tcp, client(office, tcp=False) as udp:
        tcp.ask(wire.PREPARE_READ, ask)
        udp.ask(wire.PREPARE_READ, ask)
        whole = tcp.ask(wire.READ, struct.pack("<ii", 0, 8_004), packets=3)
        pieces = udp.ask(wire.READ, struct.pack("<ii", 0, 8_004), packets=10)
    assert [p.command for p in whole] == [1500, 1501, 2000]
    assert [p.command for p in pieces] == [1500, *[1501] * 8, 2000]
    assert [p.session for p in pieces[1:-1]] == list(range(8))
    assert {p.reply for p in pieces} == {udp.reply - 1}
    assert struct.unpack("<II", pieces[0].data) == (8_004, 1_008)
    assert b"".join(p.data for p in pieces[1:-1]) == whole[1].data


def test_some_firmware_numbers_its_packets_on_tcp_too():
    with Terminal(device(profiles.F19_PACKETS)) as served, client(served) as visitor:
        furnish(served.device, 70)
        visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        answer = visitor.ask(wire.READ, struct.pack("<ii", 0, 2_804), packets=5)
    assert [p.session for p in answer[1:-1]] == [0, 1, 2]
    assert [len(p.data) for p in answer[1:-1]] == [1_008, 1_008, 788]


def test_some_firmware_answers_a_chunk_with_the_data_alone():
    with Terminal(device(profiles.BARE_CHUNKS)) as served, client(served) as visitor:
        furnish(served.device, 70)
        visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        answer = visitor.ask(wire.READ, struct.pack("<ii", 4, 2_800))
        assert (answer.command, len(answer.data)) == (wire.DATA, 2_800)
        assert visitor.quiet()


@pytest.mark.parametrize(
    ("profile", "length", "offset"),
    [(profiles.HEAD_ONLY, 400, 0), (profiles.SHORT_TAIL, 200, 2_404)],
)
def test_some_firmware_does_not_give_the_end_of_the_log(profile, length, offset):
    with Terminal(device(profile)) as served, client(served) as visitor:
        furnish(served.device, 70)
        body = served.device.body(wire.ATTENDANCE)
        visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        assert visitor.read(0, 2_804) == body
        assert visitor.read(2_404, 400) == body[offset : offset + length]


def test_an_empty_log_of_newer_firmware_is_an_error_code():
    with Terminal(device(profiles.FACE49)) as served, client(served) as visitor:
        answer = visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        assert answer.command == 4991


def test_access_control_firmware_has_people_but_no_log():
    with Terminal(device(profiles.ACCESS_MODE)) as served, client(served) as visitor:
        furnish(served.device, 300)
        words = struct.unpack("<28i", visitor.ask(wire.FREE_SIZES).data)
        assert (words[4], words[8], words[10]) == (70, 0, 70)
        answer = visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        assert answer.command == 4989
        answer = visitor.ask(wire.PREPARE_READ, prepared(wire.USERS, 5))
        assert answer.command == wire.OK


def test_a_wl10_sends_more_than_its_length_field_says():
    """MrFaviod/pyzk-wl10: size, a fixed word, the byte count, then 22-byte records."""
    with Terminal(device(profiles.WL10)) as served, client(served) as visitor:
        furnish(served.device, 100)
        body = served.device.body(wire.ATTENDANCE)
        visitor.send(wire.ATTENDANCE)
        expected = 8 + 8 + 8 + len(body) + 16
        raw = b""
        while len(raw) < expected:
            raw += visitor.socket.recv(expected - len(raw))
    assert raw[:8] == wire.MAGIC + (16).to_bytes(4, "little")
    assert raw[8:10] == (1500).to_bytes(2, "little")
    assert raw[16:24] == struct.pack("<II", len(body), 0x9FB0)
    assert raw[24:-16] == body
    assert raw[-8:-6] == (2000).to_bytes(2, "little")


@pytest.mark.parametrize("profile", [profiles.F19, profiles.OLD8], ids=lambda p: p.name)
def test_the_older_way_reads_the_whole_log_with_one_command(profile):
    with Terminal(device(profile)) as served, client(served) as visitor:
        served.device.punch("1001")
        answer = visitor.ask(wire.ATTENDANCE)
        assert answer.command == 2002
        assert answer.data == served.device.body(wire.ATTENDANCE)
        furnish(served.device, 300)
        answer = visitor.ask(wire.ATTENDANCE, packets=3)
        assert answer[1].data == served.device.body(wire.ATTENDANCE)
        users = visitor.ask(wire.USERS, b"\5", packets=3)
        assert users[1].data == served.device.body(wire.USERS)


def test_ten_clients_read_the_log_at_once(office):
    body = office.device.body(wire.ATTENDANCE)
    seen = []

    def visit(tcp):
        with client(office, tcp=tcp) as visitor:
            visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
            seen.append(visitor.read(0, 9_000))

    visits = [Thread(target=visit, args=(number % 2 == 0,)) for number in range(10)]
    for visit_ in visits:
        visit_.start()
    for visit_ in visits:
        visit_.join()
    assert seen == [body] * 10


def test_a_paced_terminal_still_sends_everything():
    profile = replace(profiles.PACED, gap=0.001)
    with Terminal(device(profile)) as served, client(served) as visitor:
        furnish(served.device, 2_000)
        visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        assert visitor.read(0, 65_472) == served.device.body(wire.ATTENDANCE)[:65_472]
