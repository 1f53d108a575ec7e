"""What the server makes of a scan's time, given what the clocks were worth."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.clockmark import ClockMark
from sync_server.clocks import History, history, vouched
from sync_server.retime import MAX_BOUND_S, Derived, Scan, derive, raw

WIB = 420
H = 3600
ZONE_S = WIB * 60
ZONE_MS = ZONE_S * 1000
DAY = 1_768_262_400  # 2026-01-13 00:00 UTC, a Tuesday


def mark(
    wall: int,
    ahead_s: float | None = 0,
    *,
    trust: int = 3,
    error_ms: int = 0,
    boot: str = "b1",
    up: int | None = None,
) -> ClockMark:
    """A clock record at `wall`; `ahead_s` is how far device 0 runs before the office's time."""
    offsets = {} if ahead_s is None else {0: ZONE_MS + round(ahead_s * 1000)}
    return ClockMark(wall, trust, error_ms, boot, wall - DAY if up is None else up, offsets)


def pulled(
    shown: int,
    position: int = 0,
    *,
    earliest: int | None = None,
    latest: int | None = None,
    impossible: bool = False,
) -> Scan:
    """A scan read from device 0, which showed `shown` local seconds after 00:00 of DAY in UTC."""
    return Scan(DAY + ZONE_S + shown, "pull", position, 0, impossible, earliest, latest)


def at(derived: Derived) -> tuple[int | None, str]:
    return None if derived.t is None else derived.t - DAY, derived.quality


def derived_from(scan: Scan, *marks: ClockMark) -> Derived:
    return derive(scan, history(marks), WIB)


@pytest.mark.parametrize(
    ("title", "ahead_s", "shown", "expect"),
    [
        ("a correct device is taken at its word", 0, 30, (30, "ok")),
        ("two seconds ahead is still its word", 2, 30, (30, "ok")),
        ("two seconds behind too", -2, 30, (30, "ok")),
        (
            "beyond two seconds the offset comes off and the fact says so",
            2.5,
            30,
            (28, "corrected"),
        ),
        ("37 minutes ahead: 08:05 was 07:28", 37 * 60, 3900, (3900 - 37 * 60, "corrected")),
        ("a device left on WITA in a WIB office", H, 2 * H, (H, "corrected")),
        ("a device whose date is a day late", -86_400, -80_000, (6_400, "corrected")),
    ],
)
def test_a_device_is_read_through_its_measured_offset(
    title: str, ahead_s: float, shown: int, expect: tuple[int, str]
) -> None:
    assert at(derived_from(pulled(shown), mark(DAY + 9 * H, ahead_s))) == expect, title


def test_a_corrected_time_shows_what_the_device_showed() -> None:
    scan = pulled(3900)
    derived = derived_from(scan, mark(DAY + 9 * H, 37 * 60))
    assert raw(scan, derived, WIB) == "08:05:00"
    assert raw(scan, derived_from(scan, mark(DAY + 9 * H)), WIB) is None


def test_what_the_device_showed_has_its_date_where_the_date_was_wrong() -> None:
    scan = pulled(-80_000)
    derived = derived_from(scan, mark(DAY + 9 * H, -86_400))
    assert raw(scan, derived, WIB) == "2026-01-12 08:46:40"
    nothing = derived_from(scan, mark(DAY + 9 * H, 0, trust=0))
    assert raw(scan, nothing, WIB) == "2026-01-12 08:46:40"


def test_an_impossible_time_shows_the_device_s_number() -> None:
    scan = pulled(0, impossible=True)
    assert raw(scan, derived_from(scan, mark(DAY)), WIB) == f"raw {scan.t}"


@pytest.mark.parametrize("t", [-(10**15), -1, 1 << 32, 10**15])
def test_a_number_that_is_no_date_is_shown_as_it_is_and_places_nothing_today(t: int) -> None:
    """A kiosk that somebody rewrote may send anything."""
    scan = Scan(t, "pull", 0, 0)
    derived = derived_from(scan, mark(DAY, 60), mark(DAY + H, 60))
    assert raw(scan, derived, WIB) == f"raw {t}"
    assert derived.t is None or not DAY - 86_400 < derived.t < DAY + 86_400


