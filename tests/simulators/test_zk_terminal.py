"""A terminal on the network answers each command as the documents say, to everyone at once."""

import struct

import pytest

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


def test_clearing_over_the_network_leaves_its_trace(office):
    with client(office) as visitor:
        visitor.ask(wire.CLEAR_ATTENDANCE)
        assert office.device.operations[-1].operation == 23
        visitor.ask(wire.CLEAR_DATA)
        assert office.device.operations[-1].operation == 13
        assert visitor.ask(wire.PREPARE_READ, prepared(wire.USERS, 5)).data == bytes(4)
