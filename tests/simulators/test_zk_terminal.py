"""A terminal on the network answers each command as the documents say, to everyone at once."""

import struct
from threading import Thread

import pytest
from msgspec.structs import replace

from simulators.zk import profiles, wire
from simulators.zk.device import OP_SET_TIME
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from tests.simulators.raw import Client, client, device, prepared

BOTH = pytest.mark.parametrize("tcp", [True, False], ids=["tcp", "udp"])


@pytest.fixture
def office():
    terminal = device(profiles.F19)
    furnish(terminal, 200)
    with Terminal(terminal) as served:
        yield served


@BOTH
def test_a_first_connection_gets_the_captured_answer(office, tcp):
    visitor = Client(office, tcp=tcp)
    with visitor.socket:
        answer = visitor.connect()
    assert wire.encode(answer).hex() == "d007fffc2ffb0000"


@BOTH
def test_an_answer_carries_the_session_and_the_reply_id_of_its_question(office, tcp):
    with client(office, tcp=tcp) as visitor:
        visitor.reply = 65_534
        answers = [visitor.ask(wire.VERSION), visitor.ask(wire.VERSION)]
    assert [(a.session, a.reply) for a in answers] == [
        (visitor.session, 65_534),
        (visitor.session, 65_535),
    ]


def test_connecting_again_keeps_the_session_and_a_new_socket_gets_another(office):
    with client(office) as first, client(office) as second:
        session = first.session
        assert first.connect().session == session
        assert second.session != session


@BOTH
def test_without_a_session_nothing_is_told(office, tcp):
    visitor = Client(office, tcp=tcp)
    with visitor.socket:
        assert visitor.ask(wire.VERSION).command == wire.UNAUTHORISED
        visitor.connect()
        assert visitor.ask(wire.EXIT).command == wire.OK
        assert visitor.ask(wire.VERSION).command == wire.UNAUTHORISED


def test_a_terminal_with_a_comm_key_wants_it():
    with Terminal(device(profiles.F19, comm_key=1234)) as served:
        visitor = Client(served)
        with visitor.socket:
            assert visitor.connect().command == wire.UNAUTHORISED
            assert visitor.ask(wire.VERSION).command == wire.UNAUTHORISED
            wrong = wire.scramble(1235, visitor.session)
            assert visitor.ask(wire.AUTH, wrong).command == wire.UNAUTHORISED
            right = wire.scramble(1234, visitor.session)
            assert visitor.ask(wire.AUTH, right).command == wire.OK
            assert visitor.ask(wire.VERSION).command == wire.OK


@pytest.mark.parametrize("key", [b"~SerialNumber\0", b"~SerialNumber"])
def test_an_option_is_told_with_and_without_the_closing_nul(office, key):
    with client(office) as visitor:
        assert visitor.ask(wire.READ_OPTION, key).data == b"~SerialNumber=BWXP204560001\0"
        assert visitor.ask(wire.READ_OPTION, b"~T9FunOn\0").command == wire.ERROR


def test_an_unknown_command_is_named_so(office):
    with client(office) as visitor:
        assert visitor.ask(777).command == 0xFFFF


def test_a_written_option_is_kept(office):
    with client(office) as visitor:
        assert visitor.ask(wire.WRITE_OPTION, b"SDKBuild=1").command == wire.OK
        assert office.device.operations[70:] == []
        visitor.ask(wire.WRITE_OPTION, b"WorkCode=1\0")
        assert visitor.ask(wire.READ_OPTION, b"WorkCode\0").data == b"WorkCode=1\0"


def test_the_clock_is_told_and_set_and_the_setting_is_on_record(office):
    with client(office) as visitor:
        told = int.from_bytes(visitor.ask(wire.GET_TIME).data, "little")
        assert wire.fields_of(told) == (2026, 3, 2, 12, 0, 0)
        wanted = wire.code_of((2026, 3, 2), (12, 1, 30))
        assert visitor.ask(wire.SET_TIME, wanted.to_bytes(4, "little")).command == wire.OK
        assert int.from_bytes(visitor.ask(wire.GET_TIME).data, "little") == wanted
        impossible = wire.code_of((2026, 2, 30)).to_bytes(4, "little")
        assert visitor.ask(wire.SET_TIME, impossible).command == wire.ERROR
        log = visitor.ask(wire.PREPARE_READ, prepared(wire.OPERATIONS))
        visitor_log = visitor.read(0, 5_000) if log.command == wire.OK else log.data
    assert visitor_log[-16:][2] == OP_SET_TIME
    assert int.from_bytes(visitor_log[-12:-8], "little") == wanted


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
        zero, size, again, _ = struct.unpack("<BIII", answer.data)
        assert (answer.command, zero, size, again) == (wire.OK, 0, 8_004, 8_004)
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


@pytest.mark.parametrize("profile", [profiles.F19, profiles.OLD16], ids=lambda p: p.name)
def test_a_user_is_written_changed_and_deleted(profile):
    with Terminal(device(profile)) as served, client(served) as visitor:
        served.device.enrol("1001", "Siti")
        record = served.device.body(wire.USERS)[4:].replace(b"Siti", b"Sari")
        assert visitor.ask(wire.WRITE_USER, record).command == wire.OK
        assert served.device.users[1].name == "Sari"
        assert visitor.ask(wire.WRITE_USER, record[:-1]).command == wire.ERROR
        assert visitor.ask(wire.DELETE_USER, b"\1\0").command == wire.OK
        assert visitor.ask(wire.DELETE_USER, b"\1\0").command == wire.ERROR
        assert [line.operation for line in served.device.operations] == [30, 9]


