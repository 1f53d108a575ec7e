"""When an office's silence may be called an absence."""

from hypothesis import given
from hypothesis import strategies as st

from sync_server.coverage import Behind, Claim, judge

OPEN, CLOSE = 100_000, 160_000


def log(device: str, through: int) -> Claim:
    return Claim(device, 0, through)


def test_every_device_read_past_the_close_is_complete() -> None:
    verdict = judge([log("A", CLOSE + 1), log("B", CLOSE + 900)], ["A", "B"], OPEN, CLOSE)
    assert (verdict.complete, verdict.behind) == (True, ())


def test_a_device_read_only_up_to_the_close_may_still_hold_a_punch_of_that_second() -> None:
    verdict = judge([log("A", CLOSE)], ["A"], OPEN, CLOSE)
    assert verdict.behind == (Behind("A", CLOSE, 1),)


def test_one_device_behind_makes_the_office_incomplete_and_is_named_with_how_far() -> None:
    verdict = judge([log("A", CLOSE + 1), log("B", CLOSE - 3600)], ["A", "B"], OPEN, CLOSE)
    assert not verdict.complete
    assert verdict.behind == (Behind("B", CLOSE - 3600, 3601),)


def test_a_device_never_read_is_behind_by_the_whole_window() -> None:
    verdict = judge([], ["A"], OPEN, CLOSE)
    assert verdict.behind == (Behind("A", None, CLOSE - OPEN + 1),)


def test_an_office_without_a_known_device_is_never_complete() -> None:
    assert not judge([log("A", CLOSE + 1)], [], OPEN, CLOSE).complete


def test_claims_about_another_office_s_device_do_not_help() -> None:
    assert not judge([log("B", CLOSE + 1)], ["A"], OPEN, CLOSE).complete


def test_a_camera_must_have_been_up_the_whole_time() -> None:
    noon = (OPEN + CLOSE) // 2
    morning, afternoon = Claim("C", OPEN - 10, noon), Claim("C", noon, CLOSE + 5)
    assert judge([afternoon, morning], ["C"], OPEN, CLOSE).complete
    next_second = Claim("C", noon + 1, CLOSE + 5)
    assert judge([morning, next_second], ["C"], OPEN, CLOSE).complete
    late_start = Claim("C", OPEN + 1, CLOSE + 5)
    assert judge([late_start], ["C"], OPEN, CLOSE).behind == (Behind("C", None, CLOSE - OPEN + 1),)
    cut = Claim("C", noon + 2, CLOSE + 5)
    assert judge([morning, cut], ["C"], OPEN, CLOSE).behind == (
        Behind("C", noon, CLOSE + 1 - noon),
    )


def test_a_camera_that_was_put_up_later_holds_no_earlier_day_but_covers_none_either() -> None:
    camera = Claim("CAM", CLOSE + 1, CLOSE + 90_000, 300)
    assert judge([log("A", CLOSE + 1), camera], ["A", "CAM"], OPEN, CLOSE).complete
    assert not judge([camera], ["CAM"], OPEN, CLOSE).complete
    during = Claim("CAM", CLOSE - 4_000, CLOSE + 90_000, 300)
    assert not judge([log("A", CLOSE + 1), during], ["A", "CAM"], OPEN, CLOSE).complete


def test_a_camera_that_was_also_up_yesterday_is_judged_by_today() -> None:
    yesterday = Claim("C", OPEN - 90_000, OPEN - 50_000)
    today = Claim("C", OPEN - 60, CLOSE + 60)
    assert judge([yesterday, today], ["C"], OPEN, CLOSE).complete


CLAIMS = st.lists(
    st.builds(
        Claim, st.sampled_from("AB"), st.one_of(st.just(0), st.integers(1, 60)), st.integers(1, 60)
    ),
    max_size=8,
)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(claims: list[Claim], random) -> None:
    shuffled = claims.copy()
    random.shuffle(shuffled)
    assert judge(claims, "AB", 20, 40) == judge(shuffled, "BA", 20, 40)


@given(CLAIMS)
def test_complete_means_that_each_second_of_the_window_is_inside_some_claim(
    claims: list[Claim],
) -> None:
    def covered(device: str) -> bool:
        own = [claim for claim in claims if claim.device == device]
        return all(any(c.since <= s <= c.through for c in own) for s in range(20, 42))

    assert judge(claims, "AB", 20, 40).complete == (covered("A") and covered("B"))
