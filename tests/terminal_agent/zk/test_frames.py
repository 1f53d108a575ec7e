"""Packets, frames, checksum and comm key against captured bytes of real devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent.zk.frames import (
    Command,
    Deframer,
    FrameError,
    Packet,
    checksum,
    decode,
    encode,
    frame,
    next_reply_id,
    scramble,
)

CONNECT = bytes.fromhex("5050827d08000000e80317fc00000000")
CONNECTED = bytes.fromhex("5050827d08000000d007fffc2ffb0000")
EXIT_AFTER = bytes.fromhex("e903e6002ffb0100")


def test_connect_is_sent_exactly_as_captured() -> None:
    assert frame(encode(Packet(Command.CONNECT, 0, 0))) == CONNECT


def test_exit_is_sent_exactly_as_captured() -> None:
    assert encode(Packet(Command.EXIT, 0xFB2F, 1)) == EXIT_AFTER


def test_the_captured_answer_to_connect_brings_the_session_id() -> None:
    deframer = Deframer()
    deframer.feed(CONNECTED)
    assert deframer.next() == Packet(Command.OK, 0xFB2F, 0)


@pytest.mark.parametrize(
    ("bare", "expected"),
    [
        (bytes.fromhex("0b000000f38d0300") + b"ZKFaceVersion\0", 0x175A),
        (bytes.fromhex("d0070000f38d0a00") + b"\x09", 0x6A29),
    ],
)
def test_checksum_matches_the_published_captures(bare: bytes, expected: int) -> None:
    assert checksum(bare) == expected


@pytest.mark.parametrize(
    ("key", "session", "expected"),
    [
        (12, 0x45CF, "614d323c"),
        (45, 0x45CF, "61c9323c"),
        (1234, 0x1F2E, "41363266"),
        (1234, 0x1F99, "41363266"),
        (1234, 0x2E2E, "41363257"),
    ],
)
def test_comm_key_is_scrambled_as_captured(key: int, session: int, expected: str) -> None:
    assert scramble(key, session).hex() == expected


def test_a_packet_with_a_flipped_bit_says_that_it_is_not_sound() -> None:
    raw = bytearray(encode(Packet(Command.OK, 7, 8, b"hello")))
    raw[9] ^= 0x10
    assert not decode(bytes(raw)).sound


def test_request_ids_wrap_at_65535() -> None:
    assert next_reply_id(0) == 1
    assert next_reply_id(65_534) == 0


packets = st.builds(
    Packet,
    command=st.integers(0, 0xFFFF),
    session=st.integers(0, 0xFFFF),
    reply=st.integers(0, 0xFFFF),
    data=st.binary(max_size=80),
)


@given(packets)
def test_every_packet_survives_the_wire(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


@given(st.lists(packets, max_size=6), st.data())
def test_packets_arrive_whole_however_the_network_cuts_them(
    sent: list[Packet], data: st.DataObject
) -> None:
    stream = b"".join(frame(encode(packet)) for packet in sent)
    deframer, received = Deframer(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        deframer.feed(stream[:cut])
        stream = stream[cut:]
        while (packet := deframer.next()) is not None:
            received.append(packet)
    assert received == sent
    assert deframer.waiting() == 0


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_a_frame_error(noise: bytes) -> None:
    deframer = Deframer()
    deframer.feed(noise)
    try:
        while deframer.next() is not None:
            pass
    except FrameError:
        return
    assert deframer.at_frame()


def test_a_frame_that_claims_gigabytes_is_refused_before_they_are_awaited() -> None:
    deframer = Deframer()
    deframer.feed(b"\x50\x50\x82\x7d\xff\xff\xff\x7f")
    with pytest.raises(FrameError, match="cannot be"):
        deframer.next()
