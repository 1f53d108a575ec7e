"""What leaves a kiosk arrives as it was, whatever the codec, and nothing else is believed."""

import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import batch, chain, event
from contract.errors import BatchError
from simulators import staff
from tests.contract.strategies import odd_runs, runs

KEY = bytes(range(32))
CODECS = st.sampled_from([batch.JSON, batch.COLUMNS, batch.ARITHMETIC])
BODIES = (0x14, 0x20, 0x24, 0x28)  # version and codec of a frame with a body to be decoded


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


@given(history=runs | st.just([]), records=runs, codec=CODECS)
def test_every_record_arrives_byte_for_byte(history, records, codec):
    """canonical(decode(encode(x))) == canonical(x), for every codec and any history before it."""
    sent, pins = batch_of(records, history), pins_of(history)
    frame = batch.encode(sent, pins, KEY, codec)
    assert batch.genuine("T07A", frame, KEY)
    assert batch.decode("T07A", batch.peek(frame), frame, pins) == sent


@given(records=odd_runs, codec=CODECS)
def test_what_this_version_cannot_read_arrives_byte_for_byte_too(records, codec):
    sent = batch_of(records)
    frame = batch.encode(sent, [], KEY, codec)
    assert batch.decode("T07A", batch.peek(frame), frame, []) == sent


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
    made = (bytes([kind, *range(4), 1, 7]) + bytes(8) + body + bytes(12) for kind in BODIES)
    for frame in (head + body, *made):
        try:
            header = batch.peek(frame)
            decoded = batch.decode("T07A", header, frame, [str(i) for i in range(pins)])
        except BatchError:
            continue
        assert len(decoded.records) == header.count


@given(
    records=runs,
    codec=CODECS,
    cut=st.integers(0, 200),
    flips=st.lists(st.tuples(st.integers(0), st.integers(1, 255)), max_size=4),
)
def test_a_damaged_frame_never_crashes_the_decoder(records, codec, cut, flips):
    frame = bytearray(batch.encode(batch_of(records), [], KEY, codec))
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
        (bytes([0x34]) + bytes(40), "version 3"),
        (bytes([0x15]) + bytes(40), "flags"),
        (bytes([0x14]) + bytes(40), "1 to 1000"),
        (bytes([0x14, 0, 0, 0, 0, 1, 1]), "cut short"),
        (bytes([0x14, 0, 0, 0, 0, 0xFF, 0xFF]), "does not end"),
    ],
)
def test_a_frame_that_is_refused_says_why(frame, reason):
    with pytest.raises(BatchError, match=reason):
        batch.peek(frame)


OFFICE = [event.canonical(record) for record in staff.records("T07A", 20, 5, 1)]


@given(first=st.integers(0, len(OFFICE) - 1), count=st.integers(1, 300), codec=CODECS)
def test_any_run_of_an_office_arrives_as_it_was(first, count, codec):
    records, history = OFFICE[first : first + count], OFFICE[:first]
    sent, pins = batch_of(records, history), pins_of(history)
    frame = batch.encode(sent, pins, KEY, codec)
    assert batch.decode("T07A", batch.peek(frame), frame, pins) == sent


@pytest.mark.parametrize("codec", [batch.JSON, batch.COLUMNS, batch.ARITHMETIC])
def test_a_damaged_frame_of_an_office_is_refused_or_read_as_a_whole_batch(codec):
    """A kiosk with a fault may seal nonsense: what comes of it has the size that was announced."""
    chance = random.Random(codec)
    records, pins = OFFICE[100:160], pins_of(OFFICE[:100])
    sound = batch.encode(batch_of(records, OFFICE[:100]), pins, KEY, codec)
    body_at, refused = batch.peek(sound).body_at, 0
    for _ in range(300):
        frame = bytearray(sound)
        for _ in range(chance.randrange(1, 4)):
            frame[chance.randrange(body_at, len(frame))] ^= chance.randrange(1, 256)
        try:
            header = batch.peek(bytes(frame))
            assert len(batch.decode("T07A", header, bytes(frame), pins).records) == 60
        except BatchError:
            refused += 1
    assert refused


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("fill", [b"\x00", b"\xff", b"\x55", b"\x01"])
def test_48_kib_of_nonsense_are_refused(kind, fill):
    """The longest frame that is taken up, announcing the most events."""
    head = bytes([kind, *range(4), 1, 0xE8, 0x07]) + bytes(8)
    frame = head + fill * (batch.MAX_FRAME - len(head))
    with pytest.raises(BatchError):
        batch.decode("T07A", batch.peek(frame), frame, ["17", "18"])


def test_a_second_that_everybody_shares_is_told_once():
    """A backlog of one poll: all committed at one instant."""
    wall = 1_795_046_400
    records = [
        event.canonical(event.Scan(1, str(i % 50), wall - 9 * i, False, 9 * i, 1, 0, 0, "pull"))
        for i in range(400, 0, -1)
    ]
    frame = batch.encode(batch_of(records), pins_of(records), KEY)
    assert len(frame) / 400 < 1.5
