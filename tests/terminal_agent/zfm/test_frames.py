"""Packets of finger sensors out of whatever comes over a serial line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_agent.zfm import frames, note, words
from terminal_agent.zfm.frames import ACK, COMMAND, Packet
from terminal_agent.zfm.words import Hit, Parameters

PACKETS = st.builds(
    Packet,
    st.sampled_from([1, 2, 7, 8]),
    st.binary(max_size=256),
    st.integers(0, 0xFFFF_FFFF),
)
NOISE = st.binary(max_size=40).map(lambda data: data.replace(b"\xef", b"\xee"))


def test_the_question_for_the_password_is_the_one_of_the_manual():
    """ZFM-70 user manual, 6.2.1, with the password and address of the factory."""
    sent = frames.encode(Packet(COMMAND, words.password(0)))
    assert sent.hex() == "ef01ffffffff010007130000000000" + "1b"


@given(st.lists(PACKETS, max_size=5))
def test_packets_come_out_as_they_went_in(packets):
    data = b"".join(map(frames.encode, packets))
    assert frames.split(data) == (packets, b"")


@given(st.lists(st.tuples(NOISE, PACKETS), max_size=4), NOISE)
def test_noise_between_packets_is_skipped(pairs, last):
    data = b"".join(noise + frames.encode(packet) for noise, packet in pairs) + last
    assert frames.split(data)[0] == [packet for _, packet in pairs]


@given(st.lists(PACKETS, max_size=3), st.lists(st.integers(1, 20), min_size=1))
def test_it_does_not_matter_in_how_many_pieces_they_come(packets, sizes):
    data, held, found = b"".join(map(frames.encode, packets)), b"", []
    while data:
        size = sizes[len(data) % len(sizes)]
        got, held = frames.split(held + data[:size])
        found, data = found + got, data[size:]
    assert (found, held) == (packets, b"")


@given(st.binary(max_size=600))
def test_no_bytes_break_the_reader_and_what_waits_is_bounded(data):
    packets, held = frames.split(data)
    assert len(held) < 9 + 2 + 256
    assert all(frames.encode(packet) in data for packet in packets)


@given(PACKETS, st.data())
def test_a_changed_byte_is_never_taken_for_an_answer(packet, data):
    sent = bytearray(frames.encode(packet))
    at = data.draw(st.integers(6, len(sent) - 1))  # the address is in no sum
    sent[at] ^= data.draw(st.integers(1, 255))
    assert packet not in frames.split(bytes(sent))[0]


def test_a_length_that_no_packet_has_does_not_swallow_the_answer_behind_it():
    answer = Packet(ACK, b"\0")
    told = b"\xef\x01\xff\xff\xff\xff\x07\xff\xff" + frames.encode(answer)
    assert frames.split(told) == ([answer], b"")


def test_the_system_parameters_are_read_as_the_manual_has_them():
    """ZFM-70 user manual, 6.2.5: status, system code, library size, level, address, packet, speed."""
    body = bytes.fromhex("0000000900c80003ffffffff00020006")
    assert words.parameters(body) == Parameters(9, 200)
    assert words.parameters(body[:15]) is None
    assert words.parameters(bytes(16)) is None, "a sensor that keeps nothing is none"


def test_a_hit_is_page_and_score_and_the_index_has_its_lowest_bit_first():
    assert words.hit(bytes.fromhex("0007008e")) == Hit(7, 142)
    assert words.hit(b"\0\7\0") is None
    assert list(words.taken(1, bytes([0b1000_0001, 1]) + bytes(30))) == [256, 263, 264]
    assert [list(words.index_parts(n)) for n in (1, 256, 257)] == [[0], [0], [0, 1]]


@given(st.binary(min_size=8, max_size=8))
def test_a_name_in_the_notepad_is_read_back_and_a_damaged_one_is_none(name):
    page = note.written(name).ljust(32, b"\0")
    assert note.name(page) == name.hex()
    assert note.name(page[:10] + bytes([page[10] ^ 1]) + page[11:]) == ""
    assert not note.is_blank(page)


@pytest.mark.parametrize("page", [bytes(32), b"\xff" * 32])
def test_flash_that_nobody_wrote_is_blank(page):
    assert note.is_blank(page)
    assert note.name(page) == ""
