"""What a terminal keeps is laid out as the documents and the published dumps show it."""

import struct

import pytest

from simulators.zk import layouts, wire
from simulators.zk.layouts import Counters, Operation, Punch, User

CODE = 0x2368B36B
PUNCH = Punch(13, "999111333", CODE, verify=1, state=0)
PIN_24 = b"999111333".ljust(24, b"\0")


def test_a_40_byte_punch_is_the_one_of_the_f19():
    expected = (
        b"\x0d\0" + PIN_24 + bytes.fromhex("016bb3682300") + bytes.fromhex("00000000ff000000")
    )
    assert layouts.PUNCH_LAYOUTS[40](PUNCH) == expected


def test_a_49_byte_punch_adds_mask_and_temperature():
    expected = layouts.PUNCH_LAYOUTS[40](PUNCH) + bytes.fromhex("ff3235350000000000")
    assert layouts.PUNCH_LAYOUTS[49](PUNCH) == expected


def test_a_22_byte_punch_keeps_six_characters_of_the_pin():
    expected = bytes.fromhex("010031383100000000000000016bb368230100000000")
    assert layouts.PUNCH_LAYOUTS[22](Punch(1, "181", CODE, 15, 1)) == expected


def test_a_16_byte_punch_has_the_state_before_the_way_of_verifying():
    expected = struct.pack("<II4BI", 4822257, CODE, 0x11, 0x22, 0, 0, 7)
    assert layouts.PUNCH_LAYOUTS[16](Punch(1, "4822257", CODE, 0x22, 0x11, 7)) == expected


def test_an_8_byte_punch_knows_only_the_terminals_own_number():
    assert layouts.PUNCH_LAYOUTS[8](Punch(300, "77", CODE, 1, 5)).hex() == "2c01016bb3682305"


@pytest.mark.parametrize("width", sorted(layouts.PUNCH_LAYOUTS))
def test_every_punch_layout_has_the_width_of_its_name(width):
    assert len(layouts.PUNCH_LAYOUTS[width](Punch(1, "42", CODE))) == width


def test_a_72_byte_user_has_the_captured_shape():
    expected = (
        bytes.fromhex("01000e3130303030303100")
        + b"FulanoMengano".ljust(24, b"\0")
        + bytes.fromhex("00000000010000000000000000")
        + b"1000001".ljust(24, b"\0")
    )
    user = User(1, "1000001", "FulanoMengano", 14, "1000001")
    assert layouts.user_record(user, 72) == expected


def test_a_28_byte_user_has_a_pin_of_numbers():
    expected = struct.pack("<HB5s8sIxBHI", 5, 14, b"12345", b"Siti", 99, 2, 0, 4711)
    assert layouts.user_record(User(5, "4711", "Siti", 14, "12345", 99, 2), 28) == expected


@pytest.mark.parametrize("width", [28, 72])
def test_a_written_user_is_read_back(width):
    user = User(5, "4711", "Siti", 14, "12345", 99, 2)
    assert layouts.user_in(layouts.user_record(user, width)) == user


def test_a_user_record_of_another_width_is_refused():
    with pytest.raises(ValueError, match="28 or 72"):
        layouts.user_in(bytes(40))


def test_an_operation_has_its_code_third_and_its_time_at_four():
    record = layouts.operation_record(Operation(21, CODE, params=(9,)))
    assert record.hex() == "000015006bb368230900000000000000"


@pytest.mark.parametrize(
    ("counters", "length", "captured"),
    [
        pytest.param(
            Counters(7, 6, 605, 3087, 1, 0, 3000, 10000, 100000),
            92,
            "00000000000000000000000000000000070000000000000006000000000000005d020000000000000f0c0000"
            "000000000100000000000000b80b000010270000a0860100b20b00000927000043840100"
            "000000000000000000000000",
            id="F18",
        ),
        pytest.param(
            Counters(2, 0, 0, 7, 0, 0, 500, 500, 50000),
            80,
            "000000000000000000000000000000000200000000000000000000000000000000000000"
            "00000000070000000000000000000000"
            "00000000f4010000f401000050c30000f4010000f201000050c30000",
            id="K20",
        ),
        pytest.param(
            Counters(70, 70, 3225, 282, 6, 6, 500, 500, 50000),
            80,
            "00000000000000000000000000000000460000000000000046000000"
            "00000000990c0000000000001a01000000000000"
            "0600000006000000f4010000f401000050c30000ae010000ae010000b7b60000",
            id="70 users",
        ),
    ],
)
def test_the_counters_are_the_captured_ones(counters, length, captured):
    assert layouts.free_sizes(counters, length).hex() == captured


def test_an_access_mode_terminal_counts_no_records():
    """pyzk issue 170: a SpeedFace H5L with 373 operations and room for 200,000 punches."""
    words = struct.unpack(
        "<28i", layouts.free_sizes(Counters(567, 2, 0, 373, 1, 1, 6000, 10000, 200000), 112)
    )
    assert words[:20] == (
        *(0, 0, 0, 0, 567, 0, 2, 0, 0, 0, 373, 0, 1, 1, 6000, 10000, 200000, 5998, 9433, 200000),
    )


LIVE = {
    10: "e9030100120619112905",
    12: "e90300000100120619112905",
    14: "e903010012061911290500000000",
    32: "31303031" + "00" * 20 + "0100120619112905",
    36: "31303031" + "00" * 20 + "0100120619112905" + "00" * 4,
    37: "31303031" + "00" * 20 + "0100120619112905" + "00" * 5,
    52: "31303031" + "00" * 20 + "0100120619112905" + "00" * 20,
}


@pytest.mark.parametrize("length", LIVE)
def test_a_live_event_in_each_length_seen_in_the_field(length):
    punch = Punch(1, "1001", wire.code_of((2018, 6, 25), (17, 41, 5)))
    assert layouts.live_event(punch, length) == bytes.fromhex(LIVE[length])


@pytest.mark.parametrize(
    ("punch", "length", "captured"),
    [
        (
            Punch(1, "4822257", wire.code_of((2018, 12, 7), (19, 9, 6)), 0, 0),
            12,
            "f19449000000120c07130906",
        ),
        (
            Punch(1, "1140064", wire.code_of((2018, 11, 29), (12, 55, 3)), 0, 15),
            32,
            "313134303036340000000000000000000000000000000000000f120b1d0c3703",
        ),
    ],
)
def test_a_captured_live_event_is_written_again(punch, length, captured):
    assert layouts.live_event(punch, length).hex() == captured


def test_a_live_event_of_an_unknown_length_is_not_made_up():
    with pytest.raises(ValueError, match="13 bytes"):
        layouts.live_event(PUNCH, 13)
