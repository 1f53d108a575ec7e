"""The link's weather does to packets what it says, and counts every one of them."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.wire_weather import Count, Road, Weather

shares = st.floats(0, 1)
sizes = st.lists(st.tuples(st.floats(0, 0.5), st.integers(20, 1500)), max_size=60)
weathers = st.builds(
    Weather,
    delay=st.floats(0, 2),
    loss=shares,
    burst=st.floats(1, 20),
    rate=st.sampled_from([0.0, 8_000.0, 128_000.0]),
    queue=st.sampled_from([1_500, 6_000, 64_000]),
    doubled=shares,
    reordered=shares,
)


def play(road, packets):
    """Offer packets, each so many seconds after the one before: (offered at, arrives at) of all that
    will arrive."""
    now, out = 0.0, []
    for gap, size in packets:
        now += gap
        out += [(now, due, size) for due in road.offer(now, size)]
    return out


@given(weathers, sizes, st.integers(0, 9))
def test_every_packet_is_delivered_dropped_or_still_under_way(weather, packets, seed):
    road = Road(weather, random.Random(seed).random)
    under_way = play(road, packets)
    assert road.way.in_flight == len(under_way)
    for _, _, size in under_way:
        assert road.arrive(size)
    way = road.way
    assert way.in_flight == 0
    assert way.offered.octets + way.doubled.octets == way.delivered.octets + way.dropped.octets
    assert way.offered == Count(len(packets), sum(size for _, size in packets))


@given(weathers, sizes, st.integers(0, 9))
def test_no_packet_arrives_before_the_delay_is_over(weather, packets, seed):
    road = Road(weather, random.Random(seed).random)
    for sent, due, size in play(road, packets):
        transmission = size * 8 / weather.rate if weather.rate else 0
        assert due >= sent + weather.delay + transmission - 1e-9


@given(weathers, sizes, st.integers(0, 9))
def test_packets_keep_their_order_where_the_link_does_not_shuffle(weather, packets, seed):
    calm = Weather(weather.delay, weather.loss, weather.burst, weather.rate, weather.queue)
    dues = [due for _, due, _ in play(Road(calm, random.Random(seed).random), packets)]
    assert dues == sorted(dues)


@given(weathers, sizes, st.integers(0, 9))
def test_the_same_seed_gives_the_same_weather(weather, packets, seed):
    once, again = (play(Road(weather, random.Random(seed).random), packets) for _ in range(2))
    assert once == again


@settings(max_examples=15)
@given(st.floats(0.01, 0.3), st.sampled_from([1.0, 3.0, 8.0]))
def test_losses_have_the_share_and_the_length_that_were_asked_for(loss, burst):
    many = 20_000
    road = Road(Weather(loss=loss, burst=burst), random.Random(1).random)
    lost = [not road.offer(0.0, 100) for _ in range(many)]
    bursts = sum(now and not before for before, now in zip([False, *lost], lost, strict=False))
    share, length = sum(lost) / many, sum(lost) / bursts
    alone = 1 / (1 - loss)  # independent losses meet by chance
    assert abs(share - loss) < 5 * (loss * (1 + 2 * burst) / many) ** 0.5
    assert abs(length - max(burst, alone)) < 0.35 * max(burst, alone)


def test_a_full_queue_drops_what_comes_last():
    """128 kbit/s are 16 bytes a millisecond: of ten packets of 1,000 bytes at once, four fit."""
    road = Road(Weather(rate=128_000, queue=4_000), random.Random(1).random)
    dues = [road.offer(0.0, 1_000) for _ in range(10)]
    assert [len(due) for due in dues] == [1] * 4 + [0] * 6
    assert [due[0] for due in dues[:4]] == [0.0625, 0.125, 0.1875, 0.25]
    assert road.way.overflowed == Count(6, 6_000)


def test_a_cut_takes_also_what_is_under_way():
    road = Road(Weather(delay=0.3), random.Random(1).random)
    assert road.offer(0.0, 100) == (0.3,)
    road.whole = False
    assert not road.arrive(100)
    assert road.offer(0.4, 50) == ()
    assert road.way.cut == road.way.dropped == Count(2, 150)
    road.whole = True
    assert road.offer(1.0, 50) == (1.3,)


def test_of_doubled_packets_both_arrive_and_late_ones_fall_behind():
    road = Road(Weather(delay=0.3, doubled=1, reordered=1, late=0.1), random.Random(1).random)
    assert road.offer(0.0, 100) == (0.4, 0.4)
    assert road.way.doubled == Count(1, 100)
