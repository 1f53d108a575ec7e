"""Records, runs and offices for property tests."""

from hypothesis import strategies as st

from contract import event

_small = st.integers(0, 300)
_pins = st.one_of(st.from_regex(r"[0-9]{1,9}", fullmatch=True), st.text(min_size=1, max_size=12))

scans = st.builds(
    event.Scan,
    device=st.integers(1, 4),
    pin=st.one_of(st.sampled_from(["1", "17", "1003", "A-9"]), _pins),
    t=st.one_of(st.integers(1_790_000_000, 1_790_100_000), st.integers(0, 2**62)),
    impossible=st.booleans(),
    lag=st.one_of(st.integers(-5, 400), st.integers(-(2**61), 2**61)),
    verify=_small,
    punch=st.sampled_from([0, 1, 255]),
    work=st.one_of(st.just(0), st.integers(0, 2**50)),
    source=st.sampled_from(event.SOURCES),
    score=st.none() | st.integers(0, 100),
    liveness=st.none() | _small,
    gallery=st.none() | _small,
)
bookkeeping = st.one_of(
    st.builds(
        event.Clock,
        boot=st.text(max_size=8),
        up=_small,
        wall=st.integers(0, 2**40),
        trust=st.integers(0, 4),
        error_ms=_small,
        offsets=st.lists(st.tuples(st.integers(1, 4), st.integers(-(2**40), 2**40))).map(tuple),
    ),
    st.builds(
        event.Covered, device=_small, since=_small, through=st.integers(0, 2**40), count=_small
    ),
    st.builds(event.Device, index=_small, serial=st.text(), family=st.text(), firmware=st.text()),
    st.builds(event.Unreadable, device=_small, raw=st.binary(max_size=49), reason=st.text()),
    st.builds(event.LogShifted, device=_small, dropped=_small),
    st.builds(event.Copresence, seq=_small, outcome=st.just("match")),
)
records = st.one_of(scans, scans, scans, bookkeeping)
runs = st.lists(records.map(event.canonical), min_size=1, max_size=60)
