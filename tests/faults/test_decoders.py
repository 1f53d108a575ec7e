"""Whatever arrives, from whoever: a decoder reads it or says in its own words that it cannot."""

import contextlib
import random
import tracemalloc

import pytest

from tests.faults.decoders import Decoder, all_of_them
from tests.faults.mangled import mangled

DECODERS = all_of_them()
TRIES = 250  # of each decoder; every run takes other ones
_ROOM = 12 << 20  # what reading one input may hold at most: a frame is 48 KiB


def tried(decoder: Decoder, data: bytes, seed: int) -> None:
    # What pytest shows where something undeclared comes out.
    print(f"{decoder.name}, seed {seed}: {data[:200].hex()}")  # noqa: T201
    with contextlib.suppress(decoder.declared):
        decoder.read(data)


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda one: one.name)
def test_honest_bytes_are_read(decoder):
    assert decoder.honest
    for data in decoder.honest:
        decoder.read(data)


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda one: one.name)
def test_mangled_bytes_are_refused_with_a_name_or_read(decoder):
    begin = random.SystemRandom().randrange(10**9)
    for seed in range(begin, begin + TRIES):
        draw = random.Random(seed)
        tried(decoder, mangled(draw.choice(decoder.honest), draw), seed)


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda one: one.name)
def test_no_input_makes_a_decoder_take_more_than_it_is_worth(decoder):
    """A count of 2^63 in a frame of fifty bytes must cost fifty bytes."""
    begin = random.SystemRandom().randrange(10**9)
    tracemalloc.start()
    try:
        for seed in range(begin, begin + 15):
            draw = random.Random(seed)
            data = mangled(draw.choice(decoder.honest), draw)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            tried(decoder, data, seed)
            taken = tracemalloc.get_traced_memory()[1] - before
            assert taken < _ROOM, f"{decoder.name}, seed {seed}: {taken} bytes for {len(data)}"
    finally:
        tracemalloc.stop()


def test_a_decoder_with_a_hole_in_it_is_found():
    """The checks above can fail: this one reads a length and believes it."""
    trusting = Decoder("trusting", lambda data: data[data[0]], (b"\1\2",), ())
    with pytest.raises(IndexError):
        [tried(trusting, mangled(b"\1\2", random.Random(seed)), seed) for seed in range(TRIES)]
