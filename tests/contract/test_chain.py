"""The chain: nobody can change, drop, swap or move a record without every later head telling."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract import chain
from tests.contract.strategies import runs

START = chain.genesis("T07A", 9)


def test_a_head_is_the_hash_of_the_head_before_and_the_record():
    """Recomputed here with nothing but SHA-256, as an inspector would."""
    first = sha256(b"hadir/1 genesis" + b"T07A" + b"\0" + bytes([9, 0, 0, 0])).digest()
    assert first == START
    one = sha256(first + b'["x"]').digest()
    two = sha256(one + b'["y"]').digest()
    assert chain.heads(START, [b'["x"]', b'["y"]']) == [one, two]
    assert chain.link(one, b'["y"]') == two


@given(runs)
def test_heads_are_the_links_one_by_one(records):
    head, expected = START, []
    for record in records:
        head = chain.link(head, record)
        expected.append(head)
    assert chain.heads(START, records) == expected


@given(runs, st.data())
def test_a_changed_record_changes_its_head_and_every_later_one(records, data):
    at = data.draw(st.integers(0, len(records) - 1))
    changed = [*records[:at], records[at] + b" ", *records[at + 1 :]]
    before, after = chain.heads(START, records), chain.heads(START, changed)
    assert before[:at] == after[:at]
    assert not set(before[at:]) & set(after[at:])


@given(runs, st.data())
def test_two_records_that_changed_places_change_the_last_head(records, data):
    one, two = (data.draw(st.integers(0, len(records) - 1)) for _ in range(2))
    assume(records[one] != records[two])
    swapped = list(records)
    swapped[one], swapped[two] = records[two], records[one]
    assert chain.heads(START, swapped)[-1] != chain.heads(START, records)[-1]


@given(runs)
def test_a_run_that_continues_another_makes_the_same_heads(records):
    half = len(records) // 2
    first = chain.heads(START, records[:half])
    rest = chain.heads(first[-1] if first else START, records[half:])
    assert first + rest == chain.heads(START, records)


@pytest.mark.parametrize(("kid", "epoch"), [("T07B", 9), ("T07A", 10), ("T07A", 2**32 - 1)])
def test_no_two_kiosks_or_epochs_begin_alike(kid, epoch):
    assert chain.genesis(kid, epoch) != START
