"""Which clocks of a chain are believed when they contradict each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.event import AnyRecord, Clock, ReceiptNoted, Scan
from sync_server.anchors import Line, anchors
from sync_server.chains import Chain, Held
from sync_server.clockmark import ClockMark
from sync_server.retime import Derived

T = 1_795_000_000
H, DAY = 3_600, 86_400
UPLOADED = T + 20 * DAY


def clock(boot: str, up: int, wall: int, trust: int) -> Clock:
    return Clock(boot, up, T + wall, trust, 5)


def camera(wall: int) -> Scan:
    return Scan(0, "1", T + wall, False, 0, 15, 0, 0, "camera")


def derived(*records: AnyRecord) -> list[Derived]:
    held = [(seq, UPLOADED, record) for seq, record in enumerate(records, 1)]
    return [punch.derived for _, punch in Chain(Held("T07A", 1, held, {}, set()), 420).punches]


NTP = clock("a", 100, 0, 3)
SPOOFED_PAST = (NTP, clock("b", 50, -3 * DAY, 4), camera(-3 * DAY + 60))
SPOOFED_FUTURE = (NTP, clock("b", 50, 3 * DAY, 4), camera(3 * DAY + 60), clock("c", 50, 2 * H, 3))
TWO_HOURS_BEHIND = (NTP, clock("b", 50, -H, 4), camera(-H + 60), clock("c", 50, 2 * H, 3))
LIE_THEN_NTP = (clock("b", 50, -DAY, 2), camera(60 - DAY), clock("b", 7_200, 7_150, 3))
NTP_THEN_LIE = (clock("b", 50, 0, 3), clock("b", 3_650, -DAY, 2), camera(60 - DAY))
BEFORE_A_RECEIPT = (
    NTP,
    ReceiptNoted(1, T + H, b""),
    clock("b", 50, -DAY, 3),
    camera(60 - DAY),
)


@pytest.mark.parametrize(
    ("title", "records", "true", "quality"),
    [
        ("GNSS days before what NTP of an earlier boot proved", SPOOFED_PAST, H + 60, "unknown"),
        ("GNSS days after what NTP of a later boot says", SPOOFED_FUTURE, H + 60, "bounded"),
        ("GNSS two hours behind between two NTP boots", TWO_HOURS_BEHIND, H + 60, "bounded"),
        ("server time a day behind, NTP later in the boot", LIE_THEN_NTP, 60, "unknown"),
        ("server time a day behind, NTP earlier in the boot", NTP_THEN_LIE, H + 60, "unknown"),
        ("a clock before a receipt that was noted earlier", BEFORE_A_RECEIPT, H + 60, "unknown"),
    ],
)
def test_no_time_is_claimed_by_a_clock_that_the_chain_disproves(
    title: str, records: tuple[AnyRecord, ...], true: int, quality: str
) -> None:
    [found] = derived(*records)
    assert (found.t, found.quality) == (None, quality), title
    assert found.method == "kiosk clock contradicts what is known"
    assert found.lo is None or found.lo <= T + true
    assert found.hi is None or found.hi >= T + true


def test_a_clock_that_a_receipt_refutes_takes_none_with_it() -> None:
    sure, refuted = derived(NTP, camera(5), *BEFORE_A_RECEIPT[1:])
    assert (sure.quality, sure.t) == ("ok", T + 5)
    assert refuted.t is None


def test_the_clock_that_a_liar_contradicts_stays_believed_where_others_agree_with_it() -> None:
    """A server a day behind, once, among days with NTP: it alone falls, and its boot is bounded."""
    others = [clock(f"boot {hour}", 50, hour * H, 3) for hour in range(0, 42, 3)]
    liar = (clock("liar", 50, 40 * H - DAY, 2), camera(40 * H + 60 - DAY))
    [lied, after] = derived(*others, *liar, clock("z", 50, 41 * H, 3), camera(41 * H + 5))
    assert (lied.quality, lied.lo, lied.hi) == ("bounded", T + 39 * H - 5, T + 41 * H + 5)
    assert (after.quality, after.t) == ("ok", T + 41 * H + 5)


def test_a_time_carried_on_from_a_spoofed_receiver_is_no_better_than_the_receiver() -> None:
    """An hour after the last GNSS fix the kiosk says level 2, which is the server's level too."""
    carried = clock("b", 50 + H, H - 3 * DAY, 2)
    [one, other, sure] = derived(*SPOOFED_PAST, carried, camera(H + 60 - 3 * DAY), NTP, camera(9))
    assert one.t is None
    assert other.t is None
    assert sure.t == T + 9


def test_a_battery_clock_that_says_what_a_fallen_anchor_says_falls_with_it() -> None:
    lie = (clock("b", 50, -DAY, 2), clock("b", 7_200, 7_150, 3))
    assert derived(*lie, clock("b", 8_000, 7_950 - DAY, 1), camera(8_000 - DAY))[0].t is None


def test_a_scan_stamped_long_after_it_arrived_has_no_time() -> None:
    assert derived(NTP, camera(100 * DAY))[0].t is None


claims = st.lists(
    st.tuples(
        st.integers(0, 5),  # the boot
        st.integers(2, 4),
        st.sampled_from([0, 0, 0, -3 * DAY, -2 * H, 45 * 60, 3 * DAY]),
        st.integers(60, 6 * H),  # since the mark before
    ),
    max_size=14,
).map(lambda rows: sorted(rows, key=lambda row: row[0]))


def marks_of(rows: list[tuple[int, int, int, int]]) -> list[ClockMark]:
    marks: list[ClockMark] = []
    now = T
    for boot, trust, lie, pause in rows:
        now += pause
        marks.append(ClockMark(now + lie, trust, 100, f"boot {boot}", now - T + 40))
    return marks


@given(claims)
def test_the_anchors_of_a_chain_never_contradict_each_other(
    rows: list[tuple[int, int, int, int]],
) -> None:
    marks = marks_of(rows)
    standing = {id(mark) for held in anchors(marks).standing.values() for mark in held}
    sure = [mark for mark in marks if id(mark) in standing]
    for at, one in enumerate(sure):
        for other in sure[at + 1 :]:
            assert one.wall - 5 <= other.wall + 5, "time never runs back"
            if one.boot == other.boot:
                apart = (one.wall - one.up) - (other.wall - other.up)
                assert abs(apart) < 60, "boot-time seconds carry the one to the other"


@given(claims)
def test_no_anchor_falls_that_nothing_contradicts(rows: list[tuple[int, int, int, int]]) -> None:
    found = anchors(marks_of(rows))
    fallen: list[Line] = [line for lines in found.fallen.values() for line in lines]
    told = [mark for mark in marks_of(rows) if mark.trust >= 2]
    for line in fallen:
        earlier = [m for m in told if m.boot < line.marks[0].boot]
        later = [m for m in told if m.boot > line.marks[0].boot]
        assert (
            any(not line.holds(m) for m in told if m.boot == line.marks[0].boot)
            or any(m.wall - 5 > line.opens for m in earlier)
            or any(m.wall + 5 < line.closes for m in later)
        )
