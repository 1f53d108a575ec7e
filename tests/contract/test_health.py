"""What a kiosk and the centre say of themselves, and that nothing else passes for it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import health
from contract.errors import BatchError

births = st.builds(
    health.Birth,
    online=st.booleans(),
    epoch=st.integers(0, 2**32 - 1),
    max_seq=st.integers(0, 2**40),
    acked=st.integers(0, 2**40),
    head=st.binary(max_size=32).map(bytes.hex),
    version=st.text(max_size=9),
    trust=st.integers(0, 4),
    disk_free=st.integers(0, 2**45),
    alerts=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3).map(tuple),
)


@given(births)
def test_a_birth_says_the_same_on_both_sides(birth):
    assert health.decode_birth(health.encode(birth)) == birth


@given(st.booleans(), st.text())
def test_an_owner_says_the_same_on_both_sides(online, worker):
    owner = health.Owner(online, worker)
    assert health.decode_owner(health.encode(owner)) == owner


def test_the_will_is_short():
    """It is sent with every CONNECT and says two things."""
    will = health.encode(health.Birth(online=False, epoch=7))
    assert json.loads(will) == {"online": False, "epoch": 7}


def test_a_newer_kiosk_may_say_more():
    """Status documents are not evidence: an older centre reads what it knows."""
    assert health.decode_birth(b'{"online":true,"epoch":7,"quota":3}').epoch == 7
    assert health.decode_owner(b'{"online":true,"worker":"w","since":3}').worker == "w"


@pytest.mark.parametrize(
    "document",
    [b"", b"{}", b'{"online":1,"epoch":7}', b'{"online":true}', b"[true,7]", b"\xff", b"null"],
)
def test_what_is_not_a_birth_is_refused_with_a_reason(document):
    with pytest.raises(BatchError, match="status document"):
        health.decode_birth(document)


@pytest.mark.parametrize("document", [b"", b"{}", b'{"online":true}', b'{"worker":"w"}', b"\xff"])
def test_what_is_not_an_owner_is_refused_with_a_reason(document):
    with pytest.raises(BatchError, match="owner document"):
        health.decode_owner(document)


@given(st.binary(max_size=80) | st.integers(1, 3000).map(lambda deep: b"[" * deep))
def test_any_bytes_are_a_document_or_a_batch_error(document):
    """Anybody with the broker's address can leave a retained message."""
    for decode in (health.decode_birth, health.decode_owner):
        with contextlib.suppress(BatchError):
            decode(document)


@pytest.mark.parametrize("decode", [health.decode_birth, health.decode_owner])
def test_a_document_that_is_nested_without_end_is_refused_like_any_other(decode):
    """It is retained: a centre that died of it would die of it again at every start."""
    deep = b'{"online":true,"epoch":1,"worker":"w","x":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    with pytest.raises(BatchError):
        decode(deep)