@pytest.mark.parametrize(
    ("title", "scan", "marks", "why"),
    [
        ("no clock record before the scan", pulled(0, -1), [mark(DAY)], "kiosk clock not trusted"),
        (
            "the kiosk did not know the time",
            pulled(0),
            [mark(DAY, trust=0)],
            "kiosk clock not trust",
        ),
        ("the device's bytes hold no date", pulled(0, impossible=True), [mark(DAY)], "impossible"),
        ("the device was never measured", pulled(0), [mark(DAY, None)], "never measured"),
        (
            "the camera's kiosk did not know the time",
            Scan(DAY, "camera", 0),
            [mark(DAY, None, trust=0)],
            "kiosk clock not trusted",
        ),
        (
            "a device time later than its own arrival, which no known offset explains",
            pulled(5 * H, latest=DAY + H),
            [mark(DAY)],
            "contradicts",
        ),
        (
            "a device time later than the next clock record of the chain",
            pulled(5 * H),
            [mark(DAY), mark(DAY + H)],
            "contradicts",
        ),
    ],
)
def test_a_scan_has_no_time_when(title: str, scan: Scan, marks: list[ClockMark], why: str) -> None:
    derived = derived_from(scan, *marks)
    assert at(derived) == (None, "unknown"), title
    assert why in derived.method


def test_the_kiosk_s_own_scans_are_in_utc_already() -> None:
    for source in ("camera", "serial", "kiosk"):
        assert at(derived_from(Scan(DAY + 30, source, 0), mark(DAY, None))) == (30, "ok")


def test_a_level_1_clock_counts_with_its_error_bound() -> None:
    derived = derived_from(Scan(DAY + 30, "camera", 0), mark(DAY, None, trust=1, error_ms=9_500))
    assert (derived.quality, derived.lo, derived.hi) == ("ok", DAY + 16, DAY + 44)


def test_an_error_bound_of_more_than_a_minute_makes_an_interval() -> None:
    """A battery clock weeks after its last comparison: 07:30 may have been 07:31 or 07:29."""
    derived = derived_from(Scan(DAY + 30, "camera", 0), mark(DAY, None, trust=1, error_ms=90_000))
    assert (at(derived), derived.lo, derived.hi) == ((None, "bounded"), DAY - 65, DAY + 125)
    lost = derived_from(Scan(DAY, "camera", 0), mark(DAY, None, trust=1, error_ms=7_200_000))
    assert at(lost) == (None, "unknown")


# --- a device clock that was set -------------------------------------------------------------


SET_BACK = (mark(DAY + H, 600), mark(DAY + 9 * H, 0))  # ten minutes ahead, then correct


@pytest.mark.parametrize(
    ("title", "scan", "expect"),
    [
        (
            "read before the jump was seen, and stamped before it",
            pulled(600 + 1800, 0),
            (1800, "corrected"),
        ),
        (
            "read after it, but the device was read whole before: stamped after",
            pulled(10 * H, 1, earliest=DAY + 9 * H),
            (10 * H, "ok"),
        ),
        (
            "the new offset would put it before the old one was last seen: stamped before",
            pulled(H - 60, 1),
            (H - 660, "corrected"),
        ),
        ("long after the jump there is no doubt", pulled(12 * H, 1), (12 * H, "ok")),
    ],
)
def test_a_scan_near_a_jump_is_exact_where_only_one_offset_is_possible(
    title: str, scan: Scan, expect: tuple[int, str]
) -> None:
    assert at(derived_from(scan, *SET_BACK)) == expect, title


def test_a_scan_that_may_be_from_before_or_after_the_jump_lies_between_both() -> None:
    derived = derived_from(pulled(5 * H, 1), *SET_BACK)
    assert at(derived) == (None, "bounded")
    assert derived.lo is not None
    assert derived.hi is not None
    assert derived.lo <= DAY + 5 * H - 600 < DAY + 5 * H <= derived.hi
    assert derived.hi - derived.lo < 600 + 20


def test_a_scan_stamped_after_an_unseen_jump_is_not_believed_once_the_jump_is_seen() -> None:
    """At 07:40 a clerk sets the device back to 06:55; the live scan comes before the next mark."""
    seven = DAY + 10 * H
    marks = (mark(seven, 0), mark(seven + H, -45 * 60))
    live = pulled(10 * H - 300, 0, latest=seven + 45 * 60)
    derived = derived_from(live, *marks)
    assert at(derived) == (None, "bounded")
    assert derived.hi is not None
    assert derived.hi >= seven + 40 * 60
    proven = derived_from(pulled(10 * H - 300, 0, earliest=seven, latest=seven + 45 * 60), *marks)
    assert at(proven) == (10 * H - 300 + 45 * 60, "corrected")


