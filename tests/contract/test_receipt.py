"""A receipt lets a kiosk forget, so only a genuine one counts."""

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


@given(receipts)
def test_a_receipt_says_the_same_on_both_sides(sent):
    assert receipt.decode("T07A", receipt.encode("T07A", sent, KEY), KEY) == sent


@given(receipts, st.integers(0), st.integers(1, 255))
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
