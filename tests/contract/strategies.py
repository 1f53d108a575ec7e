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
    st.builds(
        event.Gallery,
        version=_small,
        model=st.text(max_size=20),
        people=_small,
        threshold=st.integers(0, 20_000),
        digest=st.text(max_size=64),
    ),
    st.builds(
        event.Challenge,
        device=_small,
        t=st.integers(0, 2**40),
        asked=st.sampled_from(["turn_left", "turn_right", "blink"]),
        outcome=st.sampled_from(["timeout", "wrong", "other_face", "left"]),
        pin=_pins | st.just(""),
        score=_small,
        gallery=_small,
    ),
    st.builds(event.Witnessed, seq=_small, by=_pins, verify=_small),
    st.builds(
        event.Snapshot,
        device=_small,
        users=_small,
        admins=_small,
        templates=st.none() | _small,
        digest=st.text(max_size=64),
        salt=st.text(max_size=8),
        default_key=st.booleans(),
    ),
    st.builds(event.Seal, key=st.text(max_size=44), signature=st.binary(max_size=64)),
    st.builds(
        event.ReceiptNoted,
        acked=_small,
        server_time=st.integers(0, 2**40),
        signature=st.binary(max_size=64),
    ),
    st.builds(event.CheckpointNoted, no=_small, digest=st.text(max_size=64)),
    st.builds(event.Hardware, board=st.text(max_size=40), card=st.text(max_size=40)),
)
# What a sound kiosk journals in a row: times and clocks that go on, few devices, few people.
likely = st.one_of(
    st.builds(
        event.Scan,
        device=st.integers(1, 3),
        pin=st.sampled_from(["1", "17", "1003"]),
        t=st.integers(1_795_000_000, 1_795_001_000),
        impossible=st.just(False),
        lag=st.integers(0, 30),
        verify=st.sampled_from([1, 15]),
        punch=st.integers(0, 3),
        work=st.just(0),
        source=st.just("pull"),
    ),
    st.builds(
        event.Clock,
        boot=st.sampled_from(["0f" * 16, "aboot"]),
        up=st.integers(1, 9_000),
        wall=st.integers(1_795_000_000, 1_795_001_000),
        trust=st.integers(0, 4),
        error_ms=st.integers(0, 50),
        offsets=st.lists(
            st.tuples(st.integers(1, 20), st.integers(25_199_000, 25_201_000)), max_size=20
        ).map(tuple),
        position=st.none()
        | st.tuples(st.integers(-7_000_000, 7_000_000), st.integers(0, 180_000_000)),
    ),
    st.builds(
        event.Covered,
        device=st.integers(1, 3),
        since=st.just(0),
        through=st.integers(1_795_000_000, 1_795_009_000),
        count=st.integers(0, 90_000),
    ),
)
_any = st.integers(-(2**62), 2**62) | st.integers(-(2**42), 2**42) | st.integers(-9, 9)
hostile = st.one_of(
    st.builds(
        event.Scan,
        device=_any,
        pin=st.text(max_size=40),
        t=_any,
        impossible=st.booleans(),
        lag=_any,
        verify=_any,
        punch=_any,
        work=_any,
        source=st.sampled_from(event.SOURCES),
        score=st.none() | _any,
        liveness=st.none() | _any,
        gallery=st.none() | _any,
    ),
    st.builds(event.Covered, device=_any, since=_any, through=_any, count=_any),
    st.builds(
        event.Clock,
        boot=st.text(max_size=40),
        up=_any,
        wall=_any,
        trust=_any,
        error_ms=_any,
        offsets=st.lists(st.tuples(_any, _any), max_size=3).map(tuple),
        position=st.none() | st.tuples(_any, _any),
    ),
)
records = st.one_of(scans, scans, scans, bookkeeping, likely, likely, hostile)
# Records of a kind that this version does not know, not even written as ours are.
strange = st.sampled_from([b'["visit", 1,\n 2]', b'["scan",1]', b"[]", b'["w","\xc3\xa9",1e3]'])
lines = records.map(event.canonical)
runs = st.lists(lines, min_size=1, max_size=60)
odd_runs = st.lists(lines | strange, min_size=1, max_size=40)