def test_a_jump_of_days_decides_nothing_and_keeps_its_bounds() -> None:
    derived = derived_from(pulled(5 * H, 1), mark(DAY - 9 * H, 86_400), mark(DAY + 9 * H, 0))
    assert at(derived) == (None, "unknown")
    assert derived.lo is not None
    assert derived.hi is not None
    assert derived.hi - derived.lo > MAX_BOUND_S


def test_drift_within_a_second_or_two_is_no_jump() -> None:
    marks = [mark(DAY + hour * H, 30 + hour) for hour in range(10)]
    assert at(derived_from(pulled(5 * H + 35, 9), *marks)) == (5 * H, "corrected")


@pytest.mark.parametrize(("ahead", "quality"), [(0, "ok"), (38 * 60, "corrected")])
def test_a_log_of_last_year_keeps_its_times_whatever_its_clock_may_have_drifted(
    ahead: int, quality: str
) -> None:
    year = 365 * 86_400
    derived = derived_from(pulled(ahead - year, 0), mark(DAY, ahead))
    assert at(derived) == (-year, quality)
    assert derived.hi is not None
    assert derived.lo is not None
    assert 100 <= derived.hi - derived.lo <= 120


# --- marks that a later one vouches for ------------------------------------------------------


@pytest.mark.parametrize("trusted_first", [True, False])
def test_a_trusted_mark_of_the_same_boot_dates_an_untrusted_one(trusted_first: bool) -> None:
    """The kiosk thinks it is 1970 until the network tells it; up-time connects the two."""
    lost = ClockMark(500, 0, 0, "b1", 120, {0: (DAY + ZONE_S - 500) * 1000})
    sure = ClockMark(DAY + 480, 3, 20, "b1", 600 if not trusted_first else 60)
    marks = [sure, lost] if trusted_first else [lost, sure]
    dated = vouched(marks)[1 if trusted_first else 0]
    wall = DAY + 480 + (60 if trusted_first else -480)
    assert (dated.wall, dated.trust, dated.redated) == (wall, 3, wall - 500)
    assert dated.offsets[0] == lost.offsets[0] - (wall - 500) * 1000
    assert dated.error_ms > sure.error_ms


def test_scans_of_1970_become_exact_once_the_kiosk_learns_the_time() -> None:
    lost = ClockMark(500, 0, 0, "b1", 120, {0: (DAY + ZONE_S - 500) * 1000})
    sure = ClockMark(DAY + 480, 3, 0, "b1", 600)
    clocks = history([lost, sure])
    camera = derive(Scan(530, "camera", 0), clocks, WIB)
    assert at(camera) == (30, "corrected")
    assert raw(Scan(530, "camera", 0), camera, WIB) == "1970-01-01 07:08:50"
    assert at(derive(pulled(20), clocks, WIB)) == (20, "ok")


def test_the_nearest_trusted_mark_vouches() -> None:
    """The boot-time clock drifts too, so the nearer comparison is the better one."""
    far = ClockMark(DAY + 99_505, 3, 0, "b1", 100_000)
    near = ClockMark(DAY, 3, 0, "b1", 500)
    for marks in (
        [far, ClockMark(0, 0, 0, "b1", 560), near],
        [near, ClockMark(0, 0, 0, "b1", 560), far],
    ):
        assert vouched(marks)[1].wall == DAY + 60


def test_another_boot_vouches_for_nothing() -> None:
    lost = ClockMark(500, 0, 0, "b1", 120)
    assert vouched([lost, ClockMark(DAY, 4, 0, "b2", 600)])[0] == lost


def test_a_scan_without_a_time_keeps_what_the_chain_proves() -> None:
    """The kiosk lost its clock for one boot; trusted marks stand on both sides of that boot."""
    marks = [
        mark(DAY, None),
        ClockMark(500, 0, 0, "b2", 120, {0: 0}),
        mark(DAY + 9 * H, None, boot="b3"),
    ]
    camera = derived_from(Scan(530, "camera", 1), *marks)
    assert (camera.lo, camera.hi) == (DAY - 4, DAY + 9 * H + 4)
    device = derived_from(pulled(0, 1), *marks)
    assert (device.lo, device.hi) == (None, DAY + 9 * H + 4)
    proven = derived_from(pulled(0, 1, earliest=DAY + H, latest=DAY + 2 * H), *marks)
    assert (proven.lo, proven.hi) == (DAY + H, DAY + 2 * H)
    assert derived_from(pulled(0, 2, impossible=True), *marks).hi is None


