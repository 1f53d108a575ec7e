"""What travels without a link: layouts are taken apart as they were made, and damage is told."""

import json
import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import pasted, receipt, stick, typed
from contract.errors import BatchError
from contract.receipt import Receipt
from contract.topics import KID_ALPHABET
from sync_server.unsealing import slip_load, stick_load
from tests.contract import golden_sticks
from tests.contract.golden_sticks import SEAL

GOLDEN = Path(__file__).parent / "golden"
STICK = json.loads((GOLDEN / "stick-01-three-frames.json").read_bytes())
BACK = json.loads((GOLDEN / "stick-02-receipts-and-codes.json").read_bytes())
DATA = bytes.fromhex(STICK["stick"])
KEY = bytes(range(32))
# What a chat or a shell would change on the way: bold, wrapping, quotes.
UNHARMED = set(string.ascii_uppercase + string.digits + ":/")

kids = st.text(KID_ALPHABET, min_size=4, max_size=6)
keys = st.binary(min_size=32, max_size=32)
heads = st.builds(
    stick.Head,
    kid=kids,
    epoch=st.integers(0, 2**32 - 1),
    first=st.integers(1, 2**53),
    last=st.integers(1, 2**53),
    event_key=keys,
    ephemeral=keys,
)
pieces = st.lists(st.binary(max_size=300), max_size=8)


# Golden files


def test_a_golden_stick_is_opened_and_holds_its_frames():
    assert SEAL.private_bytes_raw().hex() == STICK["seal_private_key"]
    opened = stick_load("golden", DATA, SEAL)
    assert (opened.kid, opened.event_key.hex()) == (STICK["kid"], STICK["event_key"])
    assert [frame.hex() for frame in opened.frames] == STICK["frames"]
    head = stick.decode(DATA).head
    assert (head.epoch, head.first, head.last) == (STICK["epoch"], 121, 126)


def test_a_golden_qr_text_is_opened_and_holds_its_frame():
    opened = slip_load("golden", STICK["text"], SEAL)
    assert [frame.hex() for frame in opened.frames] == STICK["frames"][1:2]


def test_golden_receipts_are_read_from_file_and_text():
    both = (bytes.fromhex(BACK["file"]), BACK["text"])
    for kid, data in (stick.decode_receipts(both[0]), stick.read_returned(both[1])):
        assert kid == BACK["kid"]
        assert [one.hex() for one in data] == BACK["receipts"]
        assert [receipt.decode(kid, one, KEY) for one in data] == list(golden_sticks.RECEIPTS)


@pytest.mark.parametrize("acked", BACK["codes"])
def test_a_golden_code_says_what_it_said(acked):
    code = BACK["codes"][acked]
    assert typed.encode(BACK["kid"], BACK["epoch"], int(acked), KEY) == code
    last = int(acked) + 40_000 if int(acked) < 2**30 else int(acked)
    if int(acked) < 2**30:  # a kiosk of so many events would look through all of them
        assert typed.acked(BACK["kid"], BACK["epoch"], typed.read(code), last, KEY) == int(acked)


def test_the_golden_files_are_what_the_layout_makes_today():
    for name, data in golden_sticks.files().items():
        assert (GOLDEN / name).read_bytes() == data


# Layouts


@given(head=heads, body=st.binary(max_size=400))
def test_a_stick_is_taken_apart_as_it_was_made(head, body):
    outside = stick.outside(head, len(body))
    sealed, signature = body + bytes(stick.TAG_BYTES), bytes(range(64))
    taken = stick.decode(outside + sealed + signature)
    assert (taken.head, taken.outside, taken.sealed) == (head, outside, sealed)
    assert (taken.signed, taken.signature) == (outside + sealed, signature)


@given(data=st.data())
def test_a_stick_that_was_pulled_out_too_early_is_told(data):
    cut = data.draw(st.integers(0, len(DATA) - 1))
    with pytest.raises(BatchError):
        stick.decode(DATA[:cut])
    with pytest.raises(BatchError):
        stick.decode(DATA + DATA[: cut + 1])


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: DATA[:7] + tail))
def test_whatever_bytes_come_are_a_stick_or_a_batch_error(data):
    for read in (stick.decode, stick.decode_receipts, stick.unpack):
        with suppress(BatchError):
            read(data)


