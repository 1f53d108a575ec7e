"""A receipt lets a kiosk forget, so only a genuine one counts."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import batch, receipt
from contract.errors import BatchError

KEY = b"k" * 32
receipts = st.builds(
    receipt.Receipt,
    epoch=st.integers(0, 2**32 - 1),
    acked=st.integers(0, 2**40),
    received_ms=st.just(1_790_000_000_000),
    sent_ms=st.integers(1_790_000_000_000, 1_790_000_009_000),
    want=st.integers(0, 2**40),
    fork=st.booleans(),
    refused=st.booleans(),
    slow=st.integers(0, 300),
)
signed = receipts.flatmap(
    lambda plain: st.builds(
        msgspec.structs.replace,
        st.just(plain),
        head=st.binary(min_size=32, max_size=32),
        signature=st.binary(min_size=64, max_size=64),
    )
)


@given(receipts | signed)
def test_a_receipt_says_the_same_on_both_sides(sent):
    assert receipt.decode("T07A", receipt.encode("T07A", sent, KEY), KEY) == sent


@given(receipts | signed, st.integers(0), st.integers(1, 255))
def test_a_changed_receipt_forgets_nothing(sent, where, flip):
    data = bytearray(receipt.encode("T07A", sent, KEY))
    data[where % len(data)] ^= flip
    with pytest.raises(BatchError):
        receipt.decode("T07A", bytes(data), KEY)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_receipt_or_an_error(data):
    with pytest.raises(BatchError):
        receipt.decode("T07A", data, KEY)


def test_a_batch_cannot_pass_for_a_receipt():
    """The same key makes both MACs; the purpose keeps them apart."""
    data = receipt.encode("T07A", receipt.Receipt(1, 1, 5, 5), KEY)
    assert not batch.genuine("T07A", data, KEY)


def test_a_receipt_that_is_not_signed_is_what_it_always_was():
    """Kiosks of before signed receipts go on reading what is sent to them."""
    plain = receipt.Receipt(7, 812, 5_000, 5_001)
    data = receipt.encode("T07A", plain, KEY)
    with_head = msgspec.structs.replace(plain, head=bytes(32), signature=bytes(64))
    assert len(receipt.encode("T07A", with_head, KEY)) == len(data) + 96
    assert receipt.decode("T07A", data, KEY).signature == b""


def test_a_receipt_cut_short_inside_its_signature_is_an_error():
    whole = receipt.Receipt(7, 812, 5_000, 5_001, head=bytes(32), signature=bytes(64))
    cut = receipt.encode("T07A", whole, KEY)[: -batch.MAC_BYTES - 20]
    with pytest.raises(BatchError, match="longer"):
        receipt.decode("T07A", cut + batch.mac(b"receipt", "T07A", cut, KEY), KEY)