def test_a_fingerprint_is_uploaded_read_and_deleted(office):
    record = b"\2" + bytes.fromhex("0500") + bytes(46) + b"1035".ljust(24, b"\0")
    template = bytes(range(256)) * 5
    packed = len(template).to_bytes(2, "little") + template
    table = struct.pack("<BHBI", 2, 5, 0x10 + 6, 0)
    upload = struct.pack("<III", len(record), len(table), len(packed)) + record + table + packed
    with client(office) as visitor:
        visitor.ask(wire.PREPARE_DATA, len(upload).to_bytes(4, "little"))
        for start in range(0, len(upload), 1024):
            visitor.ask(wire.DATA, upload[start : start + 1024])
        assert visitor.ask(wire.SAVE_TEMPLATES, struct.pack("<IHH", 12, 0, 8)).command == wire.OK
        read = visitor.ask(wire.READ_TEMPLATE, b"\5\0\6", packets=3)
        assert read[1].data == template + b"\1"
        assert (
            visitor.ask(wire.DELETE_PIN_TEMPLATE, b"1035".ljust(24, b"\0") + b"\6").command == 2000
        )
        assert visitor.ask(wire.READ_TEMPLATE, b"\5\0\6").command == wire.ERROR
        visitor.ask(wire.PREPARE_DATA, bytes(4))
        assert visitor.ask(wire.SAVE_TEMPLATES).command == wire.ERROR


def test_a_punch_is_shown_to_every_registered_client_and_to_no_other(office):
    with client(office) as one, client(office, tcp=False) as two, client(office) as deaf:
        for visitor in (one, two):
            assert visitor.ask(wire.EVENTS, (1).to_bytes(4, "little")).command == wire.OK
        office.device.punch("1007", verify=15)
        events = [one.receive(), two.receive()]
        assert {(e.command, e.session, e.reply, e.data[:4]) for e in events} == {
            (wire.EVENTS, 1, 0, b"1007")
        }
        assert deaf.quiet()
        one.ask(wire.EVENTS, bytes(4))
        office.device.punch("1007")
        assert two.receive().command == wire.EVENTS
        assert one.quiet()


def test_acknowledged_events_are_counted_and_not_answered(office):
    with client(office) as visitor:
        visitor.ask(wire.EVENTS, b"\xff\xff\0\0")
        office.device.punch("1007")
        visitor.receive()
        visitor.send(wire.OK, reply=0)
        assert visitor.ask(wire.VERSION).command == wire.OK
    assert office.traffic.event_acks == 1


@BOTH
def test_bytes_and_commands_are_counted_exactly(office, tcp):
    with client(office, tcp=tcp) as visitor:
        visitor.ask(wire.FREE_SIZES)
        visitor.ask(wire.DISABLE, (5).to_bytes(4, "little"))
        assert office.device.disabled
        visitor.ask(wire.ENABLE)
        assert not office.device.disabled
        assert (office.traffic.bytes_in, office.traffic.bytes_out) == (
            visitor.sent,
            visitor.received,
        )
    assert office.traffic.commands == [1000, 50, 1003, 1002]
    assert office.traffic.counts()[wire.CLEAR_ATTENDANCE] == 0


def test_a_wrong_checksum_is_counted_and_forgiven(office):
    with client(office) as visitor:
        payload = bytearray(wire.encode(wire.Packet(wire.VERSION, visitor.session, 9)))
        payload[2] ^= 0xFF
        visitor.socket.sendall(wire.frame(bytes(payload)))
        assert visitor.receive().command == wire.OK
        visitor.ask(wire.VERSION)
    assert office.traffic.bad_checksums == 1


def test_a_restart_is_not_acknowledged_and_ends_every_connection(office):
    with client(office) as one, client(office) as two:
        one.send(wire.RESTART)
        with pytest.raises(ConnectionError):
            one.receive()
        with pytest.raises(ConnectionError):
            two.receive()
    with client(office) as again:
        assert again.ask(wire.VERSION).command == wire.OK


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


def test_clearing_over_the_network_leaves_its_trace(office):
    with client(office) as visitor:
        visitor.ask(wire.CLEAR_ATTENDANCE)
        assert office.device.operations[-1].operation == 23
        visitor.ask(wire.CLEAR_DATA)
        assert office.device.operations[-1].operation == 13
        assert visitor.ask(wire.PREPARE_READ, prepared(wire.USERS, 5)).data == bytes(4)


def test_a_paced_terminal_still_sends_everything():
    profile = replace(profiles.PACED, gap=0.001)
    with Terminal(device(profile)) as served, client(served) as visitor:
        furnish(served.device, 2_000)
        visitor.ask(wire.PREPARE_READ, prepared(wire.ATTENDANCE))
        assert visitor.read(0, 65_472) == served.device.body(wire.ATTENDANCE)[:65_472]