@given(pieces)
def test_pieces_are_unpacked_as_they_were_packed(parts):
    assert stick.unpack(stick.pack(parts)) == parts


@given(kid=kids, ephemeral=keys, sealed=st.binary(min_size=17, max_size=900))
def test_a_qr_text_survives_a_telephone(kid, ephemeral, sealed):
    """Small letters, spaces and line breaks of a chat change nothing."""
    outside = stick.slip_outside(kid, ephemeral)
    text = stick.spoken(outside, sealed, 1, 3)
    assert set(text) <= UNHARMED, "the alphanumeric mode of QR, and nothing that a chat formats"
    for heard in (text, text.lower(), f"  {text[:40]}\n{text[40:]} "):
        slip = stick.read_slip(heard)
        assert (slip.kid, slip.ephemeral, slip.outside, slip.sealed) == (
            *(kid, ephemeral, outside, sealed),
        )


@given(st.text(max_size=80) | st.text("HADIR:/12AB7", max_size=80).map("HADIR:".__add__))
def test_any_text_is_a_slip_or_a_batch_error(text):
    for read in (stick.read_slip, stick.read_returned):
        with suppress(BatchError):
            read(text)


@given(kid=kids, parts=pieces)
def test_receipts_come_back_as_they_were_written(kid, parts):
    assert stick.decode_receipts(stick.encode_receipts(kid, parts)) == (kid, parts)
    assert stick.read_returned(stick.returned(kid, parts)) == (kid, parts)


# Short codes

epochs = st.integers(0, 2**32 - 1)
marks = st.integers(0, 200_000)
codes = st.builds(typed.encode, kids, epochs, marks, st.just(KEY))


@given(kid=kids, epoch=epochs, acked=marks, more=st.integers(-20_000, 100_000))
def test_a_code_tells_the_kiosk_up_to_where_everything_is_stored(kid, epoch, acked, more):
    """Also a little more than its journal holds: then rows of the card are gone."""
    code = typed.encode(kid, epoch, acked, KEY)
    last = max(0, acked + more)
    heard = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert typed.acked(kid, epoch, typed.read(heard), last, KEY) == acked


@given(kid=kids, epoch=epochs, acked=marks, wrong=st.sampled_from(["kid", "epoch", "key"]))
def test_a_code_for_another_kiosk_epoch_or_key_is_worth_nothing(kid, epoch, acked, wrong):
    read = typed.read(typed.encode(kid, epoch, acked, KEY))
    other = {"kid": kid, "epoch": epoch, "key": KEY}
    replaced = {"kid": kid[::-1] + "0" if len(kid) < 6 else kid[1:], "epoch": epoch ^ 1}
    other[wrong] = {**replaced, "key": KEY[::-1]}[wrong]
    assert typed.acked(other["kid"], other["epoch"], read, acked + 9, other["key"]) is None


@given(code=codes, at=st.integers(0, 11), letter=st.sampled_from(KID_ALPHABET))
def test_one_wrong_character_is_a_slip_of_the_finger(code, at, letter):
    letters = code.replace("-", "")
    if letters[at] != letter:
        with pytest.raises(BatchError, match="a character of the code is wrong"):
            typed.read(letters[:at] + letter + letters[at + 1 :])


@given(code=codes, at=st.integers(0, 10))
def test_two_characters_exchanged_are_a_slip_of_the_finger(code, at):
    letters = code.replace("-", "")
    swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
    if swapped != letters:
        with pytest.raises(BatchError, match="a character of the code is wrong"):
            typed.read(swapped)


@pytest.mark.parametrize(
    "text", ["", "0F0P", "0F0P-RT0G-1Z3RR", "0F0P-RT0G-1Z3U", "0F0P_RT0G_1Z3R"]
)
def test_what_is_no_code_is_told(text):
    with pytest.raises(BatchError):
        typed.read(text)


def test_a_receipt_text_is_not_taken_for_a_code():
    given_ = Receipt(1, 2, 3, 3)
    returned = stick.returned("T07A", [receipt.encode("T07A", given_, KEY)])
    assert pasted.texts(returned) == [(1, returned)]
    assert pasted.texts(typed.encode("T07A", 1, 2, KEY)) == []
