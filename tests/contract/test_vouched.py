"""What is signed names everything that it is about, so that no signature can be moved elsewhere."""

from hypothesis import given
from hypothesis import strategies as st

from contract import command, vouched

HEAD = bytes(range(32))
kids = st.from_regex(r"[0-9A-Z]{4,6}", fullmatch=True)
epochs = st.integers(0, 2**32 - 1)
numbers = st.integers(-(2**62), 2**62)
heads = st.binary(min_size=32, max_size=32)
places = st.tuples(kids, epochs, numbers, heads)


@given(places, places)
def test_seals_of_two_places_never_sign_the_same_bytes(one, other):
    assert (vouched.seal_bytes(*one) == vouched.seal_bytes(*other)) == (one == other)


@given(places, numbers, places, numbers)
def test_two_signed_receipts_never_sign_the_same_bytes(one, then, other, later):
    same = vouched.receipt_bytes(*one, then) == vouched.receipt_bytes(*other, later)
    assert same == ((one, then) == (other, later))


@given(places, numbers)
def test_neither_a_seal_nor_a_command_can_pass_for_a_receipt(place, then):
    """The centre signs commands and receipts with one key; the kiosk seals with its own."""
    receipt = vouched.receipt_bytes(*place, then)
    assert not receipt.startswith(vouched.seal_bytes(*place)[:12])
    assert not receipt.startswith(command.to_sign(place[0], b"")[:12])


def test_what_is_signed_stays_what_it_was():
    """Seals and receipts of before are checked against these bytes for ever."""
    seal = "68616469722f31207365616c00" + "5430374100" + "4200ed5e" + "2c03000000000000"
    assert vouched.seal_bytes("T07A", 0x5EED0042, 812, HEAD).hex() == seal + HEAD.hex()
    receipt = (
        "68616469722f31207369676e6564207265636569707400" + "5430374100" + "4200ed5e"
        "2c03000000000000" + HEAD.hex() + "102ffe6a00000000"
    )
    assert vouched.receipt_bytes("T07A", 0x5EED0042, 812, HEAD, 1_795_043_088).hex() == receipt


@given(heads)
def test_a_key_is_the_same_on_both_sides(key):
    assert vouched.key_of(vouched.key_text(key)) == key


@given(st.text(max_size=60))
def test_any_text_names_a_whole_key_or_none(text):
    assert len(vouched.key_of(text)) in (0, vouched.KEY_BYTES)