# --- simulated devices -----------------------------------------------------------------------


class Device:
    """A device clock: an offset in ms, a drift, and at most one setting between two looks."""

    def __init__(self, start_ms: int, ppm: int, jumps: Sequence[tuple[int, int]]) -> None:
        self.start_ms, self.ppm, self.jumps = start_ms, ppm, jumps

    def offset_ms(self, true_ms: int) -> int:
        drift = (true_ms - DAY * 1000) * self.ppm // 1_000_000
        return self.start_ms + drift + sum(by for when, by in self.jumps if when * 1000 <= true_ms)

    def shows(self, true_ms: int) -> int:
        return (true_ms + self.offset_ms(true_ms)) // 1000


@st.composite
def histories(draw) -> tuple[Device, list[int], list[int]]:
    """A device, the instants when the kiosk looked (and read it whole), and those of punches."""
    looks = draw(st.lists(st.integers(60, 6 * H), min_size=2, max_size=6))
    instants = [DAY]
    for pause in looks:
        instants.append(instants[-1] + pause)
    jumps = [
        (draw(st.integers(a + 1, b)), draw(st.integers(-4 * H * 1000, 4 * H * 1000)))
        for a, b in pairwise(instants)
        if draw(st.booleans())
    ]
    device = Device(
        ZONE_MS + draw(st.integers(-H * 1000, H * 1000)), draw(st.integers(-40, 40)), jumps
    )
    punches = draw(
        st.lists(st.integers(DAY * 1000, (instants[-1] * 1000) - 1), min_size=1, max_size=6)
    )
    return device, instants, punches


def clocks_of(device: Device, looks: Sequence[int]) -> History:
    return history(
        [ClockMark(t, 3, 100, "b1", t - DAY, {0: device.offset_ms(t * 1000)}) for t in looks]
    )


@given(histories(), st.booleans(), st.booleans())
def test_the_true_time_is_always_within_the_bounds(
    simulated: tuple[Device, list[int], list[int]], whole: bool, stored: bool
) -> None:
    """Pulled scans: read at the first look after the punch, whatever was done to the device."""
    device, looks, punches = simulated
    clocks = clocks_of(device, looks)
    for true_ms in punches:
        position = next(i for i, look in enumerate(looks) if look * 1000 > true_ms)
        scan = Scan(
            device.shows(true_ms),
            "pull",
            position,
            0,
            earliest=looks[position - 1] if whole else None,
            latest=looks[position] if stored else None,
        )
        derived = derive(scan, clocks, WIB)
        assert derived.lo is None or derived.lo * 1000 <= true_ms
        assert derived.hi is None or true_ms <= derived.hi * 1000
        if derived.t is not None:
            assert abs(derived.t * 1000 - true_ms) < 6_000


@given(histories())
def test_live_scans_are_within_the_bounds_once_the_next_mark_is_in(
    simulated: tuple[Device, list[int], list[int]],
) -> None:
    """A live scan is stored at once, before the kiosk could notice that the device was set."""
    device, looks, punches = simulated
    clocks = clocks_of(device, looks)
    for true_ms in punches:
        position = max(i for i, look in enumerate(looks) if look * 1000 <= true_ms)
        derived = derive(Scan(device.shows(true_ms), "live", position, 0), clocks, WIB)
        assert derived.lo is None or derived.lo * 1000 <= true_ms
        assert derived.hi is None or true_ms <= derived.hi * 1000


@given(
    ups=st.lists(st.integers(0, 40_000), min_size=2, max_size=8, unique=True).map(sorted),
    sure=st.integers(0, 7),
    wrong=st.integers(-(10**8), 10**8),
)
def test_a_vouched_kiosk_clock_is_right_to_the_second(
    ups: list[int], sure: int, wrong: int
) -> None:
    """Every mark but one was made by a clock that was `wrong` seconds off."""
    sure %= len(ups)
    marks = [
        ClockMark(DAY + up + (0 if i == sure else wrong), 3 if i == sure else 0, 0, "b", up)
        for i, up in enumerate(ups)
    ]
    clocks = history(marks)
    for i, up in enumerate(ups):
        off = 0 if i == sure else wrong
        derived = derive(Scan(DAY + up + off + 5, "camera", i), clocks, WIB)
        assert derived.t == DAY + up + 5
        assert derived.quality == ("corrected" if off else "ok")


def test_day_is_what_it_says() -> None:
    assert datetime.fromtimestamp(DAY, UTC) == datetime(2026, 1, 13, tzinfo=UTC)
