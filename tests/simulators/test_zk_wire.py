"""The simulated terminal writes the bytes that real terminals were seen to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.zk import wire
from simulators.zk.wire import Packet

# Payloads as captured: zk-protocol protocol.md, sections/, and the conversations in pyzk's test.py.
CAPTURED = {
    "connect": "e80317fc00000000",
    "connected": "d007fffc2ffb0000",
    "exit": "e903e6002ffb0100",
    "exit in another session": "e90345b6cf450200",
    "comm key wanted": "d5075bb2cf450000",
    "comm key refused": "d5075ab2cf450100",
    "comm key 12": "4e044e2ccf450100614d323c",
    "comm key 45": "4e044db0cf45010061c9323c",
    "accepted": "d0075fb2cf450100",
    "sizes asked": "3200fcb9cf450200",
    "users asked": "df053ca6cf4514000109000500000000000000",
    "users asked of a K20": "df05b3cb582014000109000500000000000000",
    "option asked, odd length": "0b005a17f38d03005a4b4661636556657273696f6e00",
    "one byte of data": "d007296af38d0a0009",
    "one byte of data, again": "d007babb5c3c100009",
    "5044 bytes prepared": "d007a7625c3c150000b4130000b4130000cdef2300",
    "5044 bytes announced": "dc050da65c3c1600b4130000f0030000",
    "last piece, packet 5": "dd0507fa0500160000000000",
    "buffer freed": "de05aebd5c3c1700",
    "template announced": "dc055558d0983200dc040000f0030000",
    "template sent": "d007fcf701003200",
    "punch event": (
        "f401ac12010000003939393131313333330000000000000000000000000000000100120619112905"
    ),
    "sizes of an F18": (
        "d007a3159663130000000000000000000000000000000000070000000000000006000000000000005d020000"
        "000000000f0c0000000000000100000000000000b80b000010270000a0860100b20b00000927000043840100"
        "000000000000"
    ),
}


@pytest.mark.parametrize("payload", CAPTURED.values(), ids=CAPTURED.keys())
def test_a_captured_packet_is_written_again_byte_for_byte(payload):
    captured = bytes.fromhex(payload)
    assert wire.encode(wire.decode(captured)) == captured
    assert wire.checksum_right(captured)


def test_a_checksum_of_the_published_vectors():
    assert wire.checksum(bytes.fromhex("0b00f38d03005a4b4661636556657273696f6e00")) == 0x175A
    assert wire.checksum(bytes.fromhex("d007f38d0a0009")) == 0x6A29


def java_checksum(body):
    """zk-protocol code/Checksum32_CMD119.java, with the signed 32-bit arithmetic of Java."""

    def signed(number):
        return (number + 2**31) % 2**32 - 2**31

    ecx = 0
    for byte in body:
        ecx = signed(signed(ecx << 4) + byte)
        eax = signed(ecx & 0xF0000000)
        if eax:
            ecx ^= (eax >> 0x18) ^ eax
    quotient = (ecx % 2**32 * 1077952641 >> 32) >> 0x16
    return signed(ecx - quotient * 0x00FEFFFF)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", 0),
        (b"\x01\x02\x03", 0x123),
        (b"\x01" + bytes(6), 0x010001),
        (b"\x01" + bytes(7), 0x10),
    ],
)
def test_short_bodies_have_the_checksum_worked_out_by_hand(body, word):
    assert wire.body_checksum(body) == word


@given(st.binary(max_size=600))
def test_the_checksum_of_a_body_is_the_published_function(body):
    assert wire.body_checksum(body) == java_checksum(body)


def test_a_flipped_bit_is_seen_by_the_checksum():
    payload = bytearray.fromhex(CAPTURED["punch event"])
    payload[12] ^= 0x01
    assert not wire.checksum_right(bytes(payload))


def test_the_tcp_prefix_is_the_captured_one():
    connect = wire.encode(Packet(wire.CONNECT, 0, 0))
    assert wire.frame(connect).hex() == "5050827d08000000e80317fc00000000"


@pytest.mark.parametrize(
    ("key", "session", "token"),
    [
        (12, 0x45CF, "614d323c"),
        (45, 0x45CF, "61c9323c"),
        (1234, 0x1F2E, "41363266"),
        (1234, 0x1F99, "41363266"),
        (1234, 0x2E2E, "41363257"),
    ],
)
def test_a_comm_key_is_scrambled_as_captured(key, session, token):
    assert wire.scramble(key, session).hex() == token


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (0x2368B36B, (2018, 6, 25, 17, 50, 35)),  # F19, nine minutes after its live event
        (0, (2000, 1, 1, 0, 0, 0)),
        (wire.code_of((2024, 2, 30), (7, 59, 1)), (2024, 2, 30, 7, 59, 1)),
    ],
)
def test_a_time_code_names_a_day_even_when_the_calendar_does_not(code, fields):
    assert wire.fields_of(code) == fields
    assert wire.code_of(fields[:3], fields[3:]) == code


@given(st.datetimes())
def test_every_local_second_has_a_code_of_its_own_within_a_century(moment):
    year, *rest = wire.fields_of(wire.time_code(moment))
    assert (year % 100, *rest) == (moment.year % 100, *moment.timetuple()[1:6])


@given(
    st.lists(st.binary(max_size=80), max_size=6),
    st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=5),
)
def test_packets_survive_any_cutting_of_the_tcp_stream(bodies, sizes):
    payloads = [wire.encode(Packet(wire.DATA, 1, n, body)) for n, body in enumerate(bodies)]
    bytes_left = b"".join(map(wire.frame, payloads))
    stream, seen, turn = wire.Stream(), [], 0
    while bytes_left:
        size = sizes[turn % len(sizes)]
        seen += stream.feed(bytes_left[:size])
        bytes_left, turn = bytes_left[size:], turn + 1
    assert seen == payloads


def test_bytes_without_the_magic_are_no_packet():
    with pytest.raises(wire.WireError):
        wire.Stream().feed(b"GET / HTTP/1.1\r\n")
    with pytest.raises(wire.WireError):
        wire.decode(b"\xd0\x07")
