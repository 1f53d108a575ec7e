"""What leaves a kiosk arrives as it was, whatever the codec, and nothing else is believed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import batch, chain, event
from contract.errors import BatchError
from tests.contract.strategies import runs

KEY = bytes(range(32))


def pins_of(records):
    """PINs in order of first appearance."""
    read = (event.read(data) for data in records)
    return list(dict.fromkeys(record.pin for record in read if isinstance(record, event.Scan)))


def batch_of(records, history=(), kid="T07A", epoch=9):
    before = chain.heads(chain.genesis(kid, epoch), history)
    head = before[-1] if before else chain.genesis(kid, epoch)
    after = chain.heads(head, records)[-1]
    first = len(history) + 1
    return batch.Batch(kid, epoch, first, tuple(records), head[:4], after[:4])


@given(history=runs | st.just([]), records=runs, codec=st.sampled_from([batch.JSON, batch.COLUMNS]))
def test_every_record_arrives_byte_for_byte(history, records, codec):
    """canonical(decode(encode(x))) == canonical(x), for every codec and any history before it."""
    sent, pins = batch_of(records, history), pins_of(history)
    frame = batch.encode(sent, pins, KEY, codec)
    assert batch.genuine("T07A", frame, KEY)
    assert batch.decode("T07A", batch.peek(frame), frame, pins) == sent


@given(records=runs, where=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_is_not_believed(records, where, flip):
    frame = bytearray(batch.encode(batch_of(records), [], KEY))
    frame[where % len(frame)] ^= flip
    assert not batch.genuine("T07A", bytes(frame), KEY)


def test_a_batch_of_one_kiosk_does_not_pass_for_another():
    frame = batch.encode(batch_of([b'["x"]']), [], KEY)
    assert not batch.genuine("T07B", frame, KEY)


@given(head=st.binary(max_size=40), body=st.binary(max_size=300), pins=st.integers(0, 5))
def test_any_bytes_are_a_batch_or_a_batch_error(head, body, pins):
    """A decoder meets hostile bytes with a reason, never with another exception."""
    for frame in (head + body, bytes([0x14, *range(4), 1, 7]) + bytes(8) + body + bytes(12)):
        try:
            header = batch.peek(frame)
            decoded = batch.decode("T07A", header, frame, [str(i) for i in range(pins)])
        except BatchError:
            continue
        assert len(decoded.records) == header.count


@given(
    records=runs,
    cut=st.integers(0, 200),
    flips=st.lists(st.tuples(st.integers(0), st.integers(1, 255)), max_size=4),
)
def test_a_damaged_frame_never_crashes_the_decoder(records, cut, flips):
    frame = bytearray(batch.encode(batch_of(records), [], KEY))
    for where, flip in flips:
        frame[where % len(frame)] ^= flip
    frame = bytes(frame[: len(frame) - cut])
    with contextlib.suppress(BatchError):
        batch.decode("T07A", batch.peek(frame), frame, [])


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", "empty"),
        (bytes(49 * 1024), "48 KiB"),
        (bytes([0x24]) + bytes(40), "version 2"),
        (bytes([0x15]) + bytes(40), "flags"),
        (bytes([0x14]) + bytes(40), "1 to 1000"),
        (bytes([0x14, 0, 0, 0, 0, 1, 1]), "cut short"),
        (bytes([0x14, 0, 0, 0, 0, 0xFF, 0xFF]), "does not end"),
    ],
)
def test_a_frame_that_is_refused_says_why(frame, reason):
    with pytest.raises(BatchError, match=reason):
        batch.peek(frame)
